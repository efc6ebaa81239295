package io.odradek.benchmarks;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** One member of a group, on a thread of its own. */
final class RebalanceMember {
    private static final Duration POLL = Duration.ofMillis(10);

    private final KafkaConsumer<byte[], byte[]> consumer;
    private final Thread thread;
    private volatile View view = new View(-1, Set.of(), 0);
    private volatile boolean ended;
    private volatile boolean leaves;

    /**
     * What a member knows.
     *
     * @param generation the generation it is in
     * @param owned its partitions
     * @param sinceNs since when it knows that
     */
    record View(int generation, Set<TopicPartition> owned, long sinceNs) {}

    RebalanceMember(Map<String, Object> settings, String topic) {
        Map<String, Object> own = new HashMap<>(settings);
        // It leaves by unsubscribing, and a member that is closed without that has died.
        own.put("internal.leave.group.on.close", false);
        consumer = new KafkaConsumer<>(own, new ByteArrayDeserializer(), new ByteArrayDeserializer());
        consumer.subscribe(List.of(topic));
        thread = new Thread(this::run);
        thread.setDaemon(true);
    }

    void start() {
        thread.start();
    }

    View view() {
        return view;
    }

    /** It tells the broker that it goes. */
    void leave() {
        leaves = true;
        ended = true;
    }

    /** It goes without a word, and has gone when this returns. */
    void die() throws InterruptedException {
        ended = true;
        awaitEnd();
    }

    void awaitEnd() throws InterruptedException {
        thread.join();
    }

    /** The client of 3.9.2, which this runs with, knows no other way to be closed at once. */
    @SuppressWarnings("deprecation")
    private void run() {
        while (!ended) {
            consumer.poll(POLL);
            View before = view;
            Set<TopicPartition> owned = consumer.assignment();
            int generation = consumer.groupMetadata().generationId();
            if (generation != before.generation || !owned.equals(before.owned)) {
                view = new View(generation, Set.copyOf(owned), System.nanoTime());
            }
        }
        if (leaves) {
            consumer.unsubscribe();
        }
        consumer.close(Duration.ZERO);
    }

    @Override
    public String toString() {
        return view.toString();
    }
}
