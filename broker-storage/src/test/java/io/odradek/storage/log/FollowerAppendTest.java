package io.odradek.storage.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.odradek.protocol.TopicPartition;
import io.odradek.protocol.errors.ApiException;
import io.odradek.protocol.errors.ErrorCode;
import io.odradek.protocol.record.RecordBatch;
import io.odradek.protocol.wire.Uuid;
import io.odradek.storage.env.SimulatedWorld;
import io.odradek.storage.io.DiskFullException;
import io.odradek.storage.io.FaultingFileSystem;
import io.odradek.storage.log.LogContext.ProducerLimits;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;

class FollowerAppendTest {
    private static final Path FOLDER = Path.of("/data/logs/events-0");
    private static final TopicPartition ID = new TopicPartition("events", 0);

    private static Log open(FaultingFileSystem disk, long logStartOffset) throws IOException {
        SimulatedWorld world = new SimulatedWorld(1);
        LogContext context = new LogContext(
                disk, world.clock(), world.newRandoms("log"), LogEvents.IMMEDIATE, ProducerLimits.standard());
        LogOpening opening = new LogOpening(FOLDER, ID, new Uuid(1, 2), true, 0, logStartOffset);
        return Log.open(context, opening, LogConfig.of(Map.of(), Map.of()));
    }

    private static ByteBuffer numbered(long baseOffset, int leaderEpoch, String... values) {
        ByteBuffer batch = TestBatches.batch(1_000, values);
        RecordBatch.setBaseOffset(batch, batch.position(), baseOffset);
        RecordBatch.setLeaderEpoch(batch, batch.position(), leaderEpoch);
        return batch;
    }

    @Test
    void anEmptyLogThatIsToBeginInsideOfTheLeadersFirstBatchTakesItWhole() throws IOException {
        try (FaultingFileSystem disk = new FaultingFileSystem(1)) {
            Log log = open(disk, 0);
            log.truncateFullyAndStartAt(5);
            AppendResult result = log.appendAsFollower(numbered(1, 3, "1", "2", "3", "4", "5", "6"), 1_000);
            assertThat(result.firstOffset()).isEqualTo(1);
            assertThat(result.lastOffset()).isEqualTo(6);
            assertThat(result.logStartOffset()).isEqualTo(5);
            log.appendAsFollower(numbered(7, 3, "7"), 1_000);
            assertThat(log.startOffset()).isEqualTo(5);
            assertThat(log.endOffset()).isEqualTo(8);
            assertThat(log.epochOf(1)).isEqualTo(3);
            byte[] records = TestBatches.readAll(log, 5);
            assertThat(RecordBatch.baseOffset(ByteBuffer.wrap(records), 0)).isEqualTo(1);
            log.close();
            log = open(disk, 5);
            assertThat(log.startOffset()).isEqualTo(5);
            assertThat(log.endOffset()).isEqualTo(8);
            assertThat(TestBatches.readAll(log, 5)).isEqualTo(records);
            log.close();
        }
    }

    @Test
    void aLogWhoseRecordsAreAllDeletedIsEmptyToo() throws IOException {
        try (FaultingFileSystem disk = new FaultingFileSystem(1)) {
            Log log = open(disk, 0);
            log.appendAsFollower(numbered(0, 3, "0", "1", "2"), 1_000);
            log.updateHighWatermark(3);
            log.advanceStartTo(3);
            log.appendAsFollower(numbered(2, 4, "2", "3", "4"), 1_000);
            assertThat(log.startOffset()).isEqualTo(3);
            assertThat(log.endOffset()).isEqualTo(5);
            assertThat(log.epochOf(2)).isEqualTo(4);
            log.close();
        }
    }

    @Test
    void epochsOfBatchesThatDoNotFitOnAFullDiskAreForgotten() throws IOException {
        try (FaultingFileSystem disk = new FaultingFileSystem(1)) {
            Log log = open(disk, 0);
            log.appendAsFollower(numbered(0, 3, "0"), 1_000);
            log.appendAsFollower(numbered(1, 5, "1"), 1_000);
            disk.diskFullAfter(10);
            ByteBuffer two = ByteBuffer.allocate(1_000);
            two.put(numbered(2, 5, "2")).put(numbered(3, 6, "3"));
            assertThatThrownBy(() -> log.appendAsFollower(two.flip(), 1_000)).isInstanceOf(DiskFullException.class);
            assertThat(log.endOffsetOfEpoch(5).endOffset()).isEqualTo(2);
            disk.freeSpace();
            log.appendAsFollower(numbered(2, 5, "2"), 1_000);
            assertThat(log.latestEpoch()).isEqualTo(5);
            assertThat(log.endOffsetOfEpoch(3).endOffset()).isEqualTo(1);
            log.close();
        }
    }

    @Test
    void aLogWithRecordsRefusesWhatBeginsBeforeItsEnd() throws IOException {
        try (FaultingFileSystem disk = new FaultingFileSystem(1)) {
            Log log = open(disk, 0);
            log.appendAsFollower(numbered(0, 3, "0", "1", "2"), 1_000);
            refused(log, numbered(2, 3, "2", "3", "4"));
            assertThat(log.startOffset()).isEqualTo(0);
            assertThat(log.endOffset()).isEqualTo(3);
            log.close();
        }
    }

    @Test
    void anEmptyLogRefusesWhatEndsBeforeItBeginsAndWhatGoesBack() throws IOException {
        try (FaultingFileSystem disk = new FaultingFileSystem(1)) {
            Log log = open(disk, 0);
            log.truncateFullyAndStartAt(5);
            refused(log, numbered(1, 3, "1", "2", "3", "4"));
            ByteBuffer two = ByteBuffer.allocate(1_000);
            two.put(numbered(4, 3, "4", "5")).put(numbered(4, 3, "4", "5"));
            refused(log, two.flip());
            assertThat(log.startOffset()).isEqualTo(5);
            assertThat(log.endOffset()).isEqualTo(5);
            log.close();
        }
    }

    private static void refused(Log log, ByteBuffer batches) {
        assertThatThrownBy(() -> log.appendAsFollower(batches, 1_000))
                .isInstanceOfSatisfying(
                        ApiException.class, e -> assertThat(e.error()).isEqualTo(ErrorCode.OFFSET_OUT_OF_RANGE));
    }
}
