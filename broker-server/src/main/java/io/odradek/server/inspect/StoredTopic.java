package io.odradek.server.inspect;

import java.util.List;

/**
 * A topic.
 *
 * @param name its name
 * @param id its identifier, 22 characters as Kafka's tools show it
 * @param internal whether brokers keep it for themselves: {@code __consumer_offsets}, {@code __transaction_state}
 * @param partitions its partitions, by index
 */
public record StoredTopic(String name, String id, boolean internal, List<StoredPartition> partitions) {
    /** {@return how many offsets its partitions span: with transactions or compaction more than there are records} */
    public long offsets() {
        return partitions.stream().mapToLong(StoredPartition::offsets).sum();
    }
}
