package io.odradek.storage.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.odradek.protocol.TopicPartition;
import io.odradek.protocol.wire.Uuid;
import io.odradek.storage.env.SimulatedWorld;
import io.odradek.storage.epoch.LeaderEpochCache;
import io.odradek.storage.epoch.LeaderEpochCache.Entry;
import io.odradek.storage.io.FaultingFileSystem;
import io.odradek.storage.log.LogContext.ProducerLimits;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** What of a log beside its records is on the disk when a power loss comes, and when a file's name is. */
class ForcedFilesTest {
    private static final Path FOLDER = Path.of("/data/logs/events-0");
    private static final TopicPartition ID = new TopicPartition("events", 0);
    private static final Uuid TOPIC_ID = new Uuid(7, 9);
    private static final int RUNS = 40;

    private final SimulatedWorld world = new SimulatedWorld(1);
    private final LogConfig config =
            LogConfig.of(Map.of(), Map.of("segment.bytes", "300", "index.interval.bytes", "0"));

    private interface Life {
        void live(FaultingFileSystem disk, int run) throws IOException;
    }

    /** Lives many times on disks that will lose other things each time. */
    private static void manyTimes(Life life) throws IOException {
        for (int run = 0; run < RUNS; run++) {
            try (FaultingFileSystem disk = new FaultingFileSystem(run)) {
                disk.createFolders(FOLDER.getParent());
                disk.forceFolder(FOLDER.getParent().getParent());
                disk.forceFolder(FOLDER.getParent().getParent().getParent());
                life.live(disk, run);
            } catch (IOException | RuntimeException | AssertionError e) {
                throw new AssertionError("run " + run, e);
            }
        }
    }

    private Log open(FaultingFileSystem disk, LogOpening opening) throws IOException {
        LogContext context = new LogContext(
                disk, world.clock(), world.newRandoms("log"), LogEvents.IMMEDIATE, ProducerLimits.standard());
        return Log.open(context, opening, config);
    }

    private Log create(FaultingFileSystem disk) throws IOException {
        return open(disk, LogOpening.create(FOLDER, ID, TOPIC_ID));
    }

    private Log afterPowerLoss(FaultingFileSystem disk, int run, long recoveryPoint, long start) throws IOException {
        disk.powerLoss(new Random(run));
        return open(disk, new LogOpening(FOLDER, ID, Uuid.ZERO, false, recoveryPoint, start));
    }

    private static void append(Log log, int epoch) throws IOException {
        log.append(TestBatches.batch(1_000, "v".repeat(100)), epoch, 1_000);
    }

    @Test
    void theTopicIdIsThereAfterAFlush() throws IOException {
        manyTimes((disk, run) -> {
            Log log = create(disk);
            append(log, 0);
            log.flush();
            try (Log again = afterPowerLoss(disk, run, 1, 0)) {
                assertThat(again.topicId()).isEqualTo(TOPIC_ID);
            }
        });
    }

    @Test
    void aTopicIdThatIsLearnedLateIsThereAfterAFlush() throws IOException {
        manyTimes((disk, run) -> {
            Log log = open(disk, LogOpening.create(FOLDER, ID, Uuid.ZERO));
            append(log, 0);
            log.flush();
            log.learnTopicId(TOPIC_ID);
            log.flush();
            try (Log again = afterPowerLoss(disk, run, 1, 0)) {
                assertThat(again.topicId()).isEqualTo(TOPIC_ID);
            }
        });
    }

    @Test
    void theEpochsAreThereAfterAFlush() throws IOException {
        manyTimes((disk, run) -> {
            Log log = create(disk);
            append(log, 2);
            log.flush();
            append(log, 5);
            log.flush();
            disk.powerLoss(new Random(run));
            Path file = FOLDER.resolve(LogFileNames.LEADER_EPOCHS);
            assertThat(LeaderEpochCache.load(disk, file).entries()).containsExactly(new Entry(2, 0), new Entry(5, 1));
        });
    }

    @Test
    void theNewBeginningIsThereBeforeTheOldOneGoes() throws IOException {
        manyTimes((disk, run) -> {
            Log log = create(disk);
            while (log.segments().count() < 4) {
                append(log, 0);
            }
            long start = log.segments().baseOffset(2);
            log.updateHighWatermark(log.endOffset());
            log.advanceStartTo(start);
            log.startSaved(start);
            log.discardDetached();
            try (Log again = afterPowerLoss(disk, run, 0, start)) {
                assertThat(again.startOffset()).isEqualTo(start);
                assertThat(again.segments().baseOffset(0)).isLessThanOrEqualTo(start);
            }
        });
    }

    @Test
    void aStartLeavesNoGapWhereItFindsOldSegments() throws IOException {
        manyTimes((disk, run) -> {
            Log log = create(disk);
            while (log.segments().count() < 4) {
                append(log, 0);
            }
            long start = log.segments().baseOffset(2);
            disk.kill();
            open(disk, new LogOpening(FOLDER, ID, Uuid.ZERO, false, 0, start));
            try (Log again = afterPowerLoss(disk, run, 0, start)) {
                assertThat(again.startOffset()).isEqualTo(start);
                assertThat(again.segments().baseOffset(0)).isLessThanOrEqualTo(start);
            }
        });
    }

    @Test
    void namesWhoseForceHasFailedAreForcedBeforeWhatReliesOnThem() throws IOException {
        long operations = 0;
        for (int failing = 0; failing == 0 || failing <= operations; failing++) {
            int failingOperation = failing;
            long[] taken = {0};
            manyTimes((disk, run) -> {
                Log log = create(disk);
                disk.forceFolder(FOLDER.getParent());
                append(log, 0);
                long before = disk.operations();
                if (failingOperation > 0) {
                    disk.failOperation(failingOperation);
                    assertThatThrownBy(() -> append(log, 0)).isInstanceOf(IOException.class);
                }
                append(log, 0);
                taken[0] = disk.operations() - before;
                assertThat(log.segments().count()).isGreaterThan(1);
                disk.powerLoss(new Random(run));
                boolean first = disk.exists(LogFileNames.path(FOLDER, 0, LogFileNames.LOG));
                boolean others = disk.list(FOLDER).stream().anyMatch(name -> name.endsWith(LogFileNames.LOG));
                assertThat(first).as("failing operation " + failingOperation).isEqualTo(others);
            });
            operations = failing == 0 ? taken[0] : operations;
        }
        assertThat(operations).isGreaterThan(3);
    }
}
