package io.odradek.storage.log;

import io.odradek.protocol.record.BatchBuilder;
import io.odradek.protocol.record.RecordBatch;
import io.odradek.storage.io.FaultingFileSystem;
import io.odradek.storage.io.LogFile;
import io.odradek.storage.log.OldEntries.OldRecord;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;

/** What a log of all formats holds, and how Kafka of some age has left it on the disk. */
final class OldLog {
    private static final long FIRST_MS = 1_400_000_000_000L;
    private static final int SPREAD_MS = 5_000;

    /** How the indexes were written. */
    enum Indexes {
        NONE,
        /** With the offset at which an append begins, and timestamps that are in no record, as of Kafka 0.10. */
        OF_FIRST_OFFSETS,
        OF_LAST_OFFSETS
    }

    /** A message or a batch. */
    record Entry(byte[] bytes, List<OldRecord> records) {
        long first() {
            return records.get(0).offset();
        }

        long last() {
            return records.get(records.size() - 1).offset();
        }

        int magic() {
            return bytes[16];
        }

        long maxTimestampMs() {
            return records.stream().mapToLong(OldRecord::timestampMs).max().orElse(-1);
        }
    }

    final List<Entry> entries = new ArrayList<>();
    private final Random random;
    private final boolean gaps;
    private long endOffset;

    OldLog(Random random, boolean gaps) {
        this.random = random;
        this.gaps = gaps;
    }

    long endOffset() {
        return endOffset;
    }

    /** Adds an entry of any format. */
    void add(int magic) {
        if (gaps && random.nextInt(4) == 0) {
            endOffset += random.nextInt(20);
        }
        boolean plain = magic < 2 && random.nextBoolean();
        long appendTimeMs = magic == 1 && random.nextInt(4) == 0 ? timestampMs(1) : -1;
        List<OldRecord> records = new ArrayList<>();
        long offset = endOffset;
        for (int count = plain ? 1 : 1 + random.nextInt(6); count > 0; count--) {
            long timestampMs = !plain && appendTimeMs >= 0 ? appendTimeMs : timestampMs(magic);
            byte[] key = random.nextInt(5) == 0 ? null : new byte[random.nextInt(9)];
            byte[] value =
                    random.nextInt(9) == 0 ? null : new byte[random.nextInt(random.nextInt(30) == 0 ? 9_000 : 60)];
            if (value != null) {
                random.nextBytes(value);
            }
            records.add(new OldRecord(offset, timestampMs, key, value));
            offset += gaps ? 1 + random.nextInt(2) : 1;
        }
        ByteBuffer bytes = magic == 2
                ? batch(records)
                : plain ? OldEntries.plain(magic, records.get(0)) : OldEntries.gzipped(magic, appendTimeMs, records);
        add(new Entry(TestBatches.bytes(bytes), records));
    }

    void add(Entry entry) {
        entries.add(entry);
        endOffset = entry.last() + 1;
    }

    /** {@return a timestamp, none in the oldest format} */
    long timestampMs(int magic) {
        return magic == 0 ? -1 : FIRST_MS + endOffset * 20 + random.nextInt(SPREAD_MS);
    }

    static ByteBuffer batch(List<OldRecord> records) {
        long first = records.get(0).offset();
        BatchBuilder builder = new BatchBuilder(1 << 20);
        for (OldRecord record : records) {
            builder.append(
                    (int) (record.offset() - first),
                    record.timestampMs(),
                    record.key() == null ? null : ByteBuffer.wrap(record.key()),
                    record.value() == null ? null : ByteBuffer.wrap(record.value()),
                    List.of());
        }
        ByteBuffer batch = builder.build();
        RecordBatch.setBaseOffset(batch, 0, first);
        RecordBatch.setLeaderEpoch(batch, 0, 3);
        return batch;
    }

