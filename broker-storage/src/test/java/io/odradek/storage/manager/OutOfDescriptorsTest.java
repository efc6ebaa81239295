package io.odradek.storage.manager;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.odradek.protocol.TopicPartition;
import io.odradek.protocol.errors.ApiException;
import io.odradek.protocol.wire.Uuid;
import io.odradek.storage.env.SimulatedLoop;
import io.odradek.storage.env.SimulatedWorld;
import io.odradek.storage.io.FaultingFileSystem;
import io.odradek.storage.io.OutOfDescriptorsException;
import io.odradek.storage.log.Log;
import io.odradek.storage.log.LogConfig;
import io.odradek.storage.log.TestBatches;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** A process that may open no more files has no failed disk. */
class OutOfDescriptorsTest {
    private static final int HISTORIES = 300;
    private static final int LIVES = 4;
    private static final int STEPS = 60;
    private static final int PARTITIONS = 6;
    private static final int MANY = 300;
    private static final int FEW_DESCRIPTORS = 12;
    private static final Path FOLDER = Path.of("/d/a");

    private final long seed = SimulatedWorld.seedFromSystem();
    private final LogConfig config = LogConfig.of(
            Map.of(), Map.of("segment.bytes", "2000", "index.interval.bytes", "0", "segment.index.bytes", "400"));
    private final List<IOException> offline = new ArrayList<>();

    private FaultingFileSystem disk;
    private SimulatedWorld world;
    private StorageEnvironment.FailureListener failures;
    private SortedMap<TopicPartition, Long> acknowledged;

    @Test
    void nothingAcknowledgedIsLostAndNoFolderGoesOfflineWhereverDescriptorsRunOut() throws IOException {
        System.out.println("OutOfDescriptorsTest seed " + seed);
        for (int history = 0; history < HISTORIES; history++) {
            try {
                live(seed + history);
            } catch (IOException | RuntimeException | AssertionError e) {
                throw new AssertionError("seed " + (seed + history), e);
            }
        }
    }

    private void live(long historySeed) throws IOException {
        Random random = new Random(historySeed * 0x9E3779B97F4A7C15L);
        disk = new FaultingFileSystem(historySeed, 2, random.nextBoolean() ? 3 : Integer.MAX_VALUE);
        world = new SimulatedWorld(historySeed);
        acknowledged = new TreeMap<>();
        for (int life = 0; life < LIVES; life++) {
            SimulatedLoop loop = world.newLoop("loop-" + life);
            LogManager manager = open(loop);
            assertAllThere(manager);
            for (int step = 0; step < STEPS; step++) {
                trouble(random);
                step(manager, random);
            }
            if (random.nextBoolean()) {
                manager.close();
            }
            loop.close();
            disk.descriptors(Long.MAX_VALUE);
            disk.kill();
        }
        LogManager manager = open(world.newLoop("last"));
        assertAllThere(manager);
        manager.close();
        disk.close();
    }

    private void trouble(Random random) {
        switch (random.nextInt(12)) {
            case 0, 1 -> disk.descriptors(random.nextInt(FEW_DESCRIPTORS));
            case 2, 3 -> disk.descriptors(Long.MAX_VALUE);
            default -> {
                // As it is.
            }
        }
    }

    private void step(LogManager manager, Random random) {
        TopicPartition id = new TopicPartition("t", random.nextInt(PARTITIONS));
        switch (random.nextInt(12)) {
            case 0 -> manager.offsets().save();
            case 1 -> manager.offsets().saveHighWatermarks(new TreeMap<>(acknowledged));
            case 2 -> world.advanceMs(1_000);
            case 3 -> flush(manager, id);
            default -> append(manager, id, "v".repeat(random.nextInt(200)));
        }
        assertThat(offline).isEmpty();
    }

    private void flush(LogManager manager, TopicPartition id) {
        try {
            if (manager.log(id).isPresent()) {
                manager.log(id).orElseThrow().flush();
            }
        } catch (IOException e) {
            assertThat(e).isInstanceOf(OutOfDescriptorsException.class);
        }
    }

    /** As a partition's owner does: what fails is reported, and answered with an error. */
    private void append(LogManager manager, TopicPartition id, String value) {
        try {
            Log log = manager.getOrCreate(id, new Uuid(7, id.partition()), config);
            acknowledged.put(
                    id,
                    log.append(TestBatches.batch(1_000, value, "w"), 0, 1_000).lastOffset() + 1);
        } catch (IOException e) {
            assertThat(e).isInstanceOf(OutOfDescriptorsException.class);
            failures.folderFailed(FOLDER, e);
        }
    }

    private LogManager open(SimulatedLoop loop) throws IOException {
        return open(loop, FOLDER);
    }

