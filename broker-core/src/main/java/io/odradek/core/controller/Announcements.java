package io.odradek.core.controller;

import io.odradek.core.controller.BrokerOrders.StoppedReplica;
import io.odradek.core.controller.MetadataUpdate.TopicUpdate;
import io.odradek.core.metadata.MetadataCache;
import io.odradek.core.partition.LocalReplicas.PartitionState;
import io.odradek.protocol.TopicPartition;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Tells the live brokers what has changed, by deltas. What they are to lead, follow and drop is told at once; the metadata
 * once for all that has changed when its turn comes, as each image costs as much as there are topics. Nobody is waited for:
 * answers come back as commands. Belongs to the controller's loop.
 */
final class Announcements implements Runnable {
    private final Office office;
    private final ControllerState state;
    private final BrokerOrders orders;
    private final Answers answers;
    private final SortedSet<TopicPartition> changed = new TreeSet<>();
    private final List<TopicPartition> deleted = new ArrayList<>();
    private CompletableFuture<Void> pending;

    /** What brokers answer. */
    interface Answers {
        /**
         * A broker has been told what it leads and follows.
         *
         * @param failed what it cannot serve
         * @param error why it could not be told, null if it could
         * @return completes when that is seen to
         */
        CompletionStage<Void> served(
                int brokerId,
                long brokerEpoch,
                List<PartitionState> told,
                List<TopicPartition> failed,
                Throwable error);

        /** A broker has been told which replicas to stop, or to delete. */
        void deleted(
                int brokerId,
                long brokerEpoch,
                List<StoppedReplica> told,
                List<TopicPartition> failed,
                Throwable error);

        /** A broker could not be told of the cluster. */
        void untold(int brokerId, long brokerEpoch, Throwable error);
    }

    Announcements(Office office, Answers answers) {
        this.office = office;
        this.state = office.state();
        this.orders = office.orders();
        this.answers = answers;
    }

    /**
     * Brokers have come or gone. To be called before anything else is said to those who have come, and of them: whoever
     * follows one has to know where it is.
     *
     * @param come those who know nothing
     * @return completes on the loop when everybody who asks this broker can see it
     */
    CompletionStage<Void> brokersChanged(Collection<Integer> come) {
        orders.live(state.brokers().live());
        MetadataUpdate brokers = Orders.metadata(state, List.of(), List.of());
        return metadata(come, come.isEmpty() ? brokers : Orders.metadata(state), brokers);
    }

    /** Tells those who have a replica of partitions whose states are new. */
    void states(Collection<TopicPartition> partitions) {
        Orders.leaderAndIsr(state, partitions).forEach(this::send);
    }

    /**
     * Tells a broker all that it is to lead and to follow.
     *
     * @return completes when its answer has been seen to
     */
    CompletionStage<Void> allStates(int brokerId) {
        List<PartitionState> all = Orders.leaderAndIsr(state, brokerId);
        return all.isEmpty() ? CompletableFuture.completedStage(null) : send(brokerId, all);
    }

    /** Tells a broker of what it could not serve so far. */
    void offer(int brokerId) {
        List<PartitionState> failed = Orders.failed(state, brokerId);
        if (!failed.isEmpty()) {
            send(brokerId, failed);
        }
    }

    private CompletionStage<Void> send(int brokerId, List<PartitionState> states) {
        long epoch = epoch(brokerId);
        CompletableFuture<Void> seenTo = new CompletableFuture<>();
        orders.leaderAndIsr(brokerId, states)
                .whenComplete((failed, error) -> answers.served(brokerId, epoch, states, failed, error)
                        .whenComplete((done, failure) -> Stages.relay(seenTo, done, failure)));
        return seenTo;
    }

    /** Has brokers stop replicas, and delete them or not. */
    void stop(SortedMap<Integer, List<StoppedReplica>> replicas) {
        replicas.forEach((brokerId, stopped) -> {
            long epoch = epoch(brokerId);
            orders.stopReplicas(brokerId, stopped)
                    .whenComplete((failed, error) -> answers.deleted(brokerId, epoch, stopped, failed, error));
        });
    }

    /** Has all brokers forget a topic. */
    void forget(ControlledTopic topic) {
        deleted.addAll(topic.allPartitions());
        changed.removeAll(topic.allPartitions());
    }

    /**
     * Tells all brokers of partitions that have changed, and of the brokers.
     *
     * @return completes on the loop when everybody who asks this broker can see it
     */
    CompletionStage<Void> metadata(Collection<TopicPartition> partitions) {
        changed.addAll(partitions);
        if (pending == null) {
            pending = new CompletableFuture<>();
            office.env().loop().post(this);
        }
        return pending;
    }

    /** Its turn has come. */
    @Override
    public void run() {
        CompletableFuture<Void> seen = pending;
        pending = null;
        MetadataUpdate delta = Orders.metadata(state, changed, deleted);
        changed.clear();
        deleted.clear();
        metadata(List.of(), delta, delta).whenComplete((done, error) -> Stages.relay(seen, done, error));
    }

    private CompletionStage<Void> metadata(Collection<Integer> some, MetadataUpdate theirs, MetadataUpdate others) {
        CompletionStage<Void> here = CompletableFuture.completedStage(null);
        for (Integer brokerId : state.brokers().live().keySet()) {
            MetadataUpdate update = some.contains(brokerId) ? theirs : others;
            long epoch = epoch(brokerId);
            CompletionStage<Void> told = orders.updateMetadata(brokerId, update);
            told.whenComplete((done, error) -> answers.untold(brokerId, epoch, error));
            if (brokerId == office.settings().brokerId()) {
                here = update.topics().isEmpty() ? told : told.thenRun(() -> showConfigs(update.topics()));
            }
        }
        return here;
    }

    /** What topics override is not told to brokers, which read it in the tree; this one knows it. */
    private void showConfigs(List<TopicUpdate> told) {
        SortedMap<String, SortedMap<String, String>> configs = new TreeMap<>();
        for (TopicUpdate update : told) {
            ControlledTopic topic = state.staying(update.name());
            if (topic != null && !topic.config().isEmpty()) {
                configs.put(topic.name(), topic.config());
            }
        }
        if (!configs.isEmpty()) {
            MetadataCache metadata = office.env().metadata();
            metadata.publish(metadata.image().withTopicConfigs(configs));
        }
    }

    private long epoch(int brokerId) {
        LiveBroker broker = state.brokers().live().get(brokerId);
        return broker == null ? -1 : broker.epoch();
    }
}
