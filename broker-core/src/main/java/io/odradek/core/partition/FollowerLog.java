package io.odradek.core.partition;

import io.odradek.protocol.errors.ApiException;
import io.odradek.protocol.errors.ErrorCode;
import io.odradek.protocol.record.RecordBatch;
import io.odradek.protocol.record.RecordRules;
import io.odradek.protocol.record.legacy.StoredRecords;
import io.odradek.storage.log.Log;
import io.odradek.storage.log.Log.EpochEndOffset;
import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * What a leader's answers do to a follower's log, while the replica follows in one leader epoch. On the owner's loop.
 *
 * <p>The high watermark is the leader's, or the end of this log if that is before; it goes back only where the log is cut.
 * Errors of the disk are answered KAFKA_STORAGE_ERROR, and have taken the replica out of service unless the disk is only
 * full.
 */
public final class FollowerLog {
    private static final int RUN_BYTES = 64 << 10;

    private final Partition partition;
    private Runnable whenForced;
    private boolean ended;

    FollowerLog(Partition partition) {
        this.partition = partition;
    }

    /**
     * How far a follower is.
     *
     * @param startOffset the start of its log
     * @param endOffset the end of its log, from where it fetches
     * @param lastEpoch the leader epoch of its last record, -1 if it has none
     */
    public record Position(long startOffset, long endOffset, int lastEpoch) {
        /** The epoch of a log without records. */
        public static final int NO_EPOCH = -1;
    }

    /** An epoch in which this replica led without a record is none of its log's. */
    static Position position(Partition partition) {
        Log log = partition.log();
        long end = log.endOffset();
        int lastEpoch = log.startOffset() < end ? log.epochOf(end - 1) : Position.NO_EPOCH;
        return new Position(log.startOffset(), end, lastEpoch);
    }

    /** {@return how far it is} */
    public Position position() {
        return position(partition);
    }

    /**
     * Takes over what the leader has given. Of older formats than batches it makes batches.
     *
     * @param fetchOffset what it was asked for; if this log does not end there any more, nothing is taken over
     * @param records batches from the end of this log on, the last perhaps in part, the first perhaps from before; may be empty
     * @param leaderHighWatermark the leader's
     * @param leaderStartOffset the start of the leader's log
     * @return whether all of it has been taken over
     * @throws ApiException CORRUPT_MESSAGE if a checksum is wrong, INVALID_RECORD if an old message cannot be opened,
     *     KAFKA_STORAGE_ERROR; nothing has been stored
     */
    public boolean append(
            long fetchOffset, ByteBuffer records, long leaderHighWatermark, long leaderStartOffset, long nowMs) {
        Log log = partition.log();
        if (log.endOffset() != fetchOffset) {
            return false;
        }
        ByteBuffer batches = wholeBatches(
                StoredRecords.toBatches(records, RecordRules.DEFAULTS.maxInflatedBytes(), RUN_BYTES), log.endOffset());
        if (endsInside(batches)) {
            truncateTo(RecordBatch.baseOffset(batches, batches.position()));
            return false;
        }
        if (batches.hasRemaining()) {
            int sizeBytes = batches.remaining();
            try {
                log.appendAsFollower(batches, nowMs);
                partition.meters().copied(sizeBytes, partition.comes());
            } catch (IOException e) {
                throw partition.failed(e);
            }
        }
        partition.setHighWatermark(Math.max(partition.highWatermark(), Math.min(leaderHighWatermark, log.endOffset())));
        if (leaderStartOffset <= partition.highWatermark()) {
            log.advanceStartTo(leaderStartOffset);
        }
        return true;
    }

    /**
     * {@return whether this log ends inside of the leader's next batch} Then what it has there is not the leader's, which
     * cannot tell any more as its log begins in that batch. (An empty log takes such a batch whole.)
     */
    private boolean endsInside(ByteBuffer batches) {
        Log log = partition.log();
        return batches.hasRemaining()
                && log.startOffset() < log.endOffset()
                && RecordBatch.baseOffset(batches, batches.position()) < log.endOffset();
    }

