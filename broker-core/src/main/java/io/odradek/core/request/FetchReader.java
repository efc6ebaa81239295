package io.odradek.core.request;

import io.odradek.core.fetch.FetchLimits;
import io.odradek.core.fetch.FetchWish;
import io.odradek.core.fetch.PartitionResults;
import io.odradek.core.fetch.PartitionResults.Offsets;
import io.odradek.core.partition.FollowerFetch;
import io.odradek.core.partition.LeaderLog;
import io.odradek.core.partition.Partition;
import io.odradek.core.partition.PartitionOwner;
import io.odradek.core.partition.ReplicaRole.Leading;
import io.odradek.core.quota.ReplicationThrottle;
import io.odradek.protocol.TopicPartition;
import io.odradek.protocol.api.FetchResponse.AbortedTransaction;
import io.odradek.protocol.api.FetchResponse.PartitionData;
import io.odradek.protocol.errors.ApiException;
import io.odradek.protocol.errors.ErrorCode;
import io.odradek.protocol.wire.BytesPayload;
import io.odradek.protocol.wire.Uuid;
import io.odradek.storage.log.Log.EpochEndOffset;
import io.odradek.storage.log.Log.FetchedData;
import java.util.ArrayList;
import java.util.List;

/** Reads one partition for a fetch, on its owner's loop. */
final class FetchReader {
    private static final FetchedData NOTHING = new FetchedData(BytesPayload.EMPTY, 0);

    private final PartitionLookup lookup;
    private final ReplicationThrottle throttle;

    /** @param throttle of what followers are given, null where there are none */
    FetchReader(PartitionLookup lookup, ReplicationThrottle throttle) {
        this.lookup = lookup;
        this.throttle = throttle;
    }

    /** {@return how partitions are found} */
    PartitionLookup lookup() {
        return lookup;
    }

    /**
     * Reads.
     *
     * @param maxBytes what is left of the fetch's maximum; 0 for offsets only
     * @param first whether this is the first read of the fetch, which says what a follower has; later ones repeat it
     * @param counts whether it counts as somebody's
     */
    PartitionData read(
            PartitionOwner owner, FetchItem item, FetchLimits limits, int maxBytes, boolean first, boolean counts) {
        int index = item.id().partition();
        Partition partition = null;
        try {
            partition = lookup.require(owner, item.id());
            if (counts) {
                partition.meters().reads();
            }
            return read(partition, item.wish(), limits, maxBytes, first);
        } catch (ApiException e) {
            Offsets offsets = e.error() == ErrorCode.OFFSET_OUT_OF_RANGE ? offsets(partition) : Offsets.UNKNOWN;
            return PartitionResults.error(index, limits.known(e.error()), offsets);
        } catch (RuntimeException | Error fault) {
            if (partition != null) {
                partition.meters().unreadable();
            }
            throw fault;
        } finally {
            if (partition != null) {
                partition.announceChanges();
            }
        }
    }

    private PartitionData read(Partition partition, FetchWish wish, FetchLimits limits, int maxBytes, boolean first) {
        int index = partition.id().partition();
        checkTopicId(partition, wish.target().topicId());
        Leading leading = partition.requireLeader(wish.currentLeaderEpoch());
        if (limits.fromFollower()) {
            requireFollower(partition, leading, limits, wish);
        }
        if (!limits.knowsZstd() && partition.log().config().compressionType().equals("zstd")) {
            throw new ApiException(
                    ErrorCode.UNSUPPORTED_COMPRESSION_TYPE, "Fetch before version 10 cannot be sent zstd");
        }
        if (!limits.knowsBatches()) {
            requireConversion(partition, limits);
        }
        if (wish.lastFetchedEpoch() >= 0) {
            EpochEndOffset end = LeaderLog.endOffsetOfEpoch(partition, wish.lastFetchedEpoch());
            checkEpochIsKnown(partition, wish, end);
            if (end.leaderEpoch() < wish.lastFetchedEpoch() || end.endOffset() < wish.fetchOffset()) {
                return PartitionResults.divergence(index, offsets(partition), end.leaderEpoch(), end.endOffset());
            }
        }
        if (first && limits.fromFollower()) {
            partition.followerFetched(new FollowerFetch(
                    limits.replicaId(), limits.replicaEpoch(), wish.fetchOffset(), wish.logStartOffset()));
        }
        long end = visibleEnd(partition, limits);
        FetchedData fetched = maxBytes == 0 || isHeldBack(partition, limits)
                ? NOTHING
                : partition.read(wish.fetchOffset(), Math.min(wish.maxBytes(), maxBytes), end);
        List<AbortedTransaction> aborted = null;
        if (limits.readCommitted() && !limits.fromFollower()) {
            aborted = toSkip(partition.abortedTransactions(wish.fetchOffset(), fetched, end));
        }
        return PartitionResults.records(index, offsets(partition), aborted, fetched.records());
    }

