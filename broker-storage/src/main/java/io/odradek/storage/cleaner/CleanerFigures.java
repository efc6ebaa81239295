package io.odradek.storage.cleaner;

import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.function.ToDoubleFunction;

/** What the last cleaning of each loop was like, and what the cleaner found when it last looked for work. Thread-safe. */
public final class CleanerFigures {
    private final LogCleaner cleaner;

    /**
     * A cleaning that has ended.
     *
     * @param readBytes read when the segments were written anew
     * @param keptBytes written of them
     * @param tookMs how long it took
     * @param mapShare how full its offset map was, of 1
     * @param overdueMs how long after it was due it began
     */
    record Last(long readBytes, long keptBytes, long tookMs, double mapShare, long overdueMs) {}

    /** Of a cleaner. */
    public CleanerFigures(LogCleaner cleaner) {
        this.cleaner = cleaner;
    }

    /** {@return the bytes that the last cleanings kept, in percent of those that they read} */
    public long recopyPercent() {
        long read = 0;
        long kept = 0;
        for (Last last : cleaner.lastCleanings()) {
            read += last.readBytes;
            kept += last.keptBytes;
        }
        return 100 * kept / Math.max(read, 1);
    }

    /** {@return how long the longest of the last cleanings took, in whole seconds} */
    public long longestSeconds() {
        return (long) most(last -> last.tookMs / 1_000.0);
    }

    /** {@return how full the fullest offset map of the last cleanings was, in percent} */
    public long fullestMapPercent() {
        return (long) most(last -> 100 * last.mapShare);
    }

    /** {@return how long after it was due the latest of the last cleanings began, in whole seconds} */
    public long longestDelaySeconds() {
        return (long) most(last -> last.overdueMs / 1_000.0);
    }

    /** {@return the share of dirty bytes in the log where it was highest at the last look, in percent} */
    public long dirtiestPercent() {
        return (long) (100 * cleaner.dirtiest());
    }

    /** {@return the bytes that would be cleaned in a log folder, had their logs not been set aside} */
    public long uncleanableBytes(Path folder) {
        return cleaner.uncleanableBytes().getOrDefault(folder, 0L);
    }

    private double most(ToDoubleFunction<Last> figure) {
        List<Last> all = cleaner.lastCleanings();
        return all.stream()
                .map(figure::applyAsDouble)
                .max(Comparator.naturalOrder())
                .orElse(0.0);
    }
}
