package io.odradek.server.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.odradek.protocol.api.ApiKey;
import io.odradek.server.inspect.StoredPartition;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A test moves the one clock of a cluster, and sets faults on one of its brokers. */
@Timeout(240)
class ClusterClockTest {
    private static final Instant START = Instant.parse("2020-01-01T00:00:00Z");

    private final EmbeddedCluster cluster =
            EmbeddedCluster.builder(3).startTime(START).start();
    private final TestClients clients = new TestClients(cluster.bootstrapServers());

    @AfterEach
    void close() {
        cluster.close();
    }

    private StoredPartition partition(String topic) {
        return cluster.topic(topic).partitions().get(0);
    }

    @Test
    void timePassesForAllBrokersAndTheyStayTogether() throws Exception {
        cluster.createTopic("events", 1, Map.of("retention.ms", "3600000", "min.insync.replicas", "2"));
        cluster.produce("events", "k", "old");
        int leader = partition("events").leader();
        int controller = cluster.controllerId();

        cluster.broker(leader).advance(Duration.ofHours(2));

        assertThat(partition("events").span().start()).isEqualTo(1);
        assertThat(cluster.clock().instant())
                .isBetween(START.plus(Duration.ofHours(2)), START.plus(Duration.ofHours(3)));
        assertThat(cluster.clock().instant())
                .isBetween(
                        cluster.broker(1).clock().instant().minusSeconds(60),
                        cluster.broker(2).clock().instant());
        assertThat(cluster.controllerId()).isEqualTo(controller);
        assertThat(partition("events").leader()).isEqualTo(leader);
        await().atMost(TestClients.PATIENCE)
                .until(() -> partition("events").isr().size() == 3);
        try (KafkaProducer<String, String> producer = clients.producer("acks", "all")) {
            producer.send(new ProducerRecord<>("events", 0, cluster.clock().millis(), "k", "new"))
                    .get();
        }
        assertThat(clients.values("events")).containsExactly("new");
    }

    @Test
    void faultsStrikeTheClientsOfOneBrokerAndNotItsFollowers() throws Exception {
        cluster.createTopic("orders", 1, Map.of("min.insync.replicas", "3"));
        int leader = partition("orders").leader();
        Fault noReads = cluster.broker(leader).faults().on(ApiKey.FETCH).failWith("KAFKA_STORAGE_ERROR");
        Fault noWrites =
                cluster.broker(leader).faults().on(ApiKey.PRODUCE).times(1).failWith("NOT_ENOUGH_REPLICAS");
        try (KafkaProducer<String, String> producer = clients.producer("acks", "all")) {
            producer.send(new ProducerRecord<>("orders", "k", "v")).get();
        }
        assertThat(noWrites.struck()).isEqualTo(1);
        assertThat(noReads.struck()).isZero();
        assertThat(partition("orders").isr()).hasSize(3);

        cluster.restart(leader);
        assertThat(cluster.broker(leader).faults().set()).isEqualTo(List.of(noReads, noWrites));
        cluster.reset();
        assertThat(cluster.broker(leader).faults().set()).isEmpty();
    }
}