    /** {@return whether a follower is to be given nothing of a partition now} */
    boolean isHeldBack(Partition partition, FetchLimits limits) {
        return isThrottling(limits)
                && partition.role() instanceof Leading leading
                && !leading.isr().committed().contains(limits.replicaId())
                && throttle.holdsBack(partition.id());
    }

    /** {@return whether a reader may be held back for a while} */
    boolean isThrottling(FetchLimits limits) {
        return throttle != null && limits.fromFollower() && throttle.isBounded();
    }

    /** A reader is sent records. */
    void sent(TopicPartition id, FetchLimits limits, int sizeBytes) {
        if (isThrottling(limits)) {
            throttle.passed(id, sizeBytes);
        }
    }

    /** A follower copies batches as they are. */
    private static void requireConversion(Partition partition, FetchLimits limits) {
        if (limits.fromFollower() || !partition.log().config().convertsDown()) {
            throw new ApiException(
                    ErrorCode.UNSUPPORTED_VERSION,
                    "Records of " + partition.id() + " are not converted for old readers");
        }
    }

    /** A leader that is not known to have this follower may be told of it later, in the epoch that the follower knows. */
    private static void requireFollower(Partition partition, Leading leading, FetchLimits limits, FetchWish wish) {
        if (!leading.followers().containsKey(limits.replicaId())) {
            throw new ApiException(
                    wish.currentLeaderEpoch() >= 0 ? ErrorCode.UNKNOWN_LEADER_EPOCH : ErrorCode.NOT_LEADER_OR_FOLLOWER,
                    "Broker " + limits.replicaId() + " is not known to have a replica of " + partition.id());
        }
    }

    private static List<AbortedTransaction> toSkip(List<io.odradek.storage.log.AbortedTransaction> found) {
        if (found.isEmpty()) {
            return List.of();
        }
        List<AbortedTransaction> toSkip = new ArrayList<>(found.size());
        for (io.odradek.storage.log.AbortedTransaction aborted : found) {
            toSkip.add(new AbortedTransaction(aborted.producerId(), aborted.firstOffset()));
        }
        return toSkip;
    }

    /** {@return the exclusive end of what a reader may see} */
    static long visibleEnd(Partition partition, FetchLimits limits) {
        if (limits.fromFollower()) {
            return partition.log().endOffset();
        }
        return limits.readCommitted() ? partition.lastStableOffset() : partition.highWatermark();
    }

    private static Offsets offsets(Partition partition) {
        return new Offsets(
                partition.highWatermark(),
                partition.lastStableOffset(),
                partition.log().startOffset());
    }

    private static void checkTopicId(Partition partition, Uuid asked) {
        if (!asked.equals(Uuid.ZERO) && !partition.topicId().equals(Uuid.ZERO) && !asked.equals(partition.topicId())) {
            throw new ApiException(
                    ErrorCode.INCONSISTENT_TOPIC_ID, "The log of " + partition.id() + " has another topic id");
        }
    }

    private static void checkEpochIsKnown(Partition partition, FetchWish wish, EpochEndOffset end) {
        if (end.endOffset() < 0 || wish.fetchOffset() < partition.log().startOffset()) {
            throw new ApiException(
                    ErrorCode.OFFSET_OUT_OF_RANGE,
                    "Offset " + wish.fetchOffset() + " of " + partition.id() + " is no longer in the log");
        }
    }
}
