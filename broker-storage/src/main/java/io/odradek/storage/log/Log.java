package io.odradek.storage.log;

import io.odradek.protocol.TopicPartition;
import io.odradek.protocol.wire.Payload;
import io.odradek.protocol.wire.Uuid;
import io.odradek.storage.epoch.LeaderEpochCache;
import io.odradek.storage.io.LogFileSystem;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The log of one partition replica: segments of record batches exactly as they go over the wire, with sparse indexes. It
 * is written by one loop, the partition's owner; reads that go through {@link FetchedData#records} run anywhere.
 *
 * <p>An {@link IOException} out of any method means that the log's folder can no longer be trusted, but for three kinds: a
 * {@link io.odradek.storage.io.PassingFailure} says that nothing was stored and that the same may go well later, a
 * {@link DamagedSegmentException} that what was asked for cannot be had as a part of it is lost, and everything else can, and
 * a {@link java.nio.file.NoSuchFileException} of one of its files that this log cannot be trusted.
 */
public final class Log implements AutoCloseable {
    private final LogState state;
    private final LogAppender appender;
    private final LogReader reader;
    private final LogFlusher flusher;
    private final TimestampLookup timestamps;
    private final MaxTimestampLookup maxTimestamps;
    private final LogStart start;
    private final RetentionCheck retention;
    private final LogProducers producers;
    private final DueForce due;
    private volatile Uuid topicId;
    private ForceListener forceListener = ForceListener.NONE;

    private Log(LogContext context, LogOpening opening, LogConfig config) throws IOException {
        state = new LogState(context, opening, config);
        start = new LogStart(state);
        boolean loaded = false;
        try {
            topicId = new LogLoader(state, opening).load();
            flusher = new LogFlusher(state);
            if (state.endOffset - state.recoveryPoint >= context.events().flushMessages(config)) {
                flusher.flushTo(state.endOffset);
            }
            loaded = true;
        } finally {
            if (!loaded) {
                closeFiles();
            }
        }
        SegmentRoller roller = new SegmentRoller(state, this);
        appender = new LogAppender(state, roller, this::truncateFullyAndStartAt);
        retention = new RetentionCheck(state, roller, start);
        reader = new LogReader(state);
        due = new DueForce(state);
        timestamps = new TimestampLookup(state);
        maxTimestamps = new MaxTimestampLookup(state, timestamps);
        producers = new LogProducers(state);
        state.settleSegments(state.endOffset);
    }

    /**
     * Opens a log, creating it if there is none: sanity checks after a clean stop, recovery from the recovery point on after
     * an unclean one. May take long; not for an owner's loop.
     *
     * @throws io.odradek.protocol.errors.ApiException INCONSISTENT_TOPIC_ID if the folder belongs to another topic
     */
    public static Log open(LogContext context, LogOpening opening, LogConfig config) throws IOException {
        return new Log(context, opening, config);
    }

    /** {@return the folder} */
    public Path folder() {
        return state.folder;
    }

    /** {@return the offset below which everything is known to be on the disk, for the recovery-point checkpoint} */
    public long recoveryPoint() {
        return state.recoveryPoint;
    }

    /** {@return when everything was last forced to the disk, or the log opened; on the monotonic clock} */
    public long flushedNs() {
        return state.flushedNs;
    }

    /** Forces what lies below an offset to the disk and moves the recovery point there. May be called from any thread. */
    public void flushTo(long offset) throws IOException {
        flusher.flushTo(offset);
    }

    /** {@return its producers, and their transactions} */
    public LogProducers producers() {
        return producers;
    }

    /** It is on its way out: nothing of it is shown any more. */
    public void retire() {
        state.meters.close();
    }

    /** Renames the folder. From any thread, if the owner appends and truncates no more; its upkeep comes before or after. */
    public void renameFolder(Path newFolder) throws IOException {
        flusher.renameFolder(newFolder, start);
    }

    /** Closes the files without writing anything, and deletes the folder. */
    public void delete() throws IOException {
        flusher.close(this::closeFiles);
        LogFileSystem files = state.context.files();
        for (String name : files.list(state.folder)) {
            files.delete(state.folder.resolve(name));
        }
        files.delete(state.folder);
    }

    /** {@return the partition} */
    public TopicPartition id() {
        return state.id;
    }

    /** {@return the topic's identifier, from {@code partition.metadata}; {@link Uuid#ZERO} if the folder has none} */
    public Uuid topicId() {
        return topicId;
    }

    /** Writes {@code partition.metadata} if the folder has none and the topic's identifier is known. From any thread. */
    public void learnTopicId(Uuid known) throws IOException {
        if (!known.equals(Uuid.ZERO) && topicId.equals(Uuid.ZERO)) {
            flusher.exclusively(() -> {
                PartitionMetadataFile.write(
                        state.context.files(), state.folder.resolve(LogFileNames.PARTITION_METADATA), known);
                state.metadataUnforced = true;
                state.names.changed();
                topicId = known;
            });
        }
    }

