package io.odradek.core.controller;

import io.odradek.protocol.errors.ApiException;
import io.odradek.protocol.errors.ErrorCode;

/** Kafka's rules for topic names. */
public final class TopicNames {
    /** The topic of groups and their positions. */
    public static final String OFFSETS = "__consumer_offsets";

    /** The topic of transactions. */
    public static final String TRANSACTIONS = "__transaction_state";

    /** What KRaft calls its own log: no broker would load the folder of a topic with this name. */
    public static final String METADATA = "__cluster_metadata";

    /** A partition's folder is named topic-partition, and file names end at 255 characters. */
    private static final int MAX_LENGTH = 249;

    private TopicNames() {}

    /** {@return whether the broker keeps its own records in the topic} */
    public static boolean internal(String topic) {
        return topic.equals(OFFSETS) || topic.equals(TRANSACTIONS);
    }

    /** {@return whether a topic may have the name} */
    public static boolean legal(String name) {
        return fault(name) == null;
    }

    /**
     * Refuses a name that a topic cannot have.
     *
     * @throws ApiException INVALID_TOPIC_EXCEPTION, saying which rule it breaks; INVALID_REQUEST for {@link #METADATA}, as Kafka
     *     3.9 does
     */
    public static void check(String name) {
        String fault = fault(name);
        if (fault != null) {
            ErrorCode error = name.equals(METADATA) ? ErrorCode.INVALID_REQUEST : ErrorCode.INVALID_TOPIC_EXCEPTION;
            throw new ApiException(error, "Topic name " + fault);
        }
    }

    private static String fault(String name) {
        if (name.isEmpty()) {
            return "is empty";
        }
        if (name.equals(".") || name.equals("..")) {
            return "'" + name + "' stands for a folder";
        }
        if (name.length() > MAX_LENGTH) {
            return "has " + name.length() + " characters, more than " + MAX_LENGTH;
        }
        if (name.equals(METADATA)) {
            return "'" + name + "' is that of the metadata log of KRaft";
        }
        for (int i = 0; i < name.length(); i++) {
            if (!legal(name.charAt(i))) {
                return "'" + name + "' has a character other than ASCII letters, digits, '.', '_' and '-'";
            }
        }
        return null;
    }

    private static boolean legal(char c) {
        return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '.' || c == '_' || c == '-';
    }
}
