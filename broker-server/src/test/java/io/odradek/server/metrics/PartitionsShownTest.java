package io.odradek.server.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.odradek.server.embedded.EmbeddedBroker;
import io.odradek.server.embedded.EmbeddedCluster;
import io.odradek.server.env.SystemClock;
import java.time.Duration;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
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

    private static int leader(EmbeddedCluster cluster) throws Exception {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", cluster.bootstrapServers()))) {
            return admin.describeTopics(java.util.List.of("t"))
                    .allTopicNames()
                    .get()
                    .get("t")
                    .partitions()
                    .get(0)
                    .leader()
                    .id();
        }
    }

    /** {@return -1 if the broker shows no such thing} */
    private double shown(String name, int broker) {
        var gauge = registry.find(MicrometerMeters.PREFIX + name)
                .tags("topic", "t", "partition", "0", "broker", Integer.toString(broker))
                .gauge();
        return gauge == null ? -1 : gauge.value();
    }
}
