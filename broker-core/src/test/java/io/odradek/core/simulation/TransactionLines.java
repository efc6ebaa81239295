package io.odradek.core.simulation;

import io.odradek.protocol.TopicPartition;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** What a transactional producer has to write in one of its epochs: the batches of each partition, sent or not. */
final class TransactionLines {
    private final long producerId;
    private final short epoch;
    private final Map<TopicPartition, ProducerLine> lines = new TreeMap<>();
    private final Map<TopicPartition, Deque<List<Long>>> waiting = new TreeMap<>();
    private final Set<TopicPartition> added = new TreeSet<>();

    TransactionLines(long producerId, short epoch) {
        this.producerId = producerId;
        this.epoch = epoch;
    }

    long producerId() {
        return producerId;
    }

    short epoch() {
        return epoch;
    }

    /** Another transaction begins in the same epoch. */
    void begin() {
        added.clear();
        waiting.values().forEach(Deque::clear);
    }

    void put(TopicPartition id, List<Long> values) {
        lines.computeIfAbsent(id, ProducerLine::new);
        waiting.computeIfAbsent(id, any -> new ArrayDeque<>()).add(values);
    }

    /** The coordinator knows of partitions. */
    void added(List<TopicPartition> partitions) {
        added.addAll(partitions);
    }

    boolean isAdded(TopicPartition id) {
        return added.contains(id);
    }

    /** {@return the partitions with something that was not acknowledged} */
    List<TopicPartition> unfinished() {
        List<TopicPartition> unfinished = new ArrayList<>();
        lines.forEach((id, line) -> {
            if (!line.isEmpty() || !waiting.get(id).isEmpty()) {
                unfinished.add(id);
            }
        });
        return unfinished;
    }

    ProducerLine line(TopicPartition id) {
        return lines.get(id);
    }

    /** {@return the batch of a partition that is to be sent now, null if none is} */
    ProducerLine.Batch next(TopicPartition id) {
        return lines.get(id).next(waiting.get(id)::poll);
    }

    /** {@return whether anything was sent of which nobody knows whether it has arrived} */
    boolean isAnyUnderWay() {
        return lines.values().stream().anyMatch(line -> !line.isEmpty());
    }
}
