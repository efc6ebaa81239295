package io.odradek.core.request;

import io.odradek.core.partition.Partition;
import io.odradek.storage.log.SegmentsView;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * What ListOffsets 0 finds, which knows nothing of the times of records: where segments begin, as Apache Kafka has it. A segment
 * is as old as its file, and the end of the log is of now.
 *
 * <ul>
 *   <li>-1: the end, and the beginnings of segments before it
 *   <li>-2: the log's start
 *   <li>from 0 on: the latest of them that is not younger, and those before it
 * </ul>
 */
final class SegmentOffsets {
    private SegmentOffsets() {}

    /**
     * {@return offsets, the largest first}
     *
     * @param consumer whether nothing beyond the high watermark is to be told
     * @param most how many of them
     */
    static List<Long> before(Partition partition, boolean consumer, long timestamp, int most, long nowMs) {
        SegmentsView segments = partition.log().segments();
        int count = segments.count();
        boolean endCounts = count == 0 || segments.sizeBytes(count - 1) > 0;
        List<Long> found = new ArrayList<>();
        boolean begun = timestamp == OffsetLookup.LATEST;
        if (endCounts && (begun || timestamp >= nowMs)) {
            begun = true;
            found.add(segments.endOffset());
        }
        if (timestamp == OffsetLookup.EARLIEST) {
            return most > 0 ? List.of(segments.startOffset()) : List.of();
        }
        for (int i = count - 1; i >= 0 && found.size() < most; i--) {
            begun = begun || lastModifiedMs(partition, segments, i) <= timestamp;
            if (begun) {
                found.add(Math.max(segments.baseOffset(i), segments.startOffset()));
            }
        }
        return visible(found, consumer ? partition.highWatermark() : Long.MAX_VALUE, most);
    }

    /** The high watermark takes the place of what is beyond it. */
    private static List<Long> visible(List<Long> offsets, long highWatermark, int most) {
        List<Long> visible = new ArrayList<>();
        for (long offset : offsets) {
            if (offset <= highWatermark) {
                visible.add(offset);
            } else if (visible.isEmpty()) {
                visible.add(highWatermark);
            }
        }
        return visible.subList(0, Math.max(0, Math.min(most, visible.size())));
    }

    private static long lastModifiedMs(Partition partition, SegmentsView segments, int index) {
        try {
            return segments.lastModifiedMs(index);
        } catch (IOException e) {
            throw partition.failed(e);
        }
    }
}
