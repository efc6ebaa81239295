package io.odradek.server.inspect;

/**
 * Where a group stands in a partition.
 *
 * @param topic the topic
 * @param partition the partition's index
 * @param offset the next offset it will read, as it has committed
 * @param endOffset the offset after the partition's last record; -1 if the partition is gone or nobody here knows
 * @param metadata what the group has put beside it, often empty
 */
public record GroupPosition(String topic, int partition, long offset, long endOffset, String metadata) {
    /** {@return how many offsets it is behind; 0 if the end is not known} */
    public long lag() {
        return endOffset < 0 ? 0 : Math.max(0, endOffset - offset);
    }
}
