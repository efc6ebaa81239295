package io.odradek.benchmarks;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaException;

/**
 * Measures how long a broker takes from its start until every partition of a topic has a leader. The client is set up first;
 * the probe says {@code ready}, waits for a line, which is sent when the broker is started, and prints the milliseconds from
 * that line.
 */
public final class LeadersProbe {
    private LeadersProbe() {}

    /** Arguments: {@code host:port topic partitions}. */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        Map<String, Object> settings = Map.of(
                AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG,
                arguments[0],
                AdminClientConfig.RECONNECT_BACKOFF_MS_CONFIG,
                10L,
                AdminClientConfig.RECONNECT_BACKOFF_MAX_MS_CONFIG,
                10L,
                AdminClientConfig.RETRY_BACKOFF_MS_CONFIG,
                10L,
                AdminClientConfig.RETRY_BACKOFF_MAX_MS_CONFIG,
                10L,
                AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG,
                300_000);
        try (Admin admin = Admin.create(settings)) {
            System.out.println("ready");
            System.in.read();
            long start = System.nanoTime();
            while (leaders(admin, arguments[1]) < Integer.parseInt(arguments[2])) {
                Thread.onSpinWait();
            }
            System.out.println((System.nanoTime() - start) / 1_000_000);
        }
    }

    private static long leaders(Admin admin, String topic) throws InterruptedException {
        try {
            TopicDescription description = admin.describeTopics(List.of(topic))
                    .topicNameValues()
                    .get(topic)
                    .get();
            return description.partitions().stream()
                    .filter(partition ->
                            partition.leader() != null && !partition.leader().isEmpty())
                    .count();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof KafkaException) {
                return 0; // Not there yet.
            }
            throw new IllegalStateException(e);
        }
    }
}
