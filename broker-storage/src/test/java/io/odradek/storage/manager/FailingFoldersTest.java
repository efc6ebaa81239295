package io.odradek.storage.manager;

import static org.assertj.core.api.Assertions.assertThat;

import io.odradek.protocol.TopicPartition;
import io.odradek.protocol.errors.ApiException;
import io.odradek.protocol.wire.Uuid;
import io.odradek.storage.env.SimulatedLoop;
import io.odradek.storage.env.SimulatedWorld;
import io.odradek.storage.io.DiskFullException;
import io.odradek.storage.io.FaultingFileSystem;
import io.odradek.storage.log.Log;
import io.odradek.storage.log.LogConfig;
import io.odradek.storage.log.TestBatches;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** Random lives over three disks of their own that fail at any operation and fill: what was acknowledged comes back. */
class FailingFoldersTest {
    private static final int HISTORIES = 400;
    private static final int LIVES = 4;
    private static final int STEPS = 60;
    private static final List<Path> FOLDERS = List.of(Path.of("/d/a"), Path.of("/d/b"), Path.of("/d/c"));

    private final long seed = SimulatedWorld.seedFromSystem();
    private final LogConfig config = LogConfig.of(
            Map.of(), Map.of("segment.bytes", "2000", "index.interval.bytes", "0", "segment.index.bytes", "400"));

    private FaultingFileSystem disk;
    private SimulatedWorld world;
    private StorageEnvironment.FailureListener failures;
    private Random random;
    private SortedMap<TopicPartition, Long> acknowledged;

    /** A partition is new once: after a creation that failed, a part of it may lie in a folder that is offline. */
    private SortedSet<TopicPartition> tried;

    @Test
    void whatWasAcknowledgedIsThereWhenTheDisksAreSoundAgain() throws IOException {
        System.out.println("FailingFoldersTest seed " + seed);
        for (int history = 0; history < HISTORIES; history++) {
            try {
                live(seed + history);
            } catch (IOException | RuntimeException | AssertionError e) {
                throw new AssertionError("seed " + (seed + history), e);
            }
        }
    }

    private void live(long historySeed) throws IOException {
        random = new Random(historySeed * 0x9E3779B97F4A7C15L);
        disk = new FaultingFileSystem(historySeed);
        world = new SimulatedWorld(historySeed);
        acknowledged = new TreeMap<>();
        tried = new TreeSet<>();
        for (int life = 0; life < LIVES; life++) {
            SimulatedLoop loop = world.newLoop("loop-" + life);
            LogManager manager = open(loop);
            assertAllThere(manager);
            for (int step = 0; step < STEPS; step++) {
                trouble();
                step(manager);
            }
            boolean clean = random.nextBoolean();
            if (clean) {
                close(manager);
            }
            loop.close();
            disk.mend();
            FOLDERS.forEach(folder -> disk.capacity(folder, Long.MAX_VALUE));
            disk.kill();
        }
        LogManager manager = open(world.newLoop("last"));
        assertAllThere(manager);
        manager.close();
        disk.close();
    }

    private LogManager open(SimulatedLoop loop) throws IOException {
        LogFolders folders = LogFolders.open(disk, FOLDERS);
        failures = folders.failures();
        StorageEnvironment environment = new StorageEnvironment(
                world.clock(), world.newRandoms("manager"), StorageLoops.single(loop), (folder, cause) -> {});
        LogManager manager = LogManager.open(folders, environment, LogManagerSettings.DEFAULT, topic -> config);
        assertThat(folders.online()).isEqualTo(FOLDERS);
        return manager;
    }

    private void trouble() {
        Path folder = FOLDERS.get(random.nextInt(3));
        switch (random.nextInt(25)) {
            case 0 -> disk.failOperation(1 + random.nextInt(20));
            case 1 -> disk.breakBelow(folder);
            case 2, 3 -> disk.capacity(folder, disk.usedBytes(folder) + random.nextInt(300));
            case 4, 5 -> disk.capacity(folder, Long.MAX_VALUE);
            default -> {
                // All goes well.
            }
        }
    }

    private void step(LogManager manager) {
        TopicPartition id = new TopicPartition("t", random.nextInt(6));
        switch (random.nextInt(12)) {
            case 0 -> manager.offsets().save();
            case 1 -> manager.offsets().saveHighWatermarks(new TreeMap<>(acknowledged));
            case 2 -> world.advanceMs(1_000);
            default -> append(manager, id);
        }
    }

    /** As a partition's owner does: what fails is reported, and answered with an error. */
    private void append(LogManager manager, TopicPartition id) {
        Log log;
        try {
            log = manager.getOrCreate(id, new Uuid(7, id.partition()), config, tried.add(id));
        } catch (IOException | ApiException refused) {
            return;
        }
        try {
            ByteBuffer batch = TestBatches.batch(1_000, "v".repeat(random.nextInt(200)), "w");
            acknowledged.put(id, log.append(batch, 0, 1_000).lastOffset() + 1);
        } catch (IOException e) {
            Path folder = log.folder().getParent();
            failures.folderFailed(folder, e);
            boolean online = manager.folders().get(FOLDERS.indexOf(folder)).online();
            assertThat(online).as("%s", e).isEqualTo(e instanceof DiskFullException);
        }
    }

    private static void close(LogManager manager) {
        try {
            manager.close();
        } catch (IOException broken) {
            assertThat(broken).hasMessageContaining("/d/");
        }
    }

    private void assertAllThere(LogManager manager) {
        acknowledged.forEach((id, end) -> {
            assertThat(manager.log(id)).as("the log of %s", id).isPresent();
            assertThat(manager.log(id).orElseThrow().endOffset())
                    .as("the end of %s", id)
                    .isGreaterThanOrEqualTo(end);
        });
    }
}
