package io.odradek.server.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.odradek.server.embedded.EmbeddedCluster;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Transactions whose coordinator, partitions and positions are on different brokers, one of which goes and comes back. */
@Timeout(180)
class TransactionsOfClusterTest {
    private static final int PARTITIONS = 6;
    private static final Duration POLL = Duration.ofMillis(100);
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final TopicPartition IN = new TopicPartition("in", 0);

    private EmbeddedCluster cluster;

    @BeforeEach
    void start() throws Exception {
        cluster = EmbeddedCluster.builder(3).setting("min.insync.replicas", "2").start();
        try (Admin admin = Admin.create(Map.<String, Object>of("bootstrap.servers", cluster.bootstrapServers()))) {
            admin.createTopics(List.of(new NewTopic("t", PARTITIONS, (short) 3), new NewTopic("in", 1, (short) 3)))
                    .all()
                    .get();
        }
    }

    @AfterEach
    void stop() {
        cluster.close();
    }

    private KafkaProducer<String, String> producer(String id) {
        KafkaProducer<String, String> producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", cluster.bootstrapServers(), "transactional.id", id),
                new StringSerializer(),
                new StringSerializer());
        producer.initTransactions();
        return producer;
    }

    private KafkaConsumer<String, String> consumer(String group) {
        return new KafkaConsumer<>(
                Map.of(
                        "bootstrap.servers",
                        cluster.bootstrapServers(),
                        "isolation.level",
                        "read_committed",
                        "enable.auto.commit",
                        "false",
                        "group.id",
                        group),
                new StringDeserializer(),
                new StringDeserializer());
    }

    private List<String> committed() {
        try (KafkaConsumer<String, String> consumer = consumer("reader")) {
            List<TopicPartition> partitions = new ArrayList<>();
            for (int i = 0; i < PARTITIONS; i++) {
                partitions.add(new TopicPartition("t", i));
            }
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            List<String> values = new ArrayList<>();
            long deadline = System.nanoTime() + PATIENCE.toNanos();
            while (ends.entrySet().stream().anyMatch(end -> consumer.position(end.getKey()) < end.getValue())) {
                assertThat(System.nanoTime()).isLessThan(deadline);
                for (ConsumerRecord<String, String> record : consumer.poll(POLL)) {
                    values.add(record.value());
                }
            }
            return values;
        }
    }

    private long position() {
        try (KafkaConsumer<String, String> consumer = consumer("copiers")) {
            return consumer.committed(Set.of(IN)).get(IN).offset();
        }
    }

    private static void transaction(
            KafkaProducer<String, String> producer, KafkaConsumer<String, String> group, int number, boolean commits) {
        producer.beginTransaction();
        for (int i = 0; i < PARTITIONS; i++) {
            producer.send(new ProducerRecord<>("t", i, null, number + "-" + i));
        }
        producer.sendOffsetsToTransaction(Map.of(IN, new OffsetAndMetadata(number)), group.groupMetadata());
        if (commits) {
            producer.commitTransaction();
        } else {
            producer.abortTransaction();
        }
    }

    @Test
    void eachTransactionIsThereWholeOrNotAtAllWhicheverBrokerGoes() {
        List<String> expected = new ArrayList<>();
        try (KafkaProducer<String, String> producer = producer("id");
                KafkaConsumer<String, String> group = consumer("copiers")) {
            int number = 0;
            for (int killed = 1; killed <= 3; killed++) {
                for (int i = 0; i < 10; i++) {
                    if (i == 5) {
                        cluster.kill(killed);
                    }
                    boolean commits = i % 3 != 0;
                    transaction(producer, group, ++number, commits);
                    if (commits) {
                        for (int partition = 0; partition < PARTITIONS; partition++) {
                            expected.add(number + "-" + partition);
                        }
                    }
                }
                cluster.restart(killed);
            }
            transaction(producer, group, 1_000, false);
        }
        assertThat(position()).as("the last that was committed").isEqualTo(29);
        assertThat(committed()).containsExactlyInAnyOrderElementsOf(expected);
    }
}
