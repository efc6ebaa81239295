package io.odradek.core.quota;

import io.odradek.protocol.TopicPartition;
import io.odradek.storage.env.Clock;
import io.odradek.storage.log.LogConfig;
import io.odradek.storage.log.LogSetting;
import java.util.List;
import java.util.function.Function;

/**
 * Lets so many bytes a second through of what is copied of throttled replicas, and no more (KIP-73): there is one for what a
 * broker gives as a leader, and one for what it takes as a follower. Which replicas are throttled is said by their topics; who is
 * in sync is not to be asked for. While there is no bound it costs a volatile read. Thread-safe.
 */
public final class ReplicationThrottle {
    /** The bound that is none. */
    public static final long UNBOUNDED = Long.MAX_VALUE;

    private static final String ALL = "*";
    private static final long NANOS_PER_MS = 1_000_000;

    private final LogSetting throttled;
    private final String ofThisBroker;
    private final Function<TopicPartition, LogConfig> settings;
    private final Clock clock;
    private final WindowedRate rate;
    private volatile long bytesPerSecond = UNBOUNDED;

    /**
     * The span over which a rate is reckoned.
     *
     * @param count how many windows ({@code replication.quota.window.num})
     * @param lengthMs how long each of them is ({@code replication.quota.window.size.seconds}), in milliseconds
     */
    public record Windows(int count, long lengthMs) {}

    /**
     * Without a bound so far.
     *
     * @param throttled the setting of topics that names the replicas
     * @param brokerId this broker's id
     * @param settings those of a partition's log here, null if there is none; from any thread
     */
    public ReplicationThrottle(
            LogSetting throttled,
            int brokerId,
            Function<TopicPartition, LogConfig> settings,
            Clock clock,
            Windows windows) {
        this.throttled = throttled;
        this.ofThisBroker = ":" + brokerId;
        this.settings = settings;
        this.clock = clock;
        this.rate = new WindowedRate(windows.count(), windows.lengthMs());
    }

    /** Lets so much through from now on, {@link #UNBOUNDED} for all. */
    public void bound(long mostBytesPerSecond) {
        bytesPerSecond = mostBytesPerSecond;
    }

    /** {@return whether there is a bound} */
    public boolean isBounded() {
        return bytesPerSecond != UNBOUNDED;
    }

    /** {@return whether nothing of a partition is to be copied now by whoever is not in sync} */
    public boolean holdsBack(TopicPartition id) {
        return isBounded() && isThrottled(id) && bytesPerSecond() > bytesPerSecond;
    }

    /** Bytes of a partition have been copied, by whomever. */
    public void passed(TopicPartition id, long sizeBytes) {
        if (sizeBytes > 0 && isBounded() && isThrottled(id)) {
            synchronized (rate) {
                rate.add(sizeBytes, nowMs());
            }
        }
    }

    /** {@return how much is let through now} */
    public double bytesPerSecond() {
        synchronized (rate) {
            return rate.perSecond(nowMs());
        }
    }

    private boolean isThrottled(TopicPartition id) {
        LogConfig config = settings.apply(id);
        if (config == null) {
            return false;
        }
        List<?> replicas = (List<?>) config.of(throttled);
        return !replicas.isEmpty() && (replicas.contains(ALL) || replicas.contains(id.partition() + ofThisBroker));
    }

    private long nowMs() {
        return clock.monotonicNs() / NANOS_PER_MS;
    }
}
