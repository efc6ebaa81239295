package io.odradek.core.controller;

import io.odradek.core.coordination.ClusterPaths;
import io.odradek.core.coordination.CoordinationStore.Node;
import io.odradek.core.coordination.CoordinationStore.Operation;
import io.odradek.core.coordination.node.TopicNode;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Moves of replicas in the tree: a partition's assignment is written together with its state, all or nothing. */
final class MoveStore {
    /** Keeps what is written at once well below what the tree takes; the topic's node is written with each. */
    private static final int MOST_AT_ONCE = 200;

    private final FencedStore store;
    private final ControllerState state;

    MoveStore(Office office) {
        this.store = office.store();
        this.state = office.state();
    }

    /** {@return the assignments of those partitions whose replicas do not stay where they are} */
    static SortedMap<Integer, Assignment> moving(TopicNode content) {
        SortedMap<Integer, Assignment> moving = new TreeMap<>();
        SortedSet<Integer> partitions = new TreeSet<>(content.adding().keySet());
        partitions.addAll(content.removing().keySet());
        partitions.retainAll(content.replicas().keySet());
        for (Integer partition : partitions) {
            moving.put(
                    partition,
                    new Assignment(
                            content.replicas().get(partition),
                            content.adding().getOrDefault(partition, List.of()),
                            content.removing().getOrDefault(partition, List.of())));
        }
        return moving;
    }

    /**
     * Writes steps of a topic's partitions and takes them over. If they are many, that takes several writes.
     *
     * @return completes when all are written; those that are not known to have been stay as they were
     */
    CompletionStage<Void> write(String topic, SortedMap<Integer, MoveStep> steps) {
        return FencedStore.optional(store.reads().get(ClusterPaths.topic(topic)))
                .thenCompose(
                        node -> node == null ? CompletableFuture.completedStage(null) : writeParts(topic, node, steps));
    }

    private CompletionStage<Void> writeParts(String topic, Node node, SortedMap<Integer, MoveStep> steps) {
        TopicNode content;
        try {
            content = TopicNode.decode(node.data());
        } catch (IllegalArgumentException e) {
            store.leaveOut(ClusterPaths.topic(topic), e);
            return CompletableFuture.completedStage(null);
        }
        int version = node.version();
        CompletionStage<Void> done = CompletableFuture.completedStage(null);
        Iterator<Map.Entry<Integer, MoveStep>> left = steps.entrySet().iterator();
        while (left.hasNext()) {
            SortedMap<Integer, MoveStep> part = new TreeMap<>();
            while (left.hasNext() && part.size() < MOST_AT_ONCE) {
                Map.Entry<Integer, MoveStep> step = left.next();
                part.put(step.getKey(), step.getValue());
            }
            content = with(content, part);
            List<Operation> operations = operations(topic, content, version++, part);
            done = done.thenCompose(before -> store.multi(operations)).thenAccept(written -> apply(topic, part));
        }
        return done;
    }

    private static TopicNode with(TopicNode content, SortedMap<Integer, MoveStep> steps) {
        SortedMap<Integer, List<Integer>> replicas = new TreeMap<>(content.replicas());
        SortedMap<Integer, List<Integer>> adding = new TreeMap<>(content.adding());
        SortedMap<Integer, List<Integer>> removing = new TreeMap<>(content.removing());
        steps.forEach((partition, step) -> {
            replicas.put(partition, step.assignment().replicas());
            put(adding, partition, step.assignment().adding());
            put(removing, partition, step.assignment().removing());
        });
        return new TopicNode(content.topicId(), replicas, adding, removing);
    }

    private static void put(SortedMap<Integer, List<Integer>> brokers, int partition, List<Integer> some) {
        if (some.isEmpty()) {
            brokers.remove(partition);
        } else {
            brokers.put(partition, some);
        }
    }

    private List<Operation> operations(
            String topic, TopicNode content, int version, SortedMap<Integer, MoveStep> steps) {
        List<Operation> operations = new ArrayList<>();
        operations.add(new Operation.Set(ClusterPaths.topic(topic), content.encode(), version));
        steps.forEach((partition, step) -> {
            if (step.state() != null
                    && state.topics().get(topic).partitions().get(partition)
                            instanceof ControlledPartition.Assigned before) {
                operations.add(new Operation.Set(
                        ClusterPaths.partitionState(topic, partition),
                        step.state().encode(),
                        before.stateVersion()));
            }
        });
        return operations;
    }

    private void apply(String topic, SortedMap<Integer, MoveStep> steps) {
        ControlledTopic before = state.topics().get(topic);
        SortedMap<Integer, ControlledPartition> partitions = new TreeMap<>();
        SortedMap<Integer, Assignment> assignments = new TreeMap<>();
        steps.forEach((partition, step) -> {
            List<Integer> replicas = step.assignment().replicas();
            assignments.put(partition, step.assignment());
            if (step.state() == null && before.partitions().get(partition) instanceof ControlledPartition.New) {
                partitions.put(partition, new ControlledPartition.New(replicas));
            } else if (step.state() != null
                    && before.partitions().get(partition) instanceof ControlledPartition.Assigned assigned) {
                partitions.put(
                        partition,
                        new ControlledPartition.Assigned(replicas, step.state(), assigned.stateVersion() + 1));
            }
            for (Integer broker : step.assignment().leaving()) {
                state.brokers(state.brokers().withServed(broker, List.of(before.id(partition))));
            }
        });
        state.put(before.with(partitions).withAssignments(assignments));
    }
}
