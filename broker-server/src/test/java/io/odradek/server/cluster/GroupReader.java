package io.odradek.server.cluster;

import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.CommitFailedException;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.RebalanceInProgressException;
import org.apache.kafka.common.errors.TimeoutException;

/** The only member of a group. It commits all that it sees, and must never be sent back behind a commit that was answered. */
final class GroupReader extends LoadReader {
    private final Set<String> topics;
    private final Map<TopicPartition, Long> next = new HashMap<>();
    private final Map<TopicPartition, Long> committed = new HashMap<>();

    GroupReader(String group, String bootstrapServers, Set<String> topics, AcknowledgedLedger ledger) {
        super(
                group,
                bootstrapServers,
                Map.of("group.id", group, "auto.offset.reset", "earliest", "session.timeout.ms", 10_000),
                ledger);
        this.topics = new HashSet<>(topics);
    }

    @Override
    void begin(KafkaConsumer<byte[], byte[]> reading) {
        reading.subscribe(topics, new ConsumerRebalanceListener() {
            @Override
            public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
                next.keySet().removeAll(partitions);
            }

            @Override
            public void onPartitionsLost(Collection<TopicPartition> partitions) {
                next.keySet().removeAll(partitions);
            }

            @Override
            public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
                next.keySet().removeAll(partitions);
            }
        });
    }

    @Override
    String look(TopicPartition partition, long offset) {
        Long expected = next.put(partition, offset + 1);
        if (expected != null) {
            return offset == expected ? null : partition + "@" + offset + " came where " + expected + " was next";
        }
        long kept = committed.getOrDefault(partition, 0L);
        return offset >= kept ? null : partition + " is read from " + offset + " again, but " + kept + " was committed";
    }

    @Override
    void endRound(KafkaConsumer<byte[], byte[]> reading) {
        Map<TopicPartition, OffsetAndMetadata> positions = new HashMap<>();
        next.forEach((partition, offset) -> positions.put(partition, new OffsetAndMetadata(offset)));
        try {
            reading.commitSync(positions);
            positions.forEach((partition, position) -> committed.put(partition, position.offset()));
        } catch (CommitFailedException | RebalanceInProgressException | TimeoutException later) {
            // The group has moved on, or its coordinator away: what is not committed is read again.
        }
    }
}
