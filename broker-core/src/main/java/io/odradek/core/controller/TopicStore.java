package io.odradek.core.controller;

import io.odradek.core.config.dynamic.StoredTopicConfig;
import io.odradek.core.coordination.ClusterPaths;
import io.odradek.core.coordination.CoordinationException;
import io.odradek.core.coordination.CoordinationException.Reason;
import io.odradek.core.coordination.CoordinationStore;
import io.odradek.core.coordination.CoordinationStore.CreateMode;
import io.odradek.core.coordination.CoordinationStore.Node;
import io.odradek.core.coordination.CoordinationStore.Operation;
import io.odradek.core.coordination.node.PartitionStateNode;
import io.odradek.core.coordination.node.TopicConfigNode;
import io.odradek.core.coordination.node.TopicNode;
import io.odradek.protocol.TopicPartition;
import io.odradek.protocol.wire.Uuid;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Topics in the tree: how a controller reads, creates and removes them. */
final class TopicStore {
    /** Keeps a transaction below what ZooKeeper takes (1 MiB by default). */
    private static final int MAX_OPERATIONS = 1000;

    private static final byte[] NO_DATA = new byte[0];

    private final FencedStore store;
    private final ControllerContext context;
    private final Map<String, String> logDefaults;

    /** @param logDefaults the broker's settings by their broker names, which topics inherit */
    TopicStore(FencedStore store, ControllerContext context, Map<String, String> logDefaults) {
        this.store = store;
        this.context = context;
        this.logDefaults = logDefaults;
    }

    /**
     * Creates a topic with its configuration and the first state of its partitions. If it is large, that takes several
     * writes: where a later one fails, what is there is taken back. After a crash in between, the next controller finds the
     * whole topic in its node, and gives the partitions the states that they lack.
     */
    CompletionStage<ControlledTopic> create(TopicPlan plan, Uuid id) {
        ControlledTopic topic = new ControlledTopic(plan.name(), id, plan.config());
        byte[] config = new TopicConfigNode(plan.config()).encode();
        List<List<Operation>> units = new ArrayList<>();
        units.add(List.of(
                create(ClusterPaths.topicConfig(plan.name()), config),
                create(ClusterPaths.topic(plan.name()), new TopicNode(id, plan.replicas()).encode()),
                create(ClusterPaths.partitions(plan.name()), NO_DATA)));
        plan.replicas().forEach((partition, replicas) -> {
            ControlledPartition first = firstState(new TopicPartition(plan.name(), partition), replicas);
            topic.partitions().put(partition, first);
            topic.isNew(partition);
            if (first instanceof ControlledPartition.Assigned assigned) {
                units.add(List.of(
                        create(ClusterPaths.partition(plan.name(), partition), NO_DATA),
                        create(
                                ClusterPaths.partitionState(plan.name(), partition),
                                assigned.state().encode())));
            }
        });
        List<List<Operation>> parts = parts(units);
        return overwriting(parts.get(0), new Operation.Set(ClusterPaths.topicConfig(plan.name()), config, -1))
                .thenCompose(done -> store.inTurn(parts.subList(1, parts.size()))
                        .exceptionallyCompose(error -> takeBack(plan.name(), Stages.cause(error))))
                .thenApply(done -> topic);
    }

    /** Where even that cannot be written, the topic is completed when topics are looked for the next time. */
    private CompletionStage<Void> takeBack(String name, Throwable error) {
        return load(name)
                .thenCompose(left -> left == null ? CompletableFuture.completedStage(null) : remove(left, false))
                .handle((done, failure) -> {
                    if (failure != null && failure != error) {
                        error.addSuppressed(failure);
                    }
                    return error;
                })
                .thenCompose(CompletableFuture::failedStage);
    }

    /** {@return a topic with the states its partitions have, or null if it is gone} */
    CompletionStage<ControlledTopic> load(String name) {
        CoordinationStore reads = store.reads();
        CompletionStage<SortedMap<String, String>> config = optional(reads.get(ClusterPaths.topicConfig(name)))
                .thenApply(node ->
                        node == null ? new TreeMap<>() : StoredTopicConfig.usable(name, node.data(), logDefaults));
        return optional(reads.get(ClusterPaths.topic(name)))
                .thenCombine(config, (node, overrides) -> node == null ? null : read(name, node, overrides))
                .thenCompose(topic -> topic == null ? CompletableFuture.completedStage(null) : loadStates(topic));
    }

