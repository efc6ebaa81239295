package io.odradek.storage.manager;

import io.odradek.storage.env.EventLoop;
import io.odradek.storage.env.Meters;
import io.odradek.storage.io.PassingFailure;
import io.odradek.storage.log.Log;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;

/**
 * Forces what the logs of one folder want forced before it is acknowledged, on the commit loops, and tells each log's owner.
 * There is no delay: a log's force begins when its loop is free, and takes in whatever was appended until then; what is
 * appended while it runs shares the next one. A log keeps its loop, so that it is never forced twice at a time; logs on
 * different loops are forced side by side, which the file system's journal makes one commit of.
 *
 * <p>When one force fails the folder has failed: nothing of it is acknowledged any more. Only where the files of one log are
 * missing that log fails alone, and where a file cannot be opened now it is tried again. Thread-safe.
 */
final class GroupCommit {
    private static final long BEFORE_TRYING_AGAIN_MS = 100;

    private final Path folder;
    private final List<EventLoop> loops;
    private final StorageEnvironment environment;
    private final ConcurrentHashMap<Log, Member> members = new ConcurrentHashMap<>();
    private final AtomicInteger nextLoop = new AtomicInteger();
    private final LongAdder forces = new LongAdder();
    private final Meters.Counter asked;
    private final Meters.Timer force;
    private volatile IOException failure;
    private volatile boolean closed;

    /**
     * Counts how often forces were asked for ({@code commit.asked}), and takes how long they are ({@code
     * commit.force.time}): the fewer there are of these, the more shared them.
     *
     * @param loops where this folder's logs are forced; at least one
     */
    GroupCommit(Path folder, List<EventLoop> loops, StorageEnvironment environment) {
        this.folder = folder;
        this.loops = loops;
        this.environment = environment;
        String[] tags = {"folder", folder.toString()};
        this.asked = environment.meters().counter("commit.asked", tags);
        this.force = environment.meters().timer("commit.force.time", tags);
    }

    /** A log has records to be forced. On its owner's loop. */
    void forceDue(Log log) {
        Member member = members.get(log);
        if (member == null) {
            member = new Member(log, loops.get(Math.floorMod(nextLoop.getAndIncrement(), loops.size())));
            members.put(log, member);
        }
        member.due();
    }

    /** Forgets a log that was deleted. */
    void forget(Log log) {
        members.remove(log);
    }

    /** Begins no more forces; what runs now ends by itself. */
    void close() {
        closed = true;
    }

    /** {@return how many times a log was forced} */
    long forces() {
        return forces.sum();
    }

    /** A log and its place in the inbox of its loop, in which it is at most once. */
    private final class Member implements Runnable {
        private final Log log;
        private final EventLoop loop;
        private final EventLoop owner;
        private final AtomicBoolean waiting = new AtomicBoolean();
        private final Runnable tellOwner;

        private Member(Log log, EventLoop loop) {
            this.log = log;
            this.loop = loop;
            this.owner = environment.loops().owners().ownerOf(log.id());
            this.tellOwner = log::forceEnded;
        }

        private void due() {
            asked.add(1);
            if (!waiting.getAndSet(true)) {
                loop.post(this);
            }
        }

        /** The mark goes first: what is appended after the force has looked at the log's end asks for another. */
        @Override
        public void run() {
            waiting.set(false);
            if (closed) {
                return;
            }
            IOException failed = failure == null ? force() : failure;
            if (failed != null && PassingFailure.is(failed)) {
                environment.failures().folderFailed(folder, failed);
                if (!waiting.getAndSet(true)) {
                    loop.schedule(BEFORE_TRYING_AGAIN_MS, this);
                }
                return;
            }
            owner.post(failed == null ? tellOwner : () -> log.forceFailed(failed));
        }

        private IOException force() {
            long startedNs = environment.clock().monotonicNs();
            try {
                log.flush();
                forces.increment();
                force.took(environment.clock().monotonicNs() - startedNs);
                return null;
            } catch (IOException e) {
                if (PassingFailure.is(e) || FolderFailures.concernsOneLog(folder, e)) {
                    return e;
                }
                // Not passed on as it is: what the failure is of does not matter any more.
                IOException failed =
                        new IOException("What is to be acknowledged could not be forced: " + e.getMessage(), e);
                failure = failed;
                environment.failures().folderFailed(folder, failed);
                return failed;
            }
        }
    }
}
