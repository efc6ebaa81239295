package io.odradek.storage.cleaner;

import io.odradek.storage.log.Log;
import io.odradek.storage.log.LogConfig;
import io.odradek.storage.log.SegmentsView;

/**
 * What is to be cleaned.
 *
 * @param log the log
 * @param view its segments when it was chosen
 * @param range which of them are dirty and may be cleaned
 * @param config the settings then
 * @param nowMs the wall clock then, by which tombstones and markers are old enough to go
 */
record CleaningJob(Log log, SegmentsView view, CleanableRange range, LogConfig config, long nowMs) {
    /** {@return the index of the segment in which the dirty part begins} */
    int firstDirtySegment() {
        int index = 0;
        while (index + 1 < view.count() && view.baseOffset(index + 1) <= range.firstDirtyOffset()) {
            index++;
        }
        return index;
    }

    /** {@return the exclusive index of the last segment that begins before an offset} */
    int segmentsBefore(long offset) {
        int index = 0;
        while (index < view.count() - 1 && view.baseOffset(index) < offset) {
            index++;
        }
        return index;
    }
}
