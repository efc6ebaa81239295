package io.odradek.server.cluster;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;

/** Reads all partitions from their beginning, each offset once, and is never told that its position is none. */
final class TailingReader extends LoadReader {
    private final List<TopicPartition> partitions;
    private final Map<TopicPartition, Long> next = new HashMap<>();

    TailingReader(String name, String bootstrapServers, List<TopicPartition> partitions, AcknowledgedLedger ledger) {
        super(name, bootstrapServers, Map.of("auto.offset.reset", "none"), ledger);
        this.partitions = partitions;
    }

    @Override
    void begin(KafkaConsumer<byte[], byte[]> reading) {
        reading.assign(partitions);
        for (TopicPartition partition : partitions) {
            reading.seek(partition, 0);
        }
    }

    @Override
    String look(TopicPartition partition, long offset) {
        long expected = next.getOrDefault(partition, 0L);
        next.put(partition, offset + 1);
        return offset == expected ? null : partition + "@" + offset + " came where " + expected + " was next";
    }

    @Override
    void endRound(KafkaConsumer<byte[], byte[]> reading) {}
}