    /**
     * Gives a first state to the partitions that have none and a live replica. {@return whether there were any}
     *
     * @param areNew whether it is certain that they have no logs
     */
    CompletionStage<Boolean> initialize(ControlledTopic topic, boolean areNew) {
        SortedMap<Integer, ControlledPartition.Assigned> first = new TreeMap<>();
        topic.partitions().forEach((index, partition) -> {
            TopicPartition id = new TopicPartition(topic.name(), index);
            if (partition instanceof ControlledPartition.New
                    && firstState(id, partition.replicas()) instanceof ControlledPartition.Assigned assigned) {
                first.put(index, assigned);
            }
        });
        if (first.isEmpty()) {
            return CompletableFuture.completedStage(false);
        }
        String parent = ClusterPaths.partitions(topic.name());
        return tolerating(store.reads().create(parent, NO_DATA, CreateMode.PERSISTENT))
                .thenCompose(done -> store.reads().children(parent))
                .thenCompose(present -> store.inTurn(parts(firstStates(topic.name(), first, new HashSet<>(present)))))
                .thenApply(done -> {
                    topic.partitions().putAll(first);
                    if (areNew) {
                        first.keySet().forEach(topic::isNew);
                    }
                    return true;
                });
    }

    /** Writes a partition's new state if nobody else has. {@return the partition as it is now} */
    CompletionStage<ControlledPartition.Assigned> update(
            TopicPartition id, ControlledPartition.Assigned before, PartitionStateNode state) {
        Operation set = new Operation.Set(
                ClusterPaths.partitionState(id.topic(), id.partition()), state.encode(), before.stateVersion());
        return store.multi(List.of(set))
                .thenApply(
                        done -> new ControlledPartition.Assigned(before.replicas(), state, before.stateVersion() + 1));
    }

    /** Asks for a topic's deletion, so that a later controller completes it if this one does not. */
    CompletionStage<Void> requestDeletion(String name) {
        return store.multi(List.of(create(ClusterPaths.deleteTopic(name), NO_DATA)));
    }

    /**
     * Removes a topic's nodes; its request for deletion goes with the last of them. First states of its partitions that are
     * written meanwhile go too: whatever the last look has missed is found by another one.
     */
    CompletionStage<Void> remove(ControlledTopic topic, boolean requested) {
        return removeWhatIsThere(topic, requested)
                .exceptionallyCompose(error -> CoordinationException.is(error, Reason.NOT_EMPTY)
                        ? removeWhatIsThere(topic, requested)
                        : CompletableFuture.failedStage(Stages.cause(error)));
    }

    private CompletionStage<Void> removeWhatIsThere(ControlledTopic topic, boolean requested) {
        CoordinationStore reads = store.reads();
        CompletionStage<Node> config = optional(reads.get(ClusterPaths.topicConfig(topic.name())));
        return optional(reads.children(ClusterPaths.partitions(topic.name())))
                .thenCombine(config, (partitions, node) -> removal(topic, partitions, node != null, requested))
                .thenCompose(units -> store.inTurn(parts(units)));
    }

    /** Withdraws the request to delete a topic that is not there. */
    CompletionStage<Void> withdrawDeletion(String name) {
        return store.multi(List.of(delete(ClusterPaths.deleteTopic(name))));
    }

    private ControlledPartition firstState(TopicPartition id, List<Integer> replicas) {
        SortedSet<Integer> usable = context.usableFor(id);
        List<Integer> isr = new ArrayList<>(replicas);
        isr.retainAll(usable);
        if (isr.isEmpty()) {
            return new ControlledPartition.New(replicas);
        }
        PartitionStateNode state = new PartitionStateNode(isr.get(0), 0, List.copyOf(isr), context.epoch());
        return new ControlledPartition.Assigned(replicas, state, 0);
    }

    private ControlledTopic read(String name, Node node, SortedMap<String, String> config) {
        TopicNode content = TopicNode.decode(node.data());
        ControlledTopic topic = new ControlledTopic(name, content.topicId(), config);
        content.replicas()
                .forEach((partition, replicas) ->
                        topic.partitions().put(partition, new ControlledPartition.New(replicas)));
        return topic;
    }

