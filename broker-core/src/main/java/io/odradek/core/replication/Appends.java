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
     * @param error why it failed, NONE if it did not
     */
    record Done(Copy copy, Position position, ErrorCode error) {}

    /** Hears the outcome, on the fetcher's loop. */
    interface Listener {
        void done(List<Done> all);
    }

    /** Does the work. The records may be let go when the listener hears of it. */
    void start(List<Work> work, Listener listener) {
        if (work.isEmpty()) {
            listener.done(List.of());
            return;
        }
        SortedMap<Integer, List<Work>> byOwner = new TreeMap<>();
        for (Work one : work) {
            byOwner.computeIfAbsent(owners.indexOf(one.copy().id()), any -> new ArrayList<>())
                    .add(one);
        }
        List<Done> all = new ArrayList<>(work.size());
        int[] outstanding = {byOwner.size()};
        Listener gathered = done -> {
            all.addAll(done);
            if (--outstanding[0] == 0) {
                listener.done(all);
            }
        };
        int last = byOwner.lastKey();
        byOwner.forEach((index, part) -> {
            PartitionOwner owner = owners.owner(index);
            Runnable task = () -> serve(owner, part, gathered);
            if (index == last) {
                // Here and now if the owner is idle; the others may be at work meanwhile.
                owner.loop().execute(task);
            } else {
                owner.loop().post(task);
            }
        });
    }

    private void serve(PartitionOwner owner, List<Work> part, Listener gathered) {
        List<Done> done = new ArrayList<>(part.size());
        List<FollowerLog> unforced = new ArrayList<>();
        for (Work work : part) {
            Copy copy = work.copy();
            Partition partition = owner.partition(copy.id());
            FollowerLog log = partition == null ? null : partition.followerLog(copy.leaderEpoch());
            if (log == null) {
                done.add(new Done(copy, null, ErrorCode.NONE));
                continue;
            }
            Done one = serve(log, work);
            done.add(one);
            log.announceChanges();
            if (one.error() == ErrorCode.NONE) {
                unforced.add(log);
            }
        }
        whenForced(unforced, 0, () -> loop.post(() -> gathered.done(done)));
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
            return new Done(copy, react(log, work), ErrorCode.NONE);
        } catch (ApiException e) {
            failures.error(copy.id() + " cannot be copied now: " + e.getMessage());
            return new Done(copy, log.position(), e.error());
        } catch (RuntimeException e) {
            failures.error(copy.id() + " cannot be copied now", e);
            return new Done(copy, log.position(), ErrorCode.UNKNOWN_SERVER_ERROR);
        }
    }

    private Position react(FollowerLog log, Work work) {
        Reaction reaction = work.reaction();
        if (reaction instanceof Reaction.Append append) {
            PartitionData data = append.data();
            return log.append(
                    work.from().endOffset(),
                    records(data),
                    data.highWatermark(),
                    data.logStartOffset(),
                    clock.wallMs());
        } else if (reaction instanceof Reaction.CutAt cut) {
            return log.truncateAt(cut.leaders());
        } else if (reaction instanceof Reaction.CutTo cut) {
            return log.truncateTo(cut.offset());
        } else if (reaction instanceof Reaction.StartAt anew) {
            return log.startAt(anew.offset());
        }
        throw new IllegalStateException(reaction + " is nothing for a log");
    }

    private static ByteBuffer records(PartitionData data) {
        return data.records() instanceof BytesPayload bytes ? bytes.buffer() : NO_RECORDS;
    }
}
