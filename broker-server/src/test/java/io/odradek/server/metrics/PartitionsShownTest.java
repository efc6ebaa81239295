package io.odradek.server.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.odradek.server.embedded.EmbeddedBroker;
import io.odradek.server.embedded.EmbeddedCluster;
import io.odradek.server.embedded.Fault;
import io.odradek.server.env.SystemClock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewPartitionReassignment;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;

/** What the brokers of a cluster show of a partition, each for itself. */
class PartitionsShownTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final BrokerRegistry registry = new BrokerRegistry(new SystemClock());

    @Test
    void itsLeaderShowsHowItsReplicasAreAndWhatHoldsItsReadersUp() throws Exception {
        try (EmbeddedCluster cluster = EmbeddedCluster.builder(2)
                .topic("t", 1, Map.of("min.insync.replicas", "2"))
                .meters(id -> MicrometerMeters.of(registry, "broker", Integer.toString(id)))
                .start()) {
            int leader = leader(cluster);
            int follower = 3 - leader;
            await().atMost(PATIENCE).untilAsserted(() -> {
                assertThat(shown("partition.replicas", leader)).isEqualTo(2);
                assertThat(shown("partition.in.sync", leader)).isEqualTo(2);
                assertThat(shown("partition.under.replicated", leader)).isZero();
                assertThat(shown("partition.at.min.isr", leader)).isEqualTo(1);
            });
            assertThat(shown("partition.replicas", follower)).isZero();

            Map<String, Object> settings =
                    Map.of("bootstrap.servers", cluster.bootstrapServers(), "transactional.id", "writer");
            try (KafkaProducer<String, String> producer =
                    new KafkaProducer<>(settings, new StringSerializer(), new StringSerializer())) {
                producer.initTransactions();
                producer.beginTransaction();
                producer.send(new ProducerRecord<>("t", 0, "k", "one"));
                producer.send(new ProducerRecord<>("t", 0, "k", "two")).get();
                await().atMost(PATIENCE)
                        .untilAsserted(() -> assertThat(shown("partition.stable.lag", leader))
                                .isEqualTo(2));
                producer.commitTransaction();
                await().atMost(PATIENCE)
                        .untilAsserted(() -> assertThat(shown("partition.stable.lag", leader))
                                .isZero());
            }

            cluster.kill(follower);
            await().atMost(PATIENCE).untilAsserted(() -> {
                assertThat(shown("partition.in.sync", leader)).isEqualTo(1);
                assertThat(shown("partition.under.replicated", leader)).isEqualTo(1);
                assertThat(shown("partition.under.min.isr", leader)).isEqualTo(1);
                assertThat(shown("partition.at.min.isr", leader)).isZero();
            });
            assertThat(shown("partition.replicas", follower)).isEqualTo(-1);
        }
        assertThat(registry.getMeters()).isEmpty();
    }

    @Test
    void aPartitionOnTheMoveIsShownByItsLeaderAndItsBytesByBothSides() throws Exception {
        try (EmbeddedCluster cluster = EmbeddedCluster.builder(2)
                        .meters(id -> MicrometerMeters.of(registry, "broker", Integer.toString(id)))
                        .start();
                Admin admin = Admin.create(cluster.clientProperties());
                KafkaProducer<String, String> producer = new KafkaProducer<>(
                        cluster.clientProperties(), new StringSerializer(), new StringSerializer())) {
            admin.createTopics(List.of(new NewTopic("t", Map.of(0, List.of(1)))))
                    .all()
                    .get();
            producer.send(new ProducerRecord<>("t", "one")).get();
            Fault full = cluster.broker(2).faults().fullDisk();
            admin.alterPartitionReassignments(
                            Map.of(new TopicPartition("t", 0), Optional.of(new NewPartitionReassignment(List.of(2)))))
                    .all()
                    .get();
            await().atMost(PATIENCE).untilAsserted(() -> {
                assertThat(ofBroker("partitions.reassigning", 1)).isEqualTo(1);
                assertThat(ofBroker("partitions.under.replicated", 1)).isZero();
                assertThat(shown("partition.replicas", 1)).isEqualTo(1);
                assertThat(shown("partition.in.sync", 1)).isEqualTo(1);
                assertThat(shown("partition.under.replicated", 1)).isZero();
            });
            assertThat(ofBroker("partitions.reassigning", 2)).isZero();
            full.close();
            await().atMost(PATIENCE)
                    .until(() -> shown("partition.replicas", 2) == 1 && shown("partition.replicas", 1) == -1);
            assertThat(ofBroker("partitions.reassigning", 1)).isZero();
            assertThat(ofBroker("partitions.reassigning", 2)).isZero();
            assertThat(counted("reassignment.bytes.in", 2))
                    .isPositive()
                    .isLessThanOrEqualTo(counted("reassignment.bytes.out", 1))
                    .isEqualTo(counted("replication.bytes.in", 2));
            assertThat(counted("reassignment.bytes.out", 2)).isZero();
        }
    }

    @Test
    void aTransactionThatWasOpenBeforeARestartIsShownToHoldReadersUp() throws Exception {
        try (EmbeddedBroker broker = EmbeddedBroker.builder()
                .topic("t", 1)
                .meters(MicrometerMeters.of(registry, "broker", "0"))
                .start()) {
            Map<String, Object> settings =
                    Map.of("bootstrap.servers", broker.bootstrapServers(), "transactional.id", "writer");
            try (KafkaProducer<String, String> producer =
                    new KafkaProducer<>(settings, new StringSerializer(), new StringSerializer())) {
                producer.initTransactions();
                producer.beginTransaction();
                producer.send(new ProducerRecord<>("t", 0, "k", "one")).get();
                assertThat(shown("partition.stable.lag", 0)).isEqualTo(1);

                broker.restart();
                await().atMost(PATIENCE)
                        .untilAsserted(() ->
                                assertThat(shown("partition.stable.lag", 0)).isEqualTo(1));
                producer.abortTransaction();
                await().atMost(PATIENCE)
                        .untilAsserted(() ->
                                assertThat(shown("partition.stable.lag", 0)).isZero());
            }
        }
    }

    private static int leader(EmbeddedCluster cluster) {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", cluster.bootstrapServers()))) {
            // Whoever is asked may not have heard of the topic yet.
            return await().atMost(PATIENCE)
                    .ignoreExceptionsInstanceOf(ExecutionException.class)
                    .until(
                            () -> admin.describeTopics(List.of("t"))
                                    .allTopicNames()
                                    .get()
                                    .get("t")
                                    .partitions()
                                    .get(0)
                                    .leader()
                                    .id(),
                            leader -> leader > 0);
        }
    }

    private double ofBroker(String name, int broker) {
        return registry.get(MicrometerMeters.PREFIX + name)
                .tags("broker", Integer.toString(broker))
                .gauge()
                .value();
    }

    private double counted(String name, int broker) {
        return registry.get(MicrometerMeters.PREFIX + name)
                .tags("broker", Integer.toString(broker))
                .counter()
                .count();
    }

    /** {@return -1 if the broker shows no such thing} */
    private double shown(String name, int broker) {
        var gauge = registry.find(MicrometerMeters.PREFIX + name)
                .tags("topic", "t", "partition", "0", "broker", Integer.toString(broker))
                .gauge();
        return gauge == null ? -1 : gauge.value();
    }
}