    private CompletionStage<ControlledTopic> loadStates(ControlledTopic topic) {
        List<CompletionStage<Void>> reads = new ArrayList<>();
        for (Map.Entry<Integer, ControlledPartition> entry : topic.partitions().entrySet()) {
            String path = ClusterPaths.partitionState(topic.name(), entry.getKey());
            reads.add(optional(store.reads().get(path)).thenAccept(node -> {
                if (node != null) {
                    entry.setValue(new ControlledPartition.Assigned(
                            entry.getValue().replicas(), PartitionStateNode.decode(node.data()), node.version()));
                }
            }));
        }
        return Stages.all(reads).thenApply(done -> topic);
    }

    /** A configuration may be left of an earlier topic of the name, or have been written ahead of the topic by a tool. */
    private CompletionStage<Void> overwriting(List<Operation> operations, Operation.Set config) {
        return store.multi(operations).exceptionallyCompose(error -> {
            boolean configExists = Stages.cause(error) instanceof CoordinationException failure
                    && failure.reason() == Reason.NODE_EXISTS
                    && failure.path().equals(config.path());
            if (!configExists) {
                return CompletableFuture.failedStage(Stages.cause(error));
            }
            List<Operation> first = new ArrayList<>(operations);
            first.set(0, config);
            return store.multi(first);
        });
    }

    private static List<List<Operation>> firstStates(
            String topic, SortedMap<Integer, ControlledPartition.Assigned> first, Set<String> present) {
        List<List<Operation>> units = new ArrayList<>();
        first.forEach((index, assigned) -> {
            List<Operation> unit = new ArrayList<>(2);
            if (!present.contains(index.toString())) {
                unit.add(create(ClusterPaths.partition(topic, index), NO_DATA));
            }
            unit.add(create(
                    ClusterPaths.partitionState(topic, index), assigned.state().encode()));
            units.add(unit);
        });
        return units;
    }

    private static List<List<Operation>> removal(
            ControlledTopic topic, List<String> partitions, boolean hasConfig, boolean requested) {
        List<List<Operation>> units = new ArrayList<>();
        List<Operation> last = new ArrayList<>();
        if (partitions != null) {
            for (String partition : partitions) {
                int index = Integer.parseInt(partition);
                List<Operation> unit = new ArrayList<>(2);
                if (topic.partitions().get(index) instanceof ControlledPartition.Assigned) {
                    unit.add(delete(ClusterPaths.partitionState(topic.name(), index)));
                }
                unit.add(delete(ClusterPaths.partition(topic.name(), index)));
                units.add(unit);
            }
            last.add(delete(ClusterPaths.partitions(topic.name())));
        }
        last.add(delete(ClusterPaths.topic(topic.name())));
        if (hasConfig) {
            last.add(delete(ClusterPaths.topicConfig(topic.name())));
        }
        if (requested) {
            last.add(delete(ClusterPaths.deleteTopic(topic.name())));
        }
        units.add(last);
        return units;
    }

    private static <T> CompletionStage<T> optional(CompletionStage<T> read) {
        return read.exceptionallyCompose(error -> CoordinationException.is(error, Reason.NO_NODE)
                ? CompletableFuture.completedStage(null)
                : CompletableFuture.failedStage(Stages.cause(error)));
    }

    private static CompletionStage<String> tolerating(CompletionStage<String> creation) {
        return creation.exceptionallyCompose(error -> CoordinationException.is(error, Reason.NODE_EXISTS)
                ? CompletableFuture.completedStage(null)
                : CompletableFuture.failedStage(Stages.cause(error)));
    }

    private static Operation create(String path, byte[] data) {
        return new Operation.Create(path, data, CreateMode.PERSISTENT);
    }

    private static Operation delete(String path) {
        return new Operation.Delete(path, CoordinationStore.ANY_VERSION);
    }

    /** {@return the units in transactions, none of them divided} */
    private static List<List<Operation>> parts(List<List<Operation>> units) {
        List<List<Operation>> parts = new ArrayList<>();
        List<Operation> part = new ArrayList<>();
        for (List<Operation> unit : units) {
            if (!part.isEmpty() && part.size() + unit.size() > MAX_OPERATIONS) {
                parts.add(part);
                part = new ArrayList<>();
            }
            part.addAll(unit);
        }
        parts.add(part);
        return parts;
    }
}
