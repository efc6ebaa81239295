package io.odradek.storage.log;

import static org.assertj.core.api.Assertions.assertThat;

import io.odradek.protocol.TopicPartition;
import io.odradek.protocol.record.RecordBatch;
import io.odradek.protocol.wire.Uuid;
import io.odradek.storage.env.SimulatedWorld;
import io.odradek.storage.io.FaultingFileSystem;
import io.odradek.storage.log.Log.TimestampAndOffset;
import io.odradek.storage.log.LogContext.ProducerLimits;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The largest timestamp is that of a record that can be read, whatever the headers of batches say. */
class MaxTimestampTest {
    private final FaultingFileSystem disk = new FaultingFileSystem(1);
    private final SimulatedWorld world = new SimulatedWorld(1);
    private Log log;

    @BeforeEach
    void open() throws IOException {
        LogContext context = new LogContext(
                disk, world.clock(), world.newRandoms("log"), LogEvents.IMMEDIATE, ProducerLimits.standard());
        log = Log.open(
                context,
                LogOpening.create(Path.of("/data/events-0"), new TopicPartition("events", 0), new Uuid(1, 2)),
                LogConfig.of(Map.of(), Map.of("segment.bytes", "300", "index.interval.bytes", "0")));
    }

    @AfterEach
    void close() throws IOException {
        log.close();
        disk.close();
    }

    private void append(ByteBuffer batch) throws IOException {
        ByteBuffer numbered = batch;
        RecordBatch.setBaseOffset(numbered, 0, log.endOffset());
        RecordBatch.setLeaderEpoch(numbered, 0, 0);
        log.appendAsFollower(numbered, 1_000);
    }

    private static ByteBuffer batch(long... timestampsMs) {
        var builder = TestBatches.builder(timestampsMs[0], "v");
        for (int i = 1; i < timestampsMs.length; i++) {
            builder.append(timestampsMs[i], null, ByteBuffer.wrap(new byte[10]));
        }
        return builder.build();
    }

    /** A batch whose records have gone, as cleaning leaves one to remember its producer by. */
    private static ByteBuffer emptied(long maxTimestampMs) {
        ByteBuffer batch = batch(maxTimestampMs).limit(RecordBatch.HEADER_SIZE);
        batch.putInt(8, RecordBatch.HEADER_SIZE - RecordBatch.LOG_OVERHEAD).putInt(57, 0);
        return batch.putInt(17, RecordBatch.computeCrc(batch, 0));
    }

    /** A batch whose header says more than its records. */
    private static ByteBuffer boasting(long claimedMs, long... timestampsMs) {
        ByteBuffer batch = batch(timestampsMs);
        batch.putLong(35, claimedMs);
        return batch.putInt(17, RecordBatch.computeCrc(batch, 0));
    }

    private void assertMax(long timestampMs, long offset) throws IOException {
        assertThat(log.findMaxTimestamp(log.endOffset()))
                .isEqualTo(Optional.of(new TimestampAndOffset(timestampMs, offset, 0)));
    }

    @Test
    void recordsBelowTheStartOfTheLogDoNotCount() throws IOException {
        append(batch(900, 100, 400));
        append(batch(300));
        append(batch(400));
        log.advanceStartTo(1);
        assertMax(400, 2);
        log.advanceStartTo(3);
        assertMax(400, 4);
    }

    @Test
    void batchesWithoutRecordsDoNotCount() throws IOException {
        append(batch(100));
        append(batch(400));
        append(batch(300));
        append(emptied(900));
        append(batch(200));
        append(emptied(950));
        assertMax(400, 1);
        log.advanceStartTo(2);
        assertMax(300, 2);
    }

    @Test
    void aLogOfNothingButEmptiedBatchesHasNoLargestTimestamp() throws IOException {
        append(emptied(900));
        append(emptied(800));
        assertThat(log.findMaxTimestamp(log.endOffset())).isEmpty();
    }

    @Test
    void aHeaderThatSaysMoreThanItsRecordsIsNotBelieved() throws IOException {
        append(boasting(900, 100, 200));
        append(batch(400));
        append(batch(250));
        append(boasting(800, 450, 300));
        append(batch(400));
        append(boasting(700, 10));
        assertMax(450, 4);
    }

    @Test
    void theFirstOfRecordsWithTheLargestTimestampIsFound() throws IOException {
        append(boasting(900, 100, 500));
        append(batch(500));
        append(batch(1));
        append(batch(500));
        append(batch(500));
        assertMax(500, 1);
        assertThat(log.findMaxTimestamp(1).orElseThrow().timestampMs()).isEqualTo(100);
    }
}
