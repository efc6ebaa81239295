package io.odradek.storage.log;

import static org.assertj.core.api.Assertions.assertThat;

import io.odradek.protocol.TopicPartition;
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
import java.util.Random;
import org.junit.jupiter.api.Test;

/** What the end of a process in the middle of a cleaning has left, and what the next start makes of it. */
class UnfinishedSwapTest {
    private static final Path FOLDER = Path.of("/data/logs/events-0");
    private static final TopicPartition ID = new TopicPartition("events", 0);

    private final SimulatedWorld world = new SimulatedWorld(1);
    private final LogConfig config =
            LogConfig.of(Map.of(), Map.of("segment.bytes", "400", "cleanup.policy", "compact"));
    private final List<String> segments = new ArrayList<>();
    private byte[] whole;

    private Log open(FaultingFileSystem disk, boolean clean) throws IOException {
        LogContext context = new LogContext(
                disk, world.clock(), world.newRandoms("log"), LogEvents.IMMEDIATE, ProducerLimits.standard());
        return Log.open(context, new LogOpening(FOLDER, ID, new Uuid(1, 2), clean, 0, 0), config);
    }

    /** Five segments on the disk, and all of the first three once more in one file that ends in a suffix. */
    private FaultingFileSystem disk(String suffix) throws IOException {
        FaultingFileSystem disk = new FaultingFileSystem(1);
        segments.clear();
        Log log = open(disk, true);
        for (int i = 0; i < 15; i++) {
            log.append(TestBatches.batch(1_000 + i, "v".repeat(60)), 0, 1_000);
        }
        whole = TestBatches.readAll(log, 0);
        log.flush();
        log.close();
        for (String name : disk.list(FOLDER)) {
            if (LogFileNames.is(name, LogFileNames.LOG)) {
                segments.add(name);
            }
        }
        assertThat(segments).hasSize(5);
        try (LogFile merged = disk.open(FOLDER.resolve(segments.get(0) + suffix))) {
            for (String name : segments.subList(0, 3)) {
                try (LogFile part = disk.openForRead(FOLDER.resolve(name))) {
                    ByteBuffer bytes = ByteBuffer.allocate((int) part.sizeBytes());
                    part.read(bytes, 0);
                    merged.append(bytes.flip());
                }
            }
            merged.force();
        }
        disk.forceFolder(FOLDER);
        disk.forceFolder(FOLDER.getParent());
        disk.forceFolder(FOLDER.getParent().getParent());
        disk.forceFolder(FOLDER.getParent().getParent().getParent());
        return disk;
    }

    private static List<String> logsIn(FaultingFileSystem disk) throws IOException {
        return disk.list(FOLDER).stream()
                .filter(name -> name.contains(LogFileNames.LOG))
                .toList();
    }

    @Test
    void aCleaningThatHadNotComeToItsSwapIsForgotten() throws IOException {
        try (FaultingFileSystem disk = disk(LogFileNames.CLEANED)) {
            Log log = open(disk, false);
            assertThat(logsIn(disk)).isEqualTo(segments);
            assertThat(TestBatches.readAll(log, 0)).isEqualTo(whole);
            log.close();
        }
    }

    @Test
    void aSwapThatHadBegunIsFinished() throws IOException {
        try (FaultingFileSystem disk = disk(LogFileNames.SWAP)) {
            Log log = open(disk, false);
            assertThat(logsIn(disk)).containsExactly(segments.get(0), segments.get(3), segments.get(4));
            assertThat(TestBatches.readAll(log, 0)).isEqualTo(whole);
            log.close();
        }
    }

    @Test
    void aPowerLossAtAnyOperationOfTheFinishingLosesNothing() throws IOException {
        long operations;
        try (FaultingFileSystem disk = disk(LogFileNames.SWAP)) {
            long before = disk.operations();
            Log log = open(disk, false);
            operations = disk.operations() - before;
            log.close();
        }
        Random random = new Random(SimulatedWorld.seedFromSystem());
        for (long i = 0; i < operations; i++) {
            for (int again = 0; again < 20; again++) {
                long seed = random.nextLong();
                try (FaultingFileSystem disk = disk(LogFileNames.SWAP)) {
                    disk.haltAfter(i);
                    boolean stopped = false;
                    try {
                        open(disk, false);
                    } catch (IOException e) {
                        stopped = true;
                    }
                    assertThat(stopped).isTrue();
                    disk.powerLoss(new Random(seed));
                    Log log = open(disk, false);
                    assertThat(TestBatches.readAll(log, 0))
                            .as("after operation " + i + ", seed " + seed)
                            .isEqualTo(whole);
                    log.close();
                }
            }
        }
    }
}
