package io.odradek.storage.log;

import io.odradek.storage.log.Log.FetchedData;
import io.odradek.storage.producer.SnapshotEntry;
import java.io.IOException;
import java.util.List;

/** The producers of one log that have an id, and their transactions. Belongs to the log's owner. */
public final class LogProducers {
    private final LogState log;
    private final TransactionLookup transactions;

    LogProducers(LogState log) {
        this.log = log;
        this.transactions = new TransactionLookup(log);
    }

    /** Forgets those that have not written for {@code producer.id.expiration.ms}. */
    public void expire(long nowMs) {
        log.producers.expire(nowMs - log.context.producers().expirationMs());
    }

    /** {@return the largest id of those whose sequences are remembered, or -1} */
    public long largestId() {
        return log.producers.largestId();
    }

    /** {@return what is remembered of each, by id} */
    public List<SnapshotEntry> all() {
        return log.producers.all();
    }

    /** {@return whether a producer has a transaction open in the log, begun in its epoch} */
    public boolean inTransaction(long producerId, short epoch) {
        return log.producers.inTransaction(producerId, epoch);
    }

    /** {@return the first offset of the oldest transaction that is open, or -1} */
    public long firstOpenTransactionOffset() {
        return log.producers.firstOpenTransactionOffset();
    }

    /**
     * {@return the last stable offset (KIP-98): below it every transaction has ended, and its end is replicated} It is never
     * above the high watermark, and below the start of the log only if that is.
     *
     * @param highWatermark the high watermark, which does not go back while the log is not truncated
     */
    public long lastStableOffset(long highWatermark) {
        long firstUnstable = log.producers.firstUnstableOffset(highWatermark);
        return firstUnstable < 0 ? highWatermark : Math.min(highWatermark, Math.max(firstUnstable, log.startOffset));
    }

    /**
     * Finds the aborted transactions with a marker at or after an offset and a first record before another, in the order of
     * their markers. Those that have not ended yet are not among them.
     *
     * @param upperOffset the exclusive end of the range
     */
    public List<AbortedTransaction> abortedTransactions(long fromOffset, long upperOffset) throws IOException {
        return transactions.find(fromOffset, upperOffset);
    }

    /**
     * Finds the aborted transactions that a read_committed consumer needs to know for what was read; it may be given some
     * that begin a little later.
     *
     * @param fromOffset the offset that was read from
     * @param fetched what {@link Log#read} gave for it
     * @param endOffset the exclusive bound of that read, the last stable offset
     */
    public List<AbortedTransaction> abortedTransactions(long fromOffset, FetchedData fetched, long endOffset)
            throws IOException {
        return transactions.find(fromOffset, fetched, endOffset);
    }
}
