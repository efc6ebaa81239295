package io.odradek.storage.cleaner;

import io.odradek.protocol.record.ControlRecord;
import io.odradek.protocol.record.RecordBatch;
import io.odradek.protocol.record.RecordCursor;
import io.odradek.storage.log.AbortedTransaction;
import java.nio.ByteBuffer;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Set;

/**
 * Follows the transactions of a log from its beginning on, as its batches pass: whether a batch belongs to an aborted one, and
 * whether a marker has lost its meaning because no batch of its transaction is left. For one thread at a time.
 */
final class TransactionMarks {
    private final PriorityQueue<AbortedTransaction> upcoming =
            new PriorityQueue<>(Comparator.comparingLong(AbortedTransaction::firstOffset));
    private final Map<Long, Ongoing> aborted = new HashMap<>();
    private final Set<Long> committed = new HashSet<>();

    private static final class Ongoing {
        private final AbortedTransaction transaction;
        private boolean hasBatches;

        private Ongoing(AbortedTransaction transaction) {
            this.transaction = transaction;
        }
    }

    /**
     * What a marker still means.
     *
     * @param useless whether no batch of its transaction was seen, so that it may go
     * @param aborted the aborted transaction whose batches were seen, null if there is none: it must stay in the index
     */
    record Meaning(boolean useless, AbortedTransaction aborted) {
        private static final Meaning USELESS = new Meaning(true, null);
        private static final Meaning NEEDED = new Meaning(false, null);
    }

    /** Adds an aborted transaction, before any batch that lies at or after its first offset. */
    void add(AbortedTransaction transaction) {
        upcoming.add(transaction);
    }

    /** Takes in a batch that is no control batch. {@return whether its transaction was aborted} */
    boolean isAborted(ByteBuffer buffer, int at) {
        beginUpTo(RecordBatch.lastOffset(buffer, at));
        if (!RecordBatch.isTransactional(buffer, at)) {
            return false;
        }
        long producerId = RecordBatch.producerId(buffer, at);
        Ongoing ongoing = aborted.get(producerId);
        if (ongoing == null) {
            committed.add(producerId);
            return false;
        }
        ongoing.hasBatches = true;
        return true;
    }

    /** Takes in a control batch. {@return what it means for the batches before it} */
    Meaning endedBy(ByteBuffer buffer, int at, RecordCursor cursor) {
        beginUpTo(RecordBatch.lastOffset(buffer, at));
        cursor.open(buffer, at, RecordBatch.sizeBytes(buffer, at));
        ControlRecord marker;
        try {
            if (!cursor.next()) {
                return Meaning.USELESS;
            }
            marker = ControlRecord.read(cursor);
        } finally {
            cursor.close();
        }
        if (marker == null) {
            return Meaning.NEEDED;
        }
        long producerId = RecordBatch.producerId(buffer, at);
        if (marker.type() == ControlRecord.Type.COMMIT) {
            return committed.remove(producerId) ? Meaning.NEEDED : Meaning.USELESS;
        }
        Ongoing ongoing = aborted.remove(producerId);
        return ongoing != null && ongoing.hasBatches ? new Meaning(false, ongoing.transaction) : Meaning.USELESS;
    }

    private void beginUpTo(long offset) {
        while (!upcoming.isEmpty() && upcoming.peek().firstOffset() <= offset) {
            AbortedTransaction next = upcoming.remove();
            aborted.putIfAbsent(next.producerId(), new Ongoing(next));
        }
    }
}
