package io.odradek.core.simulation;

import io.odradek.protocol.TopicPartition;
import io.odradek.protocol.api.FetchResponse.AbortedTransaction;
import io.odradek.protocol.api.FetchResponse.PartitionData;
import io.odradek.protocol.record.ControlRecord;
import io.odradek.protocol.record.MemoryRecords;
import io.odradek.protocol.record.RecordBatch;
import io.odradek.protocol.record.RecordCursor;
import io.odradek.protocol.wire.BytesPayload;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** What a reader of committed records makes of what it has fetched, with the list of aborted transactions that came with it (KIP-98). */
final class CommittedRecords {
    private static final int LARGEST_INFLATED_BYTES = 1 << 16;

    /** Is given each record in turn. */
    interface Sink {
        /** @param shown false if it belongs to a transaction that was aborted */
        void record(long offset, long value, boolean shown);
    }

    private final TopicPartition id;
    private final Deque<AbortedTransaction> toCome = new ArrayDeque<>();
    private final Set<Long> aborted = new TreeSet<>();
    private final Sink sink;
    private long position;

    private CommittedRecords(TopicPartition id, List<AbortedTransaction> list, long position, Sink sink) {
        this.id = id;
        this.position = position;
        this.sink = sink;
        List<AbortedTransaction> inOrder = new ArrayList<>(list == null ? List.of() : list);
        inOrder.sort(Comparator.comparingLong(AbortedTransaction::firstOffset));
        toCome.addAll(inOrder);
    }

    /** Goes through what was fetched at a position. {@return the next position} */
    static long read(TopicPartition id, PartitionData fetched, long position, Sink sink) {
        if (!(fetched.records() instanceof BytesPayload payload)) {
            return position;
        }
        CommittedRecords records = new CommittedRecords(id, fetched.abortedTransactions(), position, sink);
        records.read(payload.buffer());
        Violation.unless(
                records.position == position || records.position <= fetched.lastStableOffset(),
                "Records of %s up to %d are given to one who reads committed ones, beyond the last stable offset %d",
                id,
                records.position,
                fetched.lastStableOffset());
        return records.position;
    }

    private void read(ByteBuffer buffer) {
        try (RecordCursor cursor = new RecordCursor()) {
            for (MemoryRecords batches = MemoryRecords.tolerant(buffer); batches.next(); ) {
                batch(buffer, batches.position(), cursor);
            }
        }
    }

    private void batch(ByteBuffer buffer, int at, RecordCursor cursor) {
        long producer = RecordBatch.producerId(buffer, at);
        while (!toCome.isEmpty() && toCome.peek().firstOffset() <= RecordBatch.lastOffset(buffer, at)) {
            aborted.add(toCome.remove().producerId());
        }
        cursor.open(buffer, at, LARGEST_INFLATED_BYTES);
        while (cursor.next()) {
            if (RecordBatch.isControl(buffer, at)) {
                if (ControlRecord.read(cursor).type() == ControlRecord.Type.ABORT) {
                    aborted.remove(producer);
                }
                next(cursor.offset());
            } else if (cursor.offset() >= position) {
                next(cursor.offset());
                boolean hidden = RecordBatch.isTransactional(buffer, at) && aborted.contains(producer);
                sink.record(cursor.offset(), cursor.value().getLong(), !hidden);
            }
        }
    }

    private void next(long offset) {
        if (offset >= position) {
            Violation.unless(
                    offset == position, "After the record before %d of %s comes the one at %d", position, id, offset);
            position++;
        }
    }
}
