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
     * Gives registered topics the partitions that lie in log folders and that the tree does not know, if their identifiers
     * agree or are unknown: a topic's partitions never become fewer. Where the folders have another topic of the name, and
     * that one is known to be the later one, the former is forgotten, so that the later one is adopted; where nobody knows
     * it, both stay as they are. Each is told in the log.
     *
     * @param brokerId the broker whose folders they are
     * @param found the partitions there
     * @param isLater whether a topic's identifier is known from after the end of the tree
     * @return whether the tree was behind
     */
    public static CompletionStage<Boolean> bringUpToDate(
            CoordinationStore store, int brokerId, List<FoundPartition> found, BiPredicate<String, Uuid> isLater) {
        SortedMap<String, List<FoundPartition>> byTopic = new TreeMap<>();
        for (FoundPartition partition : found) {
            if (Adoption.isPlausible(partition)) {
                byTopic.computeIfAbsent(partition.id().topic(), any -> new ArrayList<>())
                        .add(partition);
            }
        }
        CompletionStage<Boolean> all = CompletableFuture.completedStage(false);
        for (Map.Entry<String, List<FoundPartition>> topic : byTopic.entrySet()) {
            all = all.thenCompose(before -> FencedStore.optional(store.get(ClusterPaths.topic(topic.getKey())))
                    .thenCompose(node -> node == null
                            ? CompletableFuture.<Boolean>completedStage(false)
                            : bringUpToDate(store, brokerId, topic.getKey(), node, topic.getValue(), isLater))
                    .thenApply(changed -> before || changed));
        }
        return all;
    }

    private static CompletionStage<Boolean> bringUpToDate(
            CoordinationStore store,
            int brokerId,
            String topic,
            Node node,
            List<FoundPartition> found,
            BiPredicate<String, Uuid> isLater) {
        TopicNode known = TopicNode.decode(node.data());
        SortedMap<Integer, FoundPartition> unknown = new TreeMap<>();
        SortedMap<Integer, Uuid> others = new TreeMap<>();
        Uuid later = null;
        boolean isThere = known.topicId().equals(Uuid.ZERO);
        for (FoundPartition partition : found) {
            isThere |= partition.topicId().equals(known.topicId());
            if (mayBe(known.topicId(), partition.topicId())) {
                if (!known.replicas().containsKey(partition.id().partition())) {
                    unknown.put(partition.id().partition(), partition);
                }
            } else {
                others.put(partition.id().partition(), partition.topicId());
                later = isLater.test(topic, partition.topicId()) ? partition.topicId() : later;
            }
        }
        if (!isThere && later != null) {
            return forget(store, topic, known, later);
        }
        if (!others.isEmpty()) {
            warnOfOthers(topic, known.topicId(), others, isThere);
            unknown.values().removeIf(partition -> partition.topicId().equals(Uuid.ZERO));
        }
        return unknown.isEmpty()
                ? CompletableFuture.completedStage(false)
                : grow(store, brokerId, topic, node, known, unknown);
    }

    private static boolean mayBe(Uuid one, Uuid other) {
        return one.equals(other) || one.equals(Uuid.ZERO) || other.equals(Uuid.ZERO);
    }

    private static void warnOfOthers(String topic, Uuid known, SortedMap<Integer, Uuid> others, boolean isThere) {
        if (isThere) {
            LOG.warn(
                    "The folders of partitions {} of topic {} are those of another topic of the name (partition=id: {}) than"
                            + " the one that is served, with id {}: they are not served. Move them out of the log folder",
                    others.keySet(),
                    topic,
                    others,
                    known);
        } else {
            LOG.warn(
                    "Topic {} is not served from the folders of its partitions {}: what is kept of topics has it with id {},"
                            + " and the folders are those of another topic of the name (partition=id: {}); nothing says which"
                            + " one is the later. Stop the broker and move these folders out of the log folder: the topic"
                            + " then begins empty. To have what they hold instead, delete the topic while they are away,"
                            + " stop the broker, and move them back: the next start adopts them",
                    topic,
                    others.keySet(),
                    known,
                    others);
        }
    }

    private static CompletionStage<Boolean> grow(
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
        return store.multi(operations).thenApply(done -> true);
    }

    private static CompletionStage<Boolean> forget(CoordinationStore store, String topic, TopicNode known, Uuid later) {
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
        return all.thenCompose(read -> store.multi(deletions)).thenApply(done -> true);
    }
}
