package io.odradek.storage.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.odradek.protocol.TopicPartition;
import io.odradek.protocol.wire.Uuid;
import io.odradek.storage.env.SimulatedWorld;
import io.odradek.storage.io.DiskFullException;
import io.odradek.storage.io.FaultingFileSystem;
import io.odradek.storage.io.LogFile;
import io.odradek.storage.io.LogFileSystem;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Records 10 to 29 of three segments and three epochs, one a batch, each with its offset less 10 as its sequence. */
class UnfinishedTruncationTest {
    private static final Path FOLDER = Path.of("/data/t-0");
    private static final TopicPartition ID = new TopicPartition("t", 0);
    private static final LogConfig CONFIG = LogConfig.of(Map.of(), Map.of("segment.bytes", "600"));
    private static final int START = 10;
    private static final int END = 30;
    private static final int PRODUCER = 5;

    private final List<Long> saved = new ArrayList<>();
    private final List<LogFile> discarded = new ArrayList<>();
    private boolean checkpointFails;

    private interface Cut {
        void of(Log log) throws IOException;
    }

    private Log open(FaultingFileSystem disk, long recoveryPoint, long startOffset) throws IOException {
        LogEvents events = new LogEvents() {
            @Override
            public void truncated(Log log) throws IOException {
                if (checkpointFails) {
                    throw new DiskFullException("No room for the checkpoint");
                }
                saved.add(log.recoveryPoint());
            }

            @Override
            public void discarded(LogFileSystem files, LogFile file, LogConfig config) {
                discarded.add(file);
            }
        };
        SimulatedWorld world = new SimulatedWorld(1);
        LogContext context = new LogContext(
                disk, world.clock(), world.newRandoms("log"), events, LogContext.ProducerLimits.standard());
        return Log.open(context, new LogOpening(FOLDER, ID, new Uuid(1, 2), true, recoveryPoint, startOffset), CONFIG);
    }

    private Log filled(FaultingFileSystem disk) throws IOException {
        disk.createFolders(FOLDER);
        Log log = open(disk, 0, START);
        for (int i = START; i < END; i++) {
            log.append(batch(i), (i - START) / 7, 1_000);
        }
        log.flush();
        assertThat(log.segments().count()).isGreaterThan(2);
        return log;
    }

    private static ByteBuffer batch(long offset) {
        return TestBatches.batch(PRODUCER, 0, (int) offset - START, "value " + offset);
    }

    @TestFactory
    List<DynamicTest> whereverACutFindsNoRoomTheLogIsThatOfItsEndAndGoesOn() throws IOException {
        List<DynamicTest> tests = new ArrayList<>();
        tests.addAll(tests("to the beginning of the last epoch", log -> log.truncateTo(24), 24));
        tests.addAll(tests("within the first segment", log -> log.truncateTo(12), 12));
        tests.addAll(tests("below the first segment", log -> log.truncateTo(4), 4));
        tests.addAll(tests("to nothing, further on", log -> log.truncateFullyAndStartAt(50), 50));
        return tests;
    }

    private List<DynamicTest> tests(String name, Cut cut, long end) throws IOException {
        long operations;
        try (FaultingFileSystem disk = new FaultingFileSystem(1);
                Log log = filled(disk)) {
            long before = disk.operations();
            cut.of(log);
            operations = disk.operations() - before;
            closeDiscarded();
            assertThat(log.endOffset()).isEqualTo(end);
            assertThat(log.awaitedForceOffset()).isLessThanOrEqualTo(log.recoveryPoint());
        }
        assertThat(operations).isGreaterThan(5);
        List<DynamicTest> tests = new ArrayList<>();
        for (long i = 1; i <= operations; i++) {
            long at = i;
            tests.add(DynamicTest.dynamicTest(name + ", operation " + at, () -> fails(cut, at, false)));
            tests.add(DynamicTest.dynamicTest(name + ", again, operation " + at, () -> fails(cut, at, true)));
        }
        return tests;
    }

    private void fails(Cut cut, long at, boolean cutAgain) throws IOException {
        try (FaultingFileSystem disk = new FaultingFileSystem(1)) {
            long end;
            try (Log log = filled(disk)) {
                disk.fillAtOperation(at);
                assertThatThrownBy(() -> cut.of(log)).isInstanceOf(DiskFullException.class);
                assertThat(log.awaitedForceOffset()).isLessThanOrEqualTo(log.recoveryPoint());
                assertThat(log.recoveryPoint()).isLessThanOrEqualTo(log.endOffset());
                if (cutAgain) {
                    cut.of(log);
                }
                assertThat(log.awaitedForceOffset()).isLessThanOrEqualTo(log.recoveryPoint());
                end = log.endOffset();
                checkWhatIsThere(log, end);
                // What was cut is nothing that was stored before; the last of what was not is.
                AppendResult next = log.append(batch(Math.max(START, Math.min(end, END))), 7, 1_000);
                assertThat(next.duplicate()).isFalse();
                assertThat(next.firstOffset()).isEqualTo(end);
                assertThat(log.epochOf(end)).isEqualTo(7);
                log.flush();
                assertThat(log.recoveryPoint()).isEqualTo(end + 1);
            }
            closeDiscarded();
            try (Log log = open(disk, end + 1, Math.min(START, end))) {
                assertThat(log.endOffset()).isEqualTo(end + 1);
                checkWhatIsThere(log, end);
                assertThat(log.epochOf(end)).isEqualTo(7);
            }
        }
    }

    private void closeDiscarded() throws IOException {
        for (LogFile file : discarded) {
            file.close();
        }
        discarded.clear();
    }

    private static void checkWhatIsThere(Log log, long end) throws IOException {
        for (long offset = log.startOffset(); offset < end; offset++) {
            assertThat(log.epochOf(offset)).isEqualTo((int) (offset - START) / 7);
        }
        if (log.startOffset() < end) {
            TestBatches.readAll(log, log.startOffset());
        }
    }

    @Test
    void nothingIsAppendedAfterACutBeforeTheRecoveryPointIsSaved() throws IOException {
        try (FaultingFileSystem disk = new FaultingFileSystem(1);
                Log log = filled(disk)) {
            checkpointFails = true;
            assertThatThrownBy(() -> log.truncateTo(20)).isInstanceOf(DiskFullException.class);
            assertThatThrownBy(() -> log.append(batch(20), 7, 1_000)).isInstanceOf(DiskFullException.class);
            assertThat(log.endOffset()).isEqualTo(20);
            checkpointFails = false;
            log.append(batch(20), 7, 1_000);
            assertThat(saved).containsExactly(20L);
            log.append(batch(21), 7, 1_000);
            assertThat(saved).hasSize(1);
            closeDiscarded();
        }
    }
}
