package io.odradek.core.controller;

import static io.odradek.core.controller.FencedStore.creation;
import static io.odradek.core.controller.FencedStore.deletion;
import static io.odradek.core.controller.FencedStore.optional;

import io.odradek.core.config.dynamic.StoredTopicConfig;
import io.odradek.core.coordination.ClusterPaths;
import io.odradek.core.coordination.CoordinationException;
import io.odradek.core.coordination.CoordinationException.Reason;
import io.odradek.core.coordination.CoordinationStore;
import io.odradek.core.coordination.CoordinationStore.Node;
import io.odradek.core.coordination.CoordinationStore.Operation;
import io.odradek.core.coordination.node.PartitionStateNode;
import io.odradek.core.coordination.node.TopicConfigNode;
import io.odradek.core.coordination.node.TopicNode;
import io.odradek.protocol.errors.ApiException;
import io.odradek.protocol.errors.ErrorCode;
import io.odradek.protocol.wire.Uuid;
import io.odradek.storage.env.Randoms;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

/** Topics in the tree: how a controller reads, creates, enlarges and removes them. */
final class TopicStore {
    private final FencedStore store;
    private final Supplier<Map<String, String>> logDefaults;
    private final Randoms randoms;

    /**
     * @param logDefaults the broker's settings now, by their broker names, which topics inherit
     * @param randoms for the identifiers of topics that have none
     */
    TopicStore(FencedStore store, Supplier<Map<String, String>> logDefaults, Randoms randoms) {
        this.store = store;
        this.logDefaults = logDefaults;
        this.randoms = randoms;
    }

    /**
     * Creates a topic with its configuration and the first states of its partitions. If it is large, that takes several
     * writes: where a later one fails, what is there is taken back. After a crash in between, the next controller finds the
     * whole topic in its node, and gives the partitions the states that they lack.
     */
    CompletionStage<Void> create(ControlledTopic topic) {
        byte[] config = new TopicConfigNode(topic.config()).encode();
        SortedMap<Integer, List<Integer>> replicas = new TreeMap<>();
        topic.partitions().forEach((index, partition) -> replicas.put(index, partition.replicas()));
        List<List<Operation>> units = new ArrayList<>();
        units.add(List.of(
                creation(ClusterPaths.topicConfig(topic.name()), config),
                creation(ClusterPaths.topic(topic.name()), new TopicNode(topic.id(), replicas).encode()),
                creation(ClusterPaths.partitions(topic.name()))));
        units.addAll(states(topic.name(), topic.partitions(), Set.of()));
        List<List<Operation>> parts = FencedStore.parts(units);
        return overwriting(parts.get(0), new Operation.Set(ClusterPaths.topicConfig(topic.name()), config, -1))
                .thenCompose(done -> store.inTurn(parts.subList(1, parts.size()))
                        .exceptionallyCompose(error -> takeBack(topic.name(), Stages.cause(error))));
    }

    /** Where even that cannot be written, the topic is completed when topics are looked for the next time. */
    private CompletionStage<Void> takeBack(String name, Throwable error) {
        return remove(name)
                .handle((done, failure) -> {
                    if (failure != null && failure != error) {
                        error.addSuppressed(failure);
                    }
                    return error;
                })
                .thenCompose(CompletableFuture::failedStage);
    }

    /** {@return a topic with the states its partitions have, or null if it is gone or cannot be read} */
    CompletionStage<ControlledTopic> load(String name) {
        CoordinationStore reads = store.reads();
        CompletionStage<Node> config = optional(reads.get(ClusterPaths.topicConfig(name)));
        return optional(reads.get(ClusterPaths.topic(name)))
                .thenCompose(node -> node == null ? CompletableFuture.completedStage(null) : identified(name, node))
                .thenCombine(config, (content, overrides) -> content == null ? null : read(name, content, overrides))
                .thenCompose(topic ->
                        topic == null ? CompletableFuture.<ControlledTopic>completedStage(null) : loadStates(topic))
                .exceptionallyCompose(error -> {
                    if (Stages.cause(error) instanceof IllegalArgumentException unreadable) {
                        store.leaveOut(ClusterPaths.topic(name), unreadable);
                        return CompletableFuture.completedStage(null);
                    }
                    return CompletableFuture.failedStage(Stages.cause(error));
                });
    }

    /** Gives partitions their first states that have none in the tree. */
    CompletionStage<Void> initialize(String topic, SortedMap<Integer, ControlledPartition.Assigned> first) {
        return initialize(topic, first, new ArrayList<>());
    }

    /**
     * Adds partitions to a topic, with their first states. After a crash in between, the next controller finds them in the
     * topic's node.
     *
     * @param node the topic's node as it was read
     * @param added the new partitions by index
     */
    CompletionStage<Void> grow(String topic, Node node, SortedMap<Integer, ControlledPartition> added) {
        TopicNode content;
        try {
            content = TopicNode.decode(node.data());
        } catch (IllegalArgumentException e) {
            return CompletableFuture.failedStage(new ApiException(
                    ErrorCode.UNKNOWN_SERVER_ERROR,
                    ClusterPaths.topic(topic) + " cannot be read any more: " + e.getMessage()));
        }
        SortedMap<Integer, List<Integer>> replicas = new TreeMap<>(content.replicas());
        added.forEach((index, partition) -> replicas.put(index, partition.replicas()));
        byte[] data = new TopicNode(content.topicId(), replicas, content.adding(), content.removing()).encode();
        List<List<Operation>> units = new ArrayList<>();
        units.add(List.of(new Operation.Set(ClusterPaths.topic(topic), data, node.version())));
        return initialize(topic, added, units);
    }

