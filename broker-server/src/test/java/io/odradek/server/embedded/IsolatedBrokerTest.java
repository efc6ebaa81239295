package io.odradek.server.embedded;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.odradek.server.inspect.StoredPartition;
import io.odradek.server.inspect.StoredRecord;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;

/** A cluster's topics, records and groups without a client, also while a broker is cut off from the others. */
class IsolatedBrokerTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @Test
    void recordsAndGroupsAreThoseOfTheWholeClusterWhoeverLeadsThem() {
        try (EmbeddedCluster cluster = EmbeddedCluster.builder(3).topic("t", 3).start();
                KafkaConsumer<String, String> consumer = new KafkaConsumer<>(
                        cluster.consumerProperties("group"), new StringDeserializer(), new StringDeserializer())) {
            assertThat(cluster.topic("t").partitions())
                    .allSatisfy(partition -> assertThat(partition.replicas()).hasSize(3));
            for (int partition = 0; partition < 3; partition++) {
                cluster.produce("t", NewRecord.of("k", "v" + partition).partition(partition));
            }
            assertThat(cluster.records("t")).extracting(StoredRecord::value).containsExactly("v0", "v1", "v2");
            assertThat(cluster.broker(2).records("t")).hasSize(3);
            consumer.subscribe(List.of("t"));
            await().atMost(PATIENCE).until(() -> {
                consumer.poll(Duration.ofMillis(50));
                consumer.commitSync();
                return cluster.groups().size() == 1
                        && cluster.group("group").positions().size() == 3
                        && cluster.group("group").lag() == 0;
            });
            cluster.kill(cluster.topic("t").partitions().get(0).leader());

            cluster.reset();

            assertThat(cluster.up()).containsExactly(1, 2, 3);
            assertThat(cluster.records("t")).isEmpty();
            assertThat(cluster.produce("t", "k", "new").offset()).isZero();
            assertThat(cluster.awaitRecords("t", 1, PATIENCE)).hasSize(1);
        }
    }

    @Test
    void theOthersGoOnWithoutABrokerThatIsCutOffAndItLosesWhatItAcknowledgedAlone() throws Exception {
        try (EmbeddedCluster cluster = EmbeddedCluster.builder(3).topic("t").start();
                KafkaProducer<String, String> knowsTheOldLeader = new KafkaProducer<>(
                        Map.of(
                                "bootstrap.servers",
                                cluster.bootstrapServers(),
                                "acks",
                                "1",
                                "enable.idempotence",
                                "false"),
                        new StringSerializer(),
                        new StringSerializer())) {
            cluster.produce("t", "before");
            knowsTheOldLeader.partitionsFor("t");
            int cutOff = leader(cluster);
            try (Isolation isolation = cluster.isolate(cutOff)) {
                assertThat(isolation.brokerId()).isEqualTo(cutOff);
                await().atMost(PATIENCE).until(() -> leader(cluster) != cutOff && leader(cluster) >= 0);
                knowsTheOldLeader.send(new ProducerRecord<>("t", "lost")).get(60, SECONDS);
                cluster.produce("t", "meanwhile");
                assertThat(cluster.records("t")).extracting(StoredRecord::value).containsExactly("before", "meanwhile");
            }

            await().atMost(PATIENCE)
                    .until(() -> cluster.topic("t").partitions().get(0).isr().size() == 3);
            cluster.stop(leader(cluster));
            cluster.stop(leader(cluster));
            assertThat(leader(cluster)).isEqualTo(cluster.up().first());
            assertThat(cluster.records("t")).extracting(StoredRecord::value).containsExactly("before", "meanwhile");
        }
    }

    @Test
    void whatIsSentToALeaderThatIsCutOffForAllReplicasIsWrittenOnceByTheNextLeader() throws Exception {
        Map<String, Object> settings = new HashMap<>();
        settings.put("acks", "all");
        settings.put("enable.idempotence", "true");
        settings.put("metadata.max.age.ms", "1000");
        settings.put("request.timeout.ms", "3000");
        try (EmbeddedCluster cluster =
                EmbeddedCluster.builder(3).topic("t").topic("others", 3).start()) {
            settings.putAll(cluster.clientProperties());
            try (KafkaProducer<String, String> producer =
                    new KafkaProducer<>(settings, new StringSerializer(), new StringSerializer())) {
                // Connected to the one alone that is cut off, it would never hear of the next leader.
                for (int partition = 0; partition < 3; partition++) {
                    producer.send(new ProducerRecord<>("others", partition, null, ""))
                            .get(60, SECONDS);
                }
                producer.send(new ProducerRecord<>("t", "before")).get(60, SECONDS);
                int cutOff = leader(cluster);
                try (Isolation isolation = cluster.isolate(cutOff)) {
                    for (int i = 0; i < 3; i++) {
                        producer.send(new ProducerRecord<>("t", "meanwhile " + i));
                    }
                    producer.send(new ProducerRecord<>("t", "last")).get(120, SECONDS);
                    assertThat(isolation.brokerId()).isNotEqualTo(leader(cluster));
                    assertThat(cluster.records("t"))
                            .extracting(StoredRecord::value)
                            .containsExactly("before", "meanwhile 0", "meanwhile 1", "meanwhile 2", "last");
                }
                producer.send(new ProducerRecord<>("t", "after")).get(60, SECONDS);
            }
            await().atMost(PATIENCE)
                    .until(() -> cluster.topic("t").partitions().get(0).isr().size() == 3);
            assertThat(cluster.records("t"))
                    .extracting(StoredRecord::value)
                    .containsExactly("before", "meanwhile 0", "meanwhile 1", "meanwhile 2", "last", "after");
        }
    }

    @Test
    void aBrokerThatIsCutOffComesBackByEveryWay() {
        try (EmbeddedCluster cluster = EmbeddedCluster.builder(3).topic("t").start()) {
            for (Runnable way : List.<Runnable>of(
                    () -> cluster.rejoin(2), () -> cluster.restart(2), cluster::reset, () -> cluster.rejoin(2))) {
                try (Isolation isolation = cluster.isolate(2)) {
                    assertThat(cluster.up()).containsExactly(1, 2, 3);
                    way.run();
                    await().atMost(PATIENCE)
                            .until(() ->
                                    cluster.topic("t").partitions().get(0).isr().size() == 3);
                    assertThat(isolation.brokerId()).isEqualTo(2);
                }
            }
            cluster.isolate(1);
            assertThatThrownBy(() -> cluster.isolate(4))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("no broker 4");
        }
    }

    @Test
    void twoBrokersGiveTwoReplicasWhereThreeAreAskedForIfThatIsAllowed() throws Exception {
        try (EmbeddedCluster cluster =
                        EmbeddedCluster.builder(2).clampReplication().start();
                Admin admin = Admin.create(cluster.clientProperties())) {
            admin.createTopics(List.of(new NewTopic("t", 1, (short) 3))).all().get(60, SECONDS);
            assertThat(cluster.topic("t").partitions().get(0).replicas()).containsExactlyInAnyOrder(1, 2);
        }
    }

    private static int leader(EmbeddedCluster cluster) {
        return cluster.topic("t").partitions().stream()
                .map(StoredPartition::leader)
                .findFirst()
                .orElseThrow();
    }
}
