package io.odradek.server.inspect;

import java.util.List;

/**
 * A partition, and the offsets that its leader has; these are -1 if it has no leader, or one that cannot be asked here.
 *
 * @param partition its index
 * @param leader the id of the broker that leads it, -1 for none
 * @param leaderEpoch the leader's epoch
 * @param replicas ids of the brokers that have it, the preferred leader first
 * @param isr ids of those in sync
 * @param span what its log spans
 */
public record StoredPartition(
        int partition, int leader, int leaderEpoch, List<Integer> replicas, List<Integer> isr, Span span) {
    /**
     * What a log spans.
     *
     * @param start the first offset
     * @param stable the offset before which every transaction has ended (last stable offset), the end of read_committed
     *     consumers
     * @param end the offset after the last record that consumers may see (high watermark)
     */
    public record Span(long start, long stable, long end) {
        static final Span UNKNOWN = new Span(-1, -1, -1);
    }

    /** {@return how many offsets it spans, 0 if that is not known} */
    public long offsets() {
        return span.end() - span.start();
    }
}
