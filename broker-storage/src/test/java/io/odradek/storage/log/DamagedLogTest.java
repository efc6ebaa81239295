package io.odradek.storage.log;

import static org.assertj.core.api.Assertions.assertThat;

import io.odradek.protocol.errors.ApiException;
import io.odradek.protocol.record.CompressionCodec;
import io.odradek.protocol.record.RecordBatch;
import io.odradek.storage.io.FaultingFileSystem;
import io.odradek.storage.log.Log.TimestampAndOffset;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Every change of one byte, and every cut, of every file of small logs, opened as after a clean and as after an unclean
 * stop: what is read, by offset or by time, is what was written, or clients find its checksum wrong, or it is passed over.
 */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class DamagedLogTest {
    private static final int[] CHANGES = {0x01, 0x80, 0x5a};
    private static final int[] FEW_CHANGES = {0x5a};
    private static final int CRC_START = 21;

    private int cases;

    @Test
    void aDamagedLogIsAPrefixOrSaysThatItIsDamaged() throws IOException {
        damageAll(new SmallLog(CompressionCodec.NONE), CHANGES, CHANGES);
        damageAll(new SmallLog(CompressionCodec.GZIP), FEW_CHANGES, FEW_CHANGES);
        assertThat(cases).isGreaterThan(10_000);
    }

    @Test
    void whatIsDamagedShowsNoAbortedRecords() throws IOException {
        SmallLog log = SmallLog.ofTransactions();
        assertThat(log.files.keySet())
                .filteredOn(name -> name.endsWith(LogFileNames.TRANSACTION_INDEX))
                .hasSizeGreaterThan(2);
        damageAll(log, CHANGES, FEW_CHANGES);
    }

    private void damageAll(SmallLog log, int[] indexChanges, int[] otherChanges) {
        assertThat(log.files.keySet())
                .filteredOn(name -> name.endsWith(LogFileNames.LOG))
                .hasSizeGreaterThan(2);
        for (String name : log.files.keySet()) {
            byte[] whole = log.files.get(name);
            int[] changes = name.endsWith(LogFileNames.TRANSACTION_INDEX) ? indexChanges : otherChanges;
            for (int position = 0; position < whole.length; position++) {
                for (int change : changes) {
                    byte[] changed = whole.clone();
                    changed[position] ^= (byte) change;
                    both(log, name, changed, "byte " + position + " changed by " + change);
                }
                both(log, name, Arrays.copyOf(whole, position), "cut at " + position);
            }
        }
    }

    private void both(SmallLog log, String name, byte[] content, String what) {
        for (boolean clean : new boolean[] {true, false}) {
            cases++;
            try {
                damaged(log, name, content, clean);
            } catch (IOException | RuntimeException | AssertionError e) {
                throw new AssertionError(name + ", " + what + ", stopped " + (clean ? "cleanly" : "uncleanly"), e);
            }
        }
    }

    private static void damaged(SmallLog small, String name, byte[] content, boolean clean) throws IOException {
        try (FaultingFileSystem disk = new FaultingFileSystem(1)) {
            small.copyTo(disk, name, content);
            Log log;
            try {
                log = small.open(disk, clean);
            } catch (DamagedSegmentException | ApiException e) {
                assertThat(clean || name.equals(LogFileNames.PARTITION_METADATA))
                        .isTrue();
                return;
            }
            boolean records = name.endsWith(LogFileNames.LOG);
            assertThat(log.endOffset()).isBetween(0L, small.endOffset);
            assertThat(records || log.endOffset() == small.endOffset).isTrue();
            boolean errorsAllowed = clean && records;
            readByOffset(small, log, errorsAllowed);
            readByTime(small, log, errorsAllowed);
            readCommitted(small, log, errorsAllowed);
            close(log, errorsAllowed);
        }
    }

    private static void close(Log log, boolean errorsAllowed) throws IOException {
        try {
            log.close();
        } catch (DamagedSegmentException e) {
            if (!errorsAllowed) {
                throw e;
            }
        }
    }

    private static void readByOffset(SmallLog small, Log log, boolean errorsAllowed) throws IOException {
        for (long offset = 0; offset < log.endOffset(); offset++) {
            byte[] read;
            try {
                read = TestBatches.bytes(log.read(offset, 1, true, log.endOffset()));
            } catch (DamagedSegmentException e) {
                if (!errorsAllowed) {
                    throw e;
                }
                continue;
            }
            if (!Arrays.equals(SmallLog.withoutEpoch(read), small.batch(offset))) {
                assertThat(errorsAllowed && (isRefusedByClients(read) || isLater(small, read, offset)))
                        .as("offset " + offset)
                        .isTrue();
            }
        }
    }

    /** What is lost is passed over: the next batch that can be read is given, or nothing. */
    private static boolean isLater(SmallLog small, byte[] read, long offset) {
        if (read.length == 0) {
            return true;
        }
        long base = RecordBatch.baseOffset(ByteBuffer.wrap(read), 0);
        return base > offset && Arrays.equals(SmallLog.withoutEpoch(read), small.batch(base));
    }

    /** As a read_committed consumer, from every offset on; of damaged records, whose offsets no checksum covers, one batch. */
    private static void readCommitted(SmallLog small, Log log, boolean errorsAllowed) throws IOException {
        long stable = log.producers().lastStableOffset(log.endOffset());
        for (long offset = 0; offset < stable; offset++) {
            try {
                Log.FetchedData fetched = log.read(offset, errorsAllowed ? 1 : 1 << 20, true, stable);
                List<AbortedTransaction> aborted = log.producers().abortedTransactions(offset, fetched, stable);
                check(small, TestBatches.bytes(fetched), aborted, errorsAllowed);
            } catch (DamagedSegmentException e) {
                if (!errorsAllowed) {
                    throw e;
                }
            }
        }
    }

    private static void check(SmallLog small, byte[] read, List<AbortedTransaction> aborted, boolean errorsAllowed) {
        List<AbortedTransaction> upcoming = new ArrayList<>(aborted);
        Set<Long> skipped = new HashSet<>();
        ByteBuffer batches = ByteBuffer.wrap(read);
        int size;
        for (int at = 0; at < read.length; at += size) {
            int start = at;
            size = RecordBatch.sizeBytes(batches, at);
            if (errorsAllowed && isRefusedByClients(Arrays.copyOfRange(read, at, at + size))) {
                return;
            }
            long producerId = RecordBatch.producerId(batches, at);
            upcoming.removeIf(next ->
                    next.firstOffset() <= RecordBatch.lastOffset(batches, start) && skipped.add(next.producerId()));
            if (RecordBatch.isControl(batches, at)) {
                skipped.remove(producerId);
            } else {
                boolean skip = RecordBatch.isTransactional(batches, at) && skipped.contains(producerId);
                assertThat(skip)
                        .as("offset " + RecordBatch.baseOffset(batches, at) + " with " + aborted)
                        .isEqualTo(small.aborted.contains(RecordBatch.baseOffset(batches, at)));
            }
        }
    }

    private static boolean isRefusedByClients(byte[] batch) {
        CRC32C crc = new CRC32C();
        crc.update(batch, CRC_START, batch.length - CRC_START);
        return (int) crc.getValue() != RecordBatch.crc(ByteBuffer.wrap(batch), 0);
    }

    private static void readByTime(SmallLog small, Log log, boolean errorsAllowed) throws IOException {
        for (long timestampMs = 990; timestampMs < 1_400; timestampMs += 45) {
            try {
                Optional<Long> found =
                        log.findByTimestamp(timestampMs, log.endOffset()).map(TimestampAndOffset::offset);
                Optional<Long> first = small.first(timestampMs, log.endOffset());
                if (!found.equals(first)) {
                    assertThat(errorsAllowed && isReached(small, found, first, timestampMs))
                            .as("time " + timestampMs)
                            .isTrue();
                }
            } catch (DamagedSegmentException e) {
                if (!errorsAllowed) {
                    throw e;
                }
            }
        }
    }

    /** The first record that can be read is a later one, or there is none. */
    private static boolean isReached(SmallLog small, Optional<Long> found, Optional<Long> first, long timestampMs) {
        return found.isEmpty()
                || first.isPresent()
                        && found.get() > first.get()
                        && small.timestampsMs.get((int) (long) found.get()) >= timestampMs;
    }
}
