package io.odradek.core.quota;

/**
 * The span over which it is reckoned how much a client had.
 *
 * @param windows how many windows of time
 * @param windowMs how long each of them is, in milliseconds
 */
public record QuotaSpan(int windows, long windowMs) {
    private static final double MS_PER_SECOND = 1_000;

    /** {@return how long all windows are together, in milliseconds} */
    long wholeMs() {
        return windows * windowMs;
    }

    /** {@return in seconds, what a rate is reckoned over at least: all windows but one} */
    double leastSeconds() {
        return (windows - 1) * windowMs / MS_PER_SECOND;
    }

    /** {@return how much there can be at once of what comes at a rate and is not used up} */
    double burst(double perSecond) {
        return wholeMs() / MS_PER_SECOND * perSecond;
    }
}