    /** {@return the batches that are whole and not here yet} */
    private ByteBuffer wholeBatches(ByteBuffer records, long endOffset) {
        int from = records.position();
        int at = from;
        while (records.limit() - at >= RecordBatch.HEADER_SIZE) {
            int length = RecordBatch.length(records, at);
            if (length < RecordBatch.HEADER_SIZE - RecordBatch.LOG_OVERHEAD
                    || RecordBatch.magic(records, at) != RecordBatch.MAGIC) {
                throw corrupt(records, at);
            }
            if (length > records.limit() - at - RecordBatch.LOG_OVERHEAD) {
                break;
            }
            if (!RecordBatch.hasValidCrc(records, at)) {
                throw corrupt(records, at);
            }
            boolean known = at == from && RecordBatch.lastOffset(records, at) < endOffset;
            at += RecordBatch.sizeBytes(records, at);
            from = known ? at : from;
        }
        return records.duplicate().position(from).limit(at);
    }

    private ApiException corrupt(ByteBuffer records, int at) {
        return new ApiException(
                ErrorCode.CORRUPT_MESSAGE,
                "The leader of " + partition.id() + " has sent a damaged batch of offset "
                        + RecordBatch.baseOffset(records, at));
    }

    /**
     * Cuts the log to where it left the leader's, or as near as can be told in one step (KIP-101, KIP-279): the next answer
     * says whether that was all.
     *
     * @param leaderEpochEnd the largest epoch of the leader's log that is not above this one's last, and where it ends there
     */
    public void truncateAt(EpochEndOffset leaderEpochEnd) {
        truncateTo(Divergence.cut(
                leaderEpochEnd,
                partition.log().endOffsetOfEpoch(leaderEpochEnd.leaderEpoch()),
                partition.log().endOffset()));
    }

    /** Cuts the log to an offset, where it ends beyond it. */
    public void truncateTo(long offset) {
        Log log = partition.log();
        try {
            if (offset < log.endOffset()) {
                log.truncateTo(Math.max(0, offset));
            }
        } catch (IOException e) {
            // On a full disk the replica goes on, with a log that is cut.
            cut();
            throw partition.failed(e);
        }
        cut();
    }

    /**
     * Cuts what the leader may not have where no leader epoch can tell, as the last records are of an older format: what is
     * not known to be committed, as before there were epochs (KIP-101).
     */
    void cutUncommitted() {
        Log log = partition.log();
        if (log.startOffset() < log.endOffset() && log.epochOf(log.endOffset() - 1) == Position.NO_EPOCH) {
            truncateTo(partition.highWatermark());
        }
    }

    /** Drops everything, as the leader's log begins beyond the end of this one. */
    public void startAt(long leaderStartOffset) {
        try {
            partition.log().truncateFullyAndStartAt(leaderStartOffset);
        } catch (IOException e) {
            cut();
            throw partition.failed(e);
        }
        cut();
    }

    private void cut() {
        Log log = partition.log();
        partition.setHighWatermark(Math.max(log.startOffset(), Math.min(partition.highWatermark(), log.endOffset())));
    }

    /** Wakes those who wait for this replica. */
    public void announceChanges() {
        partition.announceChanges();
    }

    /** {@return whether what was appended may be acknowledged to the leader, or nobody cares any more} */
    public boolean isForced() {
        return ended || partition.isForced();
    }

    /** Runs a task when what was appended may be acknowledged to the leader: at once, unless it is to be forced first. */
    public void whenForced(Runnable task) {
        if (isForced()) {
            task.run();
        } else {
            whenForced = task;
        }
    }

    void forced() {
        if (partition.isForced()) {
            waitNoMore();
        }
    }

    /** The replica does not follow in this epoch any more: nothing is waited for. */
    void ended() {
        ended = true;
        waitNoMore();
    }

    private void waitNoMore() {
        if (whenForced != null) {
            Runnable task = whenForced;
            whenForced = null;
            task.run();
        }
    }
}
