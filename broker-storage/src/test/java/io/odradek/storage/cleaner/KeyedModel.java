package io.odradek.storage.cleaner;

import static org.assertj.core.api.Assertions.assertThat;

import io.odradek.protocol.record.BatchBuilder;
import io.odradek.protocol.record.CompressionCodec;
import io.odradek.protocol.record.ControlRecord;
import io.odradek.protocol.record.RecordBatch;
import io.odradek.protocol.record.RecordHeader;
import io.odradek.protocol.record.legacy.UpConversion;
import io.odradek.storage.cleaner.LogContents.Item;
import io.odradek.storage.io.FaultingFileSystem;
import io.odradek.storage.io.LogFile;
import io.odradek.storage.log.AppendOrigin;
import io.odradek.storage.log.Log;
import io.odradek.storage.log.LogFileNames;
import io.odradek.storage.log.OldEntries;
import io.odradek.storage.log.OldEntries.OldRecord;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;

/** Appends random batches to a log, and knows what it should say. */
final class KeyedModel {
    private static final int KEYS = 12;
    private static final int TRANSACTIONAL = 2;
    private static final int PRODUCERS = 4;

    private static final CompressionCodec[] CODECS = {
        CompressionCodec.NONE,
        CompressionCodec.GZIP,
        CompressionCodec.SNAPPY,
        CompressionCodec.LZ4,
        CompressionCodec.ZSTD
    };

    /** A batch as it was appended. {@code ended} is null, or how its transaction ended. */
    private static final class Appended {
        private final ByteBuffer bytes;
        private final List<Item> items = new ArrayList<>();
        private long producerId = RecordBatch.NO_PRODUCER_ID;
        private boolean transactional;
        private ControlRecord.Type marker;

        private Appended(ByteBuffer bytes) {
            this.bytes = bytes;
        }

        private long endOffset() {
            return RecordBatch.nextOffset(bytes, 0);
        }
    }

    private final Random random;
    private final List<Appended> batches = new ArrayList<>();
    private final int[] sequences = new int[PRODUCERS];
    /** Of whom a power loss took the last batch: an earlier one may be cleaned away since. */
    private final boolean[] forgotten = new boolean[PRODUCERS];

    private final short[] epochs = new short[PRODUCERS];
    private boolean lossy;
    private int values;

    KeyedModel(Random random) {
        this.random = random;
    }

    /** {@return the offset after the last batch} */
    long endOffset() {
        return batches.isEmpty() ? 0 : batches.get(batches.size() - 1).endOffset();
    }

    /** Lays messages of magic 0 and 1 on the disk, as an old broker would have left them. */
    void lay(FaultingFileSystem disk, Path folder, int segments, long nowMs) throws IOException {
        for (int i = 0; i < segments; i++) {
            try (LogFile file = disk.open(LogFileNames.path(folder, endOffset(), LogFileNames.LOG))) {
                for (int count = 1 + random.nextInt(30); count > 0; count--) {
                    file.append(old(random.nextInt(2), nowMs));
                }
                file.force();
            }
        }
        disk.forceFolder(folder);
    }

    private ByteBuffer old(int magic, long nowMs) {
        boolean plain = random.nextInt(3) > 0;
        List<OldRecord> records = new ArrayList<>();
        List<Item> items = new ArrayList<>();
        long offset = endOffset();
        for (int count = plain ? 1 : 1 + random.nextInt(4); count > 0; count--) {
            String key = random.nextInt(9) == 0 ? null : "k" + random.nextInt(KEYS);
            String value = random.nextInt(4) == 0 ? null : "v" + values++ + "x".repeat(random.nextInt(40));
            long timestampMs = magic == 0 ? -1 : nowMs - random.nextInt(500);
            records.add(new OldRecord(
                    offset,
                    timestampMs,
                    key == null ? null : key.getBytes(StandardCharsets.UTF_8),
                    value == null ? null : value.getBytes(StandardCharsets.UTF_8)));
            items.add(new Item(offset++, key, value, timestampMs, -1, false));
        }
        ByteBuffer entry = plain ? OldEntries.plain(magic, records.get(0)) : OldEntries.gzipped(magic, -1, records);
        Appended appended = new Appended(UpConversion.toBatches(entry, LogContents.MAX_INFLATED_BYTES, 0));
        appended.items.addAll(items);
        batches.add(appended);
        return entry;
    }

