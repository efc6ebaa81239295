package io.odradek.core.controller;

import io.odradek.core.coordination.ClusterPaths;
import io.odradek.core.coordination.CoordinationErrors;
import io.odradek.core.coordination.CoordinationException;
import io.odradek.core.coordination.CoordinationException.Reason;
import io.odradek.core.coordination.CoordinationStore.Node;
import io.odradek.core.coordination.node.TopicNode;
import io.odradek.core.transport.MutationAllowance;
import io.odradek.protocol.errors.ApiException;
import io.odradek.protocol.errors.ErrorCode;
import io.odradek.protocol.errors.Quoted;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

/**
 * Adds partitions to topics: those that somebody asks the controller for, and those that a tool writes into a topic's node,
 * which is watched for that. Belongs to the controller's loop.
 */
final class PartitionGrowth {
    private static final long BEFORE_TRYING_AGAIN_MS = 1_000;
    private static final int MOST_AT_ONCE = 100;

    private final Office office;
    private final ControllerState state;
    private final TopicStore topics;
    private final NewPartitions newPartitions;
    private final Supplier<CompletionStage<Void>> unknownTopics;
    private final SortedMap<String, AutoCloseable> watches = new TreeMap<>();
    private final SortedSet<String> changed = new TreeSet<>();
    private final TopicNews news;

    /** @param unknownTopics looks for topics that are in the tree and not known, such as could not be read so far */
    PartitionGrowth(
            Office office,
            TopicStore topics,
            NewPartitions newPartitions,
            Supplier<CompletionStage<Void>> unknownTopics) {
        this.office = office;
        this.state = office.state();
        this.topics = topics;
        this.newPartitions = newPartitions;
        this.unknownTopics = unknownTopics;
        this.news = new TopicNews();
    }

    /** Looks for partitions that somebody adds to a topic, from before the topic is read or written. */
    void watch(String topic) {
        watches.computeIfAbsent(
                topic,
                any -> office.watch(ClusterPaths.topic(topic), () -> {
                    changed.add(topic);
                    news.run();
                }));
    }

    /**
     * Topics' nodes have changed, or all of them may have, as after each loss of the connection: some are looked at at once,
     * the rest after whatever else has come.
     */
    private final class TopicNews extends News {
        TopicNews() {
            super(office);
        }

        @Override
        CompletionStage<Void> see() {
            List<CompletionStage<Void>> some = new ArrayList<>();
            while (!changed.isEmpty() && some.size() < MOST_AT_ONCE) {
                String topic = changed.first();
                changed.remove(topic);
                some.add(topicChanged(topic).exceptionallyCompose(error -> againWhereTheDiskIsFull(topic, error)));
            }
            return Stages.all(some).thenAccept(done -> {
                if (!changed.isEmpty()) {
                    run();
                }
            });
        }

        /** Nothing has been taken over of it. */
        private CompletionStage<Void> againWhereTheDiskIsFull(String topic, Throwable error) {
            if (!CoordinationException.is(error, Reason.STORAGE_FAILURE)) {
                return CompletableFuture.failedStage(Stages.cause(error));
            }
            office.later(BEFORE_TRYING_AGAIN_MS, () -> {
                changed.add(topic);
                run();
            });
            return CompletableFuture.completedStage(null);
        }
    }

    /** The topic is gone. */
    void unwatch(String topic) {
        AutoCloseable watch = watches.remove(topic);
        if (watch != null) {
            office.unwatch(watch);
        }
    }

    /**
     * Adds partitions, to each topic on its own.
     *
     * @param quota what the client may add, null for as much as it likes
     * @return how it went, when they are served
     */
    CompletionStage<SortedMap<String, Outcome>> create(
            List<TopicGrowth> wanted, boolean validateOnly, MutationAllowance quota) {
        return office.request(answer -> {
            SortedMap<String, Outcome> outcomes = new TreeMap<>();
            List<CompletionStage<CompletionStage<Void>>> all = new ArrayList<>();
            CreationLimits.Budget budget = office.settings().limits().budget();
            for (TopicGrowth growth : wanted) {
                all.add(create(growth, validateOnly, budget, quota)
                        .handle((shown, error) -> noted(growth.topic(), shown, error, outcomes)));
            }
            return Stages.all(all)
                    .thenAccept(shown ->
                            Stages.all(shown).whenComplete((done, error) -> Stages.relay(answer, outcomes, error)));
        });
    }

