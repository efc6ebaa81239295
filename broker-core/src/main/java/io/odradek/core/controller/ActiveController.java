package io.odradek.core.controller;

import io.odradek.core.coordination.ClusterPaths;
import io.odradek.core.coordination.CoordinationException;
import io.odradek.core.coordination.CoordinationException.Reason;
import io.odradek.core.coordination.node.BrokerNode;
import io.odradek.core.coordination.node.PartitionStateNode;
import io.odradek.protocol.TopicPartition;
import io.odradek.protocol.errors.ErrorCode;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The work of the broker that is controller, from one election to its resignation; belongs to the controller's loop. */
final class ActiveController {
    private static final Logger LOG = LoggerFactory.getLogger(ActiveController.class);

    private final ControllerSettings settings;
    private final FencedStore store;
    private final ControllerContext context;
    private final TopicStore topics;
    private final BrokerPush brokers;
    private final TopicCreation creation;
    private final TopicDeletion deletion;
    private final ImagePublisher images;
    private CompletionStage<Void> elections = CompletableFuture.completedStage(null);

    /**
     * @param env the controller's surroundings
     * @param store the tree, fenced by the election that was won
     * @param context empty, of the epoch that was won
     */
    ActiveController(ControllerEnvironment env, FencedStore store, ControllerContext context) {
        this.settings = env.settings();
        this.store = store;
        this.context = context;
        this.topics = new TopicStore(store, context, settings.logDefaults());
        this.brokers = new BrokerPush(env.channel(), env.loop(), context, env.clock());
        this.images = new ImagePublisher(
                env.loop(), () -> env.metadata().publish(context.image(env.clusterId(), settings.brokerId())));
        this.creation = new TopicCreation(settings, context, topics, env.randoms(), topic -> activate(List.of(topic)));
        this.deletion = new TopicDeletion(context, topics, brokers, images, env.metadata()::deleted, env.clock());
    }

    TopicCreation creation() {
        return creation;
    }

    /** Deletes topics by name. {@return how it went for each} */
    CompletionStage<SortedMap<String, ErrorCode>> delete(Collection<String> names) {
        SortedMap<String, ErrorCode> outcomes = new TreeMap<>();
        CompletionStage<Void> all = CompletableFuture.completedStage(null);
        for (String name : names) {
            all = all.thenCombine(deletion.delete(name, false), (before, outcome) -> {
                outcomes.put(name, outcome);
                return null;
            });
        }
        return all.thenApply(done -> outcomes);
    }

    /** Reads the whole tree and brings every broker up to it. */
    CompletionStage<Void> load() {
        return readBrokers()
                .thenCompose(changed -> store.reads().children(ClusterPaths.DELETE_TOPICS))
                .thenCompose(wishes -> {
                    context.deleting().addAll(wishes);
                    return readNewTopics();
                })
                .thenCompose(added -> initialize(context.topics().values(), false))
                .thenCompose(initialized -> activate(context.topics().values()))
                .thenCompose(served -> deletionsChanged())
                .thenCompose(done -> LogDirEvents.take(store))
                .thenAccept(taken -> {});
    }

    /** Brokers have come or gone: elects leaders for what has lost its leader, and tells those who are there. */
    CompletionStage<Void> brokersChanged() {
        return readBrokers().thenCompose(changed -> {
            if (!changed) {
                return CompletableFuture.completedStage(null);
            }
            return initialize(context.topics().values(), true)
                    .thenCompose(initialized -> activate(context.topics().values()))
                    .thenApply(served -> null);
        });
    }

    /** Log folders have failed: finds out what their brokers cannot serve any more, and elects others. */
    CompletionStage<Void> logDirsFailed() {
        return LogDirEvents.take(store).thenCompose(brokersOfFolders -> {
            if (brokersOfFolders.isEmpty()) {
                return CompletableFuture.completedStage(null);
            }
            LOG.info("Log folders of brokers {} have failed", brokersOfFolders);
            return activate(context.topics().values()).thenApply(served -> null);
        });
    }

    /** Topics may have been created by other tools. */
    CompletionStage<Void> topicsChanged() {
        return readNewTopics().thenCompose(added -> {
            if (added.isEmpty()) {
                return CompletableFuture.completedStage(null);
            }
            return initialize(added, true).thenCompose(done -> activate(added)).thenApply(served -> null);
        });
    }

    /** The deletion of topics may have been asked for by other tools, or of an earlier controller. */
    CompletionStage<Void> deletionsChanged() {
        return store.reads().children(ClusterPaths.DELETE_TOPICS).thenCompose(wishes -> {
            CompletionStage<Void> all = CompletableFuture.completedStage(null);
            for (String name : wishes) {
                CompletionStage<?> one = context.topics().containsKey(name)
                        ? deletion.delete(name, true)
                        : topics.withdrawDeletion(name).exceptionallyCompose(ActiveController::ignoreIfGone);
                all = all.thenCombine(one, (before, done) -> null);
            }
            return all;
        });
    }

    /** A topic overrides other settings now: shows them, and elects the leaders that they allow. */
    CompletionStage<Void> topicConfigChanged(String name, SortedMap<String, String> overrides) {
        ControlledTopic topic = context.topics().get(name);
        if (topic == null) {
            return CompletableFuture.completedStage(null);
        }
        topic.changeConfig(overrides);
        if (unclean(topic) && topic.hasLeaderless()) {
            return activate(List.of(topic)).thenApply(served -> null);
        }
        if (topic.info() != null) {
            topic.show(context);
            return images.publish();
        }
        return CompletableFuture.completedStage(null);
    }

