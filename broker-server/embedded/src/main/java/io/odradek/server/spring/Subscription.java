package io.odradek.server.spring;

import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.common.TopicPartition;

/**
 * A consumer's subscription to topics, from the call of a test on.
 *
 * @param consumer the test's own
 */
record Subscription(Consumer<?, ?> consumer) {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    static Subscription of(Object consumer, Collection<String> topics) {
        Consumer<?, ?> subscriber = (Consumer<?, ?>) consumer;
        subscriber.subscribe(List.copyOf(topics));
        return new Subscription(subscriber);
    }

    /**
     * Returns when it has its partitions. What came with them is left for the test to read, or passed over.
     *
     * @throws IllegalStateException if that takes a minute
     */
    void awaitAssignment(boolean toEnd) {
        Instant end = Instant.now().plus(PATIENCE);
        while (consumer.assignment().isEmpty()) {
            if (Instant.now().isAfter(end)) {
                throw new IllegalStateException("The consumer got no partitions within " + PATIENCE);
            }
            leaveUnread(consumer.poll(Duration.ofMillis(100)));
        }
        if (toEnd) {
            consumer.seekToEnd(consumer.assignment());
        }
    }

    private void leaveUnread(ConsumerRecords<?, ?> records) {
        for (TopicPartition partition : records.partitions()) {
            ConsumerRecord<?, ?> first = records.records(partition).get(0);
            consumer.seek(partition, first.offset());
        }
    }
}
