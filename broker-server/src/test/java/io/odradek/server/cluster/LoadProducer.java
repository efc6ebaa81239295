package io.odradek.server.cluster;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** An idempotent producer that waits for all replicas, and writes all acknowledgements into a ledger. */
final class LoadProducer implements AutoCloseable {
    /**
     * Records sent at once to a partition, which make a batch. They are many and seldom: a batch that went to a leader which
     * has lost its office unnoticed is sent again when five have followed it to the new one, and that knows five at most.
     * Kafka's client would repeat it in vain until its delivery time is over.
     */
    private static final int PER_TURN = 50;

    private final int number;
    private final List<TopicPartition> partitions;
    private final AcknowledgedLedger ledger;
    private final KafkaProducer<byte[], byte[]> producer;
    private final Thread thread;
    private volatile boolean stopped;

    /**
     * @param number of this producer
     * @param codec by which it compresses
     * @param recordsPerSecond that it tries to send
     */
    LoadProducer(
            int number,
            String bootstrapServers,
            String codec,
            int recordsPerSecond,
            List<TopicPartition> partitions,
            AcknowledgedLedger ledger) {
        this.number = number;
        this.partitions = partitions;
        this.ledger = ledger;
        Map<String, Object> settings = new HashMap<>();
        settings.put("bootstrap.servers", bootstrapServers);
        settings.put("client.id", "load-" + number);
        settings.put("acks", "all");
        settings.put("enable.idempotence", true);
        settings.put("compression.type", codec);
        settings.put("linger.ms", 5);
        settings.put("batch.size", 65_536);
        settings.put("metadata.max.age.ms", 1_000);
        settings.put("request.timeout.ms", 5_000);
        settings.put("delivery.timeout.ms", 300_000);
        settings.put("max.block.ms", 300_000);
        settings.put("buffer.memory", 4_194_304L);
        settings.put("reconnect.backoff.max.ms", 500);
        this.producer = new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer());
        this.thread = new Thread(() -> run(1_000_000_000L * PER_TURN / recordsPerSecond), "load-" + number);
        thread.start();
    }

    private void run(long nanosPerTurn) {
        long due = System.nanoTime();
        long[] next = new long[partitions.size()];
        try {
            for (int turn = 0; !stopped; turn++) {
                int index = turn % partitions.size();
                for (int i = 0; i < PER_TURN; i++) {
                    send(partitions.get(index), new NumberedRecord(number, next[index]++));
                }
                due = Math.max(due + nanosPerTurn, System.nanoTime() - nanosPerTurn);
                LockSupport.parkNanos(due - System.nanoTime());
            }
        } catch (KafkaException failed) {
            ledger.problem("producer " + number + " has failed: " + failed);
        }
    }

    private void send(TopicPartition partition, NumberedRecord record) {
        producer.send(
                new ProducerRecord<>(partition.topic(), partition.partition(), null, record.toBytes()),
                (metadata, error) -> {
                    if (error == null) {
                        ledger.acknowledged(partition, metadata.offset(), record);
                    } else {
                        ledger.refused(partition, record, error);
                    }
                });
    }

    int number() {
        return number;
    }

    /** {@return how often a batch had to be sent again} */
    double retries() {
        return producer.metrics().entrySet().stream()
                .filter(metric -> metric.getKey().name().equals("record-retry-total")
                        && metric.getKey().group().equals("producer-metrics"))
                .mapToDouble(metric -> (double) metric.getValue().metricValue())
                .findFirst()
                .orElseThrow();
    }

    /** Sends nothing more, and waits until all that was sent has an outcome. */
    void finish() throws InterruptedException {
        stopped = true;
        thread.join();
        producer.flush();
    }

    @Override
    public void close() {
        stopped = true;
        // What is under way may wait for a cluster that has gone: it is not asked for any more.
        producer.close(Duration.ZERO);
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
