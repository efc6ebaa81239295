package io.odradek.core.request;

/** The topics in which the broker keeps its own state. */
public final class InternalTopics {
    /** Group offsets and memberships. */
    public static final String CONSUMER_OFFSETS = "__consumer_offsets";
    /** Transactions. */
    public static final String TRANSACTION_STATE = "__transaction_state";

    private InternalTopics() {}

    /** {@return whether a topic is written by the broker only} */
    public static boolean isInternal(String topic) {
        return topic.equals(CONSUMER_OFFSETS) || topic.equals(TRANSACTION_STATE);
    }
}
