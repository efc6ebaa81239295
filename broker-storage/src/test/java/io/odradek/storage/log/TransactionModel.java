package io.odradek.storage.log;

import io.odradek.protocol.record.ControlRecord;
import io.odradek.protocol.record.RecordBatch;
import io.odradek.protocol.record.RecordCursor;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What a list of batches says of producers and transactions, worked out in the plainest way. */
final class TransactionModel {
    /** A transaction that has ended. */
    record Ended(long producerId, long firstOffset, long lastOffset) {}

    /** What is known of a producer; -1 for what there is not. */
    record Producer(
            long id,
            short epoch,
            int lastSequence,
            long lastOffset,
            int lastOffsetDelta,
            long timestampMs,
            int coordinatorEpoch,
            long openFrom) {}

    final TreeMap<Long, Producer> producers = new TreeMap<>();
    final List<Ended> ended = new ArrayList<>();
    final List<AbortedTransaction> aborted = new ArrayList<>();

    TransactionModel(List<byte[]> batches) {
        for (byte[] bytes : batches) {
            ByteBuffer batch = ByteBuffer.wrap(bytes);
            if (RecordBatch.isControl(batch, 0)) {
                end(batch);
            } else if (RecordBatch.hasProducerId(batch, 0)) {
                write(batch);
            }
        }
    }

    private void write(ByteBuffer batch) {
        long id = RecordBatch.producerId(batch, 0);
        Producer before = producers.get(id);
        long openFrom = before == null ? -1 : before.openFrom();
        if (openFrom < 0 && RecordBatch.isTransactional(batch, 0)) {
            openFrom = RecordBatch.baseOffset(batch, 0);
        }
        producers.put(
                id,
                new Producer(
                        id,
                        RecordBatch.producerEpoch(batch, 0),
                        RecordBatch.lastSequence(batch, 0),
                        RecordBatch.lastOffset(batch, 0),
                        RecordBatch.lastOffsetDelta(batch, 0),
                        RecordBatch.maxTimestamp(batch, 0),
                        before == null ? -1 : before.coordinatorEpoch(),
                        openFrom));
    }

    private void end(ByteBuffer batch) {
        ControlRecord marker;
        try (RecordCursor cursor = new RecordCursor().open(batch, 0, 1_000)) {
            cursor.next();
            marker = ControlRecord.read(cursor);
        }
        long id = RecordBatch.producerId(batch, 0);
        short epoch = RecordBatch.producerEpoch(batch, 0);
        long offset = RecordBatch.baseOffset(batch, 0);
        long timestampMs = RecordBatch.maxTimestamp(batch, 0);
        Producer before = producers.get(id);
        boolean sameEpoch = before != null && before.epoch() == epoch;
        producers.put(
                id,
                new Producer(
                        id,
                        epoch,
                        sameEpoch ? before.lastSequence() : -1,
                        sameEpoch ? before.lastOffset() : -1,
                        sameEpoch ? before.lastOffsetDelta() : 0,
                        timestampMs,
                        marker.coordinatorEpoch(),
                        -1));
        if (before != null && before.openFrom() >= 0) {
            ended.add(new Ended(id, before.openFrom(), offset));
            if (marker.type() == ControlRecord.Type.ABORT) {
                long firstOpen = firstOpen();
                aborted.add(
                        new AbortedTransaction(id, before.openFrom(), offset, firstOpen < 0 ? offset + 1 : firstOpen));
            }
        }
    }

    /** {@return the first offset of the oldest open transaction, or -1} */
    long firstOpen() {
        return producers.values().stream()
                .mapToLong(Producer::openFrom)
                .filter(first -> first >= 0)
                .min()
                .orElse(-1);
    }

    long lastStable(long highWatermark) {
        long unreplicated = ended.stream()
                .filter(transaction -> transaction.lastOffset() >= highWatermark)
                .mapToLong(Ended::firstOffset)
                .min()
                .orElse(Long.MAX_VALUE);
        long open = firstOpen();
        return Math.min(highWatermark, Math.min(unreplicated, open < 0 ? Long.MAX_VALUE : open));
    }

    List<AbortedTransaction> abortedIn(long from, long upper) {
        return aborted.stream()
                .filter(transaction -> transaction.lastOffset() >= from && transaction.firstOffset() < upper)
                .toList();
    }

    /** {@return the producers as a snapshot of Kafka's lists them: 46 bytes each, by id} */
    static Map<Long, Producer> readSnapshot(ByteBuffer snapshot) {
        Map<Long, Producer> read = new TreeMap<>();
        for (snapshot.position(10); snapshot.hasRemaining(); ) {
            long id = snapshot.getLong();
            short epoch = snapshot.getShort();
            int lastSequence = snapshot.getInt();
            long lastOffset = snapshot.getLong();
            int delta = snapshot.getInt();
            long timestampMs = snapshot.getLong();
            read.put(
                    id,
                    new Producer(
                            id,
                            epoch,
                            lastSequence,
                            lastOffset,
                            delta,
                            timestampMs,
                            snapshot.getInt(),
                            snapshot.getLong()));
        }
        return read;
    }
}
