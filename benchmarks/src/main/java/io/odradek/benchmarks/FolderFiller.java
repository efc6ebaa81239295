package io.odradek.benchmarks;

import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** Creates a topic and fills each of its partitions with a number of segments, the last one half. */
public final class FolderFiller {
    private static final int RECORD_BYTES = 1000;
    private static final int BATCH_BYTES = 8192;

    private static final int PATIENCE_MS = 600_000;

    private FolderFiller() {}

    /** Arguments: {@code host:port topic partitions segments segment-bytes}. */
    public static void main(String[] arguments) throws InterruptedException, ExecutionException {
        String topic = arguments[1];
        int partitions = Integer.parseInt(arguments[2]);
        int segments = Integer.parseInt(arguments[3]);
        int segmentBytes = Integer.parseInt(arguments[4]);
        Map<String, Object> common = Map.of(
                AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG,
                arguments[0],
                AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG,
                PATIENCE_MS,
                AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG,
                PATIENCE_MS);
        try (Admin admin = Admin.create(common)) {
            admin.createTopics(List.of(new NewTopic(topic, partitions, (short) 1)
                            .configs(Map.of("segment.bytes", Integer.toString(segmentBytes)))))
                    .all()
                    .get();
        }
        Map<String, Object> producing = Map.of(
                ProducerConfig.BOOTSTRAP_SERVERS_CONFIG,
                arguments[0],
                ProducerConfig.BATCH_SIZE_CONFIG,
                BATCH_BYTES,
                ProducerConfig.LINGER_MS_CONFIG,
                5,
                ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG,
                true);
        Random random = new Random(1);
        try (KafkaProducer<byte[], byte[]> producer =
                new KafkaProducer<>(producing, new ByteArraySerializer(), new ByteArraySerializer())) {
            long bytesOfPartition = (long) segmentBytes * (2L * segments - 1) / 2;
            int perBatch = BATCH_BYTES / RECORD_BYTES;
            for (long written = 0; written < bytesOfPartition; written += (long) perBatch * RECORD_BYTES) {
                for (int partition = 0; partition < partitions; partition++) {
                    for (int i = 0; i < perBatch; i++) {
                        byte[] value = new byte[RECORD_BYTES - 20];
                        random.nextBytes(value);
                        producer.send(new ProducerRecord<>(topic, partition, null, value));
                    }
                }
            }
        }
    }
}
