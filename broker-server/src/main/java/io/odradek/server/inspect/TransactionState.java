package io.odradek.server.inspect;

/** What a record has to do with transactions. */
public enum TransactionState {
    /** It was written in none. */
    NONE,
    /** Its transaction has not ended, or ends further on than was looked: read_committed consumers wait for that. */
    OPEN,
    /** Its transaction was committed. */
    COMMITTED,
    /** Its transaction was aborted: read_committed consumers skip it. */
    ABORTED,
    /** It is no record of a client's but the mark that a transaction was committed. */
    COMMIT_MARKER,
    /** It is no record of a client's but the mark that a transaction was aborted. */
    ABORT_MARKER,
    /** It is no record of a client's, and of a kind that this broker does not know. */
    OTHER_MARKER;

    /** {@return whether it is none of a client's records} */
    public boolean isMarker() {
        return this == COMMIT_MARKER || this == ABORT_MARKER || this == OTHER_MARKER;
    }
}
