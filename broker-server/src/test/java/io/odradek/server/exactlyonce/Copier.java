package io.odradek.server.exactlyonce;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.LongDeserializer;
import org.apache.kafka.common.serialization.LongSerializer;

/**
 * A member of a group that copies a topic to two others, partition by partition, and its position along with what it writes:
 * one transaction for what one poll gives. Some it aborts, as applications do. It ends when it can do nothing more under its
 * id, and is made anew then or not.
 */
final class Copier {
    static final String GROUP = "copiers";
    static final String FROM = "in";
    static final List<String> TO = List.of("out-a", "out-b");

    private static final int ABORTS_ONE_OF = 12;
    private static final Duration POLL = Duration.ofMillis(100);

    private final KafkaProducer<Long, Long> producer;
    private final KafkaConsumer<Long, Long> consumer;
    private final Random random;

    private Copier(String servers, String id, int recordsPerTransaction, Random random) {
        this.random = random;
        Map<String, Object> producing = Map.of(
                "bootstrap.servers",
                servers,
                "transactional.id",
                id,
                "transaction.timeout.ms",
                10_000,
                // A producer that is fenced while it sends positions waits for so long: the client does not tell it.
                "max.block.ms",
                20_000,
                "reconnect.backoff.max.ms",
                200);
        producer = new KafkaProducer<>(producing, new LongSerializer(), new LongSerializer());
        Map<String, Object> consuming = new HashMap<>();
        consuming.put("bootstrap.servers", servers);
        consuming.put("group.id", GROUP);
        consuming.put("isolation.level", "read_committed");
        consuming.put("enable.auto.commit", "false");
        consuming.put("auto.offset.reset", "earliest");
        consuming.put("max.poll.records", recordsPerTransaction);
        consuming.put("session.timeout.ms", 1_500);
        consuming.put("max.poll.interval.ms", 10_000);
        consuming.put("heartbeat.interval.ms", 200);
        consuming.put("reconnect.backoff.max.ms", 200);
        consumer = new KafkaConsumer<>(consuming, new LongDeserializer(), new LongDeserializer());
    }

    /**
     * Copies until it is killed or fenced.
     *
     * @param arguments the servers, the transactional id, how many records a transaction has at most, and a seed
     */
    public static void main(String[] arguments) {
        new Copier(arguments[0], arguments[1], Integer.parseInt(arguments[2]), new Random(Long.parseLong(arguments[3])))
                .run();
    }

    private void run() {
        producer.initTransactions();
        consumer.subscribe(List.of(FROM));
        while (true) {
            ConsumerRecords<Long, Long> records = consumer.poll(POLL);
            if (!records.isEmpty()) {
                copy(records);
            }
        }
    }

    private void copy(ConsumerRecords<Long, Long> records) {
        try {
            producer.beginTransaction();
            send(records);
            if (random.nextInt(ABORTS_ONE_OF) != 0) {
                producer.commitTransaction();
                return;
            }
            producer.flush();
        } catch (KafkaException failure) {
            System.out.println("is aborted: " + failure);
        }
        producer.abortTransaction();
        goBack();
    }

    private void send(ConsumerRecords<Long, Long> records) {
        Map<TopicPartition, OffsetAndMetadata> positions = new HashMap<>();
        for (ConsumerRecord<Long, Long> record : records) {
            for (String topic : TO) {
                producer.send(new ProducerRecord<>(topic, record.partition(), record.key(), record.value()));
            }
            positions.put(
                    new TopicPartition(record.topic(), record.partition()), new OffsetAndMetadata(record.offset() + 1));
        }
        producer.sendOffsetsToTransaction(positions, consumer.groupMetadata());
    }

    /** To where the last transaction that was committed has left off. */
    private void goBack() {
        consumer.committed(consumer.assignment()).forEach((partition, committed) -> {
            if (committed == null) {
                consumer.seekToBeginning(List.of(partition));
            } else {
                consumer.seek(partition, committed);
            }
        });
    }
}
