package io.odradek.server.storm;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** A member of a group that reads and commits, and leaves and comes back again and again. */
final class HonestMember implements Runnable {
    static final String GROUP = "honest-group";
    /** A member that could not say that it leaves, because the disk was full, is waited for until its session ends. */
    private static final int SESSION_MS = 15_000;

    private static final int COMMITS_BEFORE_LEAVING = 10;
    private static final Duration GIVE_UP = Duration.ofMillis(HonestClients.GIVES_UP_MS);
    private static final Duration POLL = Duration.ofMillis(200);

    private final String bootstrapServers;
    private final Patience patience;
    private volatile boolean stopped;
    private volatile int commits;

    HonestMember(String bootstrapServers, Patience patience) {
        this.bootstrapServers = bootstrapServers;
        this.patience = patience;
    }

    int commits() {
        return commits;
    }

    void stop() {
        stopped = true;
    }

    @Override
    public void run() {
        while (!stopped) {
            KafkaConsumer<byte[], byte[]> consumer = consumer();
            try {
                patience.within(HonestClients.BOUND_MS + SESSION_MS, "join the group", () -> join(consumer));
                for (int left = COMMITS_BEFORE_LEAVING; left > 0 && !stopped; left--) {
                    consumer.poll(POLL);
                    patience.within(HonestClients.BOUND_MS, "commit", () -> commit(consumer));
                }
            } catch (RuntimeException e) {
                patience.complain("The member failed: " + e);
            } finally {
                patience.within(HonestClients.BOUND_MS, "leave the group", () -> close(consumer));
            }
        }
    }

    private KafkaConsumer<byte[], byte[]> consumer() {
        KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(
                Map.of(
                        "bootstrap.servers",
                        bootstrapServers,
                        "group.id",
                        GROUP,
                        "session.timeout.ms",
                        SESSION_MS,
                        "heartbeat.interval.ms",
                        1_000,
                        "enable.auto.commit",
                        false,
                        "auto.offset.reset",
                        "earliest"),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer());
        consumer.subscribe(List.of(HonestClients.TOPIC));
        return consumer;
    }

    private Void join(KafkaConsumer<byte[], byte[]> consumer) throws InterruptedException {
        long giveUpNs = System.nanoTime() + 2 * GIVE_UP.toNanos();
        while (consumer.assignment().isEmpty() && !stopped) {
            consumer.poll(POLL);
            if (System.nanoTime() > giveUpNs) {
                throw new IllegalStateException("no partition was assigned");
            }
        }
        return null;
    }

    private Void commit(KafkaConsumer<byte[], byte[]> consumer) {
        consumer.commitSync(GIVE_UP);
        commits++;
        return null;
    }

    private Void close(KafkaConsumer<byte[], byte[]> consumer) {
        consumer.close(CloseOptions.timeout(GIVE_UP));
        return null;
    }
}
