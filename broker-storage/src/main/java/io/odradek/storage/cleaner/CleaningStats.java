package io.odradek.storage.cleaner;

import io.odradek.storage.env.Clock;
import java.util.Locale;

/** Counts what a cleaning does, for the line that it ends with. */
final class CleaningStats {
    private static final double BYTES_PER_MB = 1024.0 * 1024.0;
    private static final double NANOS_PER_SECOND = 1e9;

    private final Clock clock;
    private final long startNs;
    private long mappedBytes;
    private long readBytes;
    private long keptBytes;
    private long readRecords;
    private long keptRecords;

    CleaningStats(Clock clock) {
        this.clock = clock;
        this.startNs = clock.monotonicNs();
    }

    void mapped(long bytes) {
        mappedBytes += bytes;
    }

    void read(long bytes) {
        readBytes += bytes;
    }

    void kept(long bytes) {
        keptBytes += bytes;
    }

    void records(int read, int kept) {
        readRecords += read;
        keptRecords += kept;
    }

    /** {@return the bytes read and written so far} */
    long movedBytes() {
        return mappedBytes + readBytes + keptBytes;
    }

    /**
     * {@return what is remembered of it}
     *
     * @param mapShare how full its offset map was, of 1
     * @param overdueMs how long after it was due it began, in milliseconds
     */
    CleanerFigures.Last ended(double mapShare, long overdueMs) {
        long tookMs = (clock.monotonicNs() - startNs) / 1_000_000;
        return new CleanerFigures.Last(readBytes, keptBytes, tookMs, mapShare, overdueMs);
    }

    /** {@return the line} */
    String describe(long mapEntries) {
        double seconds = Math.max((clock.monotonicNs() - startNs) / NANOS_PER_SECOND, 1e-6);
        return String.format(
                Locale.ROOT,
                "%d keys in %.1f MB of dirty records; kept %d of %d records, %.1f of %.1f MB; %.1f s, %.1f MB/s",
                mapEntries,
                mappedBytes / BYTES_PER_MB,
                keptRecords,
                readRecords,
                keptBytes / BYTES_PER_MB,
                readBytes / BYTES_PER_MB,
                seconds,
                readBytes / BYTES_PER_MB / seconds);
    }
}
