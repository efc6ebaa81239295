package io.odradek.storage.log;

import io.odradek.protocol.record.RecordBatch;
import io.odradek.protocol.record.RecordCursor;
import io.odradek.protocol.record.RecordRules;
import io.odradek.storage.log.Log.TimestampAndOffset;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Optional;

/** Finds records by time: the segment by its largest timestamp, the batch from the time index on, the record by a walk. */
final class TimestampLookup {
    private final LogState log;

    TimestampLookup(LogState log) {
        this.log = log;
    }

    /** {@return the first record below the end offset whose timestamp is at least the one given} */
    Optional<TimestampAndOffset> find(long timestampMs, long endOffset) throws IOException {
        for (LogSegment segment : log.segments.all()) {
            if (segment.baseOffset() >= endOffset) {
                break;
            }
            if (segment.times().maxTimestampMs() < timestampMs) {
                segment.requireWhole();
                continue;
            }
            long from = Math.max(segment.floorOffset(log.scanner(), timestampMs), log.startOffset);
            Optional<TimestampAndOffset> found = findFrom(segment, from, timestampMs, endOffset);
            if (found.isPresent()) {
                return found;
            }
            segment.requireWhole();
        }
        return Optional.empty();
    }

    private Optional<TimestampAndOffset> findFrom(LogSegment segment, long from, long timestampMs, long endOffset)
            throws IOException {
        BatchScanner scanner = log.scanner();
        boolean found = segment.seek(scanner, from);
        while (found) {
            segment.confirm(scanner);
            if (RecordBatch.baseOffset(scanner.buffer(), scanner.at()) >= endOffset) {
                return Optional.empty();
            }
            if (RecordBatch.maxTimestamp(scanner.buffer(), scanner.at()) >= timestampMs) {
                TimestampAndOffset record = firstIn(segment, scanner, timestampMs);
                if (record != null && record.offset() < endOffset) {
                    return Optional.of(record);
                }
            }
            found = scanner.next();
        }
        if (scanner.problem() != null) {
            throw segment.damaged(scanner);
        }
        return Optional.empty();
    }

    /** {@return the first readable record of the scanner's batch with at least this timestamp, or null} */
    private TimestampAndOffset firstIn(LogSegment segment, BatchScanner scanner, long timestampMs) throws IOException {
        ByteBuffer batch = ByteBuffer.allocate(scanner.sizeBytes());
        if (segment.file().read(batch, scanner.position()) < scanner.sizeBytes()) {
            throw new DamagedSegmentException(segment.path() + " ends within a batch");
        }
        int leaderEpoch = RecordBatch.leaderEpoch(batch, 0);
        try (RecordCursor records = new RecordCursor()) {
            records.open(batch.flip(), 0, RecordRules.DEFAULTS.maxInflatedBytes());
            while (records.next()) {
                if (records.timestampMs() >= timestampMs && records.offset() >= log.startOffset) {
                    return new TimestampAndOffset(records.timestampMs(), records.offset(), leaderEpoch);
                }
            }
        }
        return null;
    }

    /** {@return the first record with the largest timestamp below the end offset} */
    Optional<TimestampAndOffset> findMax(long endOffset) throws IOException {
        LogSegment[] segments = log.segments.all();
        LogSegment best = null;
        long bestTimestampMs = RecordBatch.NO_TIMESTAMP;
        for (int i = 0; i < segments.length && segments[i].baseOffset() < endOffset; i++) {
            segments[i].requireWhole();
            long end = i + 1 < segments.length ? segments[i + 1].baseOffset() : log.endOffset;
            boolean whole = end <= endOffset && segments[i].baseOffset() >= log.startOffset;
            long timestampMs = whole ? segments[i].times().maxTimestampMs() : maxBelow(segments[i], endOffset);
            if (timestampMs > bestTimestampMs) {
                best = segments[i];
                bestTimestampMs = timestampMs;
            }
        }
        if (best == null) {
            return Optional.empty();
        }
        long from = Math.max(best.floorOffset(log.scanner(), bestTimestampMs), log.startOffset);
        return findFrom(best, from, bestTimestampMs, endOffset);
    }

    private long maxBelow(LogSegment segment, long endOffset) throws IOException {
        long max = RecordBatch.NO_TIMESTAMP;
        BatchScanner scanner = log.scanner();
        boolean found = segment.seek(scanner, Math.max(segment.baseOffset(), log.startOffset));
        while (found && RecordBatch.lastOffset(scanner.buffer(), scanner.at()) < endOffset) {
            max = Math.max(max, RecordBatch.maxTimestamp(scanner.buffer(), scanner.at()));
            found = scanner.next();
        }
        if (scanner.problem() != null) {
            throw segment.damaged(scanner);
        }
        return max;
    }
}