    private CompletionStage<Void> initialize(
            String topic, SortedMap<Integer, ? extends ControlledPartition> first, List<List<Operation>> units) {
        String parent = ClusterPaths.partitions(topic);
        return optional(store.reads().children(parent)).thenCompose(present -> {
            if (present == null) {
                units.add(List.of(creation(parent)));
            }
            units.addAll(states(topic, first, present == null ? Set.of() : new HashSet<>(present)));
            return store.inTurn(units);
        });
    }

    /** Asks for a topic's deletion, so that a later controller completes it if this one does not. */
    CompletionStage<Void> requestDeletion(String name) {
        return store.multi(List.of(creation(ClusterPaths.deleteTopic(name))));
    }

    /**
     * Removes a topic's nodes, whatever is below them; its configuration and the request for its deletion go with the last of
     * them. Where something comes or goes meanwhile, it is looked at once more.
     */
    CompletionStage<Void> remove(String name) {
        return removeWhatIsThere(name)
                .exceptionallyCompose(error -> changedMeanwhile(error)
                        ? removeWhatIsThere(name)
                        : CompletableFuture.failedStage(Stages.cause(error)));
    }

    /** {@return whether a removal has failed because others have created or removed nodes of the topic} */
    static boolean changedMeanwhile(Throwable error) {
        return CoordinationException.is(error, Reason.NOT_EMPTY) || CoordinationException.is(error, Reason.NO_NODE);
    }

    private CompletionStage<Void> removeWhatIsThere(String name) {
        List<String> last = new ArrayList<>();
        List<CompletionStage<Void>> reads = new ArrayList<>();
        for (String path : List.of(ClusterPaths.topicConfig(name), ClusterPaths.deleteTopic(name))) {
            reads.add(optional(store.reads().get(path)).thenAccept(node -> {
                if (node != null) {
                    last.add(path);
                }
            }));
        }
        return store.withAllBelow(ClusterPaths.topic(name))
                .thenCombine(Stages.all(reads), (nodes, done) -> {
                    List<List<Operation>> units = new ArrayList<>();
                    for (String path : nodes) {
                        if (!path.equals(ClusterPaths.topic(name))) {
                            units.add(List.of(deletion(path)));
                        } else {
                            last.add(0, path);
                        }
                    }
                    units.add(last.stream().map(FencedStore::deletion).toList());
                    return units;
                })
                .thenCompose(store::inTurn);
    }

    /** Tools of before KIP-516 create topics without an identifier: the controller gives them one. */
    private CompletionStage<TopicNode> identified(String name, Node node) {
        TopicNode content = TopicNode.decode(node.data());
        if (!content.topicId().equals(Uuid.ZERO)) {
            return CompletableFuture.completedStage(content);
        }
        TopicNode named = new TopicNode(randoms.nextUuid(), content.replicas(), content.adding(), content.removing());
        return store.multi(List.of(new Operation.Set(ClusterPaths.topic(name), named.encode(), node.version())))
                .thenApply(done -> named);
    }

    private ControlledTopic read(String name, TopicNode content, Node config) {
        SortedMap<Integer, ControlledPartition> partitions = new TreeMap<>();
        content.replicas().forEach((partition, replicas) -> {
            if (replicas.isEmpty()) {
                throw new IllegalArgumentException("partition " + partition + " has no replicas");
            }
            partitions.put(partition, new ControlledPartition.New(replicas));
        });
        SortedMap<String, String> overrides =
                config == null ? new TreeMap<>() : StoredTopicConfig.usable(name, config.data(), logDefaults.get());
        ControlledTopic topic = new ControlledTopic(name, content.topicId(), partitions, overrides);
        return content.adding().isEmpty() && content.removing().isEmpty()
                ? topic
                : topic.withAssignments(MoveStore.moving(content));
    }

    private CompletionStage<ControlledTopic> loadStates(ControlledTopic topic) {
        SortedMap<Integer, ControlledPartition> known = new TreeMap<>();
        List<CompletionStage<Void>> reads = new ArrayList<>();
        for (Map.Entry<Integer, ControlledPartition> entry : topic.partitions().entrySet()) {
            String path = ClusterPaths.partitionState(topic.name(), entry.getKey());
            reads.add(optional(store.reads().get(path)).thenAccept(node -> {
                if (node != null) {
                    known.put(entry.getKey(), assigned(entry.getValue().replicas(), node));
                }
            }));
        }
        return Stages.all(reads).thenApply(done -> topic.with(known));
    }

    /** {@return a partition with the state that was read} */
    static ControlledPartition.Assigned assigned(List<Integer> replicas, Node node) {
        return new ControlledPartition.Assigned(
                replicas, PartitionStateNode.decode(node.data()), node.version(), node.modification());
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

    private static List<List<Operation>> states(
            String topic, SortedMap<Integer, ? extends ControlledPartition> partitions, Set<String> present) {
        List<List<Operation>> units = new ArrayList<>();
        partitions.forEach((index, partition) -> {
            if (partition instanceof ControlledPartition.Assigned assigned) {
                List<Operation> unit = new ArrayList<>(2);
                if (!present.contains(index.toString())) {
                    unit.add(creation(ClusterPaths.partition(topic, index)));
                }
                unit.add(creation(
                        ClusterPaths.partitionState(topic, index),
                        assigned.state().encode()));
                units.add(unit);
            }
        });
        return units;
    }
}
