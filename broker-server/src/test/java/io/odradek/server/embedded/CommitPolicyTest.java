package io.odradek.server.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Kafka's clients and a broker that forces before it acknowledges. */
@Timeout(120)
class CommitPolicyTest {
    private static final String TOPIC = "committed";
    private static final int PRODUCERS = 16;

    @ParameterizedTest
    @CsvSource({"0, false", "1, false", "all, false", "all, true"})
    void whatIsSentIsReadInOrder(String acks, boolean idempotent) throws Exception {
        try (EmbeddedBroker broker = start(Map.of());
                KafkaProducer<String, String> producer =
                        producer(broker, Map.of("acks", acks, "enable.idempotence", idempotent))) {
            createTopic(broker, 1, Map.of());
            List<Future<RecordMetadata>> sent = new ArrayList<>();
            for (int i = 0; i < 500; i++) {
                sent.add(producer.send(new ProducerRecord<>(TOPIC, 0, null, "value " + i)));
            }
            for (int i = 0; i < 500; i++) {
                assertThat(sent.get(i).get().offset()).isEqualTo(acks.equals("0") ? -1 : i);
            }

            List<String> read = read(broker, 500);

            assertThat(read)
                    .isEqualTo(
                            IntStream.range(0, 500).mapToObj(i -> "value " + i).toList());
            assertThat(broker.forcesBeforeAcknowledgement()).isPositive();
        }
    }

    @Test
    void aGroupsPositionIsForcedBeforeItIsAcknowledged() throws Exception {
        try (EmbeddedBroker broker = start(Map.of())) {
            createTopic(broker, 1, Map.of());
            TopicPartition partition = new TopicPartition(TOPIC, 0);
            try (KafkaConsumer<String, String> consumer = consumer(broker)) {
                consumer.assign(List.of(partition));
                consumer.commitSync(Map.of(partition, new OffsetAndMetadata(0)));
                long forces = broker.forcesBeforeAcknowledgement();

                consumer.commitSync(Map.of(partition, new OffsetAndMetadata(7)));

                assertThat(broker.forcesBeforeAcknowledgement()).isEqualTo(forces + 1);
            }
            try (KafkaConsumer<String, String> next = consumer(broker)) {
                next.assign(List.of(partition));
                assertThat(next.position(partition)).isEqualTo(7);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"1", "all"})
    void sixteenProducersShareForces(String acks) throws Exception {
        int each = 50;
        try (EmbeddedBroker broker = start(Map.of())) {
            createTopic(broker, 1, Map.of());
            List<Throwable> failures = new ArrayList<>();
            List<Thread> threads = new ArrayList<>();
            for (int i = 0; i < PRODUCERS; i++) {
                Thread thread = new Thread(() -> {
                    try (KafkaProducer<String, String> producer =
                            producer(broker, Map.of("acks", acks, "enable.idempotence", false))) {
                        for (int record = 0; record < each; record++) {
                            producer.send(new ProducerRecord<>(TOPIC, 0, null, "value"))
                                    .get();
                        }
                    } catch (Exception e) {
                        synchronized (failures) {
                            failures.add(e);
                        }
                    }
                });
                threads.add(thread);
                thread.start();
            }
            for (Thread thread : threads) {
                thread.join();
            }

            assertThat(failures).isEmpty();
            assertThat(broker.forcesBeforeAcknowledgement()).isPositive().isLessThan(PRODUCERS * each * 3 / 4);
            assertThat(read(broker, PRODUCERS * each)).hasSize(PRODUCERS * each);
        }
    }

    @Test
    void flushMessagesOfATopicForcesWithoutThePolicy() throws Exception {
        try (EmbeddedBroker broker = EmbeddedBroker.start();
                KafkaProducer<String, String> producer = producer(broker, Map.of("acks", "1"))) {
            createTopic(broker, 1, Map.of("flush.messages", "5"));
            for (int i = 0; i < 20; i++) {
                producer.send(new ProducerRecord<>(TOPIC, 0, null, "value")).get();
            }

            assertThat(broker.forcesBeforeAcknowledgement()).isEqualTo(4);
        }
    }

    @Test
    void nothingIsForcedByDefault() throws Exception {
        try (EmbeddedBroker broker = EmbeddedBroker.start();
                KafkaProducer<String, String> producer = producer(broker, Map.of("acks", "all"))) {
            createTopic(broker, 1, Map.of());
            producer.send(new ProducerRecord<>(TOPIC, 0, null, "value")).get();

            assertThat(broker.forcesBeforeAcknowledgement()).isZero();
        }
    }

    private static EmbeddedBroker start(Map<String, String> settings) {
        EmbeddedBroker.Builder builder = EmbeddedBroker.builder().setting("log.flush.policy", "commit");
        settings.forEach(builder::setting);
        return builder.start();
    }

    private static void createTopic(EmbeddedBroker broker, int partitions, Map<String, String> config)
            throws Exception {
        try (Admin admin = Admin.create(Map.<String, Object>of("bootstrap.servers", broker.bootstrapServers()))) {
            admin.createTopics(List.of(new NewTopic(TOPIC, partitions, (short) 1).configs(config)))
                    .all()
                    .get();
        }
    }

    private static KafkaProducer<String, String> producer(EmbeddedBroker broker, Map<String, Object> settings) {
        Map<String, Object> all = new HashMap<>(settings);
        all.put("bootstrap.servers", broker.bootstrapServers());
        all.put("linger.ms", 0);
        return new KafkaProducer<>(all, new StringSerializer(), new StringSerializer());
    }

    private static KafkaConsumer<String, String> consumer(EmbeddedBroker broker) {
        return new KafkaConsumer<>(
                Map.of("bootstrap.servers", broker.bootstrapServers(), "group.id", "group"),
                new StringDeserializer(),
                new StringDeserializer());
    }

    private static List<String> read(EmbeddedBroker broker, int count) {
        List<String> values = new ArrayList<>();
        try (KafkaConsumer<String, String> consumer = consumer(broker)) {
            TopicPartition partition = new TopicPartition(TOPIC, 0);
            consumer.assign(List.of(partition));
            consumer.seekToBeginning(List.of(partition));
            while (values.size() < count) {
                for (ConsumerRecord<String, String> record : consumer.poll(Duration.ofMillis(100))) {
                    values.add(record.value());
                }
            }
        }
        return values;
    }
}
