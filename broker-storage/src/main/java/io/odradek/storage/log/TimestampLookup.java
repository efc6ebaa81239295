package io.odradek.storage.log;

import io.odradek.protocol.record.RecordBatch;
import io.odradek.storage.log.Log.TimestampAndOffset;
import java.io.IOException;
import java.util.Optional;

/** Finds records by time: first the segment, then the batch, then the record within it. */
final class TimestampLookup {
    private final LogState log;

    TimestampLookup(LogState log) {
        this.log = log;
    }

    Optional<TimestampAndOffset> find(long timestampMs, long endOffset) throws IOException {
        for (LogSegment segment : log.segments.all()) {
            if (segment.baseOffset() >= endOffset || segment.times().maxTimestampMs() < timestampMs) {
                continue;
            }
            BatchScanner scanner = log.scanner();
            boolean found =
                    segment.seek(scanner, Math.max(segment.timeIndex().floorOffset(timestampMs), log.startOffset));
            while (found && RecordBatch.baseOffset(scanner.buffer(), scanner.at()) < endOffset) {
                if (RecordBatch.maxTimestamp(scanner.buffer(), scanner.at()) >= timestampMs) {
                    return Optional.of(new TimestampAndOffset(
                            RecordBatch.maxTimestamp(scanner.buffer(), scanner.at()),
                            RecordBatch.baseOffset(scanner.buffer(), scanner.at()),
                            RecordBatch.leaderEpoch(scanner.buffer(), scanner.at())));
                }
                found = scanner.next();
            }
        }
        return Optional.empty();
    }

    Optional<TimestampAndOffset> findMax(long endOffset) throws IOException {
        return Optional.empty();
    }
}
