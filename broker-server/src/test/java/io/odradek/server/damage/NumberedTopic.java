package io.odradek.server.damage;

import java.time.Duration;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;

/** One partition with records whose values say their offsets. */
final class NumberedTopic {
    static final String APPENDED = "appended";
    private static final long PATIENCE_NS = TimeUnit.SECONDS.toNanos(4);

    private final TopicPartition partition;

    NumberedTopic(String topic, int index) {
        partition = new TopicPartition(topic, index);
    }

    static void create(String bootstrap, String topic, int partitions) throws Exception {
        try (Admin admin = Admin.create(Map.<String, Object>of("bootstrap.servers", bootstrap))) {
            admin.createTopics(List.of(new NewTopic(topic, partitions, (short) 1)))
                    .all()
                    .get();
        }
    }

    void fill(String bootstrap, int records) throws Exception {
        try (KafkaProducer<String, String> producer = producer(bootstrap)) {
            for (int i = 0; i < records; i++) {
                producer.send(new ProducerRecord<>(partition.topic(), partition.partition(), null, value(i)));
            }
        }
    }

    static KafkaProducer<String, String> producer(String bootstrap) {
        Map<String, Object> settings = Map.of(
                "bootstrap.servers",
                bootstrap,
                "batch.size",
                1_000,
                "linger.ms",
                2,
                "delivery.timeout.ms",
                20_000,
                "request.timeout.ms",
                10_000);
        return new KafkaProducer<>(settings, new StringSerializer(), new StringSerializer());
    }

    /** {@return whether a record has the value of another offset} */
    static boolean isMisplaced(ConsumerRecord<String, String> record) {
        return !record.value().equals(value(record.offset())) && !record.value().equals(APPENDED);
    }

    private static String value(long number) {
        return number + "-".repeat(60);
    }

    /**
     * What a reader found who goes on after an error, one offset further.
     *
     * @param records how many records
     * @param errors how many errors
     * @param position how far it came
     * @param end the end of the log
     * @param appended whether another record could be appended and read
     */
    record Read(int records, int errors, long position, long end, boolean appended) {}

    /** Reads from the beginning to the end, or until nothing comes any more. */
    Read readPastErrors(String bootstrap) throws Exception {
        long appendedAt = append(bootstrap);
        Map<String, Object> settings =
                Map.of("bootstrap.servers", bootstrap, "auto.offset.reset", "none", "max.poll.records", 10_000);
        BitSet seen = new BitSet();
        int errors = 0;
        boolean found = false;
        try (KafkaConsumer<String, String> consumer =
                new KafkaConsumer<>(settings, new StringDeserializer(), new StringDeserializer())) {
            consumer.assign(List.of(partition));
            consumer.seekToBeginning(List.of(partition));
            long end = consumer.endOffsets(List.of(partition), Duration.ofSeconds(20))
                    .get(partition);
            long progressNs = System.nanoTime();
            long position = 0;
            while (position < end && System.nanoTime() - progressNs < PATIENCE_NS) {
                try {
                    for (ConsumerRecord<String, String> record : consumer.poll(Duration.ofMillis(200))) {
                        if (record.offset() == appendedAt) {
                            found = true;
                        } else if (record.value().equals(value(record.offset()))) {
                            seen.set((int) record.offset());
                        } else {
                            throw new KafkaException(record.offset() + " is not its offset");
                        }
                        position = record.offset() + 1;
                        progressNs = System.nanoTime();
                    }
                    position = Math.max(position, consumer.position(partition));
                } catch (KafkaException e) {
                    errors++;
                    position++;
                    consumer.seek(partition, position);
                }
            }
            return new Read(seen.cardinality(), errors, position, end, found);
        }
    }

    /** {@return the offset of a record that was appended, -1 if none could be} */
    private long append(String bootstrap) throws InterruptedException {
        try (KafkaProducer<String, String> producer = producer(bootstrap)) {
            return producer.send(new ProducerRecord<>(partition.topic(), partition.partition(), null, APPENDED))
                    .get()
                    .offset();
        } catch (java.util.concurrent.ExecutionException e) {
            return -1;
        }
    }
}
