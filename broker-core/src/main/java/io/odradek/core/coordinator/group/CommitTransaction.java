package io.odradek.core.coordinator.group;

/**
 * The transaction that positions are committed in.
 *
 * @param producerId whose it is
 * @param producerEpoch the epoch of that producer
 * @param firstEndEpoch the lowest epoch in which its end can be written: in transactions v2 (KIP-890) one more than the
 *     producer's, whose own is that in which the end of the transaction before is written
 */
public record CommitTransaction(long producerId, short producerEpoch, int firstEndEpoch) {
    /** One whose end is written in the producer's epoch. */
    public CommitTransaction(long producerId, short producerEpoch) {
        this(producerId, producerEpoch, producerEpoch);
    }

    /** {@return one of transactions v2} */
    public static CommitTransaction ofVersion2(long producerId, short producerEpoch) {
        return new CommitTransaction(producerId, producerEpoch, producerEpoch + 1);
    }
}
