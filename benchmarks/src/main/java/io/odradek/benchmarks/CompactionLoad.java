package io.odradek.benchmarks;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * Keyed records of 100 bytes for a compacted topic of one partition: writes them, writes and reads on while they are cleaned,
 * and counts what is left.
 */
public final class CompactionLoad {
    private static final int KEY_BYTES = 12;
    private static final int VALUE_BYTES = 88;
    private static final int STRIDE = 7919;
    private static final int RECORDS_PER_ROUND = 500;
    private static final long ROUND_NS = 100_000_000L;

    private final String servers;
    private final TopicPartition partition;
    private final int keys;

    private CompactionLoad(String servers, String topic, int keys) {
        this.servers = servers;
        this.partition = new TopicPartition(topic, 0);
        this.keys = keys;
    }

    /**
     * Arguments: {@code fill host:port topic keys records segment-bytes}; {@code run host:port topic keys}, until its input ends; or
     * {@code count host:port topic keys end-offset}, which prints how many records lie below the offset, and fails if a key
     * is there twice, or not at all.
     */
    public static void main(String[] arguments) throws IOException, InterruptedException, ExecutionException {
        CompactionLoad load = new CompactionLoad(arguments[1], arguments[2], Integer.parseInt(arguments[3]));
        switch (arguments[0]) {
            case "fill" -> load.fill(Integer.parseInt(arguments[4]), arguments[5]);
            case "run" -> load.run();
            case "count" -> load.count(Long.parseLong(arguments[4]));
            default -> throw new IllegalArgumentException("There is no " + arguments[0]);
        }
    }

    private KafkaProducer<byte[], byte[]> producer() {
        Map<String, Object> settings = new HashMap<>();
        settings.put("bootstrap.servers", servers);
        settings.put("linger.ms", 5);
        settings.put("batch.size", 16_384);
        settings.put("buffer.memory", 8L << 20);
        return new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer());
    }

    private KafkaConsumer<byte[], byte[]> consumer() {
        KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(
                Map.of("bootstrap.servers", servers, "auto.offset.reset", "earliest"),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer());
        consumer.assign(List.of(partition));
        consumer.seekToBeginning(List.of(partition));
        return consumer;
    }

    private ProducerRecord<byte[], byte[]> record(int key, long value) {
        byte[] keyBytes = Arrays.copyOf(Integer.toString(key).getBytes(StandardCharsets.US_ASCII), KEY_BYTES);
        return new ProducerRecord<>(
                partition.topic(),
                0,
                keyBytes,
                ByteBuffer.allocate(VALUE_BYTES).putLong(value).array());
    }

    private void fill(int records, String segmentBytes) throws InterruptedException, ExecutionException {
        try (Admin admin = Admin.create(Map.<String, Object>of("bootstrap.servers", servers))) {
            Map<String, String> settings = Map.of("cleanup.policy", "compact", "segment.bytes", segmentBytes);
            admin.createTopics(List.of(new NewTopic(partition.topic(), 1, (short) 1).configs(settings)))
                    .all()
                    .get();
        }
        try (KafkaProducer<byte[], byte[]> producer = producer()) {
            for (int i = 0; i < records; i++) {
                producer.send(record((int) ((long) i * STRIDE % keys), i));
            }
        }
    }

    /** Makes the topic dirty enough to be cleaned. */
    private void lowerDirtyRatio() throws InterruptedException, ExecutionException {
        try (Admin admin = Admin.create(Map.<String, Object>of("bootstrap.servers", servers))) {
            ConfigEntry ratio = new ConfigEntry("min.cleanable.dirty.ratio", "0.3");
            admin.incrementalAlterConfigs(Map.of(
                            new ConfigResource(ConfigResource.Type.TOPIC, partition.topic()),
                            List.of(new AlterConfigOp(ratio, AlterConfigOp.OpType.SET))))
                    .all()
                    .get();
        }
    }

    /** Writes some thousands of records a second, and reads all there is from the beginning, again and again. */
    private void run() throws IOException, InterruptedException, ExecutionException {
        lowerDirtyRatio();
        Random random = new Random(1);
        long written = 0;
        long read = 0;
        try (KafkaProducer<byte[], byte[]> producer = producer();
                KafkaConsumer<byte[], byte[]> consumer = consumer()) {
            while (System.in.available() == 0) {
                long startNs = System.nanoTime();
                for (int i = 0; i < RECORDS_PER_ROUND; i++) {
                    producer.send(record(random.nextInt(keys), -written++));
                }
                do {
                    int count = consumer.poll(Duration.ofMillis(10)).count();
                    read += count;
                    if (count == 0) {
                        consumer.seekToBeginning(List.of(partition));
                    }
                } while (System.nanoTime() - startNs < ROUND_NS);
            }
        }
        System.out.println(written + " " + read);
    }

    private void count(long endOffset) {
        boolean[] found = new boolean[keys];
        int count = 0;
        try (KafkaConsumer<byte[], byte[]> consumer = consumer()) {
            while (consumer.position(partition) < endOffset) {
                for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofMillis(100))) {
                    int key = Integer.parseInt(new String(record.key(), StandardCharsets.US_ASCII).trim());
                    if (record.offset() < endOffset) {
                        if (found[key]) {
                            throw new IllegalStateException("Key " + key + " is there twice below " + endOffset);
                        }
                        found[key] = true;
                        count++;
                    }
                }
            }
        }
        for (int key = 0; key < keys; key++) {
            if (!found[key]) {
                throw new IllegalStateException("Key " + key + " is missing");
            }
        }
        System.out.println(count);
    }
}
