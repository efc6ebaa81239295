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
                disk, world.clock(), world.newRandoms("log"), LogEvents.IMMEDIATE, ProducerLimits.standard());
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
    void onlyWhatLiesPastTheRecoveryPointIsRead() throws IOException {
        try (FaultingFileSystem disk = new FaultingFileSystem(1)) {
            Log log = open(disk, LogOpening.create(FOLDER, ID, new Uuid(1, 2)));
            for (int i = 0; i < 60; i++) {
                log.append(TestBatches.batch(1_000, "v".repeat(60)), 0, 1_000);
            }
            log.flush();
            long point = log.recoveryPoint();
            log.append(TestBatches.batch(1_000, "last"), 0, 1_000);
            disk.kill();
            long before = disk.operations();
            Log partly = open(disk, new LogOpening(FOLDER, ID, Uuid.ZERO, false, point, 0));
            long operationsPartly = disk.operations() - before;
            assertThat(partly.endOffset()).isEqualTo(61);
            disk.kill();
            before = disk.operations();
            Log wholly = open(disk, UNCLEAN);
            assertThat(wholly.endOffset()).isEqualTo(61);
            assertThat(operationsPartly).isLessThan((disk.operations() - before) / 4);
            wholly.close();
        }
    }

    @Test
    void batchesFartherApartThanAnIndexCanTellGoToSegmentsOfTheirOwn() throws IOException {
        try (FaultingFileSystem disk = new FaultingFileSystem(1)) {
            Log log = open(disk, LogOpening.create(FOLDER, ID, new Uuid(1, 2)));
            ByteBuffer two = ByteBuffer.allocate(400);
            for (long offset : new long[] {0, 5_000_000_000L}) {
                ByteBuffer batch = TestBatches.batch(1_000, "v");
                RecordBatch.setBaseOffset(batch, 0, offset);
                RecordBatch.setLeaderEpoch(batch, 0, 0);
                two.put(batch);
            }
            log.appendAsFollower(two.flip(), 1_000);
            assertThat(disk.list(FOLDER)).contains("00000000005000000000.log");
            assertThat(TestBatches.bytes(log.read(1, 1, true, log.endOffset())))
                    .isEqualTo(TestBatches.bytes(log.read(5_000_000_000L, 1, true, log.endOffset())));
            log.close();
        }
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
