package io.odradek.core.replication;

import io.odradek.core.partition.FollowerLog;
import io.odradek.core.partition.FollowerLog.Position;
import io.odradek.core.partition.Partition;
import io.odradek.core.partition.PartitionOwner;
import io.odradek.core.partition.PartitionOwners;
import io.odradek.protocol.api.FetchResponse.PartitionData;
import io.odradek.protocol.errors.ApiException;
import io.odradek.protocol.errors.ErrorCode;
import io.odradek.protocol.wire.BytesPayload;
import io.odradek.storage.env.Clock;
import io.odradek.storage.env.EventLoop;
import io.odradek.storage.env.FewLines;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has the owners of partitions do to their logs what a leader's answer calls for, each owner in one task, and tells when all
 * of it is done, and forced where that is asked for.
 */
final class Appends {
    private static final Logger LOG = LoggerFactory.getLogger(Appends.class);
    private static final ByteBuffer NO_RECORDS = ByteBuffer.allocate(0);

    private final PartitionOwners owners;
    private final EventLoop loop;
    private final Clock clock;
    private final FewLines failures;

    /** @param loop the fetcher's */
    Appends(PartitionOwners owners, EventLoop loop, Clock clock) {
        this.owners = owners;
        this.loop = loop;
        this.clock = clock;
        this.failures = new FewLines(LOG, clock);
    }

    /**
     * One partition's part.
     *
     * @param from how far the follower was when the leader was asked
     * @param reaction an append or a cut
     */
    record Work(Copy copy, Position from, Reaction reaction) {
        static Work of(Copy copy, Reaction reaction) {
            return new Work(copy, copy.state().position(), reaction);
        }
    }

    /**
     * What became of it.
     *
     * @param position how far the follower is; null if it does not follow in that epoch any more, or failed
     * @param takenOver whether all that the leader has told is known here now
     * @param error why it failed, NONE if it did not
     */
    record Done(Copy copy, Position position, boolean takenOver, ErrorCode error) {}

    /** Hears the outcome, on the fetcher's loop. */
    interface Listener {
        /** The records are not needed any more. */
        void served();

        /** All is done, and forced where that is asked for; after {@link #served}. */
        void done(List<Done> all);
    }

    /** Gathers what the owners have done, on the fetcher's loop. */
    private static final class Gathering {
        private final Listener listener;
        private final List<Done> all = new ArrayList<>();
        private int unserved;
        private int unforced;

        Gathering(Listener listener, int owners) {
            this.listener = listener;
            this.unserved = owners;
            this.unforced = owners;
        }

        void served(List<Done> done) {
            all.addAll(done);
            if (--unserved == 0) {
                listener.served();
            }
        }

        void forced() {
            if (--unforced == 0) {
                listener.done(all);
            }
        }
    }

    /** Does the work. */
    void start(List<Work> work, Listener listener) {
        if (work.isEmpty()) {
            listener.served();
            listener.done(List.of());
            return;
        }
        SortedMap<Integer, List<Work>> byOwner = new TreeMap<>();
        for (Work one : work) {
            byOwner.computeIfAbsent(owners.indexOf(one.copy().id()), any -> new ArrayList<>())
                    .add(one);
        }
        Gathering gathering = new Gathering(listener, byOwner.size());
        int last = byOwner.lastKey();
        byOwner.forEach((index, part) -> {
            PartitionOwner owner = owners.owner(index);
            Runnable task = () -> serve(owner, part, gathering);
            if (index == last && areAppends(part)) {
                // Here and now if the owner is idle; the others may be at work meanwhile.
                owner.loop().execute(task);
            } else {
                owner.loop().post(task);
            }
        });
    }

    /** Whatever cuts a log waits for the disk. */
    private static boolean areAppends(List<Work> part) {
        for (Work work : part) {
            if (!(work.reaction() instanceof Reaction.Append)) {
                return false;
            }
        }
        return true;
    }

    private void serve(PartitionOwner owner, List<Work> part, Gathering gathering) {
        List<Done> done = new ArrayList<>(part.size());
        List<FollowerLog> unforced = new ArrayList<>();
        for (Work work : part) {
            Copy copy = work.copy();
            Partition partition = owner.partition(copy.id());
            FollowerLog log = partition == null ? null : partition.followerLog(copy.leaderEpoch());
            if (log == null) {
                done.add(new Done(copy, null, false, ErrorCode.NONE));
                continue;
            }
            Done one = serve(log, work);
            done.add(one);
            log.announceChanges();
            if (one.error() == ErrorCode.NONE && !log.isForced()) {
                unforced.add(log);
            }
        }
        if (unforced.isEmpty()) {
            loop.post(() -> {
                gathering.served(done);
                gathering.forced();
            });
        } else {
            loop.post(() -> gathering.served(done));
            whenForced(unforced, 0, () -> loop.post(gathering::forced));
        }
    }

    /** One after the other: the last to be forced ends it. */
    private static void whenForced(List<FollowerLog> logs, int next, Runnable then) {
        if (next == logs.size()) {
            then.run();
        } else {
            logs.get(next).whenForced(() -> whenForced(logs, next + 1, then));
        }
    }

    private Done serve(FollowerLog log, Work work) {
        Copy copy = work.copy();
        try {
            boolean takenOver = react(log, work, clock.wallMs());
            return new Done(copy, log.position(), takenOver, ErrorCode.NONE);
        } catch (ApiException e) {
            failures.error(copy.id() + " cannot be copied now: " + e.getMessage());
            return new Done(copy, log.position(), false, e.error());
        } catch (RuntimeException e) {
            failures.error(copy.id() + " cannot be copied now", e);
            return new Done(copy, log.position(), false, ErrorCode.UNKNOWN_SERVER_ERROR);
        }
    }

    /** {@return whether all that the leader has told is known here then} A log that is cut knows nothing of the leader's offsets. */
    private static boolean react(FollowerLog log, Work work, long nowMs) {
        Reaction reaction = work.reaction();
        if (reaction instanceof Reaction.Append append) {
            PartitionData data = append.data();
            return log.append(
                    work.from().endOffset(), records(data), data.highWatermark(), data.logStartOffset(), nowMs);
        }
        if (reaction instanceof Reaction.CutAt cut) {
            log.truncateAt(cut.leaders());
        } else if (reaction instanceof Reaction.CutTo cut) {
            log.truncateTo(cut.offset());
        } else if (reaction instanceof Reaction.StartAt anew) {
            log.startAt(anew.offset());
        } else {
            throw new IllegalStateException(reaction + " is nothing for a log");
        }
        return false;
    }

    private static ByteBuffer records(PartitionData data) {
        return data.records() instanceof BytesPayload bytes ? bytes.buffer() : NO_RECORDS;
    }
}