    /** {@return whether any broker has come or gone} */
    private CompletionStage<Boolean> readBrokers() {
        return store.reads().children(ClusterPaths.BROKER_IDS).thenCompose(names -> {
            SortedMap<Integer, BrokerNode> live = new TreeMap<>();
            List<CompletionStage<Void>> reads = new ArrayList<>();
            for (String name : names) {
                int id = Integer.parseInt(name);
                reads.add(store.reads()
                        .get(ClusterPaths.broker(id))
                        .thenAccept(node -> live.put(id, BrokerNode.decode(node.data())))
                        .exceptionallyCompose(ActiveController::ignoreIfGone));
            }
            return Stages.all(reads).thenApply(done -> replaceBrokers(live));
        });
    }

    private boolean replaceBrokers(SortedMap<Integer, BrokerNode> live) {
        if (live.equals(context.liveBrokers())) {
            return false;
        }
        for (Map.Entry<Integer, BrokerNode> entry : live.entrySet()) {
            if (!entry.getValue().equals(context.liveBrokers().get(entry.getKey()))) {
                context.forgetFailures(entry.getKey());
            }
        }
        context.liveBrokers().clear();
        context.liveBrokers().putAll(live);
        return true;
    }

    /** {@return the topics that were not known} */
    private CompletionStage<List<ControlledTopic>> readNewTopics() {
        return store.reads().children(ClusterPaths.TOPICS).thenCompose(names -> {
            List<CompletionStage<ControlledTopic>> reads = new ArrayList<>();
            for (String name : names) {
                if (!context.topics().containsKey(name) && creation.underWay(name) == null) {
                    reads.add(topics.load(name));
                }
            }
            return Stages.all(reads).thenApply(loaded -> {
                loaded.removeIf(topic -> topic == null);
                for (ControlledTopic topic : loaded) {
                    context.add(topic);
                }
                return loaded;
            });
        });
    }

    private CompletionStage<Void> initialize(Collection<ControlledTopic> some, boolean areNew) {
        CompletionStage<Void> all = CompletableFuture.completedStage(null);
        for (ControlledTopic topic : staying(some)) {
            all = all.thenCombine(topics.initialize(topic, areNew), (before, done) -> null);
        }
        return all;
    }

    /**
     * Elects where it is needed, tells the brokers, shows the topics. A topic may be deleted between any two of these steps:
     * brokers that were told of it again would keep what nobody knows of any more. {@return whether all live brokers serve them}
     */
    private CompletionStage<Boolean> activate(Collection<ControlledTopic> some) {
        List<ControlledTopic> wanted = staying(some);
        return electWhereNeeded(wanted)
                .thenCompose(elected -> brokers.apply(staying(wanted)))
                .thenCompose(served -> served
                        ? CompletableFuture.completedStage(true)
                        : electWhereNeeded(wanted).thenCompose(again -> brokers.apply(staying(wanted))))
                .thenCompose(served -> {
                    staying(wanted).forEach(topic -> topic.show(context));
                    return images.publish().thenApply(published -> served);
                });
    }

    private List<ControlledTopic> staying(Collection<ControlledTopic> some) {
        List<ControlledTopic> staying = new ArrayList<>(some.size());
        for (ControlledTopic topic : some) {
            if (context.stays(topic)) {
                staying.add(topic);
            }
        }
        return staying;
    }

    /** One election after the other: two at a time would both change what the first one has changed already. */
    private CompletionStage<Void> electWhereNeeded(List<ControlledTopic> some) {
        CompletionStage<Void> turn = elections.thenCompose(before -> elect(staying(some)));
        elections = turn.exceptionally(error -> null);
        return turn;
    }

    private CompletionStage<Void> elect(List<ControlledTopic> some) {
        CompletionStage<Void> all = CompletableFuture.completedStage(null);
        for (ControlledTopic topic : some) {
            for (Map.Entry<Integer, ControlledPartition> entry :
                    topic.partitions().entrySet()) {
                if (entry.getValue() instanceof ControlledPartition.Assigned assigned) {
                    TopicPartition id = new TopicPartition(topic.name(), entry.getKey());
                    all = all.thenCombine(electIfNeeded(topic, id, assigned), (before, done) -> null);
                }
            }
        }
        return all;
    }

    private CompletionStage<Void> electIfNeeded(
            ControlledTopic topic, TopicPartition id, ControlledPartition.Assigned before) {
        SortedSet<Integer> usable = context.usableFor(id);
        PartitionStateNode state = before.state();
        if (usable.contains(state.leader())) {
            return CompletableFuture.completedStage(null);
        }
        LeaderElection.Decision decision =
                LeaderElection.elect(before.replicas(), state.isr(), new TreeSet<>(usable), unclean(topic));
        if (decision.leader() == state.leader()) {
            return CompletableFuture.completedStage(null);
        }
        PartitionStateNode next =
                new PartitionStateNode(decision.leader(), state.leaderEpoch() + 1, decision.isr(), context.epoch());
        return topics.update(id, before, next)
                .thenAccept(after -> topic.partitions().put(id.partition(), after));
    }

    private boolean unclean(ControlledTopic topic) {
        String name = "unclean.leader.election.enable";
        return Boolean.parseBoolean(
                topic.config().getOrDefault(name, settings.logDefaults().get(name)));
    }

    private static CompletionStage<Void> ignoreIfGone(Throwable error) {
        return CoordinationException.is(error, Reason.NO_NODE)
                ? CompletableFuture.completedStage(null)
                : CompletableFuture.failedStage(Stages.cause(error));
    }
}
