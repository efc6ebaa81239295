package io.odradek.server.clients;

import java.time.Duration;
import java.util.Collection;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;

/** Reads partitions from their beginnings to where they end when it begins, as the consumer's isolation level has it. */
public final class WholeRead {
    private static final Duration POLL = Duration.ofMillis(100);
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private WholeRead() {}

    /** @throws AssertionError if the ends are not reached in a minute */
    public static <K, V> void of(
            KafkaConsumer<K, V> consumer,
            Collection<TopicPartition> partitions,
            Consumer<ConsumerRecord<K, V>> reader) {
        consumer.assign(partitions);
        consumer.seekToBeginning(partitions);
        Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (ends.entrySet().stream().anyMatch(end -> consumer.position(end.getKey()) < end.getValue())) {
            if (System.nanoTime() > deadline) {
                throw new AssertionError(partitions + " cannot be read to their ends in " + PATIENCE);
            }
            consumer.poll(POLL).forEach(reader);
        }
    }
}
