package io.odradek.core.markers;

import io.odradek.core.partition.AwaitedCommit;
import io.odradek.core.partition.LeaderLog;
import io.odradek.core.partition.Partition;
import io.odradek.core.partition.PartitionOwner;
import io.odradek.core.partition.PartitionOwners;
import io.odradek.core.partition.ReplicaRole.Leading;
import io.odradek.protocol.TopicPartition;
import io.odradek.protocol.errors.ApiException;
import io.odradek.protocol.errors.ErrorCode;
import io.odradek.storage.env.Clock;
import io.odradek.storage.log.AppendOrigin;
import java.nio.ByteBuffer;
import java.util.function.Consumer;

/**
 * Writes the ends of transactions to partitions that this broker leads. For any thread, which writes itself where the partition's
 * owner is idle: to wake one for each marker would cost more than all the rest of a transaction.
 *
 * <p>A partition whose records a coordinator keeps in memory is written to through that one, so that it learns of the end in the
 * same step.
 */
public final class MarkerWriter {
    private static final short ALL = -1;

    private final PartitionOwners owners;
    private final Coordinators coordinators;
    private final Clock clock;
    private final long timeoutMs;

    /** Those who keep the records of internal topics in memory. */
    public interface Coordinators {
        /**
         * Writes a marker to a partition of an internal topic.
         *
         * @param settled as {@link io.odradek.core.coordinator.runtime.CoordinatorRuntime#endTransaction}
         * @param served is called once it stands in no queue any more
         * @return false if nobody keeps that topic: nothing has been done
         */
        boolean endTransaction(
                TopicPartition id, TransactionMarker marker, Consumer<ErrorCode> settled, Runnable served);
    }

    /** Who wants a marker written, and is told of it. */
    public interface Order {
        /**
         * {@return whether nobody waits for it any more} Asked immediately before it is appended. It must not be written then: it
         * may have been written over another way, and the producer be in its next transaction.
         */
        boolean isUnwanted();

        /** It has been looked at on its partition's loop, and stands in no queue any more; called once, maybe after the end. */
        void served();

        /**
         * Told once, on any thread: NONE once it is on all in-sync replicas; TRANSACTION_COORDINATOR_FENCED or
         * INVALID_PRODUCER_EPOCH if the partition has heard of what came after it; else why it is not there:
         * UNKNOWN_TOPIC_OR_PARTITION, NOT_LEADER_OR_FOLLOWER, NOT_ENOUGH_REPLICAS, NOT_ENOUGH_REPLICAS_AFTER_APPEND,
         * REQUEST_TIMED_OUT, KAFKA_STORAGE_ERROR, UNKNOWN_SERVER_ERROR.
         */
        void ended(ErrorCode outcome);
    }

    /** @param timeoutMs how long a marker waits for the replicas */
    public MarkerWriter(PartitionOwners owners, Coordinators coordinators, Clock clock, long timeoutMs) {
        this.owners = owners;
        this.coordinators = coordinators;
        this.clock = clock;
        this.timeoutMs = timeoutMs;
    }

    /** Writes one marker to one partition. */
    public void write(TopicPartition id, TransactionMarker marker, Order order) {
        if (order.isUnwanted()) {
            order.ended(ErrorCode.REQUEST_TIMED_OUT);
            order.served();
        } else {
            PartitionOwner owner = owners.ownerOf(id);
            owner.loop().execute(() -> takeTurn(owner, id, marker, order));
        }
    }

    /** A marker does not overtake the records of its transaction that are being checked in the background. */
    private void takeTurn(PartitionOwner owner, TopicPartition id, TransactionMarker marker, Order order) {
        Partition partition = owner.partition(id);
        if (partition != null && partition.appendOrder().isHeld()) {
            partition.appendOrder().after(() -> serve(owner, id, marker, order));
        } else {
            serve(owner, id, marker, order);
        }
    }

    private void serve(PartitionOwner owner, TopicPartition id, TransactionMarker marker, Order order) {
        ErrorCode refusal = refusal(owner.partition(id), marker, order);
        if (refusal != null) {
            order.ended(refusal);
            order.served();
        } else if (!coordinators.endTransaction(
                id, marker, error -> order.ended(ofCoordinator(error)), order::served)) {
            try {
                writeOnOwner(owner, id, marker, order);
            } finally {
                order.served();
            }
        }
    }

    /**
     * {@return why a marker that comes late must not be written, null if it may be} With transactions v2 what it ends was in an
     * earlier epoch; a transaction of its own epoch is the next one, which a repeat of the marker has let begin.
     */
    private static ErrorCode refusal(Partition partition, TransactionMarker marker, Order order) {
        if (order.isUnwanted()) {
            return ErrorCode.REQUEST_TIMED_OUT;
        }
        boolean late = marker.raisesEpoch()
                && partition != null
                && partition.role() instanceof Leading
                && partition.log().producers().inTransaction(marker.producerId(), marker.producerEpoch());
        return late ? ErrorCode.INVALID_PRODUCER_EPOCH : null;
    }

    /** What a coordinator that is not there means to the one that asks: the partition may be led elsewhere by now. */
    private static ErrorCode ofCoordinator(ErrorCode error) {
        return switch (error) {
            case NOT_COORDINATOR, COORDINATOR_NOT_AVAILABLE, COORDINATOR_LOAD_IN_PROGRESS ->
                ErrorCode.NOT_LEADER_OR_FOLLOWER;
            default -> error;
        };
    }

    private void writeOnOwner(PartitionOwner owner, TopicPartition id, TransactionMarker marker, Order order) {
        Partition partition = owner.partition(id);
        if (partition == null) {
            order.ended(owner.cannotOpen(id) ? ErrorCode.KAFKA_STORAGE_ERROR : ErrorCode.UNKNOWN_TOPIC_OR_PARTITION);
            return;
        }
        AwaitedCommit commit;
        try {
            commit = append(partition, marker, order);
        } catch (ApiException refusal) {
            order.ended(refusal.error());
            return;
        } catch (RuntimeException e) {
            // A transaction whose marker is never answered would hold up its readers for ever.
            order.ended(ErrorCode.UNKNOWN_SERVER_ERROR);
            throw e;
        } finally {
            // Not at once: those who wait must not be woken in the middle of this.
            owner.loop().post(partition::announceChanges);
        }
        commit.await(owner, timeoutMs);
    }

    private AwaitedCommit append(Partition partition, TransactionMarker marker, Order order) {
        int leaderEpoch = partition.requireLeader(-1).leaderEpoch();
        ByteBuffer batch = marker.record().toBatch(marker.producerId(), marker.producerEpoch(), clock.wallMs());
        long lastOffset = LeaderLog.append(partition, batch, ALL, clock.wallMs(), AppendOrigin.COORDINATOR)
                .lastOffset();
        return new AwaitedCommit(partition, lastOffset + 1, leaderEpoch, order::ended);
    }
}
