package io.odradek.core.controller;

import io.odradek.core.config.dynamic.StoredTopicConfig;
import io.odradek.core.coordination.ClusterPaths;
import io.odradek.core.coordination.CoordinationStore;
import io.odradek.core.coordination.CoordinationStore.CreateMode;
import io.odradek.core.coordination.CoordinationStore.Node;
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
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.BiPredicate;
import java.util.function.Function;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Registers the topics of log folders that the tree knows nothing of, such as folders that Apache Kafka has written. To be
 * called after {@link ClusterTree#prepare} and before {@link Controller#termBegan}.
 */
public final class Adoption {
    private static final Logger LOG = LoggerFactory.getLogger(Adoption.class);

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

    /** Who may know what topics override that are not in the tree. */
    public interface Knowledge {
        /**
         * {@return what is known of a topic}
         *
         * @param id its identifier, {@link Uuid#ZERO} if the folders do not tell
         */
        Known settingsOf(String topic, Uuid id);
    }

    /**
     * What is known of a topic.
     *
     * @param overrides what it overrides, with the mark that they are unconfirmed if so they are
     * @param from where that is known from, in words
     * @param id its identifier there, {@link Uuid#ZERO} for none
     * @param partitions how many it has there, 0 where that is not known
     */
    public record Known(SortedMap<String, String> overrides, String from, Uuid id, int partitions) {}

    /**
     * Registers unknown topics: as many partitions as the highest index says, each with this broker as its only replica, in
     * a leader epoch after those of its records. Each is told in the log, with its settings and where they are from. Whether
     * there are some or not, ids of producers that the logs remember are not given out again: the tree may be an old one.
     *
     * @param brokerId the broker whose folders they are
     * @param found the partitions there
     * @param knowledge of what the topics override; asked for once, and only if there are some
     * @return what the topics registered override, by topic
     */
    public static CompletionStage<SortedMap<String, SortedMap<String, String>>> adopt(
            CoordinationStore store,
            int brokerId,
            List<FoundPartition> found,
            Randoms randoms,
            Supplier<CompletionStage<Knowledge>> knowledge) {
        SortedMap<String, SortedMap<Integer, FoundPartition>> byTopic = new TreeMap<>();
        for (FoundPartition partition : found) {
            if (partition.id().partition() > LARGEST_PLAUSIBLE_PARTITION) {
                LOG.error("The folder {} is left alone: no topic has so many partitions", partition.id());
            } else if (isPlausible(partition)) {
                byTopic.computeIfAbsent(partition.id().topic(), any -> new TreeMap<>())
                        .put(partition.id().partition(), partition);
            }
        }
        if (byTopic.isEmpty()) {
            return CompletableFuture.completedStage(new TreeMap<>());
        }
        CompletionStage<List<String>> registered =
                retireProducerIds(store, brokerId, found).thenCompose(done -> store.children(ClusterPaths.TOPICS));
        return registered.thenCompose(known -> {
            known.forEach(byTopic::remove);
            return byTopic.isEmpty()
                    ? CompletableFuture.completedStage(new TreeMap<>())
                    : knowledge
                            .get()
                            .thenCombine(
                                    store.children(ClusterPaths.TOPIC_CONFIGS),
                                    (told, configured) -> new Registration(told, Set.copyOf(configured), randoms))
                            .thenCompose(registration -> register(store, brokerId, byTopic, registration));
        });
    }

    /** {@return whether a folder is a partition's that clients can have} */
    static boolean isPlausible(FoundPartition partition) {
        return partition.id().partition() <= LARGEST_PLAUSIBLE_PARTITION
                && !partition.id().topic().equals(TopicNames.METADATA);
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

    /**
     * Gives registered topics the settings that somebody knows of them after all. Each is told in the log.
     *
     * @param topics those that are in doubt
     * @param improves whether a topic is to have what is known rather than what it has in the tree, by both
     * @return what the topics that have been given others override now, by topic
     */
    public static CompletionStage<SortedMap<String, SortedMap<String, String>>> confirm(
            CoordinationStore store,
            Collection<String> topics,
            Knowledge knowledge,
            BiPredicate<SortedMap<String, String>, SortedMap<String, String>> improves) {
        SortedMap<String, SortedMap<String, String>> changed = new TreeMap<>();
        CompletionStage<Void> all = CompletableFuture.completedStage(null);
        for (String topic : topics) {
            all = all.thenCompose(before -> FencedStore.optional(store.get(ClusterPaths.topic(topic))))
                    .thenCombine(
                            FencedStore.optional(store.get(ClusterPaths.topicConfig(topic))),
                            (node, config) -> node == null || config == null
                                    ? CompletableFuture.<Void>completedStage(null)
                                    : confirm(store, topic, new Stored(node, config), knowledge, improves, changed))
                    .thenCompose(Function.identity());
        }
        return all.thenApply(done -> changed);
    }

    /** @param topic the topic's node @param config that of its settings */
    private record Stored(Node topic, Node config) {}

    private static CompletionStage<Void> confirm(
            CoordinationStore store,
            String topic,
            Stored stored,
            Knowledge knowledge,
            BiPredicate<SortedMap<String, String>, SortedMap<String, String>> improves,
            SortedMap<String, SortedMap<String, String>> changed) {
        Known known = knowledge.settingsOf(
                topic, TopicNode.decode(stored.topic().data()).topicId());
        SortedMap<String, String> before =
                StoredTopicConfig.all(topic, stored.config().data());
        if (!improves.test(before, known.overrides())) {
            return CompletableFuture.completedStage(null);
        }
        LOG.info("Topic {} has its settings again: {} ({})", topic, known.overrides(), known.from());
        changed.put(topic, known.overrides());
        return store.set(
                        ClusterPaths.topicConfig(topic),
                        new TopicConfigNode(known.overrides()).encode(),
                        stored.config().version())
                .thenApply(version -> null);
    }

    private static CompletionStage<SortedMap<String, SortedMap<String, String>>> register(
            CoordinationStore store,
            int brokerId,
            SortedMap<String, SortedMap<Integer, FoundPartition>> byTopic,
            Registration registration) {
        SortedMap<String, SortedMap<String, String>> adopted = new TreeMap<>();
        CompletionStage<Void> all = CompletableFuture.completedStage(null);
        for (Map.Entry<String, SortedMap<Integer, FoundPartition>> topic : byTopic.entrySet()) {
            List<Operation> operations = registration.operations(topic.getKey(), topic.getValue(), brokerId, adopted);
            all = all.thenCompose(before -> store.multi(operations));
        }
        return all.thenApply(done -> adopted);
    }

    /**
     * How topics are registered.
     *
     * @param knowledge of what they override
     * @param configured topics that have a node for their settings already, from an earlier topic of the name
     * @param randoms for identifiers of those that have none
     */
    private record Registration(Knowledge knowledge, Set<String> configured, Randoms randoms) {
        List<Operation> operations(
                String topic,
                SortedMap<Integer, FoundPartition> found,
                int brokerId,
                SortedMap<String, SortedMap<String, String>> adopted) {
            Uuid foundId = topicId(topic, found);
            Known known = knowledge.settingsOf(topic, foundId);
            Uuid id = !foundId.equals(Uuid.ZERO) ? foundId : known.id();
            Uuid registeredId = id.equals(Uuid.ZERO) ? randoms.nextUuid() : id;
            adopted.put(topic, known.overrides());
            tell(topic, found, registeredId, known);
            SortedMap<Integer, List<Integer>> replicas = new TreeMap<>();
            for (int partition = 0; partition <= found.lastKey(); partition++) {
                replicas.put(partition, List.of(brokerId));
            }
            List<Operation> operations = new ArrayList<>();
            operations.add(create(ClusterPaths.topicConfig(topic), new TopicConfigNode(known.overrides()).encode()));
            operations.add(create(ClusterPaths.topic(topic), new TopicNode(registeredId, replicas).encode()));
            operations.add(create(ClusterPaths.partitions(topic), NO_DATA));
            found.forEach((partition, content) -> {
                PartitionStateNode state =
                        new PartitionStateNode(brokerId, content.latestEpoch() + 1, List.of(brokerId), 0);
                operations.add(create(ClusterPaths.partition(topic, partition), NO_DATA));
                operations.add(create(ClusterPaths.partitionState(topic, partition), state.encode()));
            });
            return operations;
        }

        /** Folders of an earlier topic of the name may have been away when it was deleted: then it counts which one is known. */
        private Uuid topicId(String topic, SortedMap<Integer, FoundPartition> found) {
            Set<Uuid> ids = new LinkedHashSet<>();
            for (FoundPartition partition : found.values()) {
                if (!partition.topicId().equals(Uuid.ZERO)) {
                    ids.add(partition.topicId());
                }
            }
            if (ids.size() < 2) {
                return ids.isEmpty() ? Uuid.ZERO : ids.iterator().next();
            }
            Uuid chosen = ids.iterator().next();
            for (Uuid id : ids) {
                if (knowledge.settingsOf(topic, id).id().equals(id)) {
                    chosen = id;
                    break;
                }
            }
            for (FoundPartition partition : found.values()) {
                if (!partition.topicId().equals(chosen)) {
                    LOG.warn(
                            "The folder of {} is that of another topic of the name, with id {} rather than {}: move it"
                                    + " away",
                            partition.id(),
                            partition.topicId(),
                            chosen);
                }
            }
            return chosen;
        }
    }

    /**
     * Gives partitions whose epoch in the tree is older than that of their records a later one: the tree has lost what it was
     * told.
     *
     * @param found the partitions in the log folders
     */
    public static CompletionStage<Void> raiseEpochs(CoordinationStore store, List<FoundPartition> found) {
        CompletionStage<Void> all = CompletableFuture.completedStage(null);
        for (FoundPartition partition : found) {
            String path = ClusterPaths.partitionState(
                    partition.id().topic(), partition.id().partition());
            all = all.thenCompose(before -> FencedStore.optional(store.get(path)))
                    .thenCompose(node -> node == null
                            ? CompletableFuture.<Void>completedStage(null)
                            : raiseEpoch(store, path, node, partition.latestEpoch()));
        }
        return all;
    }

    private static CompletionStage<Void> raiseEpoch(CoordinationStore store, String path, Node node, int latestEpoch) {
        PartitionStateNode state = PartitionStateNode.decode(node.data());
        if (state.leaderEpoch() >= latestEpoch) {
            return CompletableFuture.completedStage(null);
        }
        byte[] later =
                new PartitionStateNode(state.leader(), latestEpoch + 1, state.isr(), state.controllerEpoch()).encode();
        return store.set(path, later, node.version()).thenApply(version -> null);
    }

    private static void tell(String topic, SortedMap<Integer, FoundPartition> found, Uuid id, Known known) {
        LOG.info(
                "Topic {} is adopted: id {}, partitions {}, settings {} ({})",
                topic,
                id,
                found.keySet(),
                known.overrides(),
                known.from());
        if (known.partitions() > found.size()) {
            LOG.warn(
                    "Topic {} had {} partitions, of which {} are in the log folders: the others begin empty, or are not"
                            + " there",
                    topic,
                    known.partitions(),
                    found.size());
        }
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
