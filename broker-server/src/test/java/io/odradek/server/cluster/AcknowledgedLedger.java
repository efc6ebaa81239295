package io.odradek.server.cluster;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.common.TopicPartition;

/**
 * What a cluster has promised: the records that it acknowledged, and those that it showed to readers, each with its offset. In
 * the end {@link #judge} holds what is stored against it. Any thread may write into it.
 */
final class AcknowledgedLedger {
    private static final int MOST_PROBLEMS = 50;

    private final Map<TopicPartition, OffsetColumn> acknowledged = new ConcurrentHashMap<>();
    private final Map<String, Map<TopicPartition, OffsetColumn>> seen = new ConcurrentHashMap<>();
    private final Set<String> refused = ConcurrentHashMap.newKeySet();
    private final List<String> problems = new ArrayList<>();
    private final Map<String, AtomicLong> counts = new ConcurrentHashMap<>();
    private final AtomicLong count = new AtomicLong();

    /** A record was acknowledged, with the offset it got. */
    void acknowledged(TopicPartition partition, long offset, NumberedRecord sent) {
        long before = column(acknowledged, partition).put(offset, sent.number());
        if (before != OffsetColumn.NONE) {
            problem(partition + "@" + offset + " was acknowledged for " + NumberedRecord.of(before) + " and for "
                    + sent);
        }
        counts.computeIfAbsent(partition + "/" + sent.producer(), key -> new AtomicLong())
                .incrementAndGet();
        count.incrementAndGet();
    }

    /** The producer gave a record up: it may be stored or not. */
    void refused(TopicPartition partition, NumberedRecord sent, Throwable cause) {
        refused.add(partition + "/" + sent.number());
        problem(sent + " to " + partition + " was given up: " + cause);
    }

    /** A reader was given a record. What it saw before at the same offset must have been the same. */
    void seen(String reader, TopicPartition partition, long offset, NumberedRecord read) {
        long before = column(seen.computeIfAbsent(reader, name -> new ConcurrentHashMap<>()), partition)
                .put(offset, read.number());
        if (before != OffsetColumn.NONE && before != read.number()) {
            problem(reader + " saw " + NumberedRecord.of(before) + " and then " + read + " at " + partition + "@"
                    + offset);
        }
    }

    /** Something went wrong that nobody may see. */
    void problem(String what) {
        synchronized (problems) {
            if (problems.size() < MOST_PROBLEMS) {
                problems.add(what);
            }
        }
    }

    /** {@return what has gone wrong so far} */
    List<String> problems() {
        synchronized (problems) {
            return List.copyOf(problems);
        }
    }

    /** {@return how many records were acknowledged} */
    long count() {
        return count.get();
    }

    /** {@return how many records of a producer were acknowledged in a partition} */
    long count(TopicPartition partition, int producer) {
        AtomicLong counted = counts.get(partition + "/" + producer);
        return counted == null ? 0 : counted.get();
    }

    /** {@return the offset behind the last acknowledged record} */
    long acknowledgedEnd(TopicPartition partition) {
        return column(acknowledged, partition).end();
    }

    /** {@return the offset behind the last record that the reader saw} */
    long seenEnd(String reader, TopicPartition partition) {
        Map<TopicPartition, OffsetColumn> columns = seen.get(reader);
        return columns == null ? 0 : column(columns, partition).end();
    }

    /**
     * Compares with what is stored in the end.
     *
     * @param stored all records of all partitions
     * @return all that is wrong: acknowledged or seen records that are missing or changed, records that are there twice or
     *     not in the order in which their producer sent them, and what was reported before
     */
    List<String> judge(Map<TopicPartition, OffsetColumn> stored) {
        Map<TopicPartition, OffsetColumn> sorted =
                new TreeMap<>((a, b) -> a.toString().compareTo(b.toString()));
        sorted.putAll(stored);
        for (TopicPartition partition : acknowledged.keySet()) {
            sorted.putIfAbsent(partition, new OffsetColumn());
        }
        sorted.forEach((partition, log) -> {
            compare("acknowledged", partition, acknowledged.get(partition), log);
            seen.forEach((reader, columns) -> compare("seen by " + reader, partition, columns.get(partition), log));
            judgeOrder(partition, log);
        });
        return problems();
    }

    private void compare(String how, TopicPartition partition, OffsetColumn known, OffsetColumn log) {
        if (known == null) {
            return;
        }
        for (long offset = 0; offset < known.end(); offset++) {
            long number = known.at(offset);
            if (number != OffsetColumn.NONE && number != log.at(offset)) {
                problem(NumberedRecord.of(number) + ", " + how + ", is not at " + partition + "@" + offset + " but "
                        + describe(log.at(offset)));
            }
        }
    }

    /** All records of a producer stand in its order, none twice; only what it gave up may be missing. */
    private void judgeOrder(TopicPartition partition, OffsetColumn log) {
        Map<Integer, Long> next = new HashMap<>();
        for (long offset = 0; offset < log.end(); offset++) {
            if (log.at(offset) == OffsetColumn.NONE) {
                problem("nothing is stored at " + partition + "@" + offset);
                continue;
            }
            NumberedRecord record = NumberedRecord.of(log.at(offset));
            long expected = next.getOrDefault(record.producer(), 0L);
            while (expected < record.sequence()
                    && refused.contains(partition + "/" + new NumberedRecord(record.producer(), expected).number())) {
                expected++;
            }
            if (record.sequence() != expected) {
                problem(record + " is at " + partition + "@" + offset + " where its producer's " + expected
                        + " belongs");
            }
            next.put(record.producer(), Math.max(expected, record.sequence() + 1));
        }
    }

    private static String describe(long number) {
        return number == OffsetColumn.NONE
                ? "nothing"
                : NumberedRecord.of(number).toString();
    }

    private static OffsetColumn column(Map<TopicPartition, OffsetColumn> columns, TopicPartition partition) {
        return columns.computeIfAbsent(partition, key -> new OffsetColumn());
    }
}
