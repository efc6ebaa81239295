package io.odradek.core.fetch;

import io.odradek.protocol.api.FetchResponse.AbortedTransaction;
import io.odradek.protocol.record.ControlRecord;
import io.odradek.protocol.record.RecordBatch;
import io.odradek.protocol.record.RecordCursor;
import java.nio.ByteBuffer;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Set;

/** Knows which batches are of aborted transactions, as a read_committed consumer finds it out; shown them in their order. */
final class AbortedRecords {
    private static final int MAX_MARKER_BYTES = 1024;

    private final PriorityQueue<AbortedTransaction> later =
            new PriorityQueue<>(Comparator.comparingLong(AbortedTransaction::firstOffset));
    private final Set<Long> open = new HashSet<>();

    AbortedRecords(List<AbortedTransaction> aborted) {
        later.addAll(aborted);
    }

    /** {@return whether the batch is of an aborted transaction} */
    boolean has(ByteBuffer buffer, int at) {
        begin(RecordBatch.lastOffset(buffer, at));
        return !open.isEmpty()
                && RecordBatch.isTransactional(buffer, at)
                && open.contains(RecordBatch.producerId(buffer, at));
    }

    /** A marker has come, which lies whole in the buffer. */
    void marker(ByteBuffer buffer, int at) {
        begin(RecordBatch.lastOffset(buffer, at));
        if (open.isEmpty()) {
            return;
        }
        try (RecordCursor cursor = new RecordCursor().open(buffer, at, MAX_MARKER_BYTES)) {
            ControlRecord marker = cursor.next() ? ControlRecord.read(cursor) : null;
            if (marker != null && marker.type() == ControlRecord.Type.ABORT) {
                open.remove(RecordBatch.producerId(buffer, at));
            }
        }
    }

    private void begin(long lastOffset) {
        while (!later.isEmpty() && later.peek().firstOffset() <= lastOffset) {
            open.add(later.poll().producerId());
        }
    }
}
