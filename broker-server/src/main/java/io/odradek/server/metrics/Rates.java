package io.odradek.server.metrics;

/**
 * How fast a count grows: since the beginning, and of late, where what is older than one, five or fifteen minutes fades. To be told
 * of the count every few seconds. Thread-safe.
 */
final class Rates {
    private static final double NS_PER_S = 1e9;

    /** Those who look more often than this see what the last one has seen, so that a rate is not one of an instant. */
    private static final long INTERVAL_NS = 5_000_000_000L;

    private final Fading one = new Fading(60);
    private final Fading five = new Fading(300);
    private final Fading fifteen = new Fading(900);
    private final long startNs;
    private final long startCount;
    private long lastNs;
    private long lastCount;
    private boolean begun;

    Rates(long count, long nowNs) {
        startNs = nowNs;
        startCount = count;
        lastNs = nowNs;
        lastCount = count;
    }

    /** The count has this value now. */
    synchronized void look(long count, long nowNs) {
        if (nowNs - lastNs < INTERVAL_NS) {
            return;
        }
        double seconds = (nowNs - lastNs) / NS_PER_S;
        double perSecond = (count - lastCount) / seconds;
        one.add(perSecond, seconds, begun);
        five.add(perSecond, seconds, begun);
        fifteen.add(perSecond, seconds, begun);
        begun = true;
        lastNs = nowNs;
        lastCount = count;
    }

    /** {@return what is counted in a second, on average since the beginning} */
    double mean(long count, long nowNs) {
        return nowNs <= startNs ? 0 : (count - startCount) / ((nowNs - startNs) / NS_PER_S);
    }

    /** {@return whether it has been looked at for long enough that there are rates of late} */
    synchronized boolean hasBegun() {
        return begun;
    }

    /** {@return what is counted in a second, of the last minute for the most part} */
    synchronized double oneMinute() {
        return one.perSecond;
    }

    /** {@return the same of the last five} */
    synchronized double fiveMinutes() {
        return five.perSecond;
    }

    /** {@return the same of the last fifteen} */
    synchronized double fifteenMinutes() {
        return fifteen.perSecond;
    }

    /** An average in which what was fades. */
    private static final class Fading {
        private final double fadesInSeconds;
        private double perSecond;

        Fading(double fadesInSeconds) {
            this.fadesInSeconds = fadesInSeconds;
        }

        void add(double latestPerSecond, double seconds, boolean begun) {
            double kept = begun ? Math.exp(-seconds / fadesInSeconds) : 0;
            perSecond = latestPerSecond + (perSecond - latestPerSecond) * kept;
        }
    }
}
