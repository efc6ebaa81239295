package io.odradek.core.coordination;

/**
 * How the in-process store keeps its tree.
 *
 * @param force whether a change is forced to the disk before it is answered; without it a change survives the end of the
 *     process, but not that of the machine
 * @param compactAtBytes the journal is replaced by a snapshot when it is larger than this and than twice its last snapshot
 * @param maxDataBytes what one node may hold
 * @param maxTransactionBytes what one transaction may be large, in bytes as {@link CoordinationStore.Operation#sizeBytes} counts them
 */
public record JournalSettings(boolean force, int compactAtBytes, int maxDataBytes, int maxTransactionBytes) {
    /** What a broker in production uses. */
    public static final JournalSettings DURABLE = new JournalSettings(true, 1 << 20, 1 << 20);

    /** What a broker in a temporary folder uses: nothing waits for the disk. */
    public static final JournalSettings EMBEDDED = new JournalSettings(false, 1 << 20, 1 << 20);

    /** As large transactions as a ZooKeeper takes. */
    public JournalSettings(boolean force, int compactAtBytes, int maxDataBytes) {
        this(force, compactAtBytes, maxDataBytes, CoordinationStore.MAX_TRANSACTION_BYTES);
    }

    /** {@return with transactions of any size, for a tree that is never in a ZooKeeper: log folders are taken over at once} */
    JournalSettings ofOneBroker() {
        return new JournalSettings(force, compactAtBytes, maxDataBytes, Integer.MAX_VALUE);
    }
}
