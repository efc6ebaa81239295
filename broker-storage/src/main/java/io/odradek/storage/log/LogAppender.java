package io.odradek.storage.log;

import io.odradek.protocol.errors.ApiException;
import io.odradek.protocol.errors.ErrorCode;
import io.odradek.protocol.record.RecordBatch;
import io.odradek.protocol.record.TimestampType;
import io.odradek.storage.producer.CompletedTransaction;
import io.odradek.storage.producer.ProducerState;
import java.io.IOException;
import java.nio.ByteBuffer;

/** Appends to a log: everything is checked first, then numbered in place, then written in one call. */
final class LogAppender {
    private final LogState log;
    private final SegmentRoller roller;
    private final Restart restart;
    private final FirstSequence firstSequence;
    /** Whether the producer state is that of batches which could not be stored as a whole. */
    private boolean producersAhead;

    /** Removes everything, so that the log begins at an offset. */
    interface Restart {
        void startAt(long offset) throws IOException;
    }

    LogAppender(LogState log, SegmentRoller roller, Restart restart) {
        this.log = log;
        this.roller = roller;
        this.restart = restart;
        this.firstSequence = new FirstSequence(log);
    }

    AppendResult appendAsLeader(ByteBuffer batches, int leaderEpoch, long nowMs, AppendOrigin origin)
            throws IOException {
        requireBatches(batches);
        takeProducersBack();
        long stored = origin == AppendOrigin.CLIENT ? checkProducers(batches, nowMs) : checkCoordinated(batches);
        if (stored != ProducerState.NEW) {
            long first = stored - RecordBatch.lastOffsetDelta(batches, batches.position());
            return new AppendResult(first, stored, appendTimeMs(stored), log.startOffset, true);
        }
        long firstOffset = log.endOffset;
        long logAppendTimeMs = number(batches, leaderEpoch, nowMs);
        log.epochs.assign(leaderEpoch, firstOffset);
        long lastOffset = write(batches, firstOffset, nowMs);
        return new AppendResult(firstOffset, lastOffset, logAppendTimeMs, log.startOffset, false);
    }

    /** {@return the append time of the batch that ends at an offset, -1 if it has none or cannot be read any more} */
    private long appendTimeMs(long lastOffset) throws IOException {
        int index = log.segments.floorIndex(lastOffset);
        BatchScanner scanner = log.scanner();
        boolean stamped = index >= 0
                && log.segments.all()[index].lookup().seekReadable(scanner, lastOffset)
                && RecordBatch.lastOffset(scanner.buffer(), scanner.at()) == lastOffset
                && RecordBatch.timestampType(scanner.buffer(), scanner.at()) == TimestampType.LOG_APPEND_TIME;
        return stamped ? RecordBatch.maxTimestamp(scanner.buffer(), scanner.at()) : RecordBatch.NO_TIMESTAMP;
    }

    /** If the log begins anew and then nothing can be stored, it is as empty as before, and begins with the first batch. */
    AppendResult appendAsFollower(ByteBuffer batches, long nowMs) throws IOException {
        requireBatches(batches);
        takeProducersBack();
        long firstOffset = RecordBatch.baseOffset(batches, batches.position());
        boolean anew = beginsBeforeEmpty(batches);
        checkFollowing(batches, anew ? firstOffset : log.endOffset);
        long startOffset = log.startOffset;
        if (anew) {
            restart.startAt(firstOffset);
        }
        long lastOffset;
        try {
            for (int at = batches.position(); at < batches.limit(); at += RecordBatch.sizeBytes(batches, at)) {
                log.epochs.assign(RecordBatch.leaderEpoch(batches, at), RecordBatch.baseOffset(batches, at));
            }
            lastOffset = write(batches, firstOffset, nowMs);
        } catch (IOException e) {
            forgetEpochsBeyondEnd(e);
            throw e;
        }
        if (anew) {
            log.startOffset = startOffset;
        }
        return new AppendResult(firstOffset, lastOffset, RecordBatch.NO_TIMESTAMP, log.startOffset, false);
    }

