package io.odradek.storage.log;

/**
 * What a log owes the disk before it may be acknowledged. With {@code flush.messages} of N the append that leaves N records
 * unforced is due: it is acknowledged and shown once it has been forced, as is what follows it meanwhile; what came before
 * is not held back. N of 1 is {@code log.flush.policy=commit}. Belongs to the log's owner.
 */
final class DueForce {
    private final LogState log;

    /** Below it everything has been forced, or must be before more is acknowledged. */
    private long awaitedOffset;

    /** Where the log ended when the oldest force that is awaited fell due. */
    private long heldOffset;

    DueForce(LogState log) {
        this.log = log;
        this.awaitedOffset = log.recoveryPoint;
        this.heldOffset = log.recoveryPoint;
    }

    /** Counts an append in. {@return whether it made a force due, which is to be asked for} */
    boolean appended(long firstOffset) {
        long allowed = log.context.events().flushMessages(log.config);
        long forced = log.recoveryPoint;
        if (log.endOffset - Math.max(forced, awaitedOffset) < allowed) {
            return false;
        }
        if (forced >= awaitedOffset) {
            heldOffset = firstOffset;
        }
        awaitedOffset = log.endOffset;
        return true;
    }

    /** {@return the offset that must have been forced before what has been appended so far may be acknowledged} */
    long awaitedOffset() {
        return awaitedOffset;
    }

    /** {@return the end of what may be acknowledged and shown} */
    long settledEnd() {
        long forced = log.recoveryPoint;
        return forced >= awaitedOffset ? log.endOffset : Math.max(heldOffset, forced);
    }

    /** The log ends earlier now, or begins anew. */
    void truncated() {
        awaitedOffset = Math.min(awaitedOffset, log.endOffset);
        heldOffset = Math.min(heldOffset, log.endOffset);
    }
}
