package io.odradek.storage.cleaner;

import io.odradek.protocol.record.ControlRecord;
import io.odradek.protocol.record.RecordBatch;
import io.odradek.protocol.record.RecordCursor;
import io.odradek.protocol.record.legacy.UpConversion;
import io.odradek.storage.io.FileSlice;
import io.odradek.storage.log.AbortedTransaction;
import io.odradek.storage.log.Log;
import io.odradek.storage.log.Log.FetchedData;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.TreeMap;

/** What can be read from a log, record by record, as a client sees it that reads committed records only. */
final class LogContents {
    /** A record of the application, or with {@code key} null and a value of COMMIT or ABORT a marker. */
    record Item(long offset, String key, String value, long timestampMs, long deleteHorizonMs, boolean aborted) {
        boolean isTombstone() {
            return value == null;
        }

        Item withoutHorizon() {
            return deleteHorizonMs < 0 ? this : new Item(offset, key, value, timestampMs, -1, aborted);
        }

        Item ofAborted() {
            return new Item(offset, key, value, timestampMs, deleteHorizonMs, true);
        }
    }

    static final int MAX_INFLATED_BYTES = 1 << 20;

    private final List<Item> records = new ArrayList<>();
    private final List<Item> markers = new ArrayList<>();
    private final Set<Long> baseOffsets = new HashSet<>();
    private long nextOffset;

    /** Reads all of a log; fails on offsets that go back, damaged batches and gaps at the end. */
    static LogContents of(Log log) throws IOException {
        LogContents contents = new LogContents();
        PriorityQueue<AbortedTransaction> upcoming =
                new PriorityQueue<>(Comparator.comparingLong(AbortedTransaction::firstOffset));
        upcoming.addAll(log.producers().abortedTransactions(log.startOffset(), log.endOffset()));
        Set<Long> aborted = new HashSet<>();
        long offset = log.startOffset();
        contents.nextOffset = offset;
        while (offset < log.endOffset()) {
            FetchedData fetched = log.read(offset, 1 << 20, true, log.endOffset());
            if (fetched.sizeBytes() == 0) {
                // What was cleaned away at the end of the last closed segment, with nothing after it.
                break;
            }
            ByteBuffer batches = UpConversion.toBatches(bytes(fetched), MAX_INFLATED_BYTES, 0);
            for (int at = 0; at < batches.limit(); at += RecordBatch.sizeBytes(batches, at)) {
                contents.add(batches, at, upcoming, aborted);
                offset = RecordBatch.nextOffset(batches, at);
            }
        }
        return contents;
    }

    private static ByteBuffer bytes(FetchedData fetched) throws IOException {
        FileSlice slice = (FileSlice) fetched.records();
        ByteBuffer buffer = ByteBuffer.allocate(slice.sizeBytes());
        slice.file().read(buffer, slice.position());
        return buffer.flip();
    }

    private void add(ByteBuffer batches, int at, PriorityQueue<AbortedTransaction> upcoming, Set<Long> aborted) {
        long base = RecordBatch.baseOffset(batches, at);
        if (base < nextOffset && nextOffset != 0 && !records.isEmpty()) {
            throw new AssertionError("A batch begins at " + base + " where " + nextOffset + " is next");
        }
        nextOffset = RecordBatch.nextOffset(batches, at);
        baseOffsets.add(base);
        if (!RecordBatch.hasValidCrc(batches, at)) {
            throw new AssertionError("A batch at offset " + base + " has a wrong checksum");
        }
        while (!upcoming.isEmpty() && upcoming.peek().firstOffset() <= RecordBatch.lastOffset(batches, at)) {
            aborted.add(upcoming.remove().producerId());
        }
        long producerId = RecordBatch.producerId(batches, at);
        boolean isAborted = RecordBatch.isTransactional(batches, at) && aborted.contains(producerId);
        long horizon = RecordBatch.hasDeleteHorizon(batches, at) ? RecordBatch.baseTimestamp(batches, at) : -1;
        long last = base - 1;
        try (RecordCursor cursor = new RecordCursor()) {
            cursor.open(batches, at, MAX_INFLATED_BYTES);
            while (cursor.next()) {
                if (cursor.offset() <= last) {
                    throw new AssertionError("Offset " + cursor.offset() + " follows " + last);
                }
                last = cursor.offset();
                if (RecordBatch.isControl(batches, at)) {
                    ControlRecord.Type type = ControlRecord.read(cursor).type();
                    if (type == ControlRecord.Type.ABORT) {
                        aborted.remove(producerId);
                    }
                    markers.add(new Item(last, null, type.name(), cursor.timestampMs(), horizon, false));
                } else {
                    records.add(new Item(
                            last, text(cursor.key()), text(cursor.value()), cursor.timestampMs(), horizon, isAborted));
                }
            }
        }
        if (last > RecordBatch.lastOffset(batches, at)) {
            throw new AssertionError("Offset " + last + " is beyond the end of its batch");
        }
    }

    private static String text(ByteBuffer bytes) {
        return bytes == null ? null : StandardCharsets.UTF_8.decode(bytes).toString();
    }

    /** {@return the records, aborted ones too, in the order of the log} */
    List<Item> records() {
        return records;
    }

    /** {@return where batches begin} */
    Set<Long> baseOffsets() {
        return baseOffsets;
    }

    /** {@return the transaction markers} */
    List<Item> markers() {
        return markers;
    }

    /** {@return the record with the last value of each key, those without value too, aborted ones not} */
    TreeMap<String, Item> last() {
        TreeMap<String, Item> last = new TreeMap<>();
        for (Item item : records) {
            if (item.key != null && !item.aborted) {
                last.put(item.key, item);
            }
        }
        return last;
    }

    /** {@return the last value of each key that has one} */
    TreeMap<String, String> lastValues() {
        TreeMap<String, String> values = new TreeMap<>();
        last().forEach((key, item) -> {
            if (item.value != null) {
                values.put(key, item.value);
            }
        });
        return values;
    }
}
