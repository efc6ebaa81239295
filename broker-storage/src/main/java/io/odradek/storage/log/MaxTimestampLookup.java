package io.odradek.storage.log;

import io.odradek.protocol.record.RecordBatch;
import io.odradek.storage.log.Log.TimestampAndOffset;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Finds the record with the largest timestamp (KIP-734). What indexes and headers say is a bound, and believed only once a
 * record that can be read has that timestamp: the log may begin or the look-up end inside a batch, cleaning leaves headers
 * without records, and a header may be wrong. Where it is not so, the segment's bound is made tighter:
 *
 * <pre>
 *   of the segment --> of the headers of batches with readable records --> of the records
 * </pre>
 */
final class MaxTimestampLookup {
    private final LogState log;
    private final TimestampLookup timestamps;

    MaxTimestampLookup(LogState log, TimestampLookup timestamps) {
        this.log = log;
        this.timestamps = timestamps;
    }

    /** {@return the first record with the largest timestamp below the end offset} */
    Optional<TimestampAndOffset> find(long endOffset) throws IOException {
        List<Candidate> candidates = candidates(endOffset);
        while (true) {
            Candidate best = null;
            for (Candidate candidate : candidates) {
                if (candidate.boundMs > (best == null ? RecordBatch.NO_TIMESTAMP : best.boundMs)) {
                    best = candidate;
                }
            }
            if (best == null) {
                return Optional.empty();
            }
            Optional<TimestampAndOffset> found = timestamps.findIn(best.segment, best.boundMs, endOffset);
            if (found.isPresent()) {
                return found;
            }
            best.tighten(endOffset);
        }
    }

    private List<Candidate> candidates(long endOffset) throws IOException {
        LogSegment[] segments = log.segments.all();
        List<Candidate> candidates = new ArrayList<>();
        for (int i = 0; i < segments.length && segments[i].baseOffset() < endOffset; i++) {
            Candidate candidate = new Candidate(segments[i]);
            long end = i + 1 < segments.length ? segments[i + 1].baseOffset() : log.endOffset;
            if (end <= endOffset && segments[i].baseOffset() >= log.startOffset) {
                candidate.boundMs = maxTimestampMs(segments[i]);
            } else {
                candidate.tighten(endOffset);
            }
            candidates.add(candidate);
        }
        return candidates;
    }

    private static long maxTimestampMs(LogSegment segment) throws IOException {
        try {
            return segment.times().maxTimestampMs();
        } catch (DamagedSegmentException e) {
            return Long.MAX_VALUE;
        }
    }

    private enum Bound {
        OF_SEGMENT,
        OF_HEADERS,
        OF_RECORDS
    }

    /** A segment, and a timestamp that none of its readable records exceeds. */
    private final class Candidate {
        private final LogSegment segment;
        private Bound bound = Bound.OF_SEGMENT;
        private long boundMs = RecordBatch.NO_TIMESTAMP;

        private Candidate(LogSegment segment) {
            this.segment = segment;
        }

        private void tighten(long endOffset) throws IOException {
            switch (bound) {
                case OF_SEGMENT -> {
                    bound = Bound.OF_HEADERS;
                    boundMs = largest(endOffset);
                }
                case OF_HEADERS -> {
                    bound = Bound.OF_RECORDS;
                    boundMs = largest(endOffset);
                }
                // Nothing has it after all.
                case OF_RECORDS -> boundMs = RecordBatch.NO_TIMESTAMP;
            }
        }

        private long largest(long endOffset) throws IOException {
            long largestMs = RecordBatch.NO_TIMESTAMP;
            BatchScanner scanner = log.scanner();
            boolean found = segment.lookup().seekReadable(scanner, Math.max(segment.baseOffset(), log.startOffset));
            while (found && RecordBatch.baseOffset(scanner.buffer(), scanner.at()) < endOffset) {
                if (RecordBatch.maxTimestamp(scanner.buffer(), scanner.at()) > largestMs) {
                    largestMs = Math.max(largestMs, largestOfBatch(scanner, endOffset));
                }
                found = segment.lookup().nextReadable(scanner);
            }
            return largestMs;
        }

        private long largestOfBatch(BatchScanner scanner, long endOffset) throws IOException {
            if (RecordBatch.recordCount(scanner.buffer(), scanner.at()) == 0) {
                return RecordBatch.NO_TIMESTAMP;
            }
            boolean whole = RecordBatch.baseOffset(scanner.buffer(), scanner.at()) >= log.startOffset
                    && RecordBatch.lastOffset(scanner.buffer(), scanner.at()) < endOffset;
            return whole && bound == Bound.OF_HEADERS
                    ? RecordBatch.maxTimestamp(scanner.buffer(), scanner.at())
                    : timestamps.largestIn(segment, scanner, endOffset);
        }
    }
}
