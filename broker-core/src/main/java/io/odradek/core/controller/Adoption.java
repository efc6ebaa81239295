package io.odradek.core.controller;

import io.odradek.core.config.dynamic.StoredTopicConfig;
import io.odradek.core.coordination.ClusterPaths;
import io.odradek.core.coordination.CoordinationStore;
import io.odradek.core.coordination.CoordinationStore.CreateMode;
import io.odradek.core.coordination.CoordinationStore.Operation;
import io.odradek.core.coordination.node.PartitionStateNode;
import io.odradek.core.coordination.node.ProducerIdBlockNode;
import io.odradek.core.coordination.node.TopicConfigNode;
import io.odradek.core.coordination.node.TopicNode;
import io.odradek.protocol.TopicPartition;
import io.odradek.protocol.wire.Uuid;
import io.odradek.storage.env.Randoms;
import io.odradek.storage.log.Log;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Registers the topics of log folders that the tree knows nothing of, such as folders that Apache Kafka has written. To be
 * called after {@link ClusterTree#prepare} and before {@link Controller#start}.
 */
public final class Adoption {
    private static final Logger LOG = LoggerFactory.getLogger(Adoption.class);

    /** KRaft's own metadata: not a topic. */
    private static final String METADATA_TOPIC = "__cluster_metadata";

    /** Beyond it an id has been made up by its producer: no cluster has given out so many. */
    private static final long LARGEST_PLAUSIBLE_PRODUCER_ID = 1L << 48;

    /** A folder with a larger number in its name, such as that of a day, is no partition: no topic has so many. */
    private static final int LARGEST_PLAUSIBLE_PARTITION = 50_000;

    private static final byte[] NO_DATA = new byte[0];

    private Adoption() {}

    /**
     * A partition in a log folder.
     *
     * @param id the partition
     * @param topicId the topic's identifier in {@code partition.metadata}, {@link Uuid#ZERO} for none
     * @param latestEpoch the newest leader epoch with records, -1 for none
     * @param largestProducerId the largest id of a producer whose sequences the log remembers, -1 for none
     */
    public record FoundPartition(TopicPartition id, Uuid topicId, int latestEpoch, long largestProducerId) {
        /** {@return what a log holds} */
        public static FoundPartition of(Log log) {
            return new FoundPartition(
                    log.id(), log.topicId(), log.latestEpoch(), log.producers().largestId());
        }
    }

    /**
     * Registers unknown topics: as many partitions as the highest index says, each with this broker as its only replica, in
     * a leader epoch after those of its records. What the topic overrode in its former cluster is not in the folders: it has
     * the settings of {@link #settings}.
     *
     * @param brokerId the broker whose folders they are
     * @param found the partitions there
     * @return the topics registered, sorted
     */
    public static CompletionStage<List<String>> adopt(
            CoordinationStore store, int brokerId, List<FoundPartition> found, Randoms randoms) {
        SortedMap<String, SortedMap<Integer, FoundPartition>> byTopic = new TreeMap<>();
        for (FoundPartition partition : found) {
            if (partition.id().partition() > LARGEST_PLAUSIBLE_PARTITION) {
                LOG.error("The folder {} is left alone: no topic has so many partitions", partition.id());
            } else if (!partition.id().topic().equals(METADATA_TOPIC)) {
                byTopic.computeIfAbsent(partition.id().topic(), any -> new TreeMap<>())
                        .put(partition.id().partition(), partition);
            }
        }
        if (byTopic.isEmpty()) {
            return CompletableFuture.completedStage(List.of());
        }
        return store.children(ClusterPaths.TOPICS).thenCompose(known -> {
            known.forEach(byTopic::remove);
            return byTopic.isEmpty()
                    ? CompletableFuture.completedStage(List.of())
                    : retireProducerIds(store, brokerId, found)
                            .thenCompose(done -> register(store, brokerId, byTopic, randoms));
        });
    }

    /**
     * Keeps the producer ids that the logs remember from being given out again: a new producer would be taken for the former
     * one, and its records for those that one has sent already.
     */
    private static CompletionStage<Void> retireProducerIds(
            CoordinationStore store, int brokerId, List<FoundPartition> found) {
        long largest = -1;
        for (FoundPartition partition : found) {
            if (partition.largestProducerId() <= LARGEST_PLAUSIBLE_PRODUCER_ID) {
                largest = Math.max(largest, partition.largestProducerId());
            }
        }
        long largestUsed = largest;
        return store.get(ClusterPaths.PRODUCER_ID_BLOCK).thenCompose(node -> {
            ProducerIdBlockNode next = ProducerIdBlockNode.next(node.data(), brokerId);
            if (largestUsed < next.firstId()) {
                return CompletableFuture.completedStage(null);
            }
            byte[] block = new ProducerIdBlockNode(brokerId, next.firstId(), largestUsed).encode();
            return store.set(ClusterPaths.PRODUCER_ID_BLOCK, block, node.version())
                    .thenApply(version -> null);
        });
    }

    private static CompletionStage<List<String>> register(
            CoordinationStore store,
            int brokerId,
            SortedMap<String, SortedMap<Integer, FoundPartition>> byTopic,
            Randoms randoms) {
        CompletionStage<Void> all = CompletableFuture.completedStage(null);
        for (Map.Entry<String, SortedMap<Integer, FoundPartition>> topic : byTopic.entrySet()) {
            List<Operation> operations = register(topic.getKey(), topic.getValue(), brokerId, randoms);
            all = all.thenCompose(before -> store.multi(operations));
        }
        return all.thenApply(done -> List.copyOf(byTopic.keySet()));
    }

    private static List<Operation> register(
            String topic, SortedMap<Integer, FoundPartition> found, int brokerId, Randoms randoms) {
        SortedMap<Integer, List<Integer>> replicas = new TreeMap<>();
        for (int partition = 0; partition <= found.lastKey(); partition++) {
            replicas.put(partition, List.of(brokerId));
        }
        List<Operation> operations = new ArrayList<>();
        operations.add(create(ClusterPaths.topicConfig(topic), new TopicConfigNode(settings(topic)).encode()));
        operations.add(create(ClusterPaths.topic(topic), new TopicNode(topicId(found, randoms), replicas).encode()));
        operations.add(create(ClusterPaths.partitions(topic), NO_DATA));
        found.forEach((partition, content) -> {
            PartitionStateNode state =
                    new PartitionStateNode(brokerId, content.latestEpoch() + 1, List.of(brokerId), 0);
            operations.add(create(ClusterPaths.partition(topic, partition), NO_DATA));
            operations.add(create(ClusterPaths.partitionState(topic, partition), state.encode()));
        });
        return operations;
    }

    private static Uuid topicId(SortedMap<Integer, FoundPartition> found, Randoms randoms) {
        for (FoundPartition partition : found.values()) {
            if (!partition.topicId().equals(Uuid.ZERO)) {
                return partition.topicId();
            }
        }
        return randoms.nextUuid();
    }

    /**
     * {@return what a topic overrides that is in the log folders and not in the tree} The topics that keep the coordinators'
     * state are compacted; of any other one, nothing is deleted or compacted until somebody says what its settings are.
     */
    public static SortedMap<String, String> settings(String topic) {
        return TopicNames.internal(topic)
                ? new TreeMap<>(Map.of("cleanup.policy", "compact"))
                : StoredTopicConfig.unknown();
    }

    private static Operation create(String path, byte[] data) {
        return new Operation.Create(path, data, CreateMode.PERSISTENT);
    }
}
