package io.odradek.benchmarks;

import java.util.Arrays;

/** How long things took, in nanoseconds, from the shortest to the longest. */
final class Percentiles {
    private static final double NS_PER_MS = 1e6;

    private final long[] sortedNs;

    /** @param samplesNs in any order; are sorted in place */
    Percentiles(long[] samplesNs) {
        Arrays.sort(samplesNs);
        this.sortedNs = samplesNs;
    }

    /** {@return how many there are} */
    int count() {
        return sortedNs.length;
    }

    /** {@return the milliseconds within which a share of them, from 0 to 1, was over; 0 of none} */
    double ms(double share) {
        return sortedNs.length == 0 ? 0 : sortedNs[(int) (share * (sortedNs.length - 1))] / NS_PER_MS;
    }
}
