package io.odradek.core.coordinator.transaction;

/**
 * Who may use a transactional id: the producer id with its epoch, and what was given out before, by which a request is known that
 * comes a second time because its answer was lost (KIP-360, KIP-890).
 *
 * @param id the producer id
 * @param epoch its epoch, {@link #NO_EPOCH} before the first
 * @param lastEpoch the epoch from which a producer was raised to this one at its own request, {@link #NO_EPOCH} if it was not.
 *     It is in memory only: a coordinator that has taken over does not know it
 * @param previousId the producer id before the last change, which is this one unless that change was for its epochs having
 *     run out
 * @param nextId the producer id with which to go on in epoch 0 once the transaction has ended, {@link #NO_ID} if it stays
 */
public record Producer(long id, short epoch, short lastEpoch, long previousId, long nextId) {
    /** No producer id. */
    public static final long NO_ID = -1;

    /** No epoch. */
    public static final short NO_EPOCH = -1;

    /** The first epoch that no producer gets: one more is left, by which the last one can be fenced. */
    private static final short EXHAUSTED = Short.MAX_VALUE - 1;

    /** {@return a producer id of which no epoch was given out} */
    static Producer fresh(long id) {
        return new Producer(id, NO_EPOCH, NO_EPOCH, NO_ID, NO_ID);
    }

    /** {@return whether producers have used all epochs up to this one} */
    static boolean isExhausted(short epoch) {
        return epoch >= EXHAUSTED;
    }

    boolean isExhausted() {
        return isExhausted(epoch);
    }

    /** {@return whether this is an epoch that no producer gets, and none goes on from here} */
    boolean isLastFenced() {
        return epoch == Short.MAX_VALUE && nextId == NO_ID;
    }

    /** {@return whether no epoch was given out yet} */
    boolean isFresh() {
        return epoch == NO_EPOCH;
    }

    /** {@return whether a request comes from the producer that may use the id now} */
    boolean is(long producerId, short producerEpoch) {
        return id == producerId && epoch == producerEpoch;
    }

    /** {@return whether a request comes from the producer that may use the id once the transaction has ended} */
    boolean isNext(long producerId, short producerEpoch) {
        return nextId != NO_ID && nextId == producerId && producerEpoch == 0;
    }

    /** {@return the same, which is now the one before} */
    Producer unchanged() {
        return new Producer(id, epoch, lastEpoch, id, NO_ID);
    }

    /**
     * {@return the next epoch}
     *
     * @param from the epoch of the producer that asked for it, {@link #NO_EPOCH} if it was not asked for
     */
    Producer raised(short from) {
        short next = epoch == Short.MAX_VALUE ? epoch : (short) (epoch + 1);
        return new Producer(id, next, from, id, NO_ID);
    }

    /** {@return another producer id, from epoch 0 on} */
    Producer replacedBy(long newId, short from) {
        return new Producer(newId, (short) 0, from, id, NO_ID);
    }

    /** {@return this one until its transaction has ended, and then another} */
    Producer followedBy(long newId) {
        return new Producer(id, epoch, lastEpoch, previousId, newId);
    }

    /** {@return who may use the id now that the transaction has ended} */
    Producer settled() {
        return nextId == NO_ID ? unchanged() : replacedBy(nextId, lastEpoch);
    }
}
