package io.odradek.server.hostile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;

/**
 * A producer and a consumer that go about their business while others misbehave. Neither may meet an error or a pause, and
 * all that was acknowledged must be there in the end, once and in order.
 */
final class HonestClients implements AutoCloseable {
    static final String TOPIC = "honest";
    private static final long LONGEST_PAUSE_MS = 1_000;
    private static final long BETWEEN_RECORDS_MS = 5;

    private final String bootstrapServers;
    private final KafkaProducer<String, String> producer;
    private final Thread producing = new Thread(this::produce, "honest-producer");
    private final Thread consuming = new Thread(this::consume, "honest-consumer");
    private volatile boolean stopped;
    private volatile int acknowledged;
    private volatile int consumed;
    private volatile long longestAckMs;
    private volatile long longestGapMs;
    private volatile Exception failure;

    HonestClients(String bootstrapServers) {
        this.bootstrapServers = bootstrapServers;
        this.producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", bootstrapServers, "acks", "all", "retries", "0", "linger.ms", "0"),
                new StringSerializer(),
                new StringSerializer());
        producer.partitionsFor(TOPIC);
        producing.start();
        consuming.start();
        await().atMost(20, TimeUnit.SECONDS).until(() -> consumed > 0 || failure != null);
    }

    private void produce() {
        try {
            while (!stopped) {
                long startNs = System.nanoTime();
                producer.send(new ProducerRecord<>(TOPIC, 0, null, Integer.toString(acknowledged)))
                        .get();
                long tookMs = (System.nanoTime() - startNs) / 1_000_000;
                if (acknowledged > 0) {
                    longestAckMs = Math.max(longestAckMs, tookMs);
                }
                acknowledged++;
                TimeUnit.MILLISECONDS.sleep(BETWEEN_RECORDS_MS);
            }
        } catch (ExecutionException | InterruptedException | RuntimeException e) {
            failure = e;
        }
    }

    private void consume() {
        try (KafkaConsumer<String, String> consumer = consumer()) {
            long lastNs = 0;
            while (!stopped) {
                int got = consumer.poll(Duration.ofMillis(100)).count();
                long nowNs = System.nanoTime();
                if (got > 0) {
                    longestGapMs = lastNs == 0 ? 0 : Math.max(longestGapMs, (nowNs - lastNs) / 1_000_000);
                    lastNs = nowNs;
                    consumed += got;
                }
            }
        } catch (RuntimeException e) {
            failure = e;
        }
    }

    private KafkaConsumer<String, String> consumer() {
        KafkaConsumer<String, String> consumer = new KafkaConsumer<>(
                Map.of("bootstrap.servers", bootstrapServers, "auto.offset.reset", "earliest"),
                new StringDeserializer(),
                new StringDeserializer());
        consumer.assign(List.of(new TopicPartition(TOPIC, 0)));
        consumer.seekToBeginning(consumer.assignment());
        return consumer;
    }

    /** Waits until both have gone on from here, and checks that nothing has bothered them so far. */
    void assertUndisturbed() {
        int acknowledgedBefore = acknowledged;
        int consumedBefore = consumed;
        await().atMost(10, TimeUnit.SECONDS)
                .until(() -> failure != null || acknowledged > acknowledgedBefore + 1 && consumed > consumedBefore + 1);
        assertThat(failure).isNull();
        assertThat(longestAckMs).as("longest wait for an acknowledgement").isLessThan(LONGEST_PAUSE_MS);
        assertThat(longestGapMs).as("longest gap between reads").isLessThan(LONGEST_PAUSE_MS);
    }

    /** Stops, and reads all that was acknowledged. */
    @Override
    public void close() {
        stopped = true;
        try {
            producing.join();
            consuming.join();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        } finally {
            producer.close(Duration.ZERO);
        }
        assertThat(failure).isNull();
        List<String> expected = new ArrayList<>();
        for (int i = 0; i < acknowledged; i++) {
            expected.add(Integer.toString(i));
        }
        List<String> found = new ArrayList<>();
        try (KafkaConsumer<String, String> consumer = consumer()) {
            await().atMost(20, TimeUnit.SECONDS).until(() -> {
                for (ConsumerRecord<String, String> record : consumer.poll(Duration.ofMillis(100))) {
                    found.add(record.value());
                }
                return found.size() >= expected.size();
            });
        }
        assertThat(found).isEqualTo(expected);
    }
}