    /** Writes it to the disk, some entries a segment. */
    void lay(FaultingFileSystem disk, Path folder, Indexes indexes) throws IOException {
        disk.createFolders(folder);
        long baseOffset = 0;
        int next = 0;
        while (next < entries.size()) {
            int count = Math.min(entries.size() - next, 1 + random.nextInt(40));
            List<Entry> segment = entries.subList(next, next + count);
            laySegment(disk, folder, baseOffset, segment, indexes);
            next += count;
            baseOffset = segment.get(count - 1).last() + 1;
        }
        disk.forceFolder(folder);
    }

    private void laySegment(FaultingFileSystem disk, Path folder, long base, List<Entry> segment, Indexes indexes)
            throws IOException {
        ByteBuffer offsets = ByteBuffer.allocate(8 * segment.size());
        ByteBuffer times = ByteBuffer.allocate(12 * segment.size());
        long largestMs = -1;
        long offsetOfLargest = -1;
        try (LogFile log = disk.open(LogFileNames.path(folder, base, LogFileNames.LOG))) {
            int position = 0;
            for (Entry entry : segment) {
                log.append(ByteBuffer.wrap(entry.bytes()));
                boolean sentWithTime =
                        entry.magic() == 0 && indexes == Indexes.OF_FIRST_OFFSETS && random.nextInt(3) == 0;
                long entryMs = sentWithTime ? timestampMs(1) : entry.maxTimestampMs();
                boolean larger = entryMs > largestMs;
                largestMs = larger ? entryMs : largestMs;
                offsetOfLargest = larger ? entry.last() : offsetOfLargest;
                if (position > 0 && random.nextInt(3) == 0) {
                    long offset = indexes == Indexes.OF_FIRST_OFFSETS ? entry.first() : entry.last();
                    offsets.putInt((int) (offset - base)).putInt(position);
                    if (larger) {
                        times.putLong(largestMs).putInt((int) (offsetOfLargest - base));
                    }
                }
                position += entry.bytes().length;
            }
            log.force();
        }
        if (indexes != Indexes.NONE) {
            layIndex(disk, LogFileNames.path(folder, base, LogFileNames.OFFSET_INDEX), offsets);
            layIndex(disk, LogFileNames.path(folder, base, LogFileNames.TIME_INDEX), times);
        }
    }

    private static void layIndex(FaultingFileSystem disk, Path path, ByteBuffer bytes) throws IOException {
        try (LogFile index = disk.open(path)) {
            index.append(bytes.flip());
            index.force();
        }
    }

    /** {@return the entry that a reader of an offset is given first} */
    Entry holding(long offset) {
        return entries.stream()
                .filter(entry -> entry.last() >= offset)
                .findFirst()
                .orElseThrow();
    }

    /** {@return the first record from an offset on with at least this timestamp} */
    Optional<OldRecord> first(long timestampMs, long from) {
        return entries.stream()
                .flatMap(entry -> entry.records().stream())
                .filter(record -> record.offset() >= from && record.timestampMs() >= timestampMs)
                .findFirst();
    }

    /** {@return the largest timestamp from an offset on, -1 for none} */
    long largestMs(long from) {
        return entries.stream()
                .flatMap(entry -> entry.records().stream())
                .filter(record -> record.offset() >= from)
                .mapToLong(OldRecord::timestampMs)
                .max()
                .orElse(-1);
    }

    /** Removes the entries that end at or after an offset; the log ends somewhere before what is removed. */
    void cut(long offset, long newEnd) {
        while (!entries.isEmpty() && entries.get(entries.size() - 1).last() >= offset) {
            entries.remove(entries.size() - 1);
        }
        endOffset = newEnd;
    }

    /** {@return the offset after the last entry that ends before an offset} */
    long endBefore(long offset) {
        return entries.stream()
                .filter(entry -> entry.last() < offset)
                .mapToLong(entry -> entry.last() + 1)
                .max()
                .orElse(0);
    }
}
