package io.odradek.server.cluster;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** A consumer in a thread of its own, which writes all that it sees into a ledger. */
abstract class LoadReader implements AutoCloseable {
    private static final Duration POLL = Duration.ofMillis(200);

    private final String name;
    private final AcknowledgedLedger ledger;
    private final KafkaConsumer<byte[], byte[]> consumer;
    private final Thread thread;
    private volatile boolean stopped;

    LoadReader(String name, String bootstrapServers, Map<String, Object> more, AcknowledgedLedger ledger) {
        this.name = name;
        this.ledger = ledger;
        Map<String, Object> settings = new HashMap<>(more);
        settings.put("bootstrap.servers", bootstrapServers);
        settings.put("client.id", name);
        settings.put("enable.auto.commit", false);
        settings.put("fetch.max.wait.ms", 100);
        settings.put("metadata.max.age.ms", 1_000);
        settings.put("request.timeout.ms", 5_000);
        settings.put("default.api.timeout.ms", 60_000);
        settings.put("reconnect.backoff.max.ms", 500);
        this.consumer = new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer());
        this.thread = new Thread(this::run, name);
    }

    /** Says what to read. */
    abstract void begin(KafkaConsumer<byte[], byte[]> reading);

    /** Looks at an offset that comes next. {@return what is wrong with it, null for nothing} */
    abstract String look(TopicPartition partition, long offset);

    /** Is called when all records of a poll have been looked at. */
    abstract void endRound(KafkaConsumer<byte[], byte[]> reading);

    final void start() {
        thread.start();
    }

    final void problem(String what) {
        ledger.problem(name + ": " + what);
    }

    private void run() {
        try (consumer) {
            begin(consumer);
            while (!stopped) {
                ConsumerRecords<byte[], byte[]> records = consumer.poll(POLL);
                for (ConsumerRecord<byte[], byte[]> record : records) {
                    see(record);
                }
                if (!records.isEmpty()) {
                    endRound(consumer);
                }
            }
        } catch (WakeupException closed) {
            // Asked for.
        } catch (RuntimeException failed) {
            problem("has failed: " + failed);
        }
    }

    private void see(ConsumerRecord<byte[], byte[]> record) {
        TopicPartition partition = new TopicPartition(record.topic(), record.partition());
        String wrong = look(partition, record.offset());
        if (wrong != null) {
            problem(wrong);
        }
        ledger.seen(readerName(), partition, record.offset(), NumberedRecord.fromBytes(record.value()));
    }

    /** By which the ledger knows what was seen. */
    String readerName() {
        return name;
    }

    @Override
    public final void close() {
        stopped = true;
        consumer.wakeup();
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
