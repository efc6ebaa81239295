package io.odradek.storage.log;

import io.odradek.protocol.TopicPartition;
import io.odradek.protocol.wire.Uuid;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * The log of one partition replica: segments of record batches exactly as they go over the wire, with sparse indexes. It
 * is written by one loop, the partition's owner; reads that go through {@link FetchedData#records} run anywhere.
 *
 * <p>An {@link IOException} out of any method means that the log's folder can no longer be trusted.
 */
public final class Log implements AutoCloseable {
    /**
     * Opens a log, creating it if there is none: sanity checks after a clean stop, recovery from the recovery point on after
     * an unclean one. May take long; not for an owner's loop.
     *
     * @throws io.odradek.protocol.errors.ApiException INCONSISTENT_TOPIC_ID if the folder belongs to another topic
     */
    public static Log open(LogContext context, LogOpening opening, LogConfig config) throws IOException {
        throw new UnsupportedOperationException();
    }

    /** {@return the folder} */
    public java.nio.file.Path folder() {
        throw new UnsupportedOperationException();
    }

    /** {@return the offset below which everything is known to be on the disk, for the recovery-point checkpoint} */
    public long recoveryPoint() {
        throw new UnsupportedOperationException();
    }

    /** Forces what lies below an offset to the disk and moves the recovery point there. May be called from any thread. */
    public void flushTo(long offset) throws IOException {
        throw new UnsupportedOperationException();
    }

    /** Forgets producers that have not written for {@code producer.id.expiration.ms}. */
    public void expireProducers(long nowMs) {
        throw new UnsupportedOperationException();
    }

    /** Renames the folder, for a deletion that is completed later. */
    public void renameFolder(java.nio.file.Path newFolder) throws IOException {
        throw new UnsupportedOperationException();
    }

    /** Closes the files without writing anything, and deletes the folder. */
    public void delete() throws IOException {
        throw new UnsupportedOperationException();
    }

    /** {@return the partition} */
    public TopicPartition id() {
        throw new UnsupportedOperationException();
    }

    /** {@return the topic's identifier, from {@code partition.metadata}; {@link Uuid#ZERO} if the folder has none} */
    public Uuid topicId() {
        throw new UnsupportedOperationException();
    }

    /** {@return the settings in force} */
    public LogConfig config() {
        throw new UnsupportedOperationException();
    }

    /** Changes the settings of the live log. */
    public void updateConfig(LogConfig config) {
        throw new UnsupportedOperationException();
    }

    /** {@return the first offset that can be read} */
    public long startOffset() {
        throw new UnsupportedOperationException();
    }

    /** {@return the offset that the next record gets (LEO)} */
    public long endOffset() {
        throw new UnsupportedOperationException();
    }

    /** {@return the newest leader epoch with records, or -1} */
    public int latestEpoch() {
        throw new UnsupportedOperationException();
    }

    /**
     * Appends validated batches as the leader: checks idempotent producers' sequences, sets base offsets and leader epoch in
     * place (they are outside the checksum), rolls the segment where needed, writes, and keeps the indexes and the producer
     * state.
     *
     * @param batches whole v2 batches between position and limit, validated by {@code RecordValidator}
     * @param leaderEpoch the epoch to stamp
     * @param nowMs the wall clock, for the roll and LogAppendTime
     * @throws io.odradek.protocol.errors.ApiException OUT_OF_ORDER_SEQUENCE_NUMBER, INVALID_PRODUCER_EPOCH,
     *     UNKNOWN_PRODUCER_ID; nothing has been stored
     */
    public AppendResult append(ByteBuffer batches, int leaderEpoch, long nowMs) throws IOException {
        throw new UnsupportedOperationException();
    }

