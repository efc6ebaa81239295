package io.odradek.storage.manager;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.odradek.protocol.TopicPartition;
import io.odradek.protocol.wire.Uuid;
import io.odradek.storage.env.SimulatedLoop;
import io.odradek.storage.env.SimulatedWorld;
import io.odradek.storage.io.FileSlice;
import io.odradek.storage.io.LogFile;
import io.odradek.storage.io.LogFileSystem;
import io.odradek.storage.log.Log;
import io.odradek.storage.log.LogConfig;
import io.odradek.storage.log.TestBatches;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Files that somebody deletes or cuts under a broker: the log they belong to suffers, its folder and neighbours do not. */
abstract class MissingFilesContract {
    private static final TopicPartition ID = new TopicPartition("events", 0);
    private static final TopicPartition NEIGHBOUR = new TopicPartition("events", 1);
    private static final int SEGMENTS = 8;
    private static final LogConfig CONFIG = LogConfig.of(
            Map.of(),
            Map.of(
                    "segment.bytes", "1000",
                    "segment.index.bytes", "400",
                    "index.interval.bytes", "0",
                    "retention.ms", "1000",
                    "file.delete.delay.ms", "10"));

    private LogFileSystem disk;
    private Path folder;
    private final SimulatedWorld world = new SimulatedWorld(3);
    private SimulatedLoop loop;
    private LogFolders folders;
    private LogManager manager;

    abstract LogFileSystem disk();

    abstract Path root();

    /** Says that a file was last written long ago, where it would be by the system's clock. */
    void age(Path path) throws IOException {}

    /** Checks that nothing is left open, where that can be told. */
    void closeDisk() {}

    @BeforeEach
    void setUp() {
        disk = disk();
        folder = root().resolve("one");
    }

    private void open() throws IOException {
        loop = world.newLoop("loop");
        folders = LogFolders.open(disk, List.of(folder));
        StorageEnvironment environment = new StorageEnvironment(
                world.clock(), world.newRandoms("manager"), StorageLoops.single(loop), (failed, cause) -> {});
        manager = LogManager.open(folders, environment, LogManagerSettings.DEFAULT, topic -> CONFIG);
    }

    /** Logs of some segments of four batches of 200 bytes each, all forced. */
    private Log create(TopicPartition id) throws IOException {
        Log log = manager.getOrCreate(id, new Uuid(7, id.partition() + 1), CONFIG);
        while (log.segments().count() < SEGMENTS) {
            log.append(
                    TestBatches.batch(world.clock().wallMs(), "v".repeat(130)),
                    0,
                    world.clock().wallMs());
        }
        log.flush();
        log.updateHighWatermark(log.endOffset());
        return log;
    }

    private void openWithTwoLogs() throws IOException {
        open();
        create(ID);
        create(NEIGHBOUR);
    }

    @AfterEach
    void theFolderIsOnlineAndTheNeighbourWhole() throws IOException {
        assertThat(folders.online()).containsExactly(folder);
        Log neighbour = manager.log(NEIGHBOUR).orElseThrow();
        assertThat(neighbour
                        .read(neighbour.startOffset(), 1 << 20, true, neighbour.endOffset())
                        .sizeBytes())
                .isPositive();
        manager.close();
        closeDisk();
    }

    private Log log() {
        return manager.log(ID).orElseThrow();
    }

    private Path segment(int index, String suffix) {
        return log().segments().path(index, suffix);
    }

    /** Reads from every offset on, as a partition does: what fails is reported. {@return how many reads failed} */
    private int readAll(Log log) {
        int failed = 0;
        for (long offset = log.startOffset(); offset < log.endOffset(); offset++) {
            try {
                TestBatches.length(log.read(offset, 1, true, log.endOffset()));
            } catch (IOException e) {
                failed++;
                folders.failures().folderFailed(folder, e);
            }
        }
        return failed;
    }

    /** Reads from every offset on, as {@link #readAll}. {@return from how many of them the first batch is a later one} */
    private static int passedOver(Log log) throws IOException {
        int passedOver = 0;
        for (long offset = log.startOffset(); offset < log.endOffset(); offset++) {
            FileSlice slice =
                    (FileSlice) log.read(offset, 1, true, log.endOffset()).records();
            ByteBuffer baseOffset = ByteBuffer.allocate(Long.BYTES);
            assertThat(slice.file().read(baseOffset, slice.position())).isEqualTo(Long.BYTES);
            passedOver += baseOffset.getLong(0) > offset ? 1 : 0;
        }
        return passedOver;
    }

    @Test
    void aClosedSegmentThatIsDeletedWhileItIsNotOpenIsPassedOver() throws IOException {
        openWithTwoLogs();
        Path missing = segment(3, ".log");
        long records = log().segments().baseOffset(4) - log().segments().baseOffset(3);
        readAll(manager.log(NEIGHBOUR).orElseThrow());
        disk.delete(missing);
        assertThat(passedOver(log())).isEqualTo((int) records);
        assertThat(disk.exists(missing)).isFalse();
    }

    @Test
    void aSegmentThatIsDeletedBeforeItWasEverOpenedIsNotMadeAnew() throws IOException {
        openWithTwoLogs();
        manager.close();
        open();
        Path missing = segment(3, ".log");
        disk.delete(missing);
        long records = log().segments().baseOffset(4) - log().segments().baseOffset(3);
        assertThat(passedOver(log())).isEqualTo((int) records);
        assertThat(disk.exists(missing)).isFalse();
    }