    private LogManager open(SimulatedLoop loop, Path... logFolders) throws IOException {
        LogFolders folders = LogFolders.open(disk, List.of(logFolders));
        failures = folders.failures();
        StorageEnvironment environment = new StorageEnvironment(
                world.clock(),
                world.newRandoms("manager"),
                StorageLoops.single(loop),
                (folder, cause) -> offline.add(cause));
        return LogManager.open(folders, environment, LogManagerSettings.DEFAULT, topic -> config);
    }

    private void assertAllThere(LogManager manager) {
        acknowledged.forEach((id, end) -> {
            assertThat(manager.log(id)).as("the log of %s", id).isPresent();
            assertThat(manager.log(id).orElseThrow().endOffset())
                    .as("the end of %s", id)
                    .isGreaterThanOrEqualTo(end);
        });
    }

    @Test
    void manyPartitionsAreCreatedWrittenRestartedAndReadWithFewDescriptors() throws IOException {
        disk = new FaultingFileSystem(seed, 4, 6);
        disk.descriptors(20);
        world = new SimulatedWorld(seed);
        acknowledged = new TreeMap<>();
        try (LogManager manager = open(world.newLoop("first"))) {
            for (int i = 0; i < MANY; i++) {
                append(manager, new TopicPartition("t", i), "value");
            }
        }
        try (LogManager manager = open(world.newLoop("second"))) {
            for (int i = 0; i < MANY; i++) {
                Log log = manager.log(new TopicPartition("t", i)).orElseThrow();
                assertThat(TestBatches.length(log.read(0, 1 << 20, true, log.endOffset())))
                        .isPositive();
                append(manager, log.id(), "another");
            }
            assertThat(acknowledged.values()).hasSize(MANY).containsOnly(4L);
            for (int i = 0; i < MANY; i++) {
                manager.delete(new TopicPartition("t", i));
            }
        }
        assertThat(offline).isEmpty();
        disk.close();
    }

    @Test
    void aStartThatRunsOutOfDescriptorsEndsWithTheRemedyWhateverOtherFoldersThereAre() {
        disk = new FaultingFileSystem(seed, 4, 6);
        disk.descriptors(0);
        assertThatThrownBy(() -> LogFolders.open(disk, List.of(FOLDER, Path.of("/d/b"))))
                .isInstanceOf(LogFolderException.class)
                .hasMessageContaining("Too many open files");
    }

    @Test
    void aRefusedPartitionIsCreatedLater() throws IOException {
        disk = new FaultingFileSystem(seed, 4, 6);
        world = new SimulatedWorld(seed);
        acknowledged = new TreeMap<>();
        TopicPartition id = new TopicPartition("t", 0);
        try (LogManager manager = open(world.newLoop("one"))) {
            disk.descriptors(0);
            assertThatThrownBy(() -> manager.getOrCreate(id, new Uuid(7, 0), config))
                    .isInstanceOf(OutOfDescriptorsException.class)
                    .isNotInstanceOf(ApiException.class);
            disk.descriptors(Long.MAX_VALUE);
            append(manager, id, "value");
            assertThat(acknowledged).containsKey(id);
        }
        assertThat(offline).isEmpty();
        disk.close();
    }

    @Test
    void whereverThereAreSeveralFoldersARefusedPartitionIsCreatedLaterAndOnce() throws IOException {
        for (int few = 0; few < FEW_DESCRIPTORS; few++) {
            disk = new FaultingFileSystem(seed, 4, 6);
            world = new SimulatedWorld(seed);
            acknowledged = new TreeMap<>();
            Path[] both = {FOLDER, Path.of("/d/b")};
            try (LogManager manager = open(world.newLoop("first"), both)) {
                disk.descriptors(few);
                for (int i = 0; i < PARTITIONS; i++) {
                    append(manager, new TopicPartition("t", i), "value");
                }
                disk.descriptors(Long.MAX_VALUE);
                for (int i = 0; i < PARTITIONS; i++) {
                    append(manager, new TopicPartition("t", i), "value");
                }
            }
            assertThat(acknowledged).as("with %s descriptors", few).hasSize(PARTITIONS);
            try (LogManager manager = open(world.newLoop("second"), both)) {
                assertAllThere(manager);
            }
            assertThat(offline).isEmpty();
            disk.close();
        }
    }

    @Test
    void ofARefusedPartitionThatIsDeletedMeanwhileNothingStays() throws IOException {
        disk = new FaultingFileSystem(seed, 4, 6);
        world = new SimulatedWorld(seed);
        acknowledged = new TreeMap<>();
        TopicPartition id = new TopicPartition("t", 0);
        try (LogManager manager = open(world.newLoop("one"))) {
            disk.descriptors(0);
            append(manager, id, "value");
            assertThat(acknowledged).isEmpty();
            disk.descriptors(Long.MAX_VALUE);
            assertThat(disk.list(FOLDER)).contains(id.toString());
            manager.delete(id);
            assertThat(disk.list(FOLDER)).doesNotContain(id.toString());
            append(manager, id, "value");
            assertThat(acknowledged).containsEntry(id, 2L);
        }
        disk.close();
    }
}
