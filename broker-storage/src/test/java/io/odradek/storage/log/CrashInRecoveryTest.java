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
import java.util.Map;
import org.junit.jupiter.api.Test;

class CrashInRecoveryTest {
    private static final Path FOLDER = Path.of("/data/logs/events-0");
    private static final TopicPartition ID = new TopicPartition("events", 0);
    private static final LogOpening UNCLEAN = new LogOpening(FOLDER, ID, Uuid.ZERO, false, 0, 0);

    private final SimulatedWorld world = new SimulatedWorld(1);
    private final LogConfig config =
            LogConfig.of(Map.of(), Map.of("segment.bytes", "400", "index.interval.bytes", "100"));

    private Log open(FaultingFileSystem disk, LogOpening opening) throws IOException {
        LogContext context = new LogContext(
                disk, world.clock(), world.newRandoms("log"), LogEvents.IMMEDIATE, ProducerLimits.DEFAULT);
        return Log.open(context, opening, config);
    }

    /** Ten batches in five segments, of which the middle one is damaged, by a process that was killed. */
    private FaultingFileSystem damagedDisk() throws IOException {
        FaultingFileSystem disk = new FaultingFileSystem(1);
        Log log = open(disk, LogOpening.create(FOLDER, ID, new Uuid(1, 2)));
        for (int i = 0; i < 10; i++) {
            log.append(TestBatches.batch(5, 0, i, "v".repeat(60)), 0, 1_000);
        }
        String middle = disk.list(FOLDER).stream()
                .filter(name -> name.endsWith(".log"))
                .skip(2)
                .findFirst()
                .orElseThrow();
        try (LogFile file = disk.open(FOLDER.resolve(middle))) {
            file.write(ByteBuffer.allocate(4), 100);
        }
        disk.kill();
        return disk;
    }

    @Test
    void aSecondCrashAtAnyOperationOfARecoveryLeavesWhatTheRecoveryWouldHaveLeft() throws IOException {
        long operations;
        byte[] expected;
        try (FaultingFileSystem disk = damagedDisk()) {
            long before = disk.operations();
            Log log = open(disk, UNCLEAN);
            operations = disk.operations() - before;
            expected = TestBatches.readAll(log, 0);
            log.close();
        }
        assertThat(expected).isNotEmpty();
        for (long i = 0; i < operations; i++) {
            try (FaultingFileSystem disk = damagedDisk()) {
                disk.haltAfter(i);
                boolean crashed = false;
                try {
                    open(disk, UNCLEAN);
                } catch (IOException e) {
                    crashed = true;
                }
                assertThat(crashed).as("crash at operation " + i).isTrue();
                disk.kill();
                Log log = open(disk, UNCLEAN);
                assertThat(TestBatches.readAll(log, 0)).isEqualTo(expected);
                assertThat(log.append(TestBatches.batch(5, 0, (int) log.endOffset(), "next"), 0, 1_000)
                                .duplicate())
                        .isFalse();
                log.close();
            }
        }
    }
}