    /** {@return the settings in force} */
    public LogConfig config() {
        return state.config;
    }

    /** Changes the settings of the live log. */
    public void updateConfig(LogConfig config) {
        state.config = config;
    }

    /** {@return the first offset that can be read} */
    public long startOffset() {
        return state.startOffset;
    }

    /**
     * Says below which offset every in-sync replica has the records. Nothing else of the log is deleted; 0 until it is said.
     * May be called from any thread.
     */
    public void updateHighWatermark(long offset) {
        state.highWatermark = offset;
    }

    /** {@return what {@link #updateHighWatermark} was told last} */
    public long highWatermark() {
        return state.highWatermark;
    }

    /**
     * Lets the log begin at an offset, if it begins before it: what lies below cannot be read any more. To be told to {@link
     * #startSaved} once the log-start checkpoint says so.
     *
     * @param offset at most the end of the log, and the high watermark if there is one
     */
    public void advanceStartTo(long offset) {
        start.advanceTo(offset);
    }

    /**
     * The log-start checkpoint on the disk says that the log begins at an offset, or after it: takes out the segments that
     * lie below. {@return whether {@link #discardDetached} has something to do}
     */
    public boolean startSaved(long offset) throws IOException {
        boolean some = start.saved(offset);
        reader.forget();
        return some;
    }

    /** Renames the files of segments that have been taken out, to be deleted later. May be called from any thread. */
    public void discardDetached() throws IOException {
        flusher.exclusively(start::discardDetached);
    }

    /**
     * Looks for segments that are to go by {@code retention.ms}, {@code retention.bytes} or the start of the log, never
     * above the high watermark, and lets the log begin after them. Bounded work; reads no record data.
     *
     * @param nowMs the wall clock
     */
    public RetentionStep retain(long nowMs) throws IOException {
        return retention.step(nowMs);
    }

    /** {@return the offset that the next record gets (LEO)} */
    public long endOffset() {
        return state.endOffset;
    }

    /** This replica leads in an epoch: its records begin at the end of the log. On the owner's loop. */
    public void beginEpoch(int leaderEpoch) {
        state.epochs.begin(leaderEpoch, state.endOffset);
    }

    /** {@return the newest leader epoch, with records or led in without, or -1} */
    public int latestEpoch() {
        return state.epochs.latestEpoch();
    }

    /** {@return the leader epoch that a record of this offset is of, or -1 if it is not known} */
    public int epochOf(long offset) {
        return state.epochs.epochOf(offset);
    }

    /**
     * Appends validated batches as the leader: checks idempotent producers' sequences, sets base offsets and leader epoch in
     * place (they are outside the checksum), rolls the segment where needed, writes, and keeps the indexes and the producer
     * state.
     *
     * @param batches whole v2 batches between position and limit, validated by {@code RecordValidator}
     * @param leaderEpoch the epoch to stamp
     * @param nowMs the wall clock, for the roll and LogAppendTime
     * @param origin who wrote them
     * @throws io.odradek.protocol.errors.ApiException OUT_OF_ORDER_SEQUENCE_NUMBER, INVALID_PRODUCER_EPOCH,
     *     INVALID_TXN_STATE; INVALID_RECORD for a client's control batch; TRANSACTION_COORDINATOR_FENCED for a marker of an
     *     old coordinator; nothing has been stored
     */
    public AppendResult append(ByteBuffer batches, int leaderEpoch, long nowMs, AppendOrigin origin)
            throws IOException {
        finishCut();
        return appended(appender.appendAsLeader(batches, leaderEpoch, nowMs, origin));
    }

    /** Appends a client's batches; see {@link #append(ByteBuffer, int, long, AppendOrigin)}. */
    public AppendResult append(ByteBuffer batches, int leaderEpoch, long nowMs) throws IOException {
        return append(batches, leaderEpoch, nowMs, AppendOrigin.CLIENT);
    }

    /**
     * Appends batches that a leader has numbered: offsets and epochs stay as they are. Offsets must grow; gaps are what
     * cleaning has left. The start of the leader's log may lie inside of a batch (DeleteRecords): a log that is empty takes
     * that batch whole, and goes on to begin where it did (KAFKA-6975).
     *
     * @param batches whole v2 batches between position and limit, checked for CRC
     * @throws io.odradek.protocol.errors.ApiException OFFSET_OUT_OF_RANGE if they start before the end of this log, and it is
     *     not empty or they do not reach it; nothing has been stored
     */
    public AppendResult appendAsFollower(ByteBuffer batches, long nowMs) throws IOException {
        finishCut();
        return appended(appender.appendAsFollower(batches, nowMs));
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
        return reader.read(offset, maxBytes, atLeastOneBatch, endOffset);
    }

    /**
     * Finds the first record whose timestamp is at least the one given.
     *
     * @param timestampMs the timestamp
     * @param endOffset the exclusive bound of offsets to be seen
     */
    public Optional<TimestampAndOffset> findByTimestamp(long timestampMs, long endOffset) throws IOException {
        return timestamps.find(timestampMs, endOffset);
    }

