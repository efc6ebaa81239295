package io.odradek.storage.cleaner;

import static org.assertj.core.api.Assertions.assertThat;

import io.odradek.protocol.TopicPartition;
import io.odradek.protocol.record.BatchBuilder;
import io.odradek.protocol.wire.Uuid;
import io.odradek.storage.checkpoint.OffsetCheckpointFile;
import io.odradek.storage.env.SimulatedLoop;
import io.odradek.storage.env.SimulatedWorld;
import io.odradek.storage.io.FaultingFileSystem;
import io.odradek.storage.io.LogFile;
import io.odradek.storage.log.Log;
import io.odradek.storage.log.LogConfig;
import io.odradek.storage.log.LogFileNames;
import io.odradek.storage.manager.LogFolders;
import io.odradek.storage.manager.LogManager;
import io.odradek.storage.manager.LogManagerSettings;
import io.odradek.storage.manager.StorageEnvironment;
import io.odradek.storage.manager.StorageLoops;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The cleaner of a log manager on loops of a simulated world. */
class LogCleanerTest {
    private static final Path FOLDER = Path.of("/data/logs");
    private static final long BACKOFF_MS = 1_000;
    private static final CleanerSettings SETTINGS =
            new CleanerSettings(true, BACKOFF_MS, 1 << 20, 0.9, 64 << 10, Double.MAX_VALUE, 1 << 20);

    private final SimulatedWorld world = new SimulatedWorld(1);
    private final FaultingFileSystem disk = new FaultingFileSystem(1);
    private final List<String> failures = new ArrayList<>();
    private SimulatedLoop cleanerLoop = world.newLoop("cleaner");
    private LogConfig config = config("compact");
    private LogManager manager;

    private static LogConfig config(String policy) {
        return LogConfig.of(
                Map.of(),
                Map.of("cleanup.policy", policy, "segment.bytes", "1000", "min.cleanable.dirty.ratio", "0.1"));
    }

    private void open(CleanerSettings settings) throws IOException {
        StorageLoops loops = new StorageLoops(
                world.newLoop("log-io"),
                List.of(),
                List.of(cleanerLoop),
                List.of(),
                id -> world.newLoop("owner of " + id));
        manager = LogManager.open(
                LogFolders.open(disk, List.of(FOLDER)),
                new StorageEnvironment(
                        world.clock(),
                        world.newRandoms("manager"),
                        loops,
                        (folder, cause) -> failures.add(cause.getMessage())),
                new LogManagerSettings(
                        60_000,
                        false,
                        LogManagerSettings.DEFAULT.producers(),
                        LogManagerSettings.Schedule.DEFAULT,
                        settings),
                topic -> config);
    }

    @AfterEach
    void close() throws IOException {
        manager.close();
        disk.close();
        assertThat(failures).isEmpty();
    }

    private Log log(String topic) throws IOException {
        return manager.getOrCreate(new TopicPartition(topic, 0), new Uuid(topic.hashCode(), 1), config);
    }

    private void append(Log log, int records) throws IOException {
        for (int i = 0; i < records; i++) {
            ByteBuffer key = StandardCharsets.UTF_8.encode("k" + i % 5);
            ByteBuffer value = StandardCharsets.UTF_8.encode("v" + log.endOffset() + "-".repeat(80));
            log.append(
                    new BatchBuilder(1 << 20)
                            .append(world.clock().wallMs(), key, value)
                            .build(),
                    0,
                    world.clock().wallMs());
        }
        log.updateHighWatermark(log.endOffset());
        log.flush();
    }

    private SortedMap<TopicPartition, Long> checkpoint() throws IOException {
        return new OffsetCheckpointFile(disk, FOLDER, OffsetCheckpointFile.CLEANER_OFFSETS).read();
    }

    private static int records(Log log) throws IOException {
        return LogContents.of(log).records().size();
    }

    @Test
    void compactedLogsAreCleanedAndTheCheckpointSaysHowFar() throws IOException {
        open(SETTINGS);
        Log log = log("a");
        append(log, 100);
        Log empty = log("empty");
        world.advanceMs(BACKOFF_MS);
        assertThat(records(log)).isLessThan(20);
        assertThat(checkpoint()).containsOnlyKeys(log.id());
        assertThat(checkpoint().get(log.id())).isBetween(85L, 99L);
        assertThat(LogContents.of(log).lastValues()).hasSize(5);
        assertThat(empty.endOffset()).isZero();
    }

    @Test
    void whatTheLastCleaningWasLikeAndWhatTheLastLookFoundIsShown() throws IOException {
        open(SETTINGS);
        CleanerFigures figures = new CleanerFigures(manager.cleaner().orElseThrow());
        assertThat(figures.recopyPercent()).isZero();
        assertThat(figures.fullestMapPercent()).isZero();
        append(log("a"), 100);
        CleaningJob dirty = manager.cleaner().orElseThrow().next();
        assertThat(figures.dirtiestPercent()).isEqualTo(100);
        manager.cleaner().orElseThrow().release(dirty);
        world.advanceMs(BACKOFF_MS);
        assertThat(figures.recopyPercent()).isBetween(1L, 20L);
        assertThat(figures.dirtiestPercent())
                .as("all that can be cleaned is clean")
                .isZero();
        assertThat(figures.longestSeconds()).isZero();
        assertThat(figures.longestDelaySeconds()).isZero();
    }

    @Test
    void aLogBecomesOneToBeCleanedWithItsSettings() throws IOException {
        config = config("delete");
        open(SETTINGS);
        Log log = log("a");
        append(log, 100);
        world.advanceMs(2 * BACKOFF_MS);
        assertThat(records(log)).isEqualTo(100);
        log.updateConfig(config("compact,delete"));
        world.advanceMs(2 * BACKOFF_MS);
        assertThat(records(log)).isLessThan(20);
    }

