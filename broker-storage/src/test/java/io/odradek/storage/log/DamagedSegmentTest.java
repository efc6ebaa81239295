package io.odradek.storage.log;

import static org.assertj.core.api.Assertions.assertThat;

import io.odradek.protocol.TopicPartition;
import io.odradek.protocol.record.RecordBatch;
import io.odradek.protocol.wire.Uuid;
import io.odradek.storage.env.SimulatedWorld;
import io.odradek.storage.io.FaultingFileSystem;
import io.odradek.storage.io.LogFile;
import io.odradek.storage.log.LogContext.ProducerLimits;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a log does with a segment that is damaged: it passes over what is lost, and goes on. */
class DamagedSegmentTest {
    private static final Path FOLDER = Path.of("/data/logs/events-0");
    private static final int BATCHES = 30;
    private static final int IN_A_SEGMENT = 10;
    private static final int LENGTH_AT = 8;
    private static final int DELTA_AT = 23;

    private final SimulatedWorld world = new SimulatedWorld(1);
    private final FaultingFileSystem disk = new FaultingFileSystem(1);
    private Log log;

    private Log open(boolean clean) throws IOException {
        LogContext context = new LogContext(
                disk, world.clock(), world.newRandoms("log"), LogEvents.IMMEDIATE, ProducerLimits.standard());
        LogOpening opening = new LogOpening(FOLDER, new TopicPartition("events", 0), new Uuid(1, 2), clean, BATCHES, 0);
        return Log.open(
                context,
                opening,
                LogConfig.of(Map.of(), Map.of("segment.bytes", "1000", "index.interval.bytes", "250")));
    }

    /** One record of 39 bytes to a batch of 100, with its offset as its time. */
    @BeforeEach
    void write() throws IOException {
        log = open(true);
        for (int i = 0; i < BATCHES; i++) {
            append();
        }
        assertThat(log.segments().count()).isEqualTo(BATCHES / IN_A_SEGMENT);
        log.flush();
        log.close();
    }

    private long append() throws IOException {
        long offset = log.endOffset();
        ByteBuffer batch = TestBatches.batch(1_000 + offset, "v".repeat(32));
        assertThat(batch.remaining()).isEqualTo(100);
        return log.append(batch, 0, 1_000).firstOffset();
    }

    @AfterEach
    void close() throws IOException {
        log.close();
        disk.close();
    }

    private static Path file(long baseOffset) {
        return LogFileNames.path(FOLDER, baseOffset, LogFileNames.LOG);
    }

    private void raiseLength(long segment, int batch) throws IOException {
        try (LogFile file = disk.open(file(segment))) {
            file.write(ByteBuffer.wrap(new byte[] {0x40}), 100L * batch + LENGTH_AT);
        }
    }

    /** {@return the offsets at which the first batches begin that are given from each offset on, -1 for none} */
    private List<Long> given(long from, long to) throws IOException {
        List<Long> given = new ArrayList<>();
        for (long offset = from; offset < to; offset++) {
            byte[] read = TestBatches.bytes(log.read(offset, 1, true, log.endOffset()));
            given.add(read.length == 0 ? -1 : RecordBatch.baseOffset(ByteBuffer.wrap(read), 0));
        }
        return given;
    }

    @Test
    void readersGoOnWhereTheIndexLeadsBehindTheDamage() throws IOException {
        raiseLength(10, 4);
        log = open(true);
        assertThat(given(12, 14)).containsExactly(12L, 13L);
        // An entry for each third batch.
        List<Long> behind = given(14, 20);
        assertThat(behind.get(0)).isBetween(15L, 17L);
        assertThat(behind.subList(3, 6)).containsExactly(17L, 18L, 19L);
        assertThat(given(20, 21)).containsExactly(20L);
    }

