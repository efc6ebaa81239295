package io.odradek.server.clients;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.odradek.server.embedded.EmbeddedCluster;
import io.odradek.server.embedded.Fault;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.function.Consumer;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.CreatePartitionsOptions;
import org.apache.kafka.clients.admin.CreateTopicsOptions;
import org.apache.kafka.clients.admin.NewPartitionReassignment;
import org.apache.kafka.clients.admin.NewPartitions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.ElectionType;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.ElectionNotNeededException;
import org.apache.kafka.common.errors.InvalidReplicaAssignmentException;
import org.apache.kafka.common.errors.InvalidReplicationFactorException;
import org.apache.kafka.common.errors.ReassignmentInProgressException;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Topics and leaders while replicas move and a broker is down, with each released version of the Java client. */
@Timeout(180)
class KafkaClientsAdminMeanwhileTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final TopicPartition T0 = new TopicPartition("t", 0);

    private static void create(Admin admin, String topic, Map<Integer, List<Integer>> replicas) throws Exception {
        admin.createTopics(List.of(new NewTopic(topic, replicas))).all().get();
    }

    private static List<PartitionInfo> at(EmbeddedCluster cluster, int broker, String topic) {
        try (KafkaConsumer<String, String> consumer = new KafkaConsumer<>(
                cluster.broker(broker).clientProperties(), new StringDeserializer(), new StringDeserializer())) {
            List<PartitionInfo> partitions = consumer.listTopics().get(topic);
            return partitions == null ? List.of() : partitions;
        }
    }

    /** What is true at the controller when it has answered is true at the other brokers a moment later. */
    private static void shown(EmbeddedCluster cluster, String topic, Consumer<List<PartitionInfo>> truth) {
        await(topic + " at all brokers").atMost(PATIENCE).untilAsserted(() -> {
            for (int id : cluster.up()) {
                truth.accept(at(cluster, id, topic));
            }
        });
    }

    private static List<Integer> leaders(List<PartitionInfo> partitions) {
        return partitions.stream()
                .sorted(Comparator.comparingInt(PartitionInfo::partition))
                .map(partition ->
                        partition.leader() == null ? -1 : partition.leader().id())
                .toList();
    }

    private static void gone(EmbeddedCluster cluster, String topic) {
        shown(cluster, topic, partitions -> assertThat(partitions).isEmpty());
    }

    @Test
    void whileATopicMovesItDoesNotGrowIsLedAsAskedAndCanBeDeleted() throws Exception {
        try (EmbeddedCluster cluster = EmbeddedCluster.builder(3)
                        .setting("auto.create.topics.enable", "false")
                        .start();
                Admin admin = Admin.create(cluster.clientProperties())) {
            create(admin, "t", Map.of(0, List.of(1, 2)));
            create(admin, "steady", Map.of(0, List.of(2, 1)));
            Fault full = cluster.broker(3).faults().fullDisk();
            admin.alterPartitionReassignments(Map.of(T0, Optional.of(new NewPartitionReassignment(List.of(3, 2)))))
                    .all()
                    .get();

            assertThatThrownBy(() -> admin.createPartitions(Map.of("t", NewPartitions.increaseTo(2)))
                            .all()
                            .get())
                    .hasCauseInstanceOf(ReassignmentInProgressException.class);
            admin.createPartitions(Map.of("steady", NewPartitions.increaseTo(2, List.of(List.of(1, 2)))))
                    .all()
                    .get();
            shown(
                    cluster,
                    "steady",
                    partitions -> assertThat(leaders(partitions)).containsExactly(2, 1));
            Map<TopicPartition, Optional<Throwable>> elected = admin.electLeaders(ElectionType.PREFERRED, null)
                    .partitions()
                    .get();
            assertThat(elected.keySet())
                    .as("the first of its replicas is not in sync")
                    .containsExactly(T0);
            assertThat(admin.electLeaders(ElectionType.UNCLEAN, Set.of(T0))
                            .partitions()
                            .get()
                            .get(T0))
                    .containsInstanceOf(ElectionNotNeededException.class);
            assertThat(admin.listPartitionReassignments().reassignments().get()).containsOnlyKeys(T0);

            admin.deleteTopics(List.of("t")).all().get();
            gone(cluster, "t");
            assertThat(admin.listPartitionReassignments().reassignments().get()).isEmpty();
            full.close();
            create(admin, "t", Map.of(0, List.of(3)));
            shown(cluster, "t", partitions -> assertThat(leaders(partitions)).containsExactly(3));
        }
    }

    @Test
    void withABrokerDownTopicsComeGrowAndGoAndAllBrokersShowIt() throws Exception {
        try (EmbeddedCluster cluster = EmbeddedCluster.builder(3)
                        .setting("auto.create.topics.enable", "false")
                        .start();
                Admin admin = Admin.create(cluster.clientProperties())) {
            create(admin, "old", Map.of(0, List.of(1, 2), 1, List.of(2, 1)));
            int down = cluster.controllerId();
            List<Integer> up = new ArrayList<>(List.of(1, 2, 3));
            up.remove(Integer.valueOf(down));
            cluster.kill(down);
            await("the next controller")
                    .atMost(PATIENCE)
                    .until(() -> admin.describeCluster().nodes().get().size() == 2);

            assertThatThrownBy(() -> admin.createTopics(List.of(new NewTopic("wide", 1, (short) 3)))
                            .all()
                            .get())
                    .hasCauseInstanceOf(InvalidReplicationFactorException.class);
            admin.createTopics(List.of(new NewTopic("new", 4, (short) 2))).all().get();
            shown(cluster, "new", partitions -> {
                assertThat(leaders(partitions)).hasSize(4).doesNotContain(down, -1);
                assertThat(partitions)
                        .allSatisfy(partition ->
                                assertThat(partition.inSyncReplicas()).hasSize(2));
            });
            assertThatThrownBy(() -> admin.createTopics(
                                    List.of(new NewTopic("new", 1, (short) 1)),
                                    new CreateTopicsOptions().validateOnly(true))
                            .all()
                            .get())
                    .hasCauseInstanceOf(TopicExistsException.class);

            assertThatThrownBy(() -> grow(admin, "new", 5, List.of(up.get(0), down), false))
                    .hasCauseInstanceOf(InvalidReplicaAssignmentException.class);
            grow(admin, "new", 5, up, true);
            shown(cluster, "new", partitions -> assertThat(partitions).hasSize(4));
            grow(admin, "new", 5, List.of(up.get(1), up.get(0)), false);
            shown(
                    cluster,
                    "new",
                    partitions -> assertThat(leaders(partitions))
                            .hasSize(5)
                            .element(4)
                            .isEqualTo(up.get(1)));

            admin.deleteTopics(List.of("new", "old")).all().get();
            gone(cluster, "new");
            gone(cluster, "old");
            cluster.restart(down);
            await("the end of a topic that a broker had which was down")
                    .atMost(PATIENCE)
                    .until(() -> createdAgain(admin));
        }
    }

    private static void grow(Admin admin, String topic, int partitions, List<Integer> replicas, boolean validateOnly)
            throws Exception {
        admin.createPartitions(
                        Map.of(topic, NewPartitions.increaseTo(partitions, List.of(replicas))),
                        new CreatePartitionsOptions().validateOnly(validateOnly))
                .all()
                .get();
    }

    private static boolean createdAgain(Admin admin) throws Exception {
        try {
            create(admin, "old", Map.of(0, List.of(1, 2, 3)));
            return true;
        } catch (ExecutionException e) {
            assertThat(e.getCause()).isInstanceOf(TopicExistsException.class);
            return false;
        }
    }
}