    @Test
    void aSegmentThatIsCutBySomebodyElseIsPassedOverBehindTheCut() throws IOException {
        openWithTwoLogs();
        Path shortened = segment(3, ".log");
        long records = log().segments().baseOffset(4) - log().segments().baseOffset(3);
        try (LogFile file = disk.open(shortened)) {
            file.truncate(250);
        }
        assertThat(passedOver(log())).isBetween(1, (int) records - 1);
    }

    @Test
    void aDamagedSegmentGoesByRetentionOnceItsFileIsOldEnough() throws IOException {
        openWithTwoLogs();
        manager.close();
        open();
        log().updateHighWatermark(log().endOffset());
        Path changed = segment(0, ".log");
        try (LogFile file = disk.open(changed)) {
            file.write(ByteBuffer.wrap(new byte[20]), 210);
        }
        age(changed);
        disk.delete(segment(0, ".index"));
        log().append(
                        TestBatches.batch(world.clock().wallMs() + 10_000_000, "new"),
                        0,
                        world.clock().wallMs());
        world.advanceMs(700_000);
        assertThat(log().startOffset()).isGreaterThanOrEqualTo(4 * (SEGMENTS - 1));
    }

    @Test
    void indexFilesThatAreDeletedAreBuiltAgain() throws IOException {
        openWithTwoLogs();
        manager.close();
        open();
        readAll(log());
        for (int i = 0; i < SEGMENTS - 1; i++) {
            disk.delete(segment(i, ".index"));
            disk.delete(segment(i, ".timeindex"));
        }
        readAll(manager.log(NEIGHBOUR).orElseThrow());
        assertThat(readAll(log())).isZero();
        assertThat(log().findByTimestamp(0, log().endOffset()).orElseThrow().offset())
                .isZero();
    }

    @Test
    void retentionTakesOutSegmentsWhoseFilesAreMissing() throws IOException {
        openWithTwoLogs();
        manager.close();
        open();
        log().updateHighWatermark(log().endOffset());
        disk.delete(segment(0, ".log"));
        disk.delete(segment(3, ".log"));
        log().append(
                        TestBatches.batch(world.clock().wallMs() + 10_000_000, "new"),
                        0,
                        world.clock().wallMs());
        world.advanceMs(700_000);
        assertThat(log().startOffset()).isGreaterThanOrEqualTo(4 * (SEGMENTS - 1));
        assertThat(disk.list(log().folder()))
                .filteredOn(name -> name.endsWith(".log"))
                .hasSize(1);
    }

    @Test
    void aLogWhoseFolderIsDeletedCannotBeWrittenAndCanBeDeleted() throws IOException {
        openWithTwoLogs();
        Log log = log();
        FolderScan.remove(disk, log.folder());
        assertThatThrownBy(() -> {
                    for (int i = 0; i < 10; i++) {
                        log.append(TestBatches.batch(1_000, "v".repeat(130)), 0, 1_000);
                    }
                })
                .isInstanceOf(IOException.class)
                .satisfies(failure -> folders.failures().folderFailed(folder, (IOException) failure));
        manager.delete(ID);
        assertThat(manager.log(ID)).isEmpty();
    }

    @Test
    void aDamagedLogCostsItsNeighboursNoRecoveryPoints() throws IOException {
        openWithTwoLogs();
        Log neighbour = manager.log(NEIGHBOUR).orElseThrow();
        FolderScan.remove(disk, log().folder());
        log().append(TestBatches.batch(1_000, "v"), 0, 1_000);
        neighbour.append(TestBatches.batch(1_000, "v"), 0, 1_000);
        long end = neighbour.endOffset();
        manager.close();
        open();
        assertThat(manager.log(NEIGHBOUR).orElseThrow().recoveryPoint()).isEqualTo(end);
    }

    @Test
    void aLogThatCannotBeForcedAnyMoreGoesOnBeingTheOnlyOne() throws IOException {
        openWithTwoLogs();
        Log log = manager.getOrCreate(new TopicPartition("events", 2), new Uuid(7, 3), CONFIG);
        log.append(TestBatches.batch(1_000, "v"), 0, 1_000);
        FolderScan.remove(disk, log.folder());
        for (int i = 0; i < 3; i++) {
            assertThatThrownBy(log::flush)
                    .isInstanceOf(IOException.class)
                    .satisfies(failure -> folders.failures().folderFailed(folder, (IOException) failure));
        }
    }

    @Test
    void aForceThatFailsForAMissingFileFailsThatLogOnly() throws IOException {
        openWithTwoLogs();
        FolderCommits commits = new FolderCommits(
                List.of(folder),
                new StorageEnvironment(
                                world.clock(),
                                world.newRandoms("commits"),
                                StorageLoops.single(loop),
                                (failed, cause) -> {})
                        .with(folders.failures()),
                true);
        Log neighbour = manager.log(NEIGHBOUR).orElseThrow();
        FolderScan.remove(disk, log().folder());
        log().append(TestBatches.batch(1_000, "v"), 0, 1_000);
        assertThatThrownBy(() -> log().append(TestBatches.batch(1_000, "v".repeat(900)), 0, 1_000))
                .isInstanceOf(IOException.class);
        neighbour.append(TestBatches.batch(1_000, "v"), 0, 1_000);
        commits.forceDue(log());
        commits.forceDue(neighbour);
        world.runUntilIdle();
        assertThat(neighbour.recoveryPoint()).isEqualTo(neighbour.endOffset());
    }
}