    /** {@return completes when the partitions are shown; only what leaves the tree in doubt is a failure} */
    private static CompletionStage<Void> noted(
            String topic, CompletionStage<Void> shown, Throwable error, SortedMap<String, Outcome> outcomes) {
        Throwable cause = Stages.cause(error);
        if (error == null) {
            outcomes.put(topic, Outcome.DONE);
            return shown;
        }
        if (Request.refused(cause)) {
            outcomes.put(topic, new Outcome(CoordinationErrors.code(cause), CoordinationErrors.message(cause)));
            return CompletableFuture.completedStage(null);
        }
        throw new CompletionException(cause);
    }

    /** {@return when the partitions are written: what completes when they are shown} */
    private CompletionStage<CompletionStage<Void>> create(
            TopicGrowth wanted, boolean validateOnly, CreationLimits.Budget budget, MutationAllowance quota) {
        try {
            ControlledTopic topic = state.staying(wanted.topic());
            if (topic == null && state.deletions().containsKey(wanted.topic())) {
                throw new ApiException(ErrorCode.INVALID_TOPIC_EXCEPTION, "The topic is queued for deletion.");
            }
            if (topic == null) {
                throw new ApiException(
                        ErrorCode.UNKNOWN_TOPIC_OR_PARTITION,
                        "The topic '" + Quoted.text(wanted.topic()) + "' does not exist.");
            }
            if (topic.moving().entrySet().stream()
                    .anyMatch(one -> state.isUnderWay(topic.id(one.getKey()), one.getValue()))) {
                throw new ApiException(
                        ErrorCode.REASSIGNMENT_IN_PROGRESS,
                        "A partition reassignment is in progress for the topic '" + topic.name() + "'.");
            }
            // First: what is planned must not be larger than what may be created.
            budget.require(Math.max(wanted.partitions(), 0) - topic.partitions().size());
            SortedMap<Integer, List<Integer>> replicas = GrowthPlan.of(wanted, topic, state.brokers());
            long more = replicas.values().stream().mapToLong(List::size).sum();
            office.settings()
                    .limits()
                    .requireRoom(state.replicas(), more, state.brokers().live().size());
            if (validateOnly) {
                return CompletableFuture.completedStage(CompletableFuture.completedStage(null));
            }
            if (quota != null) {
                quota.require(replicas.size());
            }
            SortedMap<Integer, ControlledPartition> added = new TreeMap<>();
            replicas.forEach((index, brokers) ->
                    added.put(index, state.elections().first(topic.id(index), brokers, state.brokers())));
            return office.store()
                    .reads()
                    .get(ClusterPaths.topic(topic.name()))
                    .thenCompose(node -> topics.grow(topic.name(), node, added))
                    .thenApply(written -> begin(topic.name(), added));
        } catch (ApiException e) {
            return CompletableFuture.failedStage(e);
        }
    }

    private CompletionStage<Void> begin(String topic, SortedMap<Integer, ControlledPartition> added) {
        state.put(state.topics().get(topic).with(added));
        SortedMap<String, Set<Integer>> partitions = new TreeMap<>();
        partitions.put(topic, added.keySet());
        return newPartitions.begin(partitions).get(topic);
    }

    private CompletionStage<Void> topicChanged(String name) {
        if (!state.topics().containsKey(name)) {
            return watches.containsKey(name) ? unknownTopics.get() : CompletableFuture.completedStage(null);
        }
        ControlledTopic topic = state.staying(name);
        if (topic == null) {
            return CompletableFuture.completedStage(null);
        }
        return FencedStore.optional(office.store().reads().get(ClusterPaths.topic(name)))
                .thenCompose(node -> {
                    SortedMap<Integer, ControlledPartition> added = node == null ? new TreeMap<>() : added(topic, node);
                    if (added.isEmpty()) {
                        return CompletableFuture.completedStage(null);
                    }
                    SortedMap<Integer, ControlledPartition.Assigned> first = new TreeMap<>();
                    added.forEach((index, partition) -> {
                        if (partition instanceof ControlledPartition.Assigned assigned) {
                            first.put(index, assigned);
                        }
                    });
                    return topics.initialize(name, first).thenAccept(written -> begin(name, added));
                });
    }

    private SortedMap<Integer, ControlledPartition> added(ControlledTopic topic, Node node) {
        SortedMap<Integer, ControlledPartition> added = new TreeMap<>();
        try {
            TopicNode.decode(node.data()).replicas().forEach((index, replicas) -> {
                if (!topic.partitions().containsKey(index) && !replicas.isEmpty()) {
                    added.put(index, state.elections().first(topic.id(index), replicas, state.brokers()));
                }
            });
        } catch (IllegalArgumentException e) {
            office.store().leaveOut(ClusterPaths.topic(topic.name()), e);
        }
        return added;
    }
}
