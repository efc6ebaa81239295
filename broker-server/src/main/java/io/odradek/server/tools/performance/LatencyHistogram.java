package io.odradek.server.tools.performance;

/**
 * How long many things took, in room that does not grow with them (58 KiB): times are told apart by their first three digits, those
 * below a millisecond to the microsecond. What takes longer than two hours counts as two hours, but for the longest.
 */
final class LatencyHistogram {
    private static final int EXACT = 1_000;
    /** From 100 to 999, at each power of ten. */
    private static final int PER_POWER = 900;

    private static final int POWERS = 7;
    private static final long LIMIT = 10_000_000_000L;

    private final long[] counts = new long[EXACT + POWERS * PER_POWER];
    private long count;
    private long sumMicros;
    private long maxMicros;

    /** Counts one. @param micros how long it took, in microseconds */
    void record(long micros) {
        long time = Math.max(0, micros);
        counts[bucket(Math.min(time, LIMIT - 1))]++;
        count++;
        sumMicros += time;
        maxMicros = Math.max(maxMicros, time);
    }

    long count() {
        return count;
    }

    /** {@return the mean, in milliseconds; not a number without any} */
    double averageMs() {
        return sumMicros / 1e3 / count;
    }

    /** {@return the longest, in milliseconds; 0 without any} */
    double maxMs() {
        return maxMicros / 1e3;
    }

    /** {@return within how many milliseconds so large a share was done} @param share from 0 to 1 */
    double percentileMs(double share) {
        long rank = Math.max(1, (long) Math.ceil(share * count));
        long seen = 0;
        for (int i = 0; i < counts.length; i++) {
            seen += counts[i];
            if (seen >= rank) {
                return Math.min(maxMicros, i == counts.length - 1 ? maxMicros : lowest(i + 1) - 1) / 1e3;
            }
        }
        return 0;
    }

    /** {@return how many took less than that} @param micros with no more than three digits other than 0 */
    long below(long micros) {
        if (micros >= LIMIT) {
            return count;
        }
        int end = bucket(micros);
        long sum = 0;
        for (int i = 0; i < end; i++) {
            sum += counts[i];
        }
        return sum;
    }

    private static int bucket(long micros) {
        long digits = micros;
        int power = 0;
        while (digits >= EXACT) {
            digits /= 10;
            power++;
        }
        return power == 0 ? (int) digits : EXACT + (power - 1) * PER_POWER + (int) digits - 100;
    }

    private static long lowest(int bucket) {
        if (bucket < EXACT) {
            return bucket;
        }
        long lowest = 100 + (bucket - EXACT) % PER_POWER;
        for (int power = (bucket - EXACT) / PER_POWER; power >= 0; power--) {
            lowest *= 10;
        }
        return lowest;
    }
}
