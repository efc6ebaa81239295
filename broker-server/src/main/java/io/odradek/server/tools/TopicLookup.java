package io.odradek.server.tools;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.Metric;
import org.apache.kafka.common.MetricName;
import org.apache.kafka.common.PartitionInfo;

/**
 * Whether a topic is there before it is written to or read, as clients wait for one that is not. A broker may make it at this
 * moment.
 */
public final class TopicLookup {
    /** How long a broker may take to make one. */
    public static final Duration PATIENCE = Duration.ofSeconds(10);

    /** What clients call the number of answers that they have had. */
    private static final String ANSWERS = "response-total";

    private TopicLookup() {}

    /**
     * Waits until a producer knows a topic.
     *
     * @param patience how long at most; the client's own patience may end before
     * @throws ToolException if it is not there
     */
    public static void find(Producer<?, ?> producer, String topic, Connection connection, Duration patience)
            throws ExecutionException, InterruptedException {
        FutureTask<Void> found = new FutureTask<>(() -> {
            producer.partitionsFor(topic);
            return null;
        });
        Thread asking = new Thread(found, "find-topic");
        asking.setDaemon(true);
        asking.start();
        try {
            found.get(patience.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException late) {
            throw absent(topic, connection, producer.metrics(), late);
        } catch (ExecutionException failure) {
            if (Failures.cause(failure) instanceof org.apache.kafka.common.errors.TimeoutException late) {
                throw absent(topic, connection, producer.metrics(), late);
            }
            throw failure;
        }
    }

    /** {@return the partitions of a topic} @throws ToolException if it is not there */
    public static List<PartitionInfo> partitions(Consumer<?, ?> consumer, String topic, Connection connection) {
        List<PartitionInfo> found = List.of();
        Exception cause = null;
        try {
            found = consumer.partitionsFor(topic, PATIENCE);
        } catch (org.apache.kafka.common.errors.TimeoutException late) {
            cause = late;
        }
        if (found == null || found.isEmpty()) {
            throw absent(topic, connection, consumer.metrics(), cause);
        }
        return found;
    }

    /** Of brokers that have not answered at all nobody knows what topics they have. */
    private static RuntimeException absent(
            String topic, Connection connection, Map<MetricName, ? extends Metric> metrics, Exception cause) {
        boolean answered = metrics.values().stream()
                .anyMatch(metric -> metric.metricName().name().equals(ANSWERS)
                        && metric.metricValue() instanceof Number count
                        && count.doubleValue() > 0);
        return answered
                ? new ToolException("There is no topic \"" + topic + "\" at " + connection.servers(), cause)
                : new org.apache.kafka.common.errors.TimeoutException("it was asked for topic " + topic, cause);
    }
}
