package io.odradek.core.coordinator.transaction;

/** The states of a transactional id as the log numbers them, and as ListTransactions and DescribeTransactions name them. */
public enum TransactionStatus {
    /** There is a producer, and no transaction of it. */
    EMPTY(0, "Empty"),
    /** Partitions have been added. */
    ONGOING(1, "Ongoing"),
    /** It will be committed: the markers are on their way. */
    PREPARE_COMMIT(2, "PrepareCommit"),
    /** It will be aborted: the markers are on their way. */
    PREPARE_ABORT(3, "PrepareAbort"),
    /** It was committed everywhere. */
    COMPLETE_COMMIT(4, "CompleteCommit"),
    /** It was aborted everywhere. */
    COMPLETE_ABORT(5, "CompleteAbort"),
    /** The id is forgotten. */
    DEAD(6, "Dead"),
    /** It is to be aborted in a new epoch. */
    PREPARE_EPOCH_FENCE(7, "PrepareEpochFence");

    private static final TransactionStatus[] ALL = values();

    private final byte id;
    private final String text;

    TransactionStatus(int id, String text) {
        this.id = (byte) id;
        this.text = text;
    }

    /** {@return the int8 in the log} */
    byte id() {
        return id;
    }

    /** {@return the name in answers} */
    public String text() {
        return text;
    }

    /** {@return the state with this number, null if there is none} */
    static TransactionStatus of(byte id) {
        return id >= 0 && id < ALL.length ? ALL[id] : null;
    }

    /** {@return the state with this name, null if there is none} */
    public static TransactionStatus named(String text) {
        for (TransactionStatus status : ALL) {
            if (status.text.equals(text)) {
                return status;
            }
        }
        return null;
    }
}
