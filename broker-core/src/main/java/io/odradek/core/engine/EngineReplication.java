package io.odradek.core.engine;

import io.odradek.core.config.BrokerConfig;
import io.odradek.core.metadata.MetadataSource;
import io.odradek.core.partition.Replication;
import io.odradek.core.replication.ClusterReplication;
import io.odradek.core.replication.FetcherSettings;
import io.odradek.core.transport.ControllerClient;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

/** Makes the replication of a broker when the first of its partitions has a replica elsewhere. Thread-safe. */
final class EngineReplication implements Supplier<Replication> {
    private final BrokerConfig config;
    private final EngineEnvironment environment;
    private final EngineRooms.Ground ground;
    private final MetadataSource metadata;
    private final ControllerClient controller;
    private final EngineThrottles throttles;
    private Replication made;
    private boolean closed;

    EngineReplication(
            BrokerConfig config,
            EngineEnvironment environment,
            EngineRooms.Ground ground,
            MetadataSource metadata,
            ControllerClient controller,
            EngineThrottles throttles) {
        this.config = config;
        this.environment = environment;
        this.ground = ground;
        this.metadata = metadata;
        this.controller = controller;
        this.throttles = throttles;
    }

    @Override
    public synchronized Replication get() {
        if (made == null) {
            made = ClusterReplication.open(
                    settings(),
                    ground.owners(),
                    metadata,
                    environment.brokers(),
                    controller,
                    new ClusterReplication.Home(
                            environment.loops().fetchers(),
                            environment.loops().cluster(),
                            environment.clock(),
                            ground.membership()::brokerEpoch,
                            environment.guests().meters()),
                    throttles.follower());
            if (closed) {
                made.end();
            }
        }
        return made;
    }

    private FetcherSettings settings() {
        return new FetcherSettings(
                ground.identity().brokerId(),
                config.listeners().interBrokerName(),
                config.int32("num.replica.fetchers"),
                new FetcherSettings.Timing(
                        config.int32("replica.fetch.wait.max.ms"),
                        config.int32("replica.fetch.backoff.ms"),
                        config.int32("replica.socket.timeout.ms"),
                        config.int64("replica.lag.time.max.ms")),
                new FetcherSettings.Bounds(
                        config.int32("replica.fetch.min.bytes"),
                        config.int32("replica.fetch.response.max.bytes"),
                        config.int32("replica.fetch.max.bytes"),
                        config.int32("replica.socket.receive.buffer.bytes")));
    }

    /** Ends it: nothing is copied any more. {@return completes when owners are given no more to do} */
    synchronized CompletionStage<Void> end() {
        closed = true;
        return made == null ? CompletableFuture.completedStage(null) : made.end();
    }
}
