package io.odradek.core.controller;

import static org.assertj.core.api.Assertions.assertThat;

import io.odradek.core.coordination.ClusterPaths;
import io.odradek.core.coordination.CoordinationException;
import io.odradek.core.coordination.CoordinationException.Reason;
import io.odradek.core.coordination.CoordinationStore;
import io.odradek.core.coordination.CoordinationStore.CreateMode;
import io.odradek.core.coordination.node.PartitionStateNode;
import io.odradek.core.coordination.node.TopicNode;
import io.odradek.core.metadata.MetadataImage.PartitionInfo;
import io.odradek.protocol.errors.ErrorCode;
import io.odradek.protocol.wire.Uuid;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Large topics are written in several parts, and what comes between two of them leaves no topic with a part of itself. */
class TopicInPartsTest {
    private static final int PARTITIONS = 1_200;

    private SimulatedCluster cluster;

    @BeforeEach
    void open() throws IOException {
        cluster = new SimulatedCluster();
    }

    @AfterEach
    void close() {
        cluster.close();
        cluster.files.close();
    }

    private static SortedMap<Integer, List<Integer>> replicas() {
        SortedMap<Integer, List<Integer>> replicas = new TreeMap<>();
        for (int partition = 0; partition < PARTITIONS; partition++) {
            replicas.put(partition, List.of(1));
        }
        return replicas;
    }

    /** The tree, whose writes of several nodes fail from the n-th on, some of them. */
    private static CoordinationStore failing(CoordinationStore tree, int from, int to) {
        int[] writes = new int[1];
        return (CoordinationStore) Proxy.newProxyInstance(
                TopicInPartsTest.class.getClassLoader(),
                new Class<?>[] {CoordinationStore.class},
                (proxy, method, args) -> {
                    if (method.getName().equals("multi") && ++writes[0] >= from && writes[0] <= to) {
                        return CompletableFuture.failedStage(new CoordinationException(Reason.STORAGE_FAILURE, "/"));
                    }
                    return method.invoke(tree, args);
                });
    }

    private CompletionStage<Void> create(CoordinationStore tree) {
        return topics(tree).create(topic("many", PARTITIONS));
    }

    private static ControlledTopic topic(String name, int count) {
        SortedMap<Integer, ControlledPartition> partitions = new TreeMap<>();
        PartitionStateNode first = new PartitionStateNode(1, 0, List.of(1), 1);
        for (int index = 0; index < count; index++) {
            partitions.put(index, new ControlledPartition.Assigned(List.of(1), first, 0));
        }
        return new ControlledTopic(name, new Uuid(1, 2), partitions, new TreeMap<>());
    }

    private TopicStore topics(CoordinationStore tree) {
        int version = cluster.value(tree.get(ClusterPaths.CONTROLLER_EPOCH)).version();
        return new TopicStore(new FencedStore(tree, version), Map::of, cluster.world.newRandoms("ids"));
    }

    @Test
    void theLargestTopicOfTheLongestNameIsWrittenAndRemovedInPartsThatTheTreeTakes() {
        cluster.start(1);
        cluster.kill(1);
        String name = "n".repeat(249);
        cluster.value(topics(cluster.observer()).create(topic(name, 20_000)));
        assertThat(cluster.value(cluster.observer().children(ClusterPaths.partitions(name))))
                .hasSize(20_000);
        cluster.value(topics(cluster.observer()).remove(name));
        assertThat(cluster.value(cluster.observer().children(ClusterPaths.TOPICS)))
                .isEmpty();
        assertThat(cluster.value(cluster.observer().children(ClusterPaths.TOPIC_CONFIGS)))
                .isEmpty();
    }

    @Test
    void electionsOfThousandsAreWrittenInPartsThatTheTreeTakes() {
        cluster.start(1);
        cluster.kill(1);
        String name = "n".repeat(249);
        cluster.value(topics(cluster.observer()).create(topic(name, 3_000)));
        SimulatedCluster.Broker broker = cluster.start(1);
        assertThat(broker.image().topics().get(name).partitions())
                .hasSize(3_000)
                .extracting(PartitionInfo::leader)
                .containsOnly(1);
        cluster.start(2);
        cluster.kill(1);
        cluster.world.advanceMs(2_000);
        assertThat(cluster.brokers.get(2).image().topics().get(name).partitions())
                .hasSize(3_000)
                .extracting(PartitionInfo::leader)
                .containsOnly(LeaderElection.NO_LEADER);
    }

    @Test
    void aTopicWhoseSettingsAreTooLargeIsRefusedAndCostsNobodyAnything() {
        SimulatedCluster.Broker broker = cluster.start(1);
        String replicas = "1:2,".repeat(CoordinationStore.MAX_TRANSACTION_BYTES / 4) + "1:2";
        TopicResult refused = broker.create("large", 1, 1, Map.of("leader.replication.throttled.replicas", replicas));
        assertThat(refused.error()).isEqualTo(ErrorCode.POLICY_VIOLATION);
        assertThat(refused.message()).contains("/config/topics/large", "more than the 1000000");
        assertThat(broker.create("small", 1, 1, Map.of()).error()).isEqualTo(ErrorCode.NONE);
        assertThat(cluster.text(ClusterPaths.CONTROLLER_EPOCH)).isEqualTo("1");
    }

    @Test
    void aFailureBetweenTwoPartsLeavesNothing() {
        cluster.start(1);
        cluster.kill(1);
        for (int failed = 1; failed <= 3; failed++) {
            assertThat(cluster.failure(create(failing(cluster.observer(), failed, failed))))
                    .isNotNull();
            assertThat(cluster.value(cluster.observer().children(ClusterPaths.TOPICS)))
                    .isEmpty();
            assertThat(cluster.value(cluster.observer().children(ClusterPaths.TOPIC_CONFIGS)))
                    .isEmpty();
        }
        cluster.value(create(cluster.observer()));
        assertThat(cluster.value(cluster.observer().children(ClusterPaths.partitions("many"))))
                .hasSize(PARTITIONS);
    }

    @Test
    void theNextControllerCompletesWhatCouldNotBeTakenBack() {
        cluster.start(1);
        cluster.kill(1);
        assertThat(cluster.failure(create(failing(cluster.observer(), 2, 99)))).isNotNull();
        assertComplete(cluster.start(1));
    }

    @Test
    void theNextControllerCompletesWhatACrashLeft() {
        cluster.start(1);
        cluster.kill(1);
        CoordinationStore tree = cluster.observer();
        byte[] topic = new TopicNode(new Uuid(1, 2), replicas()).encode();
        cluster.value(tree.create(ClusterPaths.topic("many"), topic, CreateMode.PERSISTENT));
        cluster.value(tree.create(ClusterPaths.partitions("many"), new byte[0], CreateMode.PERSISTENT));
        cluster.value(tree.create(ClusterPaths.partition("many", 0), new byte[0], CreateMode.PERSISTENT));
        assertComplete(cluster.start(1));
    }

    private static void assertComplete(SimulatedCluster.Broker broker) {
        assertThat(broker.image().topics().get("many").partitions())
                .hasSize(PARTITIONS)
                .extracting(PartitionInfo::leader)
                .containsOnly(1);
        assertThat(broker.replicas.served).hasSize(PARTITIONS);
    }
}
