package io.odradek.storage.manager;

import io.odradek.protocol.TopicPartition;
import io.odradek.protocol.wire.Uuid;
import java.util.Optional;

/** The names of partition folders: {@code topic-0}, and {@code topic-0.<32 hex digits>-delete} on its way out. */
final class PartitionFolderName {
    private static final String DELETE_SUFFIX = "-delete";
    private static final int MOST_CHARS = 255;
    private static final int HEX_DIGITS = 16;

    /** KRaft's own log, which has this form of name in folders that Kafka has written, and is no partition of ours. */
    private static final String CLUSTER_METADATA_TOPIC = "__cluster_metadata";

    private PartitionFolderName() {}

    /** {@return the partition, if the name is one of a partition that is alive} */
    static Optional<TopicPartition> parse(String name) {
        int dash = name.lastIndexOf('-');
        if (dash <= 0 || dash == name.length() - 1) {
            return Optional.empty();
        }
        String topic = name.substring(0, dash);
        String number = name.substring(dash + 1);
        for (int i = 0; i < number.length(); i++) {
            if (number.charAt(i) < '0' || number.charAt(i) > '9') {
                return Optional.empty();
            }
        }
        if (number.length() > 9 || topic.equals(CLUSTER_METADATA_TOPIC)) {
            return Optional.empty();
        }
        TopicPartition id = new TopicPartition(topic, Integer.parseInt(number));
        return id.toString().equals(name) ? Optional.of(id) : Optional.empty();
    }

    /** {@return whether it is the folder of a deleted partition} */
    static boolean isDeleted(String name) {
        return name.endsWith(DELETE_SUFFIX) && name.indexOf('.') > 0;
    }

    /** {@return the name under which a partition's folder waits for its removal; a long topic name is cut} */
    static String deleted(TopicPartition id, Uuid unique) {
        String suffix = "-" + id.partition() + "." + hex(unique.mostSignificantBits())
                + hex(unique.leastSignificantBits()) + DELETE_SUFFIX;
        int topicChars = Math.min(id.topic().length(), MOST_CHARS - suffix.length());
        return id.topic().substring(0, topicChars) + suffix;
    }

    private static String hex(long value) {
        String digits = Long.toHexString(value);
        return "0".repeat(HEX_DIGITS - digits.length()) + digits;
    }
}