    @Test
    void aBatchThatClaimsTheOffsetsOfLaterOnesHidesThemOnlyWhereTheIndexLeadsToIt() throws IOException {
        try (LogFile file = disk.open(file(10))) {
            file.write(ByteBuffer.wrap(new byte[] {0x40}), 100L * 4 + DELTA_AT + 2);
        }
        log = open(true);
        assertThat(given(10, 15)).containsExactly(10L, 11L, 12L, 13L, 14L);
        assertThat(given(18, 22)).containsExactly(18L, 19L, 20L, 21L);
    }

    @Test
    void ofASegmentThatIsCutEverythingBeforeTheCutIsRead() throws IOException {
        try (LogFile file = disk.open(file(10))) {
            file.truncate(950);
        }
        log = open(true);
        assertThat(given(10, 20)).containsExactly(10L, 11L, 12L, 13L, 14L, 15L, 16L, 17L, 18L, 20L);
    }

    @Test
    void aSearchByTimeFindsTheFirstRecordThatCanBeRead() throws IOException {
        raiseLength(10, 4);
        log = open(true);
        assertThat(log.findByTimestamp(1_013, BATCHES).orElseThrow().offset()).isEqualTo(13);
        assertThat(log.findByTimestamp(1_014, BATCHES).orElseThrow().offset()).isBetween(15L, 17L);
        assertThat(log.findByTimestamp(1_019, BATCHES).orElseThrow().offset()).isEqualTo(19);
        assertThat(log.findMaxTimestamp(BATCHES).orElseThrow().offset()).isEqualTo(BATCHES - 1);
    }

    @Test
    void aLastSegmentThatIsDamagedUnderTheLogTakesNoMore() throws IOException {
        log = open(true);
        raiseLength(20, 4);
        assertThat(given(24, 25).get(0)).isNotEqualTo(24L);
        assertThat(append()).isEqualTo(BATCHES);
        assertThat(log.segments().count()).isEqualTo(BATCHES / IN_A_SEGMENT + 1);
        assertThat(given(29, 31)).containsExactly(29L, 30L);
    }

    @Test
    void aReaderThatWaitsBehindTheDamageGetsWhatIsAppendedNext() throws IOException {
        log = open(true);
        try (LogFile file = disk.open(file(20))) {
            file.write(ByteBuffer.wrap(new byte[600]), 400);
        }
        assertThat(given(24, 25)).containsExactly(-1L);
        append();
        assertThat(given(24, 25)).containsExactly((long) BATCHES);
    }

    @Test
    void aFollowerThatIsToCutWithinADamagedSegmentCutsBeforeTheDamage() throws IOException {
        raiseLength(10, 4);
        log = open(true);
        log.truncateTo(17);
        assertThat(log.endOffset()).isBetween(14L, 17L);
        append();
        assertThat(given(13, 14)).containsExactly(13L);
        assertThat(given(log.endOffset() - 1, log.endOffset())).containsExactly(log.endOffset() - 1);
        log.close();
        log = open(true);
        assertThat(given(12, 14)).containsExactly(12L, 13L);
    }

    @Test
    void aFollowerThatIsToCutWithinAMissingSegmentBeginsItAnew() throws IOException {
        log = open(true);
        disk.delete(file(10));
        log.truncateTo(17);
        assertThat(log.endOffset()).isEqualTo(10);
        assertThat(append()).isEqualTo(10);
        assertThat(given(9, 11)).containsExactly(9L, 10L);
    }

    @Test
    void aSegmentThatIsMissingDoesNotKeepTheOthersFromTheDisk() throws IOException {
        log = open(false);
        disk.delete(file(10));
        append();
        log.flush();
        assertThat(log.recoveryPoint()).isEqualTo(BATCHES + 1);
    }

    @Test
    void aFileThatIsPutBackIsReadAgain() throws IOException {
        log = open(true);
        Path aside = FOLDER.resolve("aside");
        disk.rename(file(10), aside);
        assertThat(given(10, 11)).containsExactly(20L);
        disk.rename(aside, file(10));
        assertThat(given(10, 12)).containsExactly(10L, 11L);
    }
}
