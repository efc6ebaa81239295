package io.odradek.server.embedded;

import io.odradek.server.inspect.Inspector;
import io.odradek.server.inspect.StoredRecord;
import io.odradek.server.inspect.StoredTopic;
import io.odradek.server.inspect.TopicFollower;
import java.time.Duration;
import java.util.List;
import java.util.function.BooleanSupplier;

/** Waits until a topic has so many records, and says what was there where it has not. */
final class RecordAwait {
    private static final int MOST_SHOWN = 10;

    private final Inspector inspector;
    private final String topic;

    RecordAwait(Inspector inspector, String topic) {
        this.inspector = inspector;
        this.topic = topic;
    }

    /**
     * Waits.
     *
     * @param open whether the brokers are; where not, the wait is over
     * @return all records there are by then, at least so many
     * @throws AssertionError if there are fewer when the time is over
     */
    List<StoredRecord> records(int count, Duration timeout, BooleanSupplier open) {
        TopicFollower follower = inspector.follow(topic);
        long deadlineNs = System.nanoTime() + timeout.toNanos();
        while (true) {
            List<StoredRecord> seen = follower.read();
            if (seen.size() >= count) {
                return List.copyOf(seen);
            }
            long leftNs = deadlineNs - System.nanoTime();
            if (leftNs <= 0 || !open.getAsBoolean()) {
                throw new AssertionError(missing(count, timeout, seen));
            }
            if (Thread.currentThread().isInterrupted()) {
                throw new IllegalStateException("Interrupted while records of topic " + topic + " are awaited");
            }
            follower.await(Duration.ofNanos(leftNs));
        }
    }

    private String missing(int count, Duration timeout, List<StoredRecord> seen) {
        StringBuilder text = new StringBuilder("Topic ").append(topic);
        List<StoredTopic> topics = inspector.topics();
        if (topics.stream().noneMatch(known -> known.name().equals(topic))) {
            text.append(" is not there after ").append(timeout.toMillis()).append(" ms");
        } else {
            List<StoredRecord> undecided = inspector.records(topic).stream()
                    .filter(record -> !record.transaction().isMarker() && !record.isCommitted())
                    .toList();
            text.append(" has ")
                    .append(seen.size())
                    .append(" records that a read_committed consumer sees after ")
                    .append(timeout.toMillis())
                    .append(" ms, not ")
                    .append(count);
            append(text, seen);
            if (!undecided.isEmpty()) {
                text.append("\nand ").append(undecided.size()).append(" of transactions that are open or were aborted");
                append(text, undecided);
            }
        }
        text.append("\nTopics, with the offsets they span:");
        topics.stream()
                .filter(known -> !known.internal())
                .forEach(known ->
                        text.append(' ').append(known.name()).append('=').append(known.offsets()));
        return text.toString();
    }

    private static void append(StringBuilder text, List<StoredRecord> records) {
        records.stream().limit(MOST_SHOWN).forEach(record -> text.append("\n  ").append(record));
        if (records.size() > MOST_SHOWN) {
            text.append("\n  ... and ").append(records.size() - MOST_SHOWN).append(" more");
        }
    }
}
