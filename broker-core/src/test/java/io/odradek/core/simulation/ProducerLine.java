package io.odradek.core.simulation;

import io.odradek.protocol.TopicPartition;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.function.Supplier;

/**
 * The batches of one idempotent producer in one partition that were not acknowledged yet, in their order. From the first of them
 * on no more are numbered than a broker remembers.
 */
final class ProducerLine {
    /** How many batches may be under way. */
    static final int MOST = 5;

    private static final int REMEMBERED = 4 * MOST;

    /** Some records under consecutive sequence numbers. */
    static final class Batch {
        private final int index;
        private final int sequence;
        private final List<Long> values;
        private int tries;
        private boolean underWay;
        private boolean sentFirst;

        private Batch(int index, int sequence, List<Long> values) {
            this.index = index;
            this.sequence = sequence;
            this.values = values;
        }

        int sequence() {
            return sequence;
        }

        List<Long> values() {
            return values;
        }

        /** {@return how often it was sent} */
        int tries() {
            return tries;
        }

        /** {@return whether all before it were acknowledged when it was sent last} */
        boolean sentFirst() {
            return sentFirst;
        }

        @Override
        public String toString() {
            return "batch " + sequence + " " + values;
        }
    }

    private record Place(long baseOffset, int records) {}

    private final TopicPartition id;
    private final Deque<Batch> unacknowledged = new ArrayDeque<>();
    private final NavigableMap<Integer, Place> acknowledged = new TreeMap<>();
    private int batches;
    private int records;

    ProducerLine(TopicPartition id) {
        this.id = id;
    }

    TopicPartition id() {
        return id;
    }

    /**
     * {@return what is to be sent now, null if nothing is}
     *
     * @param newValues are the records of a new batch, null if there is none
     */
    Batch next(Supplier<List<Long>> newValues) {
        Batch first = unacknowledged.peek();
        if (first != null && !first.underWay) {
            return first;
        }
        boolean waits = unacknowledged.stream().anyMatch(batch -> !batch.underWay);
        if (waits || (first != null && batches - first.index >= MOST)) {
            return null;
        }
        List<Long> values = newValues.get();
        if (values == null) {
            return null;
        }
        Batch batch = new Batch(batches++, records, values);
        records += batch.values.size();
        unacknowledged.add(batch);
        return batch;
    }

    /** {@return whether all of them were acknowledged} */
    boolean isEmpty() {
        return unacknowledged.isEmpty();
    }

    void sent(Batch batch) {
        batch.underWay = true;
        batch.tries++;
        batch.sentFirst = unacknowledged.peek() == batch;
    }

    void failed(Batch batch) {
        batch.underWay = false;
    }

    /** {@return whether any that follow it were sent} */
    boolean sentAfter(Batch batch) {
        return batches - 1 > batch.index;
    }

    /** All of them lie in their order. */
    void acknowledged(Batch batch, long baseOffset) {
        unacknowledged.remove(batch);
        Map.Entry<Integer, Place> before = acknowledged.lowerEntry(batch.index);
        Map.Entry<Integer, Place> after = acknowledged.higherEntry(batch.index);
        Violation.unless(
                (before == null || before.getValue().baseOffset + before.getValue().records <= baseOffset)
                        && (after == null || baseOffset + batch.values.size() <= after.getValue().baseOffset),
                "%s lies at %d of %s, not between its neighbours %s and %s",
                batch,
                baseOffset,
                id,
                before,
                after);
        acknowledged.put(batch.index, new Place(baseOffset, batch.values.size()));
        if (acknowledged.size() > REMEMBERED) {
            acknowledged.pollFirstEntry();
        }
    }
}
