package io.odradek.server.tools.reassignment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.odradek.server.clients.WholeRead;
import io.odradek.server.embedded.EmbeddedCluster;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;

/** Writes numbered records to a topic with acks=all, a thousand a second at most, and knows which of them were taken. */
final class SteadyWriter implements AutoCloseable {
    private final EmbeddedCluster cluster;
    private final String topic;
    private final int partitions;
    private final ConcurrentLinkedQueue<String> taken = new ConcurrentLinkedQueue<>();
    private final AtomicReference<Exception> refused = new AtomicReference<>();
    private final Thread thread = new Thread(this::write, "steady-writer");
    private volatile boolean stopping;

    SteadyWriter(EmbeddedCluster cluster, String topic, int partitions) {
        this.cluster = cluster;
        this.topic = topic;
        this.partitions = partitions;
        thread.start();
    }

    private void write() {
        Map<String, Object> settings = new HashMap<>(cluster.clientProperties());
        settings.put("acks", "all");
        settings.put("max.in.flight.requests.per.connection", 2);
        try (KafkaProducer<String, String> producer =
                new KafkaProducer<>(settings, new StringSerializer(), new StringSerializer())) {
            for (int i = 0; !stopping; i++) {
                String value = "v" + i;
                producer.send(new ProducerRecord<>(topic, i % partitions, null, value), (metadata, failure) -> {
                    if (failure == null) {
                        taken.add(value);
                    } else {
                        refused.compareAndSet(null, failure);
                    }
                });
                TimeUnit.MILLISECONDS.sleep(1);
            }
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        }
    }

    /** Waits until so many more have been taken. */
    void awaitMore(int records) {
        int wanted = taken.size() + records;
        await("records are taken")
                .atMost(Duration.ofSeconds(90))
                .until(() -> refused.get() != null || taken.size() >= wanted);
        assertThat(refused.get()).isNull();
    }

    /** Writes no more, and reads the whole topic: what was taken is there, each record once. @return how many they are */
    int requireAllIsThere() throws InterruptedException {
        stopping = true;
        thread.join();
        assertThat(refused.get()).isNull();
        List<String> read = new ArrayList<>();
        try (KafkaConsumer<String, String> consumer =
                new KafkaConsumer<>(cluster.clientProperties(), new StringDeserializer(), new StringDeserializer())) {
            List<TopicPartition> all = IntStream.range(0, partitions)
                    .mapToObj(partition -> new TopicPartition(topic, partition))
                    .toList();
            WholeRead.of(consumer, all, record -> read.add(record.value()));
        }
        assertThat(read).containsExactlyInAnyOrderElementsOf(taken);
        return read.size();
    }

    @Override
    public void close() {
        stopping = true;
    }
}
