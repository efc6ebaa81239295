package io.odradek.server.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.odradek.server.clients.Peer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewPartitionReassignment;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.zookeeper.KeeperException;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/**
 * A cluster of Apache Kafka 3.9.2 ends in the middle of a move of replicas, and one of ours goes on with it to its end, over the
 * same ZooKeeper and the same folders; then the other way round. By hand, with {@code -Dmoves.kafka=true}.
 */
@EnabledIfSystemProperty(named = "moves.kafka", matches = "true")
@DisabledOnOs(OS.WINDOWS)
class MovesChangeHandsIT {
    private static final int RECORDS = 100;

    @TempDir(factory = InTarget.class, cleanup = CleanupMode.ON_SUCCESS)
    Path folder;

    @Test
    @Timeout(600)
    void aMoveThatOneHasBegunIsEndedByTheOther() throws Exception {
        Software kafka = new Software.OfKafka(new Peer("3.9.2", folder.resolve("peer")));
        Software ours = new Software.OfClasses();
        // Whoever is paused stays alive for all others until the test kills it.
        ClusterShape three =
                ClusterShape.ofThree(1).with("min.insync.replicas", "1").with("zookeeper.session.timeout.ms", "90000");
        ClusterShape two = new ClusterShape(2, three.zooKeepers(), three.settings());
        try (ProcessCluster cluster = ProcessCluster.start(folder, kafka, two)) {
            leaveInTheMiddle(cluster, "of-kafka");
            cluster.takeOver(ours);
            awaitEnd(cluster, "of-kafka");
            leaveInTheMiddle(cluster, "of-ours");
            cluster.takeOver(kafka);
            awaitEnd(cluster, "of-ours");
            assertThat(cluster.tree().topic("of-ours-gone")).contains("\"removing_replicas\":{}");
        }
    }

    /** The broker that is to have the replica does nothing; all brokers are killed. */
    private static void leaveInTheMiddle(ProcessCluster cluster, String topic) throws Exception {
        int first = cluster.controller();
        int second = 3 - first;
        TopicPartition moved = new TopicPartition(topic, 0);
        TopicPartition gone = new TopicPartition(topic + "-gone", 0);
        Map<String, Object> settings = Map.of("bootstrap.servers", cluster.bootstrapServers(), "acks", "all");
        try (Admin admin = Admin.create(settings);
                KafkaProducer<String, String> producer =
                        new KafkaProducer<>(settings, new StringSerializer(), new StringSerializer())) {
            admin.createTopics(List.of(
                            new NewTopic(moved.topic(), Map.of(0, List.of(first))),
                            new NewTopic(gone.topic(), Map.of(0, List.of(first, second)))))
                    .all()
                    .get();
            for (int i = 0; i < RECORDS; i++) {
                producer.send(new ProducerRecord<>(topic, "v" + i)).get();
            }
            cluster.pause(second);
            admin.alterPartitionReassignments(Map.of(
                            moved, Optional.of(new NewPartitionReassignment(List.of(second))),
                            gone, Optional.of(new NewPartitionReassignment(List.of(first)))))
                    .all()
                    .get();
        }
        assertThat(cluster.tree().topic(topic))
                .contains("\"adding_replicas\":{\"0\":[" + second + "]}")
                .contains("\"removing_replicas\":{\"0\":[" + first + "]}");
        for (int id : cluster.ids()) {
            cluster.kill(id);
        }
    }

    private static void awaitEnd(ProcessCluster cluster, String topic) throws Exception {
        await(
                "the end of the moves",
                () -> cluster.tree().topic(topic).contains("\"adding_replicas\":{}")
                        && cluster.tree().topic(topic).contains("\"removing_replicas\":{}")
                        && cluster.tree().topic(topic + "-gone").contains("\"removing_replicas\":{}"));
        List<Path> logs = new ArrayList<>();
        for (int id : cluster.ids()) {
            Path log = cluster.data(id).resolve(topic + "-0");
            if (cluster.tree().topic(topic).contains("\"partitions\":{\"0\":[" + id + "]}")) {
                assertThat(log).exists();
            } else {
                logs.add(log);
            }
        }
        assertThat(logs).hasSize(1);
        await("the end of the log that is not wanted any more", () -> !Files.exists(logs.get(0)));
        List<String> read = new ArrayList<>();
        try (KafkaConsumer<String, String> consumer = new KafkaConsumer<>(
                Map.of("bootstrap.servers", cluster.bootstrapServers()),
                new StringDeserializer(),
                new StringDeserializer())) {
            TopicPartition moved = new TopicPartition(topic, 0);
            consumer.assign(List.of(moved));
            consumer.seekToBeginning(List.of(moved));
            await("the records", () -> {
                for (ConsumerRecord<String, String> record : consumer.poll(Duration.ofMillis(100))) {
                    read.add(record.value());
                }
                return read.size() >= RECORDS;
            });
        }
        assertThat(read).hasSize(RECORDS).startsWith("v0").endsWith("v" + (RECORDS - 1));
    }

    private interface Condition {
        boolean holds() throws Exception;
    }

    private static void await(String what, Condition condition) {
        Awaitility.await(what)
                .atMost(ProcessCluster.PATIENCE)
                .ignoreExceptionsInstanceOf(KeeperException.class)
                .until(condition::holds);
    }
}
