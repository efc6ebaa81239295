package io.odradek.benchmarks;

import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;

/**
 * Measures how long a broker takes from its start to its first acknowledged record. The clients are set up first; the
 * probe says {@code ready}, waits for a line, which is sent when the broker is started, and prints the milliseconds from
 * that line until a record is acknowledged by a topic that it creates.
 */
public final class FirstRecordProbe {
    private FirstRecordProbe() {}

    /** Arguments: {@code host:port topic partitions}. */
    public static void main(String[] arguments) throws IOException, InterruptedException, ExecutionException {
        String topic = arguments[1];
        Map<String, Object> common = Map.of(
                AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG,
                arguments[0],
                AdminClientConfig.RECONNECT_BACKOFF_MS_CONFIG,
                10L,
                AdminClientConfig.RECONNECT_BACKOFF_MAX_MS_CONFIG,
                10L,
                AdminClientConfig.RETRY_BACKOFF_MS_CONFIG,
                10L,
                AdminClientConfig.RETRY_BACKOFF_MAX_MS_CONFIG,
                10L);
        Map<String, Object> producing = new HashMap<>(common);
        producing.put(ProducerConfig.ACKS_CONFIG, "1");
        producing.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, false);
        try (Admin admin = Admin.create(common);
                KafkaProducer<String, byte[]> producer =
                        new KafkaProducer<>(producing, new StringSerializer(), new ByteArraySerializer())) {
            System.out.println("ready");
            System.in.read();
            long start = System.nanoTime();
            admin.createTopics(List.of(new NewTopic(topic, Integer.parseInt(arguments[2]), (short) 1)))
                    .all()
                    .get();
            producer.send(new ProducerRecord<>(topic, new byte[1])).get();
            System.out.println((System.nanoTime() - start) / 1_000_000);
        }
    }
}
