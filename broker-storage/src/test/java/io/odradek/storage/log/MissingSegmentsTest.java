package io.odradek.storage.log;

import static org.assertj.core.api.Assertions.assertThat;

import io.odradek.protocol.TopicPartition;
import io.odradek.protocol.record.RecordBatch;
import io.odradek.protocol.wire.Uuid;
import io.odradek.storage.env.Guests;
import io.odradek.storage.env.SimulatedWorld;
import io.odradek.storage.io.FaultingFileSystem;
import io.odradek.storage.io.FileSlice;
import io.odradek.storage.log.LogContext.ProducerLimits;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Segments whose files somebody has taken away are told of at the next start, a line for each gap. */
class MissingSegmentsTest {
    private static final Path FOLDER = Path.of("/data/logs/events-0");
    private static final int SEGMENTS = 8;

    private final FaultingFileSystem disk = new FaultingFileSystem(1);
    private final List<String> told = new ArrayList<>();
    private String policy = "delete";
    private long logStart;
    private long recoveryPoint = SEGMENTS * 2;
    private boolean onlyCopies;

    private Log open(boolean clean) throws IOException {
        SimulatedWorld world = new SimulatedWorld(1);
        LogEvents events = new LogEvents() {
            @Override
            public void offsetsMissing(TopicPartition id, Path firstFile, long from, long next, boolean atEnd) {
                told.add(id + " " + firstFile.getFileName() + " " + from + " to " + (next - 1)
                        + (atEnd ? ", the end" : ""));
            }
        };
        LogContext context = new LogContext(
                disk,
                new Guests(world.clock(), world.newRandoms("log")),
                events,
                ProducerLimits.standard(),
                new LogContext.Recovery(10, onlyCopies),
                new LostPasts());
        LogOpening opening = new LogOpening(
                FOLDER,
                new TopicPartition("events", 0),
                new Uuid(1, 2),
                clean,
                disk.exists(FOLDER) ? recoveryPoint : 0,
                logStart);
        Map<String, String> overrides = new TreeMap<>(Map.of("segment.bytes", "14", "cleanup.policy", policy));
        return Log.open(context, opening, LogConfig.of(Map.of(), overrides));
    }

    /** Segments of two records each. */
    private void write() throws IOException {
        try (Log log = open(true)) {
            for (int i = 0; i < SEGMENTS; i++) {
                log.append(TestBatches.batch(1_000 + i, "a", "b"), 0, 1_000);
            }
        }
        assertThat(told).isEmpty();
    }

    private void takeAway(long... baseOffsets) throws IOException {
        for (long baseOffset : baseOffsets) {
            disk.delete(LogFileNames.path(FOLDER, baseOffset, LogFileNames.LOG));
        }
    }

    private static String name(long baseOffset) {
        return LogFileNames.name(baseOffset, LogFileNames.LOG);
    }

    @AfterEach
    void close() {
        disk.close();
    }

    /** Where a leader may have them, the log ends before the gap, so that they are copied again. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void whatNobodyElseCanHaveDoesNotEndTheLogAfterAKill(boolean alone) throws IOException {
        write();
        takeAway(4);
        recoveryPoint = 0;
        onlyCopies = alone;
        try (Log log = open(false)) {
            assertThat(log.startOffset()).isZero();
            assertThat(log.endOffset()).isEqualTo(alone ? 2 * SEGMENTS : 4);
            if (alone) {
                assertThat(told).containsExactly("events-0 " + name(4) + " 4 to 5");
                FileSlice next =
                        (FileSlice) log.read(4, 1, true, log.endOffset()).records();
                ByteBuffer read = ByteBuffer.allocate(next.sizeBytes());
                next.file().read(read, next.position());
                assertThat(RecordBatch.baseOffset(read.flip(), 0)).isEqualTo(6);
                log.append(TestBatches.batch(2_000, "c"), 0, 2_000);
                assertThat(log.endOffset()).isEqualTo(2 * SEGMENTS + 1);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void eachGapIsToldOnceWithItsFileAndItsOffsets(boolean clean) throws IOException {
        write();
        takeAway(2, 6, 8);
        open(clean).close();
        assertThat(told).containsExactly("events-0 " + name(2) + " 2 to 3", "events-0 " + name(6) + " 6 to 9");
        open(true).close();
        assertThat(told).hasSize(2);
    }

    @Test
    void theBeginningOfALogIsToldOfWhereItIsMissing() throws IOException {
        write();
        takeAway(0, 2);
        open(true).close();
        assertThat(told).containsExactly("events-0 " + name(0) + " 0 to 3");
    }

    @Test
    void theEndOfALogIsToldOfWhereItIsMissing() throws IOException {
        write();
        takeAway(12, 14);
        open(true).close();
        assertThat(told).containsExactly("events-0 " + name(12) + " 12 to 15, the end");
    }

    /** A kill while they were deleted leaves an index behind. */
    @Test
    void whatIsBelowTheStartOfALogIsNotMissed() throws IOException {
        write();
        takeAway(0, 2);
        logStart = 4;
        open(true).close();
        assertThat(told).isEmpty();
        assertThat(disk.list(FOLDER)).doesNotContain(LogFileNames.name(2, LogFileNames.OFFSET_INDEX));
    }

    @Test
    void atTheEdgesOfALogThatWasKilledAnIndexOfNoSegmentIsNoWitness() throws IOException {
        write();
        takeAway(0, 14);
        open(false).close();
        assertThat(told).isEmpty();
    }

    @Test
    void ofACompactedLogNothingIsSaid() throws IOException {
        write();
        takeAway(2, 6, 8);
        policy = "compact,delete";
        open(true).close();
        assertThat(told).isEmpty();
    }

    @Test
    void aFileThatIsPutBackIsReadAgain() throws IOException {
        write();
        Path taken = LogFileNames.path(FOLDER, 6, LogFileNames.LOG);
        Path aside = Path.of("/data/aside");
        disk.rename(taken, aside);
        open(true).close();
        assertThat(told).containsExactly("events-0 " + name(6) + " 6 to 7");
        disk.rename(aside, taken);
        try (Log log = open(true)) {
            assertThat(TestBatches.length(log.read(6, 1, true, log.endOffset())))
                    .isPositive();
            assertThat(log.findByTimestamp(1_003, 16).orElseThrow().offset()).isEqualTo(6);
        }
        assertThat(told).hasSize(1);
    }
}
