package io.odradek.storage.manager;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.odradek.protocol.record.BatchBuilder;
import io.odradek.protocol.record.RecordBatch;
import io.odradek.storage.io.FileSlice;
import io.odradek.storage.log.Log;
import io.odradek.storage.log.Log.FetchedData;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeSet;

/** Reads a log as a consumer does that goes on behind an error, one offset further; of what it gets nothing may be wrong. */
final class LogReading {
    private static final int FETCH_BYTES = 700;
    private static final int MOST_TRIES = 3;
    private static final String APPENDED = "appended";
    private static final int BASE_OFFSET_BYTES = 8;

    private final Log log;
    private final SortedMap<Long, byte[]> written;
    private final SortedSet<Long> offsets = new TreeSet<>();

    /** @param written what was written, by base offset */
    LogReading(Log log, SortedMap<Long, byte[]> written) {
        this.log = log;
        this.written = written;
    }

    /** {@return the offsets of the records that were read} */
    SortedSet<Long> offsets() {
        return offsets;
    }

    /** Reads from an offset to the end. */
    void read(long from) throws IOException {
        long position = from;
        long end = log.endOffset();
        int tries = 0;
        while (position < end) {
            FetchedData fetched = log.read(position, FETCH_BYTES, true, end);
            if (fetched.sizeBytes() == 0) {
                return;
            }
            FileSlice slice = (FileSlice) fetched.records();
            ByteBuffer records = ByteBuffer.allocate(slice.sizeBytes());
            int got = -1;
            try {
                got = slice.file().read(records, slice.position());
            } catch (IOException e) {
                assertThat(tries).as(e.getMessage()).isLessThan(MOST_TRIES);
            }
            if (got < slice.sizeBytes() && tries++ < MOST_TRIES) {
                // It could not be sent: the client asks again.
                continue;
            }
            assertThat(got).as("%s at %d", slice, position).isEqualTo(slice.sizeBytes());
            tries = 0;
            long next = take(records.flip(), position);
            position = next > position ? next : position + 1;
        }
    }

    private long take(ByteBuffer records, long position) {
        long next = position;
        for (int at = 0; records.limit() - at >= RecordBatch.HEADER_SIZE; at += RecordBatch.sizeBytes(records, at)) {
            int length = RecordBatch.length(records, at);
            if (length < RecordBatch.HEADER_SIZE - RecordBatch.LOG_OVERHEAD
                    || length > records.limit() - at - RecordBatch.LOG_OVERHEAD
                    || RecordBatch.magic(records, at) != RecordBatch.MAGIC
                    || !RecordBatch.hasValidCrc(records, at)) {
                return next;
            }
            byte[] batch = new byte[RecordBatch.sizeBytes(records, at)];
            records.get(at, batch);
            long base = RecordBatch.baseOffset(records, at);
            if (!isMine(base, batch)) {
                // No checksum covers the offset.
                return next;
            }
            if (RecordBatch.lastOffset(records, at) >= next) {
                next = RecordBatch.nextOffset(records, at);
                addOffsets(batch, offsets);
            }
        }
        return next;
    }

    /** {@return whether it was written at this offset; if not, it must have been written at another one} */
    private boolean isMine(long base, byte[] batch) {
        byte[] expected = written.get(base);
        boolean mine = expected != null && equalsBehindOffset(expected, batch);
        boolean moved = !mine && written.values().stream().anyMatch(other -> equalsBehindOffset(other, batch));
        assertThat(mine || moved || isAppended(batch))
                .as("The batch at offset %d", base)
                .isTrue();
        return !moved;
    }

    private static boolean isAppended(byte[] batch) {
        return new String(batch, UTF_8).contains(APPENDED);
    }

    private static boolean equalsBehindOffset(byte[] one, byte[] other) {
        // The leader epoch is not covered either.
        int from = BASE_OFFSET_BYTES + 2 * Integer.BYTES;
        return one.length == other.length && Arrays.equals(one, from, one.length, other, from, other.length);
    }

    static void addOffsets(byte[] batch, SortedSet<Long> offsets) {
        ByteBuffer buffer = ByteBuffer.wrap(batch);
        for (long offset = RecordBatch.baseOffset(buffer, 0); offset <= RecordBatch.lastOffset(buffer, 0); offset++) {
            offsets.add(offset);
        }
    }

    /** Appends a record, and reads it. */
    static void append(Log log) throws IOException {
        ByteBuffer batch = new BatchBuilder(1 << 10)
                .append(9_000, null, ByteBuffer.wrap(APPENDED.getBytes(UTF_8)))
                .build();
        long offset = log.append(batch, log.latestEpoch() + 1, 9_000).firstOffset();
        FileSlice slice =
                (FileSlice) log.read(offset, FETCH_BYTES, true, offset + 1).records();
        ByteBuffer read = ByteBuffer.allocate(slice.sizeBytes());
        slice.file().read(read, slice.position());
        assertThat(RecordBatch.baseOffset(read.flip(), 0)).isEqualTo(offset);
        assertThat(RecordBatch.hasValidCrc(read, 0)).isTrue();
    }
}
