package io.odradek.server.quota;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import io.odradek.server.embedded.EmbeddedBroker;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.CreateTopicsOptions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.Metric;
import org.apache.kafka.common.MetricName;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.ThrottlingQuotaExceededException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Clients that are held to something, by what their own metrics say; run with each version of the Java client. */
@Timeout(120)
class KafkaClientsQuotasTest {
    private static final int RECORD_BYTES = 20_000;
    private static final String HELD = "held";
    private static final String FREE = "free";

    private EmbeddedBroker broker;
    private SetQuotas quotas;

    /** Over two seconds, so that nobody need wait for long to see it. */
    @BeforeEach
    void start() throws Exception {
        broker = EmbeddedBroker.builder()
                .setting("quota.window.num", "3")
                .setting("controller.quota.window.num", "2")
                .topic("t", 1)
                .start();
        quotas = new SetQuotas(broker.bootstrapServers());
    }

    @AfterEach
    void stop() throws Exception {
        quotas.close();
        broker.close();
    }

    private KafkaProducer<byte[], byte[]> producer(String clientId) {
        return new KafkaProducer<>(
                Map.of("bootstrap.servers", broker.bootstrapServers(), "client.id", clientId, "batch.size", 1),
                new ByteArraySerializer(),
                new ByteArraySerializer());
    }

    private KafkaConsumer<byte[], byte[]> consumer(String clientId) {
        Map<String, Object> settings = new HashMap<>(Map.of(
                "bootstrap.servers",
                broker.bootstrapServers(),
                "client.id",
                clientId,
                "auto.offset.reset",
                "earliest",
                "max.partition.fetch.bytes",
                2 * (RECORD_BYTES + 100)));
        KafkaConsumer<byte[], byte[]> consumer =
                new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer());
        consumer.assign(List.of(new TopicPartition("t", 0)));
        return consumer;
    }

    private static double metric(Map<MetricName, ? extends Metric> metrics, String name) {
        return metrics.entrySet().stream()
                .filter(entry -> entry.getKey().name().equals(name))
                .mapToDouble(entry -> (double) entry.getValue().metricValue())
                .max()
                .orElseThrow();
    }

    /** {@return how long it took, in milliseconds} */
    private static long send(KafkaProducer<byte[], byte[]> producer, int records) throws Exception {
        long beganNs = System.nanoTime();
        for (int i = 0; i < records; i++) {
            producer.send(new ProducerRecord<>("t", 0, null, new byte[RECORD_BYTES]))
                    .get();
        }
        return (System.nanoTime() - beganNs) / 1_000_000;
    }

    /** {@return how long it took, in milliseconds} */
    private static long read(KafkaConsumer<byte[], byte[]> consumer, int records) {
        long beganNs = System.nanoTime();
        for (int read = 0; read < records; ) {
            read += consumer.poll(Duration.ofMillis(100)).count();
        }
        return (System.nanoTime() - beganNs) / 1_000_000;
    }

    @Test
    void aProducerIsToldToRestAndNobodyElse() throws Exception {
        quotas.set("producer_byte_rate", 100_000, "client-id", HELD);
        try (KafkaProducer<byte[], byte[]> held = producer(HELD);
                KafkaProducer<byte[], byte[]> free = producer(FREE)) {
            // Of 17 records, ten are within two seconds of the rate, and the others take longer than one.
            assertThat(send(held, 17)).isBetween(1_000L, 6_000L);
            assertThat(metric(held.metrics(), "produce-throttle-time-max")).isPositive();
            assertThat(metric(held.metrics(), "produce-throttle-time-avg")).isPositive();
            assertThat(send(free, 50)).isLessThan(2_000);
            assertThat(metric(free.metrics(), "produce-throttle-time-max")).isZero();
        }
    }

    @Test
    void aConsumerIsToldToRestAndNobodyElse() throws Exception {
        try (KafkaProducer<byte[], byte[]> free = producer(FREE)) {
            send(free, 17);
        }
        quotas.set("consumer_byte_rate", 100_000, "user", "ANONYMOUS", "client-id", HELD);
        try (KafkaConsumer<byte[], byte[]> held = consumer(HELD);
                KafkaConsumer<byte[], byte[]> free = consumer(FREE)) {
            assertThat(read(held, 17)).isBetween(1_000L, 6_000L);
            assertThat(metric(held.metrics(), "fetch-throttle-time-max")).isPositive();
            assertThat(metric(held.metrics(), "fetch-throttle-time-avg")).isPositive();
            assertThat(read(free, 17)).isLessThan(2_000);
            assertThat(metric(free.metrics(), "fetch-throttle-time-max")).isZero();
        }
    }

    @Test
    void whoMakesMuchWorkIsToldToRest() throws Exception {
        quotas.set("request_percentage", 0.1, "user", null);
        try (KafkaProducer<byte[], byte[]> held = producer(HELD)) {
            // Without a request yet it is NaN.
            for (int i = 0; !(metric(held.metrics(), "produce-throttle-time-max") > 0); i++) {
                assertThat(i).isLessThan(10_000);
                send(held, 1);
            }
            assertThat(metric(held.metrics(), "produce-throttle-time-max")).isLessThanOrEqualTo(1_000);
        }
    }

    @Test
    void whoMakesManyTopicsIsRefusedAndComesAgain() throws Exception {
        quotas.set("controller_mutation_rate", 1, "client-id", HELD);
        try (Admin held = Admin.create(Map.of("bootstrap.servers", broker.bootstrapServers(), "client.id", HELD))) {
            create(held, "first", 4);
            long beganNs = System.nanoTime();
            create(held, "second", 1);
            if (System.getProperty("kafka.clients.version", "").startsWith("2.")) {
                // It is done at once, and what comes next waits.
                held.describeCluster().nodes().get();
            }
            assertThat((System.nanoTime() - beganNs) / 1_000_000).isBetween(1_000L, 5_000L);
        }
    }

    private static void create(Admin admin, String topic, int partitions) throws Exception {
        admin.createTopics(List.of(new NewTopic(topic, partitions, (short) 1)))
                .all()
                .get();
    }

    @Test
    void whoDoesNotComeAgainIsToldWhenItMight() throws Exception {
        assumeFalse(System.getProperty("kafka.clients.version", "").startsWith("2."), "this client knows no refusal");
        quotas.set("controller_mutation_rate", 1, "client-id", HELD);
        new Refused(broker.bootstrapServers()).create();
    }

    /** Apart, as its classes are not there in the oldest client. */
    private record Refused(String bootstrapServers) {
        void create() throws Exception {
            try (Admin held = Admin.create(Map.of("bootstrap.servers", bootstrapServers, "client.id", HELD))) {
                KafkaClientsQuotasTest.create(held, "first", 5);
                CreateTopicsOptions once = new CreateTopicsOptions().retryOnQuotaViolation(false);
                try {
                    held.createTopics(List.of(new NewTopic("second", 1, (short) 1)), once)
                            .all()
                            .get();
                    throw new AssertionError("It was not refused");
                } catch (ExecutionException refusal) {
                    assertThat(refusal.getCause())
                            .isInstanceOfSatisfying(
                                    ThrottlingQuotaExceededException.class,
                                    why -> assertThat(why.throttleTimeMs()).isBetween(1, 3_000));
                }
            }
        }
    }
}
