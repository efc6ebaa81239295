package io.odradek.server.damage;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;

/** All partitions of a topic of {@link NumberedTopic}s, read by one consumer that goes on behind an error. */
final class WholeTopic {
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final long STUCK_NS = TimeUnit.SECONDS.toNanos(3);
    private static final int MOST_ERRORS = 10_000;

    private final List<TopicPartition> partitions = new ArrayList<>();
    private final Map<TopicPartition, Set<Long>> found = new HashMap<>();
    private final Map<TopicPartition, Long> positions = new HashMap<>();

    WholeTopic(String topic, int count) {
        for (int i = 0; i < count; i++) {
            TopicPartition partition = new TopicPartition(topic, i);
            partitions.add(partition);
            found.put(partition, new HashSet<>());
            positions.put(partition, 0L);
        }
    }

    /** {@return the numbers of the records that were found at their offsets} */
    Set<Long> found(int partition) {
        return found.get(partitions.get(partition));
    }

    /** Reads from the beginning until every partition is at its end, or until nothing more comes. */
    void read(String bootstrap) {
        Map<String, Object> settings =
                Map.of("bootstrap.servers", bootstrap, "auto.offset.reset", "earliest", "max.poll.records", 100_000);
        try (KafkaConsumer<String, String> consumer =
                new KafkaConsumer<>(settings, new StringDeserializer(), new StringDeserializer())) {
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions, PATIENCE);
            long progressNs = System.nanoTime();
            int errors = 0;
            while (!atEnd(ends) && System.nanoTime() - progressNs < STUCK_NS) {
                try {
                    for (ConsumerRecord<String, String> record : consumer.poll(Duration.ofMillis(50))) {
                        TopicPartition partition = new TopicPartition(record.topic(), record.partition());
                        if (record.offset() >= ends.get(partition) || NumberedTopic.isMisplaced(record)) {
                            throw new KafkaException(
                                    partition + " has a record that is not of offset " + record.offset());
                        }
                        found.get(partition).add(record.offset());
                        positions.merge(partition, record.offset() + 1, Math::max);
                        progressNs = System.nanoTime();
                    }
                } catch (KafkaException e) {
                    errors++;
                    if (errors > MOST_ERRORS) {
                        throw e;
                    }
                    goOn(consumer, e);
                    progressNs = System.nanoTime();
                }
            }
        }
    }

    private boolean atEnd(Map<TopicPartition, Long> ends) {
        return partitions.stream().allMatch(partition -> positions.get(partition) >= ends.get(partition));
    }

    private void goOn(KafkaConsumer<String, String> consumer, KafkaException error) {
        Matcher named = Pattern.compile(partitions.get(0).topic() + "-(\\d+)").matcher(error.getMessage());
        if (!named.find()) {
            throw error;
        }
        TopicPartition failed = partitions.get(Integer.parseInt(named.group(1)));
        positions.merge(failed, 1L, Long::sum);
        for (TopicPartition partition : partitions) {
            // What was polled together with the error has not been handed out.
            consumer.seek(partition, positions.get(partition));
        }
    }

    /** Appends a record to each partition. */
    void append(String bootstrap) throws Exception {
        try (KafkaProducer<String, String> producer = NumberedTopic.producer(bootstrap)) {
            List<Future<RecordMetadata>> sent = new ArrayList<>();
            for (TopicPartition partition : partitions) {
                sent.add(producer.send(
                        new ProducerRecord<>(partition.topic(), partition.partition(), null, NumberedTopic.APPENDED)));
            }
            for (Future<RecordMetadata> answer : sent) {
                answer.get();
            }
        }
    }
}
