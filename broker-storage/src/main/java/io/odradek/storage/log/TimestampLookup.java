package io.odradek.storage.log;

import io.odradek.protocol.record.RecordBatch;
import io.odradek.protocol.record.RecordCursor;
import io.odradek.protocol.record.RecordRules;
import io.odradek.protocol.record.legacy.UpConversion;
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
            if (mayHave(segment, timestampMs)) {
                Optional<TimestampAndOffset> found = findIn(segment, timestampMs, endOffset);
                if (found.isPresent()) {
                    return found;
                }
            }
        }
        return Optional.empty();
    }

    private static boolean mayHave(LogSegment segment, long timestampMs) throws IOException {
        try {
            return segment.times().maxTimestampMs() >= timestampMs;
        } catch (DamagedSegmentException e) {
            return true;
        }
    }

    /** {@return the first record of a segment below the end offset whose timestamp is at least the one given} */
    Optional<TimestampAndOffset> findIn(LogSegment segment, long timestampMs, long endOffset) throws IOException {
        BatchScanner scanner = log.scanner();
        boolean found =
                segment.lookup().seekReadable(scanner, Math.max(floorOffset(segment, timestampMs), log.startOffset));
        while (found && RecordBatch.baseOffset(scanner.buffer(), scanner.at()) < endOffset) {
            if (segment.lookup().isConfirmed(scanner)
                    && RecordBatch.maxTimestamp(scanner.buffer(), scanner.at()) >= timestampMs) {
                TimestampAndOffset record = firstIn(segment, scanner, timestampMs);
                if (record != null && record.offset() < endOffset) {
                    return Optional.of(record);
                }
            }
            found = segment.lookup().nextReadable(scanner);
        }
        return Optional.empty();
    }

    private long floorOffset(LogSegment segment, long timestampMs) throws IOException {
        try {
            return segment.lookup().floorOffset(log.scanner(), timestampMs);
        } catch (DamagedSegmentException e) {
            return segment.baseOffset();
        }
    }

    /** {@return the first readable record of the scanner's batch with at least this timestamp, or null} */
    private TimestampAndOffset firstIn(LogSegment segment, BatchScanner scanner, long timestampMs) throws IOException {
        ByteBuffer batch = batch(segment, scanner);
        int leaderEpoch = RecordBatch.leaderEpoch(batch, 0);
        try (RecordCursor records = new RecordCursor()) {
            records.open(batch, 0, RecordRules.DEFAULTS.maxInflatedBytes());
            while (records.next()) {
                if (records.timestampMs() >= timestampMs && records.offset() >= log.startOffset) {
                    return new TimestampAndOffset(records.timestampMs(), records.offset(), leaderEpoch);
                }
            }
        }
        return null;
    }

    /** {@return the largest timestamp of the records of the scanner's batch that can be read below an offset, -1 for none} */
    long largestIn(LogSegment segment, BatchScanner scanner, long endOffset) throws IOException {
        long largestMs = RecordBatch.NO_TIMESTAMP;
        if (!segment.lookup().isConfirmed(scanner)) {
            return largestMs;
        }
        try (RecordCursor records = new RecordCursor()) {
            records.open(batch(segment, scanner), 0, RecordRules.DEFAULTS.maxInflatedBytes());
            while (records.next() && records.offset() < endOffset) {
                if (records.offset() >= log.startOffset) {
                    largestMs = Math.max(largestMs, records.timestampMs());
                }
            }
        }
        return largestMs;
    }

    private static ByteBuffer batch(LogSegment segment, BatchScanner scanner) throws IOException {
        ByteBuffer batch = ByteBuffer.allocate(scanner.sizeBytes());
        if (segment.file().read(batch, scanner.position()) < scanner.sizeBytes()) {
            throw new DamagedSegmentException(segment.path() + " ends within a batch");
        }
        batch.flip();
        return scanner.isLegacy() ? UpConversion.toBatches(batch, RecordRules.DEFAULTS.maxInflatedBytes(), 0) : batch;
    }
}
