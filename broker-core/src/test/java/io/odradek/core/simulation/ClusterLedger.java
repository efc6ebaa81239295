package io.odradek.core.simulation;

import io.odradek.protocol.TopicPartition;
import io.odradek.protocol.wire.Uuid;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.ToLongBiFunction;

/**
 * What clients were promised and what they have seen: each record is a number that is sent once in all the run. Where one was
 * acknowledged with acks=all, or was read below a high watermark, it stays; no number is ever found in a second place.
 */
final class ClusterLedger {
    private static final int NOWHERE = -1;

    /** A partition of a topic that is never deleted, or of one incarnation of one that is. */
    static final class Records {
        private final Uuid topicId;
        private final TopicPartition id;
        private long[] values = new long[256];
        private final BitSet acknowledged = new BitSet();
        private int end;

        private Records(Uuid topicId, TopicPartition id) {
            this.topicId = topicId;
            this.id = id;
            Arrays.fill(values, NOWHERE);
        }

        TopicPartition id() {
            return id;
        }

        /** {@return the number that is known to lie at an offset, -1 if none is} */
        long at(long offset) {
            return offset < values.length ? values[(int) offset] : NOWHERE;
        }

        boolean isAcknowledged(long offset) {
            return acknowledged.get((int) offset);
        }

        /** {@return how many records were promised} */
        int acknowledgedRecords() {
            return acknowledged.cardinality();
        }

        /** {@return the offset after the last that is known} */
        int end() {
            return end;
        }

        private void put(long offset, long value) {
            if (offset >= values.length) {
                int before = values.length;
                values = Arrays.copyOf(values, Math.max(before * 2, (int) offset + 1));
                Arrays.fill(values, before, values.length, NOWHERE);
            }
            values[(int) offset] = value;
            end = Math.max(end, (int) offset + 1);
        }
    }

    private final Map<Uuid, Map<Integer, Records>> topics = new LinkedHashMap<>();
    private final List<TopicPartition> sentTo = new ArrayList<>();
    private long[] places = new long[1024];
    private ToLongBiFunction<Uuid, Integer> committed = (topicId, partition) -> Long.MAX_VALUE;

    /** {@return a number that has never been sent, to be sent to a partition} */
    long newValue(TopicPartition partition) {
        int value = sentTo.size();
        sentTo.add(partition);
        if (value == places.length) {
            places = Arrays.copyOf(places, value * 2);
        }
        places[value] = NOWHERE;
        return value;
    }

    Records records(Uuid topicId, TopicPartition id) {
        return topics.computeIfAbsent(topicId, any -> new TreeMap<>())
                .computeIfAbsent(id.partition(), any -> new Records(topicId, id));
    }

    /** {@return every partition that anything is known of} */
    List<Records> all() {
        List<Records> all = new ArrayList<>();
        topics.values().forEach(partitions -> all.addAll(partitions.values()));
        return all;
    }

    /** A record was acknowledged by all replicas in sync. */
    void acknowledged(Records records, long offset, long value) {
        found(records, offset, value, "was acknowledged");
        records.acknowledged.set((int) offset);
    }

    /** A consumer was given a record. */
    void read(Records records, long offset, long value) {
        found(records, offset, value, "was read");
    }

    /** Says up to where partitions are committed: nothing may be acknowledged or read beyond. */
    void committedBy(ToLongBiFunction<Uuid, Integer> newCommitted) {
        committed = newCommitted;
    }

    private void found(Records records, long offset, long value, String how) {
        TopicPartition id = records.id;
        long committedEnd = committed.applyAsLong(records.topicId, id.partition());
        Violation.unless(
                offset < committedEnd,
                "Record %d %s at %d of %s, which was never committed but up to %d",
                value,
                how,
                offset,
                id,
                committedEnd);
        Violation.unless(
                value >= 0 && value < sentTo.size() && sentTo.get((int) value).equals(id),
                "Record %d %s at %d of %s, where nobody has sent it",
                value,
                how,
                offset,
                id);
        long before = records.at(offset);
        Violation.unless(
                before == NOWHERE || before == value,
                "Record %d %s at %d of %s, where record %d was",
                value,
                how,
                offset,
                id,
                before);
        long place = places[(int) value];
        Violation.unless(
                place == NOWHERE || place == offset,
                "Record %d %s at %d of %s, and lies at %d as well",
                value,
                how,
                offset,
                id,
                place);
        places[(int) value] = offset;
        if (before == NOWHERE) {
            records.put(offset, value);
        }
    }
}
