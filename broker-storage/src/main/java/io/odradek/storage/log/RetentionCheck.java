package io.odradek.storage.log;

import io.odradek.storage.log.LogRetention.Decision;
import io.odradek.storage.log.LogRetention.Limits;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** Applies {@link LogRetention} to a log, a bounded number of segments at a time. Belongs to the log's owner. */
final class RetentionCheck {
    private static final int MOST_SEGMENTS = 64;
    private static final RetentionStep DONE = new RetentionStep.Done();

    private final LogState log;
    private final SegmentRoller roller;
    private final LogStart start;

    RetentionCheck(LogState log, SegmentRoller roller, LogStart start) {
        this.log = log;
        this.roller = roller;
        this.start = start;
    }

    RetentionStep step(long nowMs) throws IOException {
        LogSegment[] segments = log.segments.all();
        Limits limits = Limits.of(log.config, log.startOffset, log.highWatermark, nowMs, MOST_SEGMENTS);
        Decision decision = LogRetention.decide(new View(segments), limits);
        int count = decision.segments();
        if (count == 0) {
            return decision.unread() ? new RetentionStep.Unread(new ColdTimes(log, segments[0])) : DONE;
        }
        if (count == segments.length) {
            // The folder may be renamed just now, for a deletion.
            synchronized (log) {
                roller.rollActive(nowMs);
            }
        }
        long newStart = count == segments.length ? log.endOffset : segments[count].baseOffset();
        String description = describe(segments, decision, newStart);
        start.advanceTo(newStart);
        return new RetentionStep.Advanced(Math.max(newStart, log.startOffset), description);
    }

    private String describe(LogSegment[] segments, Decision decision, long end) {
        long bytes = 0;
        for (int i = 0; i < decision.segments(); i++) {
            bytes += segments[i].sizeBytes();
        }
        StringBuilder text = new StringBuilder()
                .append("Deleting ")
                .append(decision.segments())
                .append(decision.segments() == 1 ? " segment of " : " segments of ")
                .append(log.id)
                .append(" with offsets ")
                .append(segments[0].baseOffset())
                .append(" to ")
                .append(end - 1)
                .append(", ")
                .append(bytes)
                .append(" bytes:");
        addReason(text, decision.byStart(), "below the log's start at " + log.startOffset);
        addReason(text, decision.bySize(), "above retention.bytes=" + log.config.retentionBytes());
        addReason(text, decision.byTime(), "older than retention.ms=" + log.config.retentionMs());
        return text.toString();
    }

    private static void addReason(StringBuilder text, int segments, String reason) {
        if (segments > 0) {
            text.append(text.charAt(text.length() - 1) == ':' ? " " : ", ")
                    .append(segments)
                    .append(' ')
                    .append(reason);
        }
    }

    /** The log's segments as retention sees them; reads no record data. */
    private final class View implements LogRetention.Segments {
        private final LogSegment[] segments;

        private View(LogSegment[] segments) {
            this.segments = segments;
        }

        @Override
        public int count() {
            return segments.length;
        }

        @Override
        public long baseOffset(int index) {
            return index < segments.length ? segments[index].baseOffset() : log.endOffset;
        }

        @Override
        public long sizeBytes(int index) {
            return segments[index].sizeBytes();
        }

        @Override
        public long largestTimestampMs(int index) throws IOException {
            LogSegment segment = segments[index];
            SegmentTimes times = segment.timesInMemory();
            if (times == null) {
                return UNREAD;
            }
            return times.maxTimestampMs() >= 0 ? times.maxTimestampMs() : lastModifiedMs(segment);
        }

        /** Of a file that is missing there is nothing to be kept. */
        private long lastModifiedMs(LogSegment segment) throws IOException {
            Path path = LogFileNames.path(log.folder, segment.baseOffset(), LogFileNames.LOG);
            try {
                return log.context.files().lastModifiedMs(path);
            } catch (NoSuchFileException e) {
                return 0;
            }
        }
    }
}
