package io.odradek.core.controller;

import io.odradek.core.controller.Adoption.FoundPartition;
import io.odradek.core.coordination.ClusterPaths;
import io.odradek.core.coordination.CoordinationStore;
import io.odradek.core.coordination.CoordinationStore.Node;
import io.odradek.core.coordination.CoordinationStore.Operation;
import io.odradek.core.coordination.node.PartitionStateNode;
import io.odradek.core.coordination.node.TopicNode;
import io.odradek.protocol.wire.Uuid;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.BiPredicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Topics that the tree of a broker that is alone has as they were before its end was lost. To be called before {@link
 * Adoption#adopt}.
 */
public final class OutdatedTopics {
    private static final Logger LOG = LoggerFactory.getLogger(OutdatedTopics.class);

    private OutdatedTopics() {}

    /**
     * Gives registered topics the partitions that lie in log folders with their identifier and that the tree does not know: a
     * topic's partitions never become fewer. Where the folders have another topic of the name, and that one is known to be the
     * later one, the former is forgotten, so that the later one is adopted. Each is told in the log.
     *
     * @param brokerId the broker whose folders they are
     * @param found the partitions there
     * @param isLater whether a topic's identifier is known from after the end of the tree
     */
    public static CompletionStage<Void> bringUpToDate(
            CoordinationStore store, int brokerId, List<FoundPartition> found, BiPredicate<String, Uuid> isLater) {
        SortedMap<String, List<FoundPartition>> byTopic = new TreeMap<>();
        for (FoundPartition partition : found) {
            if (Adoption.isPlausible(partition)) {
                byTopic.computeIfAbsent(partition.id().topic(), any -> new ArrayList<>())
                        .add(partition);
            }
        }
        CompletionStage<Void> all = CompletableFuture.completedStage(null);
        for (Map.Entry<String, List<FoundPartition>> topic : byTopic.entrySet()) {
            all = all.thenCompose(before -> FencedStore.optional(store.get(ClusterPaths.topic(topic.getKey()))))
                    .thenCompose(node -> node == null
                            ? CompletableFuture.<Void>completedStage(null)
                            : bringUpToDate(store, brokerId, topic.getKey(), node, topic.getValue(), isLater));
        }
        return all;
    }

    private static CompletionStage<Void> bringUpToDate(
            CoordinationStore store,
            int brokerId,
            String topic,
            Node node,
            List<FoundPartition> found,
            BiPredicate<String, Uuid> isLater) {
        TopicNode known = TopicNode.decode(node.data());
        SortedMap<Integer, FoundPartition> unknown = new TreeMap<>();
        Uuid later = null;
        boolean isThere = known.topicId().equals(Uuid.ZERO);
        for (FoundPartition partition : found) {
            if (partition.topicId().equals(known.topicId())) {
                isThere = true;
                if (!known.replicas().containsKey(partition.id().partition())) {
                    unknown.put(partition.id().partition(), partition);
                }
            } else if (isLater.test(topic, partition.topicId())) {
                later = partition.topicId();
            }
        }
        if (!isThere && later != null) {
            return forget(store, topic, known, later);
        }
        return unknown.isEmpty()
                ? CompletableFuture.completedStage(null)
                : grow(store, brokerId, topic, node, known, unknown);
    }

    private static CompletionStage<Void> grow(
            CoordinationStore store,
            int brokerId,
            String topic,
            Node node,
            TopicNode known,
            SortedMap<Integer, FoundPartition> unknown) {
        LOG.warn(
                "Topic {} has {} partitions in what is kept of topics, and {} besides in the log folders: they are taken back",
                topic,
                known.replicas().size(),
                unknown.keySet());
        SortedMap<Integer, List<Integer>> replicas = new TreeMap<>(known.replicas());
        for (int partition = 0; partition <= unknown.lastKey(); partition++) {
            replicas.putIfAbsent(partition, List.of(brokerId));
        }
        List<Operation> operations = new ArrayList<>();
        byte[] grown = new TopicNode(known.topicId(), replicas, known.adding(), known.removing()).encode();
        operations.add(new Operation.Set(ClusterPaths.topic(topic), grown, node.version()));
        unknown.forEach((partition, content) -> {
            PartitionStateNode state =
                    new PartitionStateNode(brokerId, content.latestEpoch() + 1, List.of(brokerId), 0);
            operations.add(FencedStore.creation(ClusterPaths.partition(topic, partition)));
            operations.add(FencedStore.creation(ClusterPaths.partitionState(topic, partition), state.encode()));
        });
        return store.multi(operations).thenApply(done -> null);
    }

    private static CompletionStage<Void> forget(CoordinationStore store, String topic, TopicNode known, Uuid later) {
        LOG.warn(
                "Topic {} has id {} in what is kept of topics, and was created anew after that with id {}, which is in the log"
                        + " folders: it is registered anew",
                topic,
                known.topicId(),
                later);
        List<String> leavesFirst = new ArrayList<>();
        for (Integer partition : known.replicas().keySet()) {
            leavesFirst.add(ClusterPaths.partitionState(topic, partition));
            leavesFirst.add(ClusterPaths.partition(topic, partition));
        }
        leavesFirst.addAll(List.of(
                ClusterPaths.partitions(topic),
                ClusterPaths.topic(topic),
                ClusterPaths.topicConfig(topic),
                ClusterPaths.deleteTopic(topic)));
        List<Operation> deletions = new ArrayList<>();
        CompletionStage<Void> all = CompletableFuture.completedStage(null);
        for (String path : leavesFirst) {
            all = all.thenCompose(before -> FencedStore.optional(store.get(path)))
                    .thenAccept(node -> {
                        if (node != null) {
                            deletions.add(FencedStore.deletion(path));
                        }
                    });
        }
        return all.thenCompose(read -> store.multi(deletions)).thenApply(done -> null);
    }
}