    /** Finds the record with the largest timestamp (ListOffsets -3, KIP-734). */
    public Optional<TimestampAndOffset> findMaxTimestamp(long endOffset) throws IOException {
        return maxTimestamps.find(endOffset);
    }

    /**
     * Where an epoch ends (KIP-101, KIP-279): the largest known epoch that is not above the one asked for, and the offset
     * after its last record; epoch -1 and offset -1 if there is none.
     */
    public EpochEndOffset endOffsetOfEpoch(int leaderEpoch) {
        LeaderEpochCache.Entry found = state.epochs.endOffsetFor(leaderEpoch, state.endOffset);
        return new EpochEndOffset(found.epoch(), found.startOffset());
    }

    /**
     * Removes everything from an offset on, in the files, the indexes, the epochs and the producer state. If the disk is
     * full, some of it may have gone: the log ends where it says, and is cut in full before the next append or truncation.
     */
    public void truncateTo(long offset) throws IOException {
        cut(offset, () -> new LogTruncation(state).truncateTo(offset));
    }

    private void cut(long offset, LogFlusher.Step truncation) throws IOException {
        flusher.exclusively(() -> {
            start.discardDetached();
            try {
                new LogTruncation(state).begin(offset);
                truncation.run();
            } finally {
                state.cut();
                reader.forget();
                due.truncated();
            }
        });
        state.context.events().truncated(this);
        state.cutUnfinished = false;
    }

    /** What a truncation has left undone, as on a full disk, comes before anything else is written. */
    private void finishCut() throws IOException {
        if (state.cutUnfinished) {
            cut(state.endOffset, () -> {});
        }
    }

    private AppendResult appended(AppendResult result) throws IOException {
        state.appended();
        if (!result.duplicate() && due.appended(result.firstOffset())) {
            state.context.events().forceDue(this);
        }
        return result;
    }

    /**
     * {@return the end of what may be acknowledged and shown: the log's end, but for records that {@code flush.messages} or
     * {@code log.flush.policy} wants forced first} On the owner's loop.
     */
    public long settledEndOffset() {
        return due.settledEnd();
    }

    /**
     * {@return the offset that {@link #recoveryPoint} must have reached before what has been appended so far may be
     * acknowledged} On the owner's loop.
     */
    public long awaitedForceOffset() {
        return due.awaitedOffset();
    }

    /** Says who is told, on the owner's loop, of forces that were due. */
    public void onForce(ForceListener listener) {
        forceListener = listener;
    }

    /** Tells the listener that a force has ended: that of {@link LogEvents#forceDue}. On the owner's loop. */
    public void forceEnded() {
        forceListener.forced();
    }

    /** Tells the listener that a force has failed. On the owner's loop. */
    public void forceFailed(IOException failure) {
        forceListener.forceFailed(failure);
    }

    /** Removes everything: the log is empty then and begins at an offset, as a follower's does that fell behind its leader's. */
    public void truncateFullyAndStartAt(long offset) throws IOException {
        cut(offset, () -> new LogTruncation(state).startAt(offset));
    }

    /** {@return how often it was truncated or cleaned since it was opened: copies may have what it has no more} */
    public long rewrites() {
        return state.rewrites;
    }

    /** Says whether a copy is being made; then no cleaning is begun, or the copy could have values and lack their tombstones. */
    public void setCopied(boolean copied) {
        state.copied = copied;
    }

    /** Forces everything appended so far to the disk and moves the recovery point. */
    public void flush() throws IOException {
        flusher.flushTo(state.endOffset);
    }

    /** {@return the segments as they are now, for a cleaner; from any thread} */
    public SegmentsView segments() {
        return new SegmentsView(state);
    }

    /** {@return whether something in it is known to be lost, which readers pass over; on the owner's loop} */
    public boolean isDamaged() {
        for (LogSegment segment : state.segments.all()) {
            if (segment.health().isDamaged()) {
                return true;
            }
        }
        return false;
    }

    /** {@return the bytes in all segments} */
    public long sizeBytes() {
        return state.segments.sizeBytes();
    }

    /** Writes what is buffered (index entries, the producer snapshot) and closes the files. */
    @Override
    public void close() throws IOException {
        try {
            finishCut();
            discardDetached();
            state.segments.active().seal();
            if (state.snapshotOffset != state.endOffset) {
                state.writeProducerSnapshot(state.endOffset);
            }
        } finally {
            flusher.close(this::closeFiles);
        }
    }

    /** Closes the files and writes nothing: the disk under them has failed. The owner must have stopped using the log. */
    public void abandon() throws IOException {
        flusher.close(this::closeFiles);
    }

    private void closeFiles() throws IOException {
        state.meters.close();
        try {
            start.closeDetached();
        } finally {
            state.segments.close();
        }
    }

    /**
     * What a read found.
     *
     * @param records the slice to send, {@code FileSlice} or the empty payload
     * @param sizeBytes its size
     */
    public record FetchedData(Payload records, int sizeBytes) {}

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
