package io.odradek.storage.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.odradek.protocol.TopicPartition;
import io.odradek.protocol.errors.ApiException;
import io.odradek.protocol.errors.ErrorCode;
import io.odradek.protocol.record.ControlRecord;
import io.odradek.protocol.record.RecordBatch;
import io.odradek.protocol.wire.Uuid;
import io.odradek.storage.env.SimulatedWorld;
import io.odradek.storage.io.FaultingFileSystem;
import io.odradek.storage.io.LogFile;
import io.odradek.storage.log.LogContext.ProducerLimits;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class TransactionsOfALogTest {
    private static final Path FOLDER = Path.of("/data/events-0");
    private static final int COORDINATOR_EPOCH = 7;

    private final FaultingFileSystem disk = new FaultingFileSystem(1);
    private final SimulatedWorld world = new SimulatedWorld(1);
    private final LogConfig config = LogConfig.of(Map.of(), Map.of("segment.bytes", "1000"));
    private final int[] sequences = new int[10];
    private Log log;

    @BeforeEach
    void open() throws IOException {
        open(true);
    }

    private void open(boolean clean) throws IOException {
        LogContext context = new LogContext(
                disk, world.clock(), world.newRandoms("log"), LogEvents.IMMEDIATE, ProducerLimits.standard());
        log = Log.open(
                context, new LogOpening(FOLDER, new TopicPartition("events", 0), new Uuid(1, 2), clean, 0, 0), config);
    }

    @AfterEach
    void close() throws IOException {
        log.close();
        disk.close();
    }

    private long write(int producer, String... values) throws IOException {
        long first = log.append(transactional(producer, sequences[producer], values), 0, 5_000)
                .firstOffset();
        sequences[producer] += values.length;
        return first;
    }

    private ByteBuffer transactional(int producer, int sequence, String... values) {
        return TestBatches.builder(world.clock().wallMs(), values)
                .producer(producer, (short) 3, sequence)
                .transactional()
                .build();
    }

    private long end(int producer, ControlRecord.Type type) throws IOException {
        return mark(marker(type, COORDINATOR_EPOCH, producer, 3));
    }

    private ByteBuffer marker(ControlRecord.Type type, int coordinatorEpoch, int producer, int epoch) {
        return new ControlRecord(type, coordinatorEpoch)
                .toBatch(producer, (short) epoch, world.clock().wallMs());
    }

    private long mark(ByteBuffer marker) throws IOException {
        return log.append(marker, 0, 5_000, AppendOrigin.COORDINATOR).firstOffset();
    }

    private void refused(ErrorCode error, ThrowingCallable call) {
        long before = log.endOffset();
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        ApiException.class, e -> assertThat(e.error()).isEqualTo(error));
        assertThat(log.endOffset()).isEqualTo(before);
    }

    private List<AbortedTransaction> aborted() throws IOException {
        return log.producers().abortedTransactions(0, log.endOffset());
    }

    @Test
    void anOpenTransactionHoldsTheLastStableOffsetUntilItsMarkerIsReplicated() throws IOException {
        write(1, "a");
        write(2, "b", "c");
        assertThat(log.producers().lastStableOffset(3)).isZero();
        end(1, ControlRecord.Type.COMMIT);
        assertThat(log.producers().lastStableOffset(3))
                .as("the marker is not below the high watermark")
                .isZero();
        assertThat(log.producers().lastStableOffset(4)).isEqualTo(1);
        end(2, ControlRecord.Type.ABORT);
        assertThat(log.producers().lastStableOffset(4)).isEqualTo(1);
        assertThat(log.producers().lastStableOffset(5)).isEqualTo(5);
        assertThat(aborted()).containsExactly(new AbortedTransaction(2, 1, 4, 5));
    }

    @Test
    void anAbortedTransactionIsKeptWithTheOffsetBelowWhichNoOtherIsOpen() throws IOException {
        write(1, "a");
        write(2, "b");
        write(3, "c");
        end(2, ControlRecord.Type.ABORT);
        end(1, ControlRecord.Type.ABORT);
        end(3, ControlRecord.Type.COMMIT);
        assertThat(aborted()).containsExactly(new AbortedTransaction(2, 1, 3, 0), new AbortedTransaction(1, 0, 4, 2));
    }

    @Test
    void anAbortWhoseIndexCannotBeWrittenIsTakenBack() throws IOException {
        write(1, "a");
        write(2, "b");
        end(2, ControlRecord.Type.ABORT);
        long operations = 0;
        for (int failing = 0; failing == 0 || failing <= operations; failing++) {
            long end = log.endOffset();
            long size = log.sizeBytes();
            int known = aborted().size();
            long before = disk.operations();
            if (failing > 0) {
                disk.failOperation(failing);
                assertThatThrownBy(() -> end(1, ControlRecord.Type.ABORT)).isInstanceOf(IOException.class);
                assertThat(log.endOffset()).isEqualTo(end);
                assertThat(log.sizeBytes()).isEqualTo(size);
                assertThat(aborted()).hasSize(known);
                assertThat(log.producers().firstOpenTransactionOffset()).isNotNegative();
                before = disk.operations();
            }
            assertThat(end(1, ControlRecord.Type.ABORT)).isEqualTo(end);
            operations = failing == 0 ? disk.operations() - before : operations;
            assertThat(aborted()).hasSize(known + 1);
            assertThat(log.producers().firstOpenTransactionOffset()).isEqualTo(-1);
            write(1, "a");
        }
        assertThat(operations).isGreaterThan(1);
        assertThat(TestBatches.readAll(log, 0)).hasSize((int) log.sizeBytes());
    }

    @Test
    void aMarkerWithoutRecordsBeforeItEndsNothing() throws IOException {
        end(1, ControlRecord.Type.ABORT);
        assertThat(aborted()).isEmpty();
        assertThat(log.producers().lastStableOffset(0)).isZero();
        assertThat(disk.list(FOLDER)).noneMatch(name -> name.endsWith(LogFileNames.TRANSACTION_INDEX));
    }

    @Test
    void aClientWritesNoMarkers() {
        refused(ErrorCode.INVALID_RECORD, () -> log.append(marker(ControlRecord.Type.COMMIT, 0, 1, 3), 0, 5_000));
    }

    @Test
    void aCoordinatorThatIsNoLongerIsFenced() throws IOException {
        write(1, "a");
        end(1, ControlRecord.Type.COMMIT);
        write(1, "b");
        refused(
                ErrorCode.TRANSACTION_COORDINATOR_FENCED,
                () -> mark(marker(ControlRecord.Type.ABORT, COORDINATOR_EPOCH - 1, 1, 3)));
        refused(
                ErrorCode.INVALID_PRODUCER_EPOCH,
                () -> mark(marker(ControlRecord.Type.ABORT, COORDINATOR_EPOCH, 1, 2)));
        mark(marker(ControlRecord.Type.ABORT, COORDINATOR_EPOCH + 1, 1, 4));
        assertThat(aborted()).containsExactly(new AbortedTransaction(1, 2, 3, 4));
        refused(ErrorCode.INVALID_PRODUCER_EPOCH, () -> write(1, "late"));
    }

    @Test
    void aProducerInATransactionWritesNothingOutsideIt() throws IOException {
        write(1, "a");
        ByteBuffer outside = TestBatches.builder(world.clock().wallMs(), "b")
                .producer(1, (short) 3, 1)
                .build();
        refused(ErrorCode.INVALID_TXN_STATE, () -> log.append(outside, 0, 5_000));
    }

    @Test
    void aCoordinatorWritesRecordsOfATransactionWithoutSequences() throws IOException {
        for (int i = 0; i < 2; i++) {
            log.append(transactional(4, RecordBatch.NO_SEQUENCE, "offset"), 0, 5_000, AppendOrigin.COORDINATOR);
        }
        assertThat(log.producers().lastStableOffset(2)).isZero();
        end(4, ControlRecord.Type.COMMIT);
        assertThat(log.producers().lastStableOffset(3)).isEqualTo(3);
    }

    @Test
    void aFollowerTakesMarkersAsTheyAre() throws IOException {
        ByteBuffer first = transactional(1, 0, "a");
        ByteBuffer marker = marker(ControlRecord.Type.ABORT, 1, 1, 3);
        RecordBatch.setBaseOffset(marker, 0, 1);
        log.appendAsFollower(
                ByteBuffer.allocate(first.remaining() + marker.remaining())
                        .put(first)
                        .put(marker)
                        .flip(),
                5_000);
        assertThat(aborted()).containsExactly(new AbortedTransaction(1, 0, 1, 2));
        ByteBuffer noMarker = TestBatches.builder(1_000, "no marker")
                .producer(1, (short) 3, RecordBatch.NO_SEQUENCE)
                .control()
                .build();
        RecordBatch.setBaseOffset(noMarker, 0, 2);
        refused(ErrorCode.INVALID_RECORD, () -> log.appendAsFollower(noMarker, 5_000));
    }

    /** Three producers, of which the second commits, over several segments; the third has a transaction open. */
    private List<AbortedTransaction> fill() throws IOException {
        for (int i = 0; i < 20; i++) {
            write(1, "v".repeat(100));
            write(2, "v".repeat(100));
            end(1, ControlRecord.Type.ABORT);
            end(2, ControlRecord.Type.COMMIT);
        }
        write(3, "open");
        List<AbortedTransaction> all = aborted();
        assertThat(all).hasSize(20);
        return all;
    }

    private void delete(String... suffixes) throws IOException {
        for (String name : disk.list(FOLDER)) {
            for (String suffix : suffixes) {
                if (name.endsWith(suffix)) {
                    disk.delete(FOLDER.resolve(name));
                }
            }
        }
    }

    private void stop() throws IOException {
        log.flush();
        log.close();
    }

    @Test
    void aRestartFindsWhatWasAbortedAndWhatIsOpen() throws IOException {
        List<AbortedTransaction> all = fill();
        stop();
        open(true);
        assertThat(aborted()).isEqualTo(all);
        assertThat(log.producers().lastStableOffset(log.endOffset())).isEqualTo(80);
        end(3, ControlRecord.Type.ABORT);
        assertThat(log.producers().lastStableOffset(log.endOffset())).isEqualTo(log.endOffset());
        assertThat(aborted()).endsWith(new AbortedTransaction(3, 80, 81, 82)).hasSize(21);
    }

    @Test
    void recoveryBuildsTheIndexesAgain() throws IOException {
        List<AbortedTransaction> all = fill();
        stop();
        delete(LogFileNames.TRANSACTION_INDEX, LogFileNames.PRODUCER_SNAPSHOT);
        open(false);
        assertThat(aborted()).isEqualTo(all);
        assertThat(log.producers().firstOpenTransactionOffset()).isEqualTo(80);
    }

    @Test
    void withoutProducerSnapshotsMissingIndexesAreFoundMissing() throws IOException {
        List<AbortedTransaction> all = fill();
        stop();
        delete(LogFileNames.TRANSACTION_INDEX, LogFileNames.PRODUCER_SNAPSHOT);
        open(true);
        assertThat(aborted()).isEqualTo(all);
        assertThat(log.producers().firstOpenTransactionOffset()).isEqualTo(80);
        stop();
        open(true);
        assertThat(aborted()).isEqualTo(all);
    }

    @Test
    void aDamagedIndexIsBuiltAgain() throws IOException {
        List<AbortedTransaction> all = fill();
        stop();
        List<String> indexes = disk.list(FOLDER).stream()
                .filter(name -> name.endsWith(LogFileNames.TRANSACTION_INDEX))
                .toList();
        assertThat(indexes).hasSizeGreaterThan(4);
        for (String name : indexes) {
            try (LogFile file = disk.open(FOLDER.resolve(name))) {
                file.write(ByteBuffer.wrap(new byte[] {9, 9, 9}), file.sizeBytes() - 2);
            }
        }
        open(true);
        assertThat(aborted()).isEqualTo(all);
    }

    @Test
    void anIndexEntryOfAnotherTransactionGivesWayWhereBatchesAreRead() throws IOException {
        List<AbortedTransaction> all = fill();
        stop();
        try (LogFile file = disk.open(LogFileNames.path(FOLDER, 0, LogFileNames.TRANSACTION_INDEX))) {
            file.write(ByteBuffer.wrap(new byte[] {5}), 9);
        }
        delete(LogFileNames.PRODUCER_SNAPSHOT);
        open(true);
        assertThat(aborted()).isEqualTo(all);
    }

    @Test
    void aCutTakesMarkersAwayAndOpensTheirTransactionsAgain() throws IOException {
        fill();
        log.truncateTo(6);
        assertThat(log.endOffset()).isEqualTo(6);
        assertThat(aborted()).containsExactly(new AbortedTransaction(1, 0, 2, 1));
        assertThat(log.producers().lastStableOffset(6)).isEqualTo(4);
        log.truncateTo(1);
        assertThat(aborted()).isEmpty();
        assertThat(log.producers().lastStableOffset(1)).isZero();
        log.truncateFullyAndStartAt(50);
        assertThat(log.producers().lastStableOffset(50)).isEqualTo(50);
    }

    @Test
    void indexesGoWithTheirSegmentsAndTheFolder() throws IOException {
        fill();
        Path moved = Path.of("/data/events-0.moved");
        log.renameFolder(moved);
        end(3, ControlRecord.Type.ABORT);
        assertThat(aborted()).hasSize(21);
        log.truncateFullyAndStartAt(0);
        assertThat(disk.list(moved)).noneMatch(name -> name.endsWith(LogFileNames.TRANSACTION_INDEX));
    }

    @Test
    void aReadIsGivenTheAbortedTransactionsOfWhatItReadAndFewMore() throws IOException {
        List<AbortedTransaction> all = fill();
        long lastStable = log.producers().lastStableOffset(log.endOffset());
        for (long offset = 0; offset < lastStable; offset++) {
            Log.FetchedData fetched = log.read(offset, 400, true, lastStable);
            long end = lastOffset(TestBatches.bytes(fetched)) + 1;
            long from = offset;
            List<AbortedTransaction> needed = all.stream()
                    .filter(aborted -> aborted.lastOffset() >= from && aborted.firstOffset() < end)
                    .toList();
            assertThat(log.producers().abortedTransactions(offset, fetched, lastStable))
                    .containsAll(needed)
                    .hasSizeLessThanOrEqualTo(needed.size() + 2);
        }
    }

    private static long lastOffset(byte[] read) {
        ByteBuffer batches = ByteBuffer.wrap(read);
        long last = -1;
        for (int at = 0; at + RecordBatch.HEADER_SIZE <= read.length; at += RecordBatch.sizeBytes(batches, at)) {
            last = RecordBatch.lastOffset(batches, at);
        }
        return last;
    }
}
