package io.odradek.server.tools;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.PartitionInfo;

/**
 * Whether a topic is there before it is written to or read, as clients wait for one that is not. A broker may make it at this
 * moment.
 */
public final class TopicLookup {
    /** How long a broker may take to make one. */
    public static final Duration PATIENCE = Duration.ofSeconds(10);

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
            throw absent(topic, connection, late);
        } catch (ExecutionException failure) {
            if (Failures.cause(failure) instanceof org.apache.kafka.common.errors.TimeoutException late) {
                throw absent(topic, connection, late);
            }
            throw failure;
        }
    }

    /**
     * {@return the partitions of a topic}
     *
     * @throws ToolException if it is not there
     * @throws org.apache.kafka.common.errors.TimeoutException if no broker says whether it is
     */
    public static List<PartitionInfo> partitions(Consumer<?, ?> consumer, String topic, Connection connection) {
        List<PartitionInfo> found = consumer.partitionsFor(topic, PATIENCE);
        if (found == null || found.isEmpty()) {
            throw absent(topic, connection, null);
        }
        return found;
    }

    private static ToolException absent(String topic, Connection connection, Exception cause) {
        return new ToolException("There is no topic \"" + topic + "\" at " + connection.servers(), cause);
    }
}