    /** Appends a batch of records, or the end of an open transaction. */
    void append(Log log, long nowMs) throws IOException {
        int producer = random.nextInt(PRODUCERS + 3);
        if (producer < TRANSACTIONAL && isOpen(producer) && random.nextBoolean()) {
            end(log, producer, nowMs);
            return;
        }
        BatchBuilder builder = new BatchBuilder(1 << 20);
        if (random.nextInt(8) == 0) {
            builder.codec(CODECS[random.nextInt(CODECS.length)]);
        }
        int count = 1 + random.nextInt(3);
        if (producer < PRODUCERS) {
            builder.producer(producer, epochs[producer], sequences[producer]);
            sequences[producer] += count;
            forgotten[producer] = false;
            if (producer < TRANSACTIONAL) {
                builder.transactional();
            }
        }
        List<Item> items = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            String key = "k" + random.nextInt(KEYS);
            String value = random.nextInt(4) == 0 ? null : "v" + values++ + "x".repeat(random.nextInt(40));
            long timestampMs = nowMs - random.nextInt(500);
            List<RecordHeader> headers =
                    random.nextInt(4) == 0 ? List.of(new RecordHeader(bytes("h"), bytes("v"))) : List.of();
            builder.append(timestampMs, bytes(key), value == null ? null : bytes(value), headers);
            items.add(new Item(log.endOffset() + i, key, value, timestampMs, -1, false));
        }
        Appended appended = new Appended(builder.build());
        appended.items.addAll(items);
        appended.producerId = producer < PRODUCERS ? producer : RecordBatch.NO_PRODUCER_ID;
        appended.transactional = producer < TRANSACTIONAL;
        log.append(appended.bytes, 0, nowMs, AppendOrigin.CLIENT);
        batches.add(appended);
    }

    private static ByteBuffer bytes(String text) {
        return ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
    }

    private void end(Log log, int producer, long nowMs) throws IOException {
        ControlRecord.Type type = random.nextBoolean() ? ControlRecord.Type.COMMIT : ControlRecord.Type.ABORT;
        Appended marker = new Appended(new ControlRecord(type, 0).toBatch(producer, epochs[producer], nowMs));
        marker.producerId = producer;
        marker.marker = type;
        log.append(marker.bytes, 0, nowMs, AppendOrigin.COORDINATOR);
        batches.add(marker);
    }

    private boolean isOpen(long producerId) {
        for (int i = batches.size() - 1; i >= 0; i--) {
            if (batches.get(i).producerId == producerId) {
                return batches.get(i).marker == null;
            }
        }
        return false;
    }

    /** A power loss took some of what was not forced. {@return whether that was nothing} */
    boolean keepOnly(long forcedOffset, Set<Long> baseOffsets) {
        boolean whole = !batches.removeIf(batch -> {
            long base = RecordBatch.baseOffset(batch.bytes, 0);
            return base >= forcedOffset && !baseOffsets.contains(base);
        });
        lossy |= !whole;
        for (int i = 0; i < PRODUCERS && !whole; i++) {
            // What the log knows of it may be less than what it had sent: it begins anew.
            forgotten[i] = true;
            epochs[i]++;
            sequences[i] = 0;
        }
        return whole;
    }

    /** {@return the record that counts for each key: the last that was not aborted; of open transactions too} */
    TreeMap<String, Item> last() {
        TreeMap<String, Item> last = new TreeMap<>();
        boolean[] aborted = aborted();
        for (int i = 0; i < batches.size(); i++) {
            if (!aborted[i]) {
                for (Item item : batches.get(i).items) {
                    if (item.key() != null) {
                        last.put(item.key(), item);
                    }
                }
            }
        }
        return last;
    }

    /** {@return which batches are of aborted transactions} */
    private boolean[] aborted() {
        boolean[] aborted = new boolean[batches.size()];
        boolean[] abortedNext = new boolean[PRODUCERS];
        for (int i = batches.size() - 1; i >= 0; i--) {
            Appended batch = batches.get(i);
            if (batch.marker != null) {
                abortedNext[(int) batch.producerId] = batch.marker == ControlRecord.Type.ABORT;
            } else if (batch.transactional) {
                aborted[i] = abortedNext[(int) batch.producerId];
            }
        }
        return aborted;
    }

    /** Compares what the log says with what was appended. */
    void check(LogContents contents) {
        Map<Long, Item> appended = new HashMap<>();
        boolean[] aborted = aborted();
        for (int i = 0; i < batches.size(); i++) {
            for (Item item : batches.get(i).items) {
                appended.put(item.offset(), aborted[i] ? item.ofAborted() : item);
            }
        }
        for (Item item : contents.records()) {
            if (!item.withoutHorizon().equals(appended.get(item.offset()))) {
                throw new AssertionError("The log has " + item + " where there was " + appended.get(item.offset()));
            }
        }
        TreeMap<String, String> values = new TreeMap<>();
        last().forEach((key, item) -> {
            if (item.value() != null) {
                values.put(key, item.value());
            }
        });
        if (!contents.lastValues().equals(values)) {
            assertThat(contents.lastValues()).isEqualTo(values);
        }
    }

    /** Producers go on where they were, and open transactions are open. */
    void checkProducers(Log log) throws IOException {
        long firstOpen = -1;
        for (int producer = 0; producer < PRODUCERS; producer++) {
            Appended last = null;
            for (Appended batch : batches) {
                if (batch.producerId == producer && batch.marker == null) {
                    last = batch;
                }
            }
            if (last != null && !forgotten[producer]) {
                long end = log.endOffset();
                ByteBuffer again = ByteBuffer.allocate(last.bytes.limit())
                        .put(last.bytes.duplicate().rewind())
                        .flip();
                assertThat(log.append(again, 0, 0, AppendOrigin.CLIENT).duplicate())
                        .as("the last batch of producer " + producer + " is known")
                        .isTrue();
                assertThat(log.endOffset()).isEqualTo(end);
            }
            long first = firstOfOpen(producer);
            if (first >= 0 && (firstOpen < 0 || first < firstOpen)) {
                firstOpen = first;
            }
        }
        // Where a marker was lost, records of its transaction may be cleaned away before.
        assertThat(lossy || log.producers().firstOpenTransactionOffset() == firstOpen)
                .as("a transaction is open from " + firstOpen + ", not "
                        + log.producers().firstOpenTransactionOffset())
                .isTrue();
    }

    private long firstOfOpen(long producerId) {
        long first = -1;
        for (Appended batch : batches) {
            if (batch.producerId == producerId && batch.transactional && first < 0) {
                first = RecordBatch.baseOffset(batch.bytes, 0);
            } else if (batch.producerId == producerId && batch.marker != null) {
                first = -1;
            }
        }
        return first;
    }
}
