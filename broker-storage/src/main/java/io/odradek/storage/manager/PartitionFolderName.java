package io.odradek.storage.manager;

import io.odradek.protocol.TopicPartition;
import io.odradek.protocol.errors.ApiException;
import io.odradek.protocol.errors.ErrorCode;
import io.odradek.protocol.wire.Uuid;
import java.util.Optional;

/**
 * The names of partition folders: {@code topic-0}; {@code topic-0.<32 hex digits>-future} for a copy that will take its place;
 * {@code -stray} instead for one whose place is being taken, and {@code -delete} for one on its way out.
 */
final class PartitionFolderName {
    private static final String DELETE_SUFFIX = "-delete";
    private static final String FUTURE_SUFFIX = "-future";
    private static final String STRAY_SUFFIX = "-stray";
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

    /** {@return whether it is the folder of a partition, alive, a copy, or on its way out} */
    static boolean isOfPartition(String name) {
        return parse(name).isPresent()
                || parseFuture(name).isPresent()
                || parseStray(name).isPresent()
                || isDeleted(name);
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

    /**
     * {@return the name of a copy that will take a partition's place}
     *
     * @throws ApiException INVALID_TOPIC_EXCEPTION if it is longer than a file system bears
     */
    static String future(TopicPartition id, Uuid unique) {
        String name = id + "." + hex(unique.mostSignificantBits()) + hex(unique.leastSignificantBits()) + FUTURE_SUFFIX;
        if (name.length() > MOST_CHARS) {
            throw new ApiException(
                    ErrorCode.INVALID_TOPIC_EXCEPTION,
                    "The name of topic " + id.topic() + " is too long: the folder of a copy would have a name of "
                            + name.length() + " characters, and " + MOST_CHARS + " are possible");
        }
        return name;
    }

    /** {@return the name of a folder whose place a copy takes, by the name of that copy} */
    static String strayFor(String future) {
        return future.substring(0, future.length() - FUTURE_SUFFIX.length()) + STRAY_SUFFIX;
    }

    /** {@return the partition, if the name is one of a copy} */
    static Optional<TopicPartition> parseFuture(String name) {
        return parse(name, FUTURE_SUFFIX);
    }

    /** {@return the partition, if the name is one of a folder whose place a copy takes or took} */
    static Optional<TopicPartition> parseStray(String name) {
        return parse(name, STRAY_SUFFIX);
    }

    private static Optional<TopicPartition> parse(String name, String suffix) {
        int dot = name.lastIndexOf('.');
        return dot > 0 && name.endsWith(suffix) ? parse(name.substring(0, dot)) : Optional.empty();
    }

    private static String hex(long value) {
        String digits = Long.toHexString(value);
        return "0".repeat(HEX_DIGITS - digits.length()) + digits;
    }
}
