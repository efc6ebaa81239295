package io.odradek.server.storm;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.KafkaStorageException;
import org.apache.kafka.common.serialization.LongDeserializer;
import org.apache.kafka.common.serialization.LongSerializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;

/**
 * A producer with acks=all, one record after the other, and a consumer that reads what was acknowledged: each record once,
 * in order, soon. On a full disk records may be refused, at once and with KAFKA_STORAGE_ERROR; what is there is read on.
 */
final class HonestRecords {
    private static final TopicPartition PARTITION = new TopicPartition(HonestClients.TOPIC, 0);
    private static final Duration POLL = Duration.ofMillis(200);
    private static final int BETWEEN_RECORDS_MS = 10;

    private final String bootstrapServers;
    private final Weather weather;
    private final Patience patience;
    private final ConcurrentSkipListMap<Long, Long> unreadSinceNs = new ConcurrentSkipListMap<>();
    private volatile boolean stopped;
    private volatile boolean allSent;
    private final NavigableSet<Long> acknowledged = new ConcurrentSkipListSet<>();
    private volatile long refused;
    private volatile long lastRead = -1;

    HonestRecords(String bootstrapServers, Weather weather, Patience patience) {
        this.bootstrapServers = bootstrapServers;
        this.weather = weather;
        this.patience = patience;
    }

    long acknowledged() {
        return acknowledged.size();
    }

    long refused() {
        return refused;
    }

    void stop() {
        stopped = true;
    }

    void produce() {
        Map<String, Object> settings = new TreeMap<>(Map.of(
                "bootstrap.servers",
                bootstrapServers,
                "acks",
                "all",
                "enable.idempotence",
                false,
                "retries",
                0,
                "linger.ms",
                0,
                "max.block.ms",
                HonestClients.GIVES_UP_MS,
                "request.timeout.ms",
                HonestClients.GIVES_UP_MS,
                "delivery.timeout.ms",
                HonestClients.GIVES_UP_MS));
        KafkaProducer<Long, String> producer =
                new KafkaProducer<>(settings, new LongSerializer(), new StringSerializer());
        try {
            for (long number = 0; !stopped; number++) {
                send(producer, number);
                Thread.sleep(BETWEEN_RECORDS_MS);
            }
        } catch (InterruptedException e) {
            patience.complain("The producer was interrupted");
        } finally {
            producer.close(Duration.ZERO);
            allSent = true;
        }
    }

    private void send(KafkaProducer<Long, String> producer, long number) throws InterruptedException {
        long startNs = System.nanoTime();
        // Noted before it can be read, and taken back if it is refused.
        unreadSinceNs.put(number, Long.MAX_VALUE);
        try {
            Future<RecordMetadata> answer = producer.send(
                    new ProducerRecord<>(PARTITION.topic(), PARTITION.partition(), number, "value " + number));
            answer.get();
            unreadSinceNs.computeIfPresent(number, (same, unknown) -> System.nanoTime());
            acknowledged.add(number);
        } catch (ExecutionException e) {
            unreadSinceNs.remove(number);
            if (e.getCause() instanceof KafkaStorageException && weather.fullSince(startNs)) {
                refused++;
            } else {
                patience.complain("Record " + number + " failed: " + e.getCause());
            }
        }
        // A refusal must come as soon as an acknowledgement: the disk's being full is no excuse here.
        patience.waited("produce", (System.nanoTime() - startNs) / 1_000_000, HonestClients.BOUND_MS);
    }

    void read() {
        try (KafkaConsumer<Long, String> consumer = consumer(bootstrapServers)) {
            while (!allSent || System.nanoTime() < giveUpNs()) {
                for (ConsumerRecord<Long, String> record : consumer.poll(POLL)) {
                    take(record.key());
                }
            }
        } catch (RuntimeException e) {
            patience.complain("The consumer failed: " + e);
        }
    }

    /** {@return until when to look for what is still unread: that it is there, or has taken too long} */
    private long giveUpNs() {
        long latest = Long.MIN_VALUE;
        for (long sinceNs : unreadSinceNs.values()) {
            latest =
                    sinceNs == Long.MAX_VALUE ? latest : Math.max(latest, sinceNs + HonestClients.BOUND_MS * 1_000_000);
        }
        return latest;
    }

    private void take(long number) {
        if (number <= lastRead) {
            patience.complain("Record " + number + " was read after " + lastRead);
        }
        lastRead = number;
        Long sinceNs = unreadSinceNs.remove(number);
        if (sinceNs != null && sinceNs != Long.MAX_VALUE) {
            patience.waited(
                    "read after acknowledgement", (System.nanoTime() - sinceNs) / 1_000_000, HonestClients.BOUND_MS);
        }
    }

    /** {@return the records that were acknowledged and not read} */
    Set<Long> unread() {
        return unreadSinceNs.keySet();
    }

    /** {@return the records that were acknowledged and that a broker does not have} */
    Set<Long> missing(String broker) {
        Set<Long> missing = new TreeSet<>(acknowledged);
        try (KafkaConsumer<Long, String> consumer = consumer(broker)) {
            long end = consumer.endOffsets(List.of(PARTITION)).get(PARTITION);
            while (consumer.position(PARTITION) < end) {
                for (ConsumerRecord<Long, String> record : consumer.poll(POLL)) {
                    missing.remove(record.key());
                }
            }
        }
        return missing;
    }

    private static KafkaConsumer<Long, String> consumer(String bootstrapServers) {
        KafkaConsumer<Long, String> consumer = new KafkaConsumer<>(
                Map.of("bootstrap.servers", bootstrapServers, "auto.offset.reset", "none"),
                new LongDeserializer(),
                new StringDeserializer());
        consumer.assign(List.of(PARTITION));
        consumer.seekToBeginning(List.of(PARTITION));
        return consumer;
    }
}