    /**
     * Appends batches that a leader has numbered: offsets and epochs stay as they are. Offsets must grow; gaps are what
     * cleaning has left.
     *
     * @param batches whole v2 batches between position and limit, checked for CRC
     * @throws io.odradek.protocol.errors.ApiException OFFSET_OUT_OF_RANGE if they start before the end of this log
     */
    public AppendResult appendAsFollower(ByteBuffer batches, long nowMs) throws IOException {
        throw new UnsupportedOperationException();
    }

    /**
     * Finds the records from an offset on. Costs an index look-up and no read of record data beyond batch headers.
     *
     * @param offset the first offset wanted; the slice starts at the batch that contains it
     * @param maxBytes upper bound of the slice, which may end inside a batch
     * @param atLeastOneBatch whether a first batch larger than {@code maxBytes} is given whole
     * @param endOffset the exclusive bound: no batch that starts at or after it is in the slice (the high watermark or the
     *     last stable offset for consumers, {@link #endOffset} for replicas)
     * @throws io.odradek.protocol.errors.ApiException OFFSET_OUT_OF_RANGE below the start or beyond the end of the log
     */
    public FetchedData read(long offset, int maxBytes, boolean atLeastOneBatch, long endOffset) throws IOException {
        throw new UnsupportedOperationException();
    }

    /**
     * Finds the first record whose timestamp is at least the one given.
     *
     * @param timestampMs the timestamp
     * @param endOffset the exclusive bound of offsets to be seen
     */
    public Optional<TimestampAndOffset> findByTimestamp(long timestampMs, long endOffset) throws IOException {
        throw new UnsupportedOperationException();
    }

    /** Finds the record with the largest timestamp (ListOffsets -3, KIP-734). */
    public Optional<TimestampAndOffset> findMaxTimestamp(long endOffset) throws IOException {
        throw new UnsupportedOperationException();
    }

    /**
     * Where an epoch ends (KIP-101, KIP-279): the largest known epoch that is not above the one asked for, and the offset
     * after its last record; epoch -1 and offset -1 if there is none.
     */
    public EpochEndOffset endOffsetOfEpoch(int leaderEpoch) {
        throw new UnsupportedOperationException();
    }

    /** Removes everything from an offset on, in the files, the indexes, the epochs and the producer state. */
    public void truncateTo(long offset) throws IOException {
        throw new UnsupportedOperationException();
    }

    /** Forces everything appended so far to the disk and moves the recovery point. */
    public void flush() throws IOException {
        throw new UnsupportedOperationException();
    }

    /** {@return the bytes in all segments} */
    public long sizeBytes() {
        throw new UnsupportedOperationException();
    }

    /** Writes what is buffered (index entries, the producer snapshot) and closes the files. */
    @Override
    public void close() throws IOException {
        throw new UnsupportedOperationException();
    }

    /**
     * What an append did.
     *
     * @param firstOffset the offset of the first record
     * @param lastOffset the offset of the last record
     * @param logAppendTimeMs the broker's timestamp, or -1 with CreateTime
     * @param logStartOffset the log's start
     * @param duplicate whether an idempotent producer had sent these batches before: the offsets are those of the first
     *     time, nothing was written
     */
    public record AppendResult(
            long firstOffset, long lastOffset, long logAppendTimeMs, long logStartOffset, boolean duplicate) {}

    /**
     * What a read found.
     *
     * @param records the slice to send, {@code FileSlice} or the empty payload
     * @param sizeBytes its size
     */
    public record FetchedData(io.odradek.protocol.wire.Payload records, int sizeBytes) {}

    /**
     * A record found by time.
     *
     * @param timestampMs its timestamp
     * @param offset its offset
     * @param leaderEpoch the leader epoch of its batch
     */
    public record TimestampAndOffset(long timestampMs, long offset, int leaderEpoch) {}

    /**
     * The end of an epoch.
     *
     * @param leaderEpoch the epoch found, -1 for none
     * @param endOffset the offset after its last record, -1 for none
     */
    public record EpochEndOffset(int leaderEpoch, long endOffset) {}
}
