package io.odradek.storage.log;

import static org.assertj.core.api.Assertions.assertThat;

import io.odradek.protocol.TopicPartition;
import io.odradek.protocol.record.RecordBatch;
import io.odradek.protocol.wire.Uuid;
import io.odradek.storage.env.SimulatedWorld;
import io.odradek.storage.io.FaultingFileSystem;
import io.odradek.storage.log.LogContext.ProducerLimits;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Appends that fail at any operation of the disk, in a log that goes on. */
class FailedAppendTest {
    private static final Path FOLDER = Path.of("/data/logs/events-0");
    private static final TopicPartition ID = new TopicPartition("events", 0);
    private static final long NONE = -1;
    private static final int APPENDS = 1_200;

    private final SimulatedWorld world = new SimulatedWorld(1);
    private final LogConfig config = LogConfig.of(
            Map.of(), Map.of("segment.bytes", "200000", "index.interval.bytes", "0", "segment.index.bytes", "100000"));

    private Log open(FaultingFileSystem disk, LogOpening opening) throws IOException {
        LogContext context = new LogContext(
                disk, world.clock(), world.newRandoms("log"), LogEvents.IMMEDIATE, ProducerLimits.standard());
        return Log.open(context, opening, config);
    }

    @Test
    void whatIsAcknowledgedAfterAFailureIsServedAsItWasSent() throws IOException {
        List<Long> dear = new ArrayList<>();
        try (FaultingFileSystem disk = new FaultingFileSystem(1)) {
            life(disk, NONE, dear);
        }
        assertThat(dear).hasSizeGreaterThan(4);
        for (long failing : dear) {
            try (FaultingFileSystem disk = new FaultingFileSystem(failing)) {
                life(disk, failing, new ArrayList<>());
            } catch (IOException | RuntimeException | AssertionError e) {
                throw new AssertionError("Operation " + failing + " failed", e);
            }
        }
    }

    /** @param dear is given the operations of those appends that took more than one */
    private void life(FaultingFileSystem disk, long failing, List<Long> dear) throws IOException {
        Log log = open(disk, LogOpening.create(FOLDER, ID, new Uuid(1, 2)));
        long before = disk.operations();
        if (failing != NONE) {
            disk.failOperation(failing);
        }
        ByteArrayOutputStream acknowledged = new ByteArrayOutputStream();
        int failures = 0;
        for (int i = 0; i < APPENDS; i++) {
            ByteBuffer batch = TestBatches.batch(1_000 + i, "v".repeat(i % 100), "w");
            long first = disk.operations() + 1;
            try {
                log.append(batch, 0, 1_000);
                acknowledged.writeBytes(TestBatches.bytes(batch));
            } catch (IOException e) {
                failures++;
            }
            for (long at = first; disk.operations() > first && at <= disk.operations(); at++) {
                dear.add(at - before);
            }
        }
        assertThat(failures).isEqualTo(failing == NONE ? 0 : 1);
        assertServes(log, acknowledged.toByteArray());
        disk.kill();
        log = open(disk, new LogOpening(FOLDER, ID, Uuid.ZERO, false, 0, 0));
        assertServes(log, acknowledged.toByteArray());
        log.close();
    }

    private static void assertServes(Log log, byte[] acknowledged) throws IOException {
        assertThat(Arrays.mismatch(TestBatches.readAll(log, 0), acknowledged)).isEqualTo(-1);
        for (long offset = 0; offset < log.endOffset(); offset++) {
            byte[] read = TestBatches.bytes(log.read(offset, 1, true, log.endOffset()));
            ByteBuffer batch = ByteBuffer.wrap(read);
            assertThat(offset).isBetween(RecordBatch.baseOffset(batch, 0), RecordBatch.lastOffset(batch, 0));
        }
    }
}
