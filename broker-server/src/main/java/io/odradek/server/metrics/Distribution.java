package io.odradek.server.metrics;

import io.micrometer.core.instrument.AbstractMeter;
import io.micrometer.core.instrument.distribution.HistogramSnapshot;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.LongAdder;

/**
 * How amounts are distributed. Taking one is three or four adds and no allocation; what it takes is kept in buckets,
 * eight to each doubling, so that a percentile is off by 6 % at most, and 2 KiB hold all from the smallest to the
 * largest. They are made when the first amount comes: of most APIs a broker never sees a request.
 *
 * <p>Sum, count, least and most are of all amounts. Percentiles are of those that came lately: an amount's weight falls to a third
 * with every minute that brings others, as Kafka's do. That is reckoned when somebody looks.
 */
abstract sealed class Distribution extends AbstractMeter permits Sizes, Times {
    private static final int BITS = 3;
    private static final int PER_DOUBLING = 1 << BITS;
    private static final int MOST_DOUBLINGS = 36;
    private static final int BUCKETS = (MOST_DOUBLINGS - BITS + 1) * PER_DOUBLING;

    private static final double FADING_SECONDS = 60;
    private static final long FRESH_NS = 1_000_000_000;

    private final LongAdder sum = new LongAdder();
    private final AtomicLong least = new AtomicLong(Long.MAX_VALUE);
    private final AtomicLong most = new AtomicLong(Long.MIN_VALUE);
    private final int stepBits;
    private volatile AtomicLongArray buckets;

    /** Guarded by this. */
    private Percentiles latest;

    private long latestNs;
    private long[] seen;
    private double[] weights;

    /** @param stepBits how many of an amount's lowest bits make no difference */
    Distribution(Id id, int stepBits) {
        super(id);
        this.stepBits = stepBits;
    }

    /** Takes an amount. */
    public void add(long amount) {
        AtomicLongArray counts = buckets;
        if (counts == null) {
            counts = begin();
        }
        counts.getAndIncrement(bucket(amount));
        if (amount != 0) {
            sum.add(amount);
        }
        if (amount < least.get()) {
            least.accumulateAndGet(amount, Math::min);
        }
        if (amount > most.get()) {
            most.accumulateAndGet(amount, Math::max);
        }
    }

    private synchronized AtomicLongArray begin() {
        if (buckets == null) {
            buckets = new AtomicLongArray(BUCKETS);
        }
        return buckets;
    }

    /** {@return the sum of all amounts} */
    long sum() {
        return sum.sum();
    }

    /** {@return how many amounts there were} */
    public long count() {
        AtomicLongArray counts = buckets;
        long count = 0;
        for (int i = 0; counts != null && i < BUCKETS; i++) {
            count += counts.get(i);
        }
        return count;
    }

    /** {@return the least amount, 0 if there was none} */
    long least() {
        return most.get() == Long.MIN_VALUE ? 0 : least.get();
    }

    /** {@return the largest amount, 0 if there was none} */
    long most() {
        return most.get() == Long.MIN_VALUE ? 0 : most.get();
    }

    /** {@return the mean of all amounts, 0 if there was none} */
    public double mean() {
        long count = count();
        return count == 0 ? 0 : (double) sum() / count;
    }

    /** {@return what Micrometer asks for, which has no percentiles: ours are not of all time} */
    public HistogramSnapshot takeSnapshot() {
        return HistogramSnapshot.empty(count(), sum(), most());
    }

    /** {@return the standard deviation of all amounts, as the buckets tell it} */
    double deviation() {
        AtomicLongArray counts = buckets;
        if (counts == null) {
            return 0;
        }
        double mean = mean();
        double squares = 0;
        long count = 0;
        for (int i = 0; i < BUCKETS; i++) {
            double distance = middle(i) - mean;
            squares += counts.get(i) * distance * distance;
            count += counts.get(i);
        }
        return count < 2 ? 0 : Math.sqrt(squares / (count - 1));
    }

    /**
     * {@return the percentiles of what came lately} Those who look within the same second see the same.
     *
     * @param nowNs the monotonic time
     */
    synchronized Percentiles percentiles(long nowNs) {
        if (buckets == null) {
            return Percentiles.EMPTY;
        }
        if (latest == null || nowNs - latestNs >= FRESH_NS) {
            fade(nowNs);
            latest = new Percentiles(this, weights.clone());
            latestNs = nowNs;
        }
        return latest;
    }

    private void fade(long nowNs) {
        if (seen == null) {
            seen = new long[BUCKETS];
            weights = new double[BUCKETS];
        }
        long[] now = new long[BUCKETS];
        boolean any = false;
        for (int i = 0; i < BUCKETS; i++) {
            now[i] = buckets.get(i);
            any |= now[i] != seen[i];
        }
        if (!any) {
            return;
        }
        double kept = latest == null ? 0 : Math.exp((latestNs - nowNs) / 1e9 / FADING_SECONDS);
        for (int i = 0; i < BUCKETS; i++) {
            weights[i] = weights[i] * kept + (now[i] - seen[i]);
        }
        seen = now;
    }

    int bucket(long amount) {
        long steps = amount >> stepBits;
        if (steps < PER_DOUBLING) {
            return (int) Math.max(0, steps);
        }
        int exponent = 63 - Long.numberOfLeadingZeros(steps);
        int index = (exponent - BITS + 1) * PER_DOUBLING + (int) ((steps >> (exponent - BITS)) & (PER_DOUBLING - 1));
        return Math.min(index, BUCKETS - 1);
    }

    /** {@return the amount in the middle of a bucket} */
    double middle(int bucket) {
        return (lowest(bucket) + lowest(bucket + 1)) / 2.0;
    }

    private long lowest(int bucket) {
        if (bucket < PER_DOUBLING) {
            return (long) bucket << stepBits;
        }
        int exponent = bucket / PER_DOUBLING + BITS - 1;
        long steps = (long) (PER_DOUBLING + bucket % PER_DOUBLING) << (exponent - BITS);
        return steps << stepBits;
    }

    /** Percentiles at one moment. */
    static final class Percentiles {
        static final Percentiles EMPTY = new Percentiles(null, new double[0]);

        private final Distribution distribution;
        private final double[] weights;
        private final double total;

        private Percentiles(Distribution distribution, double[] weights) {
            this.distribution = distribution;
            this.weights = weights;
            double all = 0;
            for (double weight : weights) {
                all += weight;
            }
            total = all;
        }

        /** {@return the amount that a share of all, from 0 to 1, does not exceed; 0 if there are none} */
        double at(double share) {
            double left = total * share;
            for (int i = 0; i < weights.length; i++) {
                left -= weights[i];
                if (weights[i] > 0 && left <= 0) {
                    return Math.max(distribution.least(), Math.min(distribution.most(), distribution.middle(i)));
                }
            }
            return weights.length == 0 ? 0 : distribution.most();
        }
    }
}