    private void forgetEpochsBeyondEnd(IOException cause) {
        try {
            log.epochs.truncateFromEnd(log.endOffset);
        } catch (IOException e) {
            cause.addSuppressed(e);
        }
    }

    /** {@return whether an empty log is given a batch that begins before the log does and reaches into it} */
    private boolean beginsBeforeEmpty(ByteBuffer batches) {
        return log.startOffset == log.endOffset
                && RecordBatch.baseOffset(batches, batches.position()) < log.endOffset
                && RecordBatch.lastOffset(batches, batches.position()) >= log.endOffset;
    }

    private void checkFollowing(ByteBuffer batches, long endOffset) {
        long next = endOffset;
        for (int at = batches.position(); at < batches.limit(); at += RecordBatch.sizeBytes(batches, at)) {
            if (RecordBatch.baseOffset(batches, at) < next) {
                throw new ApiException(
                        ErrorCode.OFFSET_OUT_OF_RANGE,
                        log.id + " ends at " + next + ", the batch begins at " + RecordBatch.baseOffset(batches, at));
            }
            next = RecordBatch.nextOffset(batches, at);
            if (RecordBatch.isControl(batches, at)) {
                log.producers.checkMarker(batches, at);
            }
        }
    }

    private static void requireBatches(ByteBuffer batches) {
        int at = batches.position();
        int end = batches.limit();
        while (end - at >= RecordBatch.HEADER_SIZE
                && RecordBatch.length(batches, at) >= RecordBatch.HEADER_SIZE - RecordBatch.LOG_OVERHEAD
                && RecordBatch.length(batches, at) <= end - at - RecordBatch.LOG_OVERHEAD
                && RecordBatch.lastOffsetDelta(batches, at) >= 0) {
            at += RecordBatch.sizeBytes(batches, at);
        }
        if (at != end || at == batches.position()) {
            throw new ApiException(ErrorCode.CORRUPT_MESSAGE, "The bytes are not one or more whole batches");
        }
    }

    /** {@return the offset at which an earlier copy of the only batch ends, or NEW} */
    private long checkProducers(ByteBuffer batches, long nowMs) throws IOException {
        int start = batches.position();
        int end = batches.limit();
        for (int at = start; at < end; at += RecordBatch.sizeBytes(batches, at)) {
            if (RecordBatch.isControl(batches, at)) {
                throw new ApiException(ErrorCode.INVALID_RECORD, "Control records are the broker's to write");
            }
            if (!RecordBatch.hasProducerId(batches, at)) {
                continue;
            }
            int before = sameProducerBefore(batches, start, at);
            if (before >= 0) {
                log.producers.checkFollowing(batches, before, at);
                continue;
            }
            long stored = log.producers.check(batches, at);
            if (stored == ProducerState.STRANGER) {
                firstSequence.require(batches, at, nowMs);
            } else if (stored == ProducerState.MARKED) {
                firstSequence.requireBehindMarker(batches, at);
            } else if (stored != ProducerState.NEW) {
                if (end - start > RecordBatch.sizeBytes(batches, at)) {
                    throw new ApiException(
                            ErrorCode.INVALID_RECORD, "A batch sent before comes together with other batches");
                }
                return stored;
            }
        }
        return ProducerState.NEW;
    }

    private long checkCoordinated(ByteBuffer batches) {
        for (int at = batches.position(); at < batches.limit(); at += RecordBatch.sizeBytes(batches, at)) {
            if (RecordBatch.hasProducerId(batches, at)) {
                log.producers.checkCoordinated(batches, at);
            }
        }
        return ProducerState.NEW;
    }

    private static int sameProducerBefore(ByteBuffer batches, int start, int at) {
        int found = -1;
        for (int i = start; i < at; i += RecordBatch.sizeBytes(batches, i)) {
            if (RecordBatch.producerId(batches, i) == RecordBatch.producerId(batches, at)) {
                found = i;
            }
        }
        return found;
    }

