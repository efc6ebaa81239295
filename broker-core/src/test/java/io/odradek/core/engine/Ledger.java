package io.odradek.core.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.odradek.protocol.TopicPartition;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/** What clients were promised: topics, records and committed offsets that must be there from then on. */
final class Ledger {
    /** What is known of a topic's being there. */
    enum Existence {
        PRESENT,
        ABSENT,
        UNKNOWN
    }

    /** A topic by name; its records belong to one incarnation, which ends when its deletion is asked for. */
    static final class Topic {
        final String name;
        Existence existence = Existence.ABSENT;
        int incarnation;
        private final SortedMap<Integer, SortedMap<Long, String>> acknowledged = new TreeMap<>();
        private final Set<String> sent = new HashSet<>();

        private Topic(String name) {
            this.name = name;
        }

        void deletionBegins() {
            existence = Existence.UNKNOWN;
            acknowledged.clear();
            incarnation++;
        }

        void sent(String value) {
            sent.add(value);
        }

        void acknowledged(int partition, long offset, String value) {
            SortedMap<Long, String> records = acknowledged.computeIfAbsent(partition, any -> new TreeMap<>());
            String other = records.put(offset, value);
            assertThat(other == null || other.equals(value))
                    .as("Two records were promised offset " + offset + " of " + name + "-" + partition)
                    .isTrue();
        }

        /**
         * Compares what a consumer got.
         *
         * @param from the first offset that could have come
         * @param to the first one after those that could
         */
        void check(int partition, long from, long to, SortedMap<Long, String> read) {
            assertThat(sent).as("records of " + name + "-" + partition).containsAll(read.values());
            assertThat(new TreeSet<>(read.values()))
                    .as("each record once in " + name + "-" + partition)
                    .hasSameSizeAs(read.values());
            SortedMap<Long, String> promised = acknowledged.getOrDefault(partition, new TreeMap<>());
            if (from < to) {
                assertThat(read)
                        .as("acknowledged records of " + name + "-" + partition)
                        .containsAllEntriesOf(promised.subMap(from, to));
            }
        }

        long acknowledgedRecords() {
            return acknowledged.values().stream().mapToLong(Map::size).sum();
        }
    }

    /** The position that a group has in a partition: the last acknowledged one, or one that was asked for since. */
    private static final class Position {
        private Long acknowledged;
        private final Set<Long> possible = new TreeSet<>();
    }

    private final SortedMap<String, Topic> topics = new TreeMap<>();
    private final SortedMap<String, SortedMap<TopicPartition, Position>> groups = new TreeMap<>();
    /** Of topics whose deletion is under way, by topic and group. */
    private final SortedMap<String, SortedMap<String, SortedMap<TopicPartition, Position>>> going = new TreeMap<>();
    /** Positions that a failing disk may have kept from being forgotten, by group. */
    private final SortedMap<String, SortedMap<TopicPartition, Set<Long>>> outliving = new TreeMap<>();

    private boolean disksFail;

    Topic topic(String name) {
        return topics.computeIfAbsent(name, Topic::new);
    }

    SortedMap<String, Topic> topics() {
        return topics;
    }

    private Position position(String group, TopicPartition id) {
        return groups.computeIfAbsent(group, any -> new TreeMap<>()).computeIfAbsent(id, any -> new Position());
    }

    void commitSent(String group, TopicPartition id, long offset) {
        position(group, id).possible.add(offset);
    }

    void commitAcknowledged(String group, TopicPartition id, long offset) {
        Position position = position(group, id);
        position.acknowledged = offset;
        position.possible.clear();
    }

    /** The deletion of a topic begins, with which the positions in it go. */
    void forgetPositions(String topic) {
        SortedMap<String, SortedMap<TopicPartition, Position>> ofTopic = new TreeMap<>();
        groups.forEach((group, positions) -> {
            SortedMap<TopicPartition, Position> gone = new TreeMap<>(positions);
            gone.keySet().removeIf(id -> !id.topic().equals(topic));
            positions.keySet().removeAll(gone.keySet());
            ofTopic.put(group, gone);
        });
        going.put(topic, ofTopic);
        if (disksFail) {
            ofTopic.forEach(this::mayOutlive);
        }
    }

    /** The topic is gone. */
    void forgotten(String topic) {
        going.remove(topic);
    }

    /** A coordinator whose log fails cannot note that positions are gone; as with Kafka, nobody does so later. */
    void disksFail(boolean fail) {
        disksFail = fail;
        if (fail) {
            going.values().forEach(ofTopic -> ofTopic.forEach(this::mayOutlive));
        }
    }

    private void mayOutlive(String group, SortedMap<TopicPartition, Position> positions) {
        positions.forEach((id, position) -> {
            Set<Long> left = outliving
                    .computeIfAbsent(group, any -> new TreeMap<>())
                    .computeIfAbsent(id, any -> new TreeSet<>());
            left.addAll(position.possible);
            if (position.acknowledged != null) {
                left.add(position.acknowledged);
            }
        });
    }

    Set<String> groups() {
        return groups.keySet();
    }

    /** Compares the positions that a group was found to have. */
    void checkPositions(String group, SortedMap<TopicPartition, Long> found) {
        groups.get(group).forEach((id, position) -> {
            Set<Long> allowed = new TreeSet<>(position.possible);
            allowed.add(position.acknowledged == null ? -1 : position.acknowledged);
            if (position.acknowledged == null) {
                allowed.addAll(outliving.getOrDefault(group, new TreeMap<>()).getOrDefault(id, Set.of()));
            }
            assertThat(allowed).as("positions of " + group + " in " + id).contains(found.getOrDefault(id, -1L));
        });
    }
}
