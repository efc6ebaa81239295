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
        SortedMap<Integer, ControlledPartition> partitions = new TreeMap<>();
        PartitionStateNode first = new PartitionStateNode(1, 0, List.of(1), 1);
        replicas()
                .forEach(
                        (index, brokers) -> partitions.put(index, new ControlledPartition.Assigned(brokers, first, 0)));
        int version = cluster.value(tree.get(ClusterPaths.CONTROLLER_EPOCH)).version();
        return new TopicStore(new FencedStore(tree, version), Map.of(), cluster.world.newRandoms("ids"))
                .create(new ControlledTopic("many", new Uuid(1, 2), partitions, new TreeMap<>()));
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