    @Test
    void aLogThatLacksASegmentOrTheEndOfOneIsSetAsideAndTheOthersGoOn() throws IOException {
        for (String lacking : List.of("segment", "end")) {
            if (manager != null) {
                manager.close();
                cleanerLoop = world.newLoop("cleaner");
            }
            open(SETTINGS);
            Log damaged = log("lacks-" + lacking);
            Log sound = log("sound-" + lacking);
            append(damaged, 100);
            append(sound, 90);
            Path file = damaged.segments().path(1, LogFileNames.LOG);
            if (lacking.equals("segment")) {
                disk.delete(file);
            } else {
                try (LogFile open = disk.open(file)) {
                    open.truncate(150);
                }
            }
            world.advanceMs(3 * BACKOFF_MS);
            assertThat(manager.cleaner().orElseThrow().setAside()).containsOnlyKeys(damaged.id());
            assertThat(records(sound)).isLessThan(20);
        }
    }

    @Test
    void aDamagedLogIsSetAsideAndTheOthersGoOn() throws IOException {
        open(SETTINGS);
        Log damaged = log("a");
        Log sound = log("b");
        append(damaged, 100);
        append(sound, 90);
        Path file = LogFileNames.path(damaged.folder(), 0, LogFileNames.LOG);
        try (LogFile open = disk.open(file)) {
            open.write(ByteBuffer.wrap(new byte[] {1, 2, 3}), 90);
        }
        world.advanceMs(3 * BACKOFF_MS);
        assertThat(manager.cleaner().orElseThrow().setAside()).containsOnlyKeys(damaged.id());
        assertThat(manager.cleaner().orElseThrow().setAside().get(damaged.id()))
                .contains(file.toString())
                .contains("wrong checksum");
        assertThat(records(sound)).isLessThan(20);
        CleanerFigures figures = new CleanerFigures(manager.cleaner().orElseThrow());
        long active = damaged.segments().sizeBytes(damaged.segments().count() - 1);
        assertThat(figures.uncleanableBytes(FOLDER)).isEqualTo(damaged.sizeBytes() - active);
        damaged.truncateFullyAndStartAt(0);
        append(damaged, 100);
        world.advanceMs(2 * BACKOFF_MS);
        assertThat(manager.cleaner().orElseThrow().setAside()).isEmpty();
        assertThat(figures.uncleanableBytes(FOLDER)).isZero();
        assertThat(records(damaged)).isLessThan(20);
    }

    @Test
    void whatIsTruncatedIsDirtyAgainFromThere() throws IOException {
        open(SETTINGS);
        Log log = log("a");
        append(log, 100);
        world.advanceMs(BACKOFF_MS);
        log.truncateTo(50);
        append(log, 30);
        world.advanceMs(2 * BACKOFF_MS);
        assertThat(checkpoint().get(log.id())).isBetween(60L, 79L);
        assertThat(LogContents.of(log).lastValues()).hasSize(5);
    }

    @Test
    void aTopicThatIsMadeAnewIsDirtyFromItsStart() throws IOException {
        open(SETTINGS);
        Log log = log("a");
        append(log, 100);
        world.advanceMs(BACKOFF_MS);
        manager.delete(log.id());
        world.advanceMs(2 * BACKOFF_MS);
        assertThat(checkpoint()).isEmpty();
        Log again = manager.getOrCreate(log.id(), new Uuid(7, 7), config);
        append(again, 100);
        world.advanceMs(2 * BACKOFF_MS);
        assertThat(records(again)).isLessThan(20);
    }

    @Test
    void aLogThatIsDeletedWhileItIsCleanedHurtsNobody() throws IOException {
        open(new CleanerSettings(true, BACKOFF_MS, 1 << 20, 0.9, 1, 1_000, 1 << 20));
        Log log = log("a");
        Log other = log("b");
        append(log, 100);
        append(other, 50);
        world.advanceMs(BACKOFF_MS + 8_000);
        manager.delete(log.id());
        world.advanceMs(120_000);
        assertThat(manager.cleaner().orElseThrow().setAside()).isEmpty();
        assertThat(records(other)).isLessThan(20);
        assertThat(disk.list(FOLDER)).noneMatch(name -> name.startsWith("a-0"));
    }

    @Test
    void theThrottleBoundsWhatIsReadAndWritten() throws IOException {
        open(new CleanerSettings(true, BACKOFF_MS, 1 << 20, 0.9, 1, 1_000, 1 << 20));
        Log log = log("a");
        append(log, 100);
        long bytes = log.sizeBytes();
        world.advanceMs(BACKOFF_MS + bytes);
        assertThat(checkpoint()).isEmpty();
        world.advanceMs(3 * bytes);
        assertThat(checkpoint()).containsOnlyKeys(log.id());
    }

    @Test
    void aCleaningThatIsCutShortByTheStopLeavesNothing() throws IOException {
        open(new CleanerSettings(true, BACKOFF_MS, 1 << 20, 0.9, 1, 10_000, 1 << 20));
        Log log = log("a");
        append(log, 100);
        world.advanceMs(BACKOFF_MS + 1_500);
        manager.close();
        assertThat(disk.list(log.folder())).noneMatch(name -> name.endsWith(".cleaned"));
        world.advanceMs(60_000);
        cleanerLoop = world.newLoop("cleaner");
        open(SETTINGS);
        Log again = log("a");
        again.updateHighWatermark(again.endOffset());
        assertThat(again.endOffset()).isEqualTo(100);
        world.advanceMs(2 * BACKOFF_MS);
        assertThat(LogContents.of(again).lastValues()).hasSize(5);
        assertThat(records(again)).isLessThan(20);
    }
}