    private long number(ByteBuffer batches, int leaderEpoch, long nowMs) {
        boolean stamped = log.config.logAppendTime();
        long offset = log.endOffset;
        long logAppendTimeMs = RecordBatch.NO_TIMESTAMP;
        int end = batches.limit();
        for (int at = batches.position(); at < end; at += RecordBatch.sizeBytes(batches, at)) {
            RecordBatch.setBaseOffset(batches, at, offset);
            RecordBatch.setLeaderEpoch(batches, at, leaderEpoch);
            if (stamped) {
                if (RecordBatch.timestampType(batches, at) != TimestampType.LOG_APPEND_TIME) {
                    RecordBatch.setMaxTimestamp(batches, at, TimestampType.LOG_APPEND_TIME, nowMs);
                }
                logAppendTimeMs = RecordBatch.maxTimestamp(batches, at);
            }
            offset = RecordBatch.nextOffset(batches, at);
        }
        return logAppendTimeMs;
    }

    private long write(ByteBuffer batches, long firstOffset, long nowMs) throws IOException {
        int start = batches.position();
        int end = batches.limit();
        long lastOffset = firstOffset;
        try {
            for (int at = start; at < end; at = batches.limit()) {
                batches.limit(end).position(at);
                lastOffset = writeToOneSegment(batches, nowMs);
            }
        } finally {
            batches.limit(end).position(start);
        }
        return lastOffset;
    }

    /** Writes as many batches as one segment can tell apart by 32 bits, and leaves the limit after them. */
    private long writeToOneSegment(ByteBuffer batches, long nowMs) throws IOException {
        int start = batches.position();
        long firstOffset = RecordBatch.baseOffset(batches, start);
        long lastOffset = firstOffset;
        long maxTimestampMs = RecordBatch.NO_TIMESTAMP;
        int at = start;
        while (at < batches.limit() && RecordBatch.lastOffset(batches, at) - firstOffset <= Integer.MAX_VALUE) {
            lastOffset = RecordBatch.lastOffset(batches, at);
            maxTimestampMs = Math.max(maxTimestampMs, RecordBatch.maxTimestamp(batches, at));
            at += RecordBatch.sizeBytes(batches, at);
        }
        int end = at;
        batches.limit(end);
        LogSegment segment = roller.segmentFor(end - start, firstOffset, lastOffset, maxTimestampMs, nowMs);
        long position = segment.sizeBytes();
        segment.append(batches, log.config.indexIntervalBytes());
        try {
            updateProducers(segment, batches, start, end);
        } catch (IOException e) {
            takeBack(segment, position, firstOffset, e);
            throw e;
        }
        log.endOffset = lastOffset + 1;
        return lastOffset;
    }

    private void updateProducers(LogSegment segment, ByteBuffer batches, int start, int end) throws IOException {
        for (int at = start; at < end; at += RecordBatch.sizeBytes(batches, at)) {
            if (RecordBatch.hasProducerId(batches, at)) {
                CompletedTransaction completed = log.producers.update(batches, at);
                if (completed != null && completed.aborted()) {
                    segment.transactionIndex().append(AbortedTransaction.of(completed));
                    log.names.changed();
                }
            }
        }
    }

    /** The batches are stored, but a transaction that they abort could not be: readers would be shown what it wrote. */
    private void takeBack(LogSegment segment, long position, long firstOffset, IOException cause) {
        segment.takeBack(position, firstOffset, cause);
        producersAhead = true;
        try {
            takeProducersBack();
        } catch (IOException e) {
            cause.addSuppressed(e);
        }
    }

    private void takeProducersBack() throws IOException {
        if (producersAhead) {
            new ProducerLoader(log).loadAt(log.endOffset, log.context.files().list(log.folder));
            producersAhead = false;
        }
    }
}
