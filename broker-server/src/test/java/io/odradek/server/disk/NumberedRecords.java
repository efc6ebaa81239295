package io.odradek.server.disk;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.LongDeserializer;
import org.apache.kafka.common.serialization.LongSerializer;

/** Sends numbered records to one partition, remembers which were acknowledged, and looks for them. */
final class NumberedRecords {
    private static final int VALUE_BYTES = 10_000;

    private final TopicPartition partition;
    private final NavigableSet<Long> acknowledged = new ConcurrentSkipListSet<>();
    private long next;
    private Exception lastError;

    NumberedRecords(String topic, int partition) {
        this.partition = new TopicPartition(topic, partition);
    }

    static Admin admin(String bootstrap) {
        return Admin.create(Map.<String, Object>of("bootstrap.servers", bootstrap));
    }

    static void createTopic(String bootstrap, String topic, int partitions) throws Exception {
        try (Admin admin = admin(bootstrap)) {
            admin.createTopics(List.of(new NewTopic(topic, partitions, (short) 1)))
                    .all()
                    .get();
        }
    }

    /** Deletes the records below an offset, which are not looked for any more. */
    void deleteBefore(String bootstrap, long offset) throws Exception {
        try (Admin admin = admin(bootstrap);
                KafkaConsumer<Long, byte[]> consumer = new KafkaConsumer<>(
                        Map.of("bootstrap.servers", bootstrap), new LongDeserializer(), new ByteArrayDeserializer())) {
            consumer.assign(List.of(partition));
            consumer.seek(partition, offset);
            List<ConsumerRecord<Long, byte[]>> from = List.of();
            while (from.isEmpty()) {
                from = consumer.poll(Duration.ofMillis(100)).records(partition);
            }
            admin.deleteRecords(Map.of(partition, RecordsToDelete.beforeOffset(offset)))
                    .all()
                    .get();
            acknowledged.headSet(from.get(0).key()).clear();
        }
    }

    NavigableSet<Long> acknowledged() {
        return acknowledged;
    }

    Exception lastError() {
        return lastError;
    }

    /** Sends so many records, all of which are to be acknowledged, however busy the machine. {@return how many were} */
    int sendAll(String bootstrap, int count) throws InterruptedException {
        return send(bootstrap, count, 60_000);
    }

    /** Sends so many records and waits a while for the answers. {@return how many were acknowledged} */
    int send(String bootstrap, int count) throws InterruptedException {
        return send(bootstrap, count, 4_000);
    }

    private int send(String bootstrap, int count, int patienceMs) throws InterruptedException {
        Map<String, Object> settings = new HashMap<>();
        settings.put("bootstrap.servers", bootstrap);
        settings.put("acks", "all");
        // An idempotent producer that is never given an id would wait for one for ever.
        settings.put("enable.idempotence", false);
        settings.put("max.in.flight.requests.per.connection", 1);
        settings.put("batch.size", 0);
        settings.put("request.timeout.ms", patienceMs - 1_000);
        settings.put("delivery.timeout.ms", patienceMs);
        settings.put("max.block.ms", patienceMs);
        settings.put("linger.ms", 0);
        int before = acknowledged.size();
        try (KafkaProducer<Long, byte[]> producer =
                new KafkaProducer<>(settings, new LongSerializer(), new ByteArraySerializer())) {
            List<Future<RecordMetadata>> sent = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                long number = next++;
                sent.add(producer.send(
                        new ProducerRecord<>(partition.topic(), partition.partition(), number, new byte[VALUE_BYTES]),
                        (metadata, error) -> {
                            if (error == null) {
                                acknowledged.add(number);
                            }
                        }));
            }
            for (Future<RecordMetadata> answer : sent) {
                try {
                    answer.get();
                } catch (ExecutionException e) {
                    lastError = e;
                }
            }
        }
        return acknowledged.size() - before;
    }

    /** {@return the acknowledged records that a new consumer does not find; those found must be in order} */
    NavigableSet<Long> missing(String bootstrap) {
        NavigableSet<Long> missing = new TreeSet<>(acknowledged);
        Map<String, Object> settings = new HashMap<>();
        settings.put("bootstrap.servers", bootstrap);
        settings.put("auto.offset.reset", "none");
        long last = -1;
        try (KafkaConsumer<Long, byte[]> consumer =
                new KafkaConsumer<>(settings, new LongDeserializer(), new ByteArrayDeserializer())) {
            consumer.assign(List.of(partition));
            consumer.seekToBeginning(List.of(partition));
            long end = consumer.endOffsets(List.of(partition)).get(partition);
            while (consumer.position(partition) < end) {
                for (ConsumerRecord<Long, byte[]> record : consumer.poll(Duration.ofMillis(100))) {
                    if (record.key() < last) {
                        throw new AssertionError("Record " + record.key() + " comes after " + last);
                    }
                    last = record.key();
                    missing.remove(last);
                }
            }
        }
        return missing;
    }
}
