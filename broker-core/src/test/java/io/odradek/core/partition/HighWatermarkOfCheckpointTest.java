package io.odradek.core.partition;

import static org.assertj.core.api.Assertions.assertThat;

import io.odradek.protocol.TopicPartition;
import io.odradek.protocol.record.BatchBuilder;
import io.odradek.protocol.wire.Uuid;
import io.odradek.storage.env.SimulatedWorld;
import io.odradek.storage.io.FaultingFileSystem;
import io.odradek.storage.log.Log;
import io.odradek.storage.log.LogConfig;
import io.odradek.storage.log.LogContext;
import io.odradek.storage.log.LogEvents;
import io.odradek.storage.log.LogOpening;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a checkpoint says of the high watermark is cut to what the log has: a power loss may have taken the rest. */
class HighWatermarkOfCheckpointTest {
    private static final TopicPartition ID = new TopicPartition("events", 0);

    private final FaultingFileSystem disk = new FaultingFileSystem(1);
    private Log log;

    @BeforeEach
    void threeRecords() throws IOException {
        SimulatedWorld world = new SimulatedWorld(1);
        LogContext context = new LogContext(
                disk,
                world.clock(),
                world.newRandoms("log"),
                LogEvents.IMMEDIATE,
                LogContext.ProducerLimits.standard());
        Path path = Path.of("/data", ID.toString());
        log = Log.open(context, LogOpening.create(path, ID, Uuid.ZERO), LogConfig.of(Map.of(), Map.of()));
        log.append(records(3), 0, 1_000);
    }

    @AfterEach
    void close() throws IOException {
        log.close();
        disk.close();
    }

    private static ByteBuffer records(int count) {
        BatchBuilder batch = new BatchBuilder(1_000);
        for (int i = 0; i < count; i++) {
            batch.append(1_000, null, ByteBuffer.allocate(3));
        }
        return batch.build();
    }

    private Partition partition(long checkpoint) {
        return new Partition(
                ID, Uuid.ZERO, log, checkpoint, RecordLimits.DEFAULTS, LeadershipListener.NONE, (failed, cause) -> {});
    }

    @Test
    void itDoesNotLieBeyondTheEndOfTheLog() {
        Partition partition = partition(100);
        assertThat(partition.highWatermark()).isEqualTo(3);
        assertThat(log.highWatermark()).isEqualTo(3);
    }

    @Test
    void itDoesNotLieBeforeTheStartOfTheLog() {
        log.advanceStartTo(2);
        assertThat(partition(1).highWatermark()).isEqualTo(2);
        assertThat(partition(3).highWatermark()).isEqualTo(3);
    }

    @Test
    void aFollowerThatLacksRecordsHoldsItBackThoughTheCheckpointWasBeyond() {
        Partition partition = partition(100);
        partition.lead(
                new LocalReplicas.PartitionState(ID, Uuid.ZERO, 1, 5, List.of(1, 2), 0, List.of(1, 2), false), 1);
        LeaderLog.append(partition, records(1), (short) 1, 1_000);
        assertThat(partition.highWatermark()).isEqualTo(3);
        TestReplicas.fetched(partition, 2, 4);
        assertThat(partition.highWatermark()).isEqualTo(4);
    }
}
