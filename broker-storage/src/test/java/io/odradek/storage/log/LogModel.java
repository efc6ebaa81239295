package io.odradek.storage.log;

import io.odradek.protocol.record.RecordBatch;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** What a log holds: a list of batches, where it begins, and where it would begin after a crash. */
final class LogModel {
    private final List<byte[]> batches = new ArrayList<>();
    private final int[] sequences;
    private long start;
    private long savedStart;
    private long emptyEnd;

    LogModel(int producers) {
        sequences = new int[producers];
    }

    List<byte[]> batches() {
        return batches;
    }

    long start() {
        return start;
    }

    long savedStart() {
        return savedStart;
    }

    long end() {
        return batches.isEmpty() ? emptyEnd : RecordBatch.nextOffset(last(), 0);
    }

    private ByteBuffer last() {
        return ByteBuffer.wrap(batches.get(batches.size() - 1));
    }

    int nextSequence(int producer) {
        return sequences[producer];
    }

    void add(ByteBuffer added) {
        for (int at = added.position(); at < added.limit(); at += RecordBatch.sizeBytes(added, at)) {
            byte[] batch = new byte[RecordBatch.sizeBytes(added, at)];
            added.get(at, batch);
            batches.add(batch);
            count(batch);
        }
    }

    private void count(byte[] bytes) {
        ByteBuffer batch = ByteBuffer.wrap(bytes);
        if (RecordBatch.hasProducerId(batch, 0)) {
            sequences[(int) RecordBatch.producerId(batch, 0)] = RecordBatch.lastSequence(batch, 0) + 1;
        }
    }

    /** Removes the batches that end at or after an offset. */
    void cut(long offset) {
        boolean removed = false;
        while (!batches.isEmpty() && RecordBatch.lastOffset(last(), 0) >= offset) {
            emptyEnd = RecordBatch.baseOffset(last(), 0);
            batches.remove(batches.size() - 1);
            removed = true;
        }
        if (removed) {
            Arrays.fill(sequences, 0);
            batches.forEach(this::count);
        }
        start = Math.min(start, end());
        savedStart = Math.min(savedStart, end());
    }

    void startAt(long offset) {
        batches.clear();
        Arrays.fill(sequences, 0);
        emptyEnd = offset;
        start = offset;
        savedStart = offset;
    }

    void advanceStart(long offset) {
        start = offset;
    }

    void startSaved() {
        savedStart = start;
    }

    /** The process is gone: the log begins where the checkpoint says. */
    void forgetUnsavedStart() {
        start = savedStart;
    }

    /** {@return the batch with an offset} */
    byte[] batch(long offset) {
        for (byte[] batch : batches) {
            if (RecordBatch.lastOffset(ByteBuffer.wrap(batch), 0) >= offset) {
                return batch;
            }
        }
        throw new AssertionError("No batch has offset " + offset);
    }

    /** {@return all batches from the one that holds the start on} */
    byte[] bytes() {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (byte[] batch : batches) {
            if (RecordBatch.lastOffset(ByteBuffer.wrap(batch), 0) >= start) {
                all.writeBytes(batch);
            }
        }
        return all.toByteArray();
    }

    /** {@return the first readable offset whose record reaches the timestamp; records of one batch have the same} */
    Optional<Long> first(long timestampMs) {
        for (byte[] bytes : batches) {
            ByteBuffer batch = ByteBuffer.wrap(bytes);
            if (RecordBatch.lastOffset(batch, 0) >= start && RecordBatch.maxTimestamp(batch, 0) >= timestampMs) {
                return Optional.of(Math.max(start, RecordBatch.baseOffset(batch, 0)));
            }
        }
        return Optional.empty();
    }
}
