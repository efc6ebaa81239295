package io.odradek.server.samples;

import java.time.Duration;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import java.util.Properties;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.LongDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;

/**
 * Commits what it has done itself: without waiting while it goes on, as the next one makes good what has failed, and waiting where
 * there is no next one, which is before partitions go to another member, and at the end.
 */
public final class CommittingConsumer {
    private CommittingConsumer() {}

    /** @param arguments brokers, topic, group, how many to read */
    public static void main(String[] arguments) {
        Properties settings = new Properties();
        settings.put("bootstrap.servers", arguments[0]);
        settings.put("group.id", arguments[2]);
        settings.put("key.deserializer", StringDeserializer.class.getName());
        settings.put("value.deserializer", LongDeserializer.class.getName());
        settings.put("auto.offset.reset", "earliest");
        settings.put("enable.auto.commit", "false");
        settings.put("max.poll.records", "10");
        Map<TopicPartition, OffsetAndMetadata> done = new HashMap<>();
        try (KafkaConsumer<String, Long> consumer = new KafkaConsumer<>(settings)) {
            consumer.subscribe(Collections.singletonList(arguments[1]), new ConsumerRebalanceListener() {
                @Override
                public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
                    // They go on where they have been committed.
                }

                @Override
                public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
                    consumer.commitSync(done);
                    done.keySet().removeAll(partitions);
                }
            });
            int wanted = Integer.parseInt(arguments[3]);
            int read = 0;
            while (read < wanted) {
                for (ConsumerRecord<String, Long> each : consumer.poll(Duration.ofMillis(100))) {
                    if (read < wanted) {
                        read++;
                        done.put(
                                new TopicPartition(each.topic(), each.partition()),
                                new OffsetAndMetadata(each.offset() + 1, "read " + read));
                    }
                }
                consumer.commitAsync(done, (positions, failure) -> {
                    if (failure != null) {
                        System.err.println("Not committed, the next one will be: " + failure.getMessage());
                    }
                });
            }
            consumer.commitSync(done);
        }
    }
}
