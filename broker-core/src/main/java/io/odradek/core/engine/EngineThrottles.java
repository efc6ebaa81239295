package io.odradek.core.engine;

import io.odradek.core.config.BrokerConfig;
import io.odradek.core.config.LiveConfig;
import io.odradek.core.quota.ReplicationThrottle;
import io.odradek.protocol.TopicPartition;
import io.odradek.storage.env.Clock;
import io.odradek.storage.env.Meters;
import io.odradek.storage.log.Log;
import io.odradek.storage.log.LogConfig;
import io.odradek.storage.log.LogSetting;
import io.odradek.storage.manager.LogManager;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;

/**
 * How much a broker that is one of several gives and takes of throttled replicas (KIP-73). What passes is shown as {@code
 * throttled.replication.out} and {@code throttled.replication.in}, in bytes a second.
 */
final class EngineThrottles implements LiveConfig.Room {
    private static final String OF_LEADER = "leader.replication.throttled.rate";
    private static final String OF_FOLLOWER = "follower.replication.throttled.rate";
    private static final String OF_MOVES = "replica.alter.log.dirs.io.max.bytes.per.second";
    private static final long MS_PER_SECOND = 1_000;

    private final ReplicationThrottle leader;
    private final ReplicationThrottle follower;

    private EngineThrottles(ReplicationThrottle leader, ReplicationThrottle follower) {
        this.leader = leader;
        this.follower = follower;
    }

    /** {@return those of a broker, which are told of changes} */
    static EngineThrottles of(int brokerId, LiveConfig live, LogManager logs, Clock clock, Meters meters) {
        BrokerConfig config = live.current();
        ReplicationThrottle.Windows windows = new ReplicationThrottle.Windows(
                config.int32("replication.quota.window.num"),
                config.int32("replication.quota.window.size.seconds") * MS_PER_SECOND);
        Function<TopicPartition, LogConfig> settings =
                id -> logs.log(id).map(Log::config).orElse(null);
        EngineThrottles throttles = new EngineThrottles(
                new ReplicationThrottle(LogSetting.LEADER_THROTTLED_REPLICAS, brokerId, settings, clock, windows),
                new ReplicationThrottle(LogSetting.FOLLOWER_THROTTLED_REPLICAS, brokerId, settings, clock, windows));
        throttles.take(config);
        live.tell(throttles);
        meters.gauge("throttled.replication.out", () -> Math.round(throttles.leader.bytesPerSecond()));
        meters.gauge("throttled.replication.in", () -> Math.round(throttles.follower.bytesPerSecond()));
        return throttles;
    }

    ReplicationThrottle leader() {
        return leader;
    }

    ReplicationThrottle follower() {
        return follower;
    }

    @Override
    public CompletionStage<Void> changed(BrokerConfig before, BrokerConfig now) {
        take(now);
        return CompletableFuture.completedStage(null);
    }

    private void take(BrokerConfig config) {
        leader.bound(rate(config, OF_LEADER));
        follower.bound(rate(config, OF_FOLLOWER));
    }

    /** {@return how much is copied at most from one log folder to another, in bytes a second} */
    static long rateOfMoves(BrokerConfig config) {
        return rate(config, OF_MOVES);
    }

    /** Only the tree sets them: in a file they mean nothing, as with Kafka. */
    private static long rate(BrokerConfig config, String name) {
        String given =
                config.ofThisBroker().getOrDefault(name, config.ofAllBrokers().get(name));
        return given == null ? ReplicationThrottle.UNBOUNDED : Long.parseLong(given.trim());
    }
}
