package io.odradek.core.replication;

import io.odradek.core.metadata.MetadataSource;
import io.odradek.core.partition.FollowerLog.Position;
import io.odradek.core.partition.IsrAnswer;
import io.odradek.core.partition.IsrProposal;
import io.odradek.core.partition.PartitionOwners;
import io.odradek.core.partition.ReplicaRole.Following;
import io.odradek.core.partition.Replication;
import io.odradek.core.quota.ReplicationThrottle;
import io.odradek.core.transport.BrokerClient;
import io.odradek.core.transport.ControllerClient;
import io.odradek.protocol.TopicPartition;
import io.odradek.protocol.wire.Uuid;
import io.odradek.storage.env.Clock;
import io.odradek.storage.env.EventLoop;
import io.odradek.storage.env.Meters;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/** The replication of a broker that is one of several. Thread-safe. */
public final class ClusterReplication implements Replication {
    private final FetcherSettings settings;
    private final MetadataSource metadata;
    private final FetcherManager fetchers;
    private final IsrChangeSender isrChanges;

    /**
     * Where replication lives.
     *
     * @param fetchers the fetchers' loop
     * @param toController the loop of what is sent to the controller
     * @param clock the broker's clock
     * @param brokerEpoch the life of this broker as the controller knows it, -1 while it has no session; from any thread
     * @param meters show how far what is copied lags
     */
    public record Home(
            EventLoop fetchers, EventLoop toController, Clock clock, LongSupplier brokerEpoch, Meters meters) {}

    /**
     * {@return the replication of a broker}
     *
     * @param settings how followers fetch
     * @param owners the owners of this broker's partitions
     * @param metadata where brokers listen, and which are alive
     * @param brokers the way to leaders
     * @param controller the way to the controller
     * @param home where it lives
     * @param throttle how much is taken of throttled replicas
     */
    public static Replication open(
            FetcherSettings settings,
            PartitionOwners owners,
            MetadataSource metadata,
            BrokerClient brokers,
            ControllerClient controller,
            Home home,
            ReplicationThrottle throttle) {
        return new ClusterReplication(settings, owners, metadata, brokers, controller, home, throttle);
    }

    private ClusterReplication(
            FetcherSettings settings,
            PartitionOwners owners,
            MetadataSource metadata,
            BrokerClient brokers,
            ControllerClient controller,
            Home home,
            ReplicationThrottle throttle) {
        this.settings = settings;
        this.metadata = metadata;
        Appends appends = new Appends(owners, home.fetchers(), home.clock());
        FetcherLags lags = new FetcherLags(home.meters());
        this.fetchers = new FetcherManager(
                (leader, number) -> new ReplicaFetcher(
                        new LeaderLink(brokers, metadata, settings, home.fetchers(), leader, number),
                        appends,
                        home.fetchers(),
                        home.clock(),
                        new ReplicaFetcher.Rules(settings, throttle),
                        home.brokerEpoch(),
                        new ReplicaFetcher.Lags(lags, FetcherLags.fetcher(leader, number))),
                settings.fetchers(),
                home.fetchers());
        this.isrChanges = new IsrChangeSender(
                controller,
                settings.brokerId(),
                home.brokerEpoch(),
                settings.timing().timeoutMs(),
                home.toController(),
                home.clock());
    }

    @Override
    public void follow(TopicPartition id, Uuid topicId, Following role, Position from) {
        fetchers.follow(id, topicId, role, from);
    }

    @Override
    public void unfollow(TopicPartition id) {
        fetchers.unfollow(id);
    }

    @Override
    public void propose(IsrProposal proposal, Consumer<IsrAnswer> answered) {
        isrChanges.propose(proposal, answered);
    }

    @Override
    public void withdraw(TopicPartition id) {
        isrChanges.withdraw(id);
    }

    @Override
    public boolean isAlive(int brokerId) {
        return metadata.image().brokers().containsKey(brokerId);
    }

    @Override
    public long maxLagMs() {
        return settings.timing().maxLagMs();
    }

    @Override
    public CompletionStage<Void> end() {
        isrChanges.close();
        return fetchers.end();
    }
}
