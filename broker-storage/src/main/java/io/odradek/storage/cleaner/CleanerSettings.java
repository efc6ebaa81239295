package io.odradek.storage.cleaner;

/**
 * The settings of the cleaner, under Kafka's names.
 *
 * @param enabled {@code log.cleaner.enable}
 * @param backoffMs {@code log.cleaner.backoff.ms}: how long a loop waits when there is nothing to clean
 * @param dedupeBufferBytes {@code log.cleaner.dedupe.buffer.size}: for the offset maps of all loops together
 * @param loadFactor {@code log.cleaner.io.buffer.load.factor}: how full an offset map may become
 * @param ioBufferBytes {@code log.cleaner.io.buffer.size}: for the reads and writes of all loops together
 * @param maxBytesPerSecond {@code log.cleaner.io.max.bytes.per.second}: what all loops together read and write
 * @param maxInflatedBytes what the records of a compressed batch may inflate to
 */
public record CleanerSettings(
        boolean enabled,
        long backoffMs,
        long dedupeBufferBytes,
        double loadFactor,
        int ioBufferBytes,
        double maxBytesPerSecond,
        int maxInflatedBytes) {
    private static final int LEAST_IO_BUFFER_BYTES = 4096;

    /** Kafka's defaults, and a bound of ours. */
    public static final CleanerSettings DEFAULT =
            new CleanerSettings(true, 15_000, 128L << 20, 0.9, 512 << 10, Double.MAX_VALUE, 64 << 20);

    /** {@return the bytes of one loop's buffer for reading, and of its one for writing} */
    int bufferBytes(int loops) {
        return Math.max(LEAST_IO_BUFFER_BYTES, ioBufferBytes / Math.max(1, loops) / 2);
    }

    /** {@return the bytes of one loop's offset map} */
    long mapBytes(int loops) {
        return dedupeBufferBytes / loops;
    }
}
