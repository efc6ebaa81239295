package io.odradek.core.partition;

import static org.assertj.core.api.Assertions.assertThat;

import io.odradek.protocol.TopicPartition;
import io.odradek.protocol.wire.Uuid;
import io.odradek.storage.env.SimulatedWorld;
import io.odradek.storage.io.FaultingFileSystem;
import io.odradek.storage.log.Log;
import io.odradek.storage.log.LogConfig;
import io.odradek.storage.log.LogContext;
import io.odradek.storage.log.LogEvents;
import io.odradek.storage.log.LogOpening;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class MovedPartitionTest {
    private static final TopicPartition ID = new TopicPartition("events", 0);

    @Test
    void aLateFailureOfTheLogThatWasLeftDoesNotStopThePartition() throws IOException {
        try (FaultingFileSystem disk = new FaultingFileSystem(1);
                Log left = open(disk, "one");
                Log moved = open(disk, "two")) {
            List<IOException> failures = new ArrayList<>();
            Partition partition = new Partition(
                    ID,
                    Uuid.ZERO,
                    left,
                    0,
                    RecordLimits.DEFAULTS,
                    LeadershipListener.NONE,
                    (failed, cause) -> failures.add(cause));
            partition.replaceLog(moved);
            left.forceFailed(new IOException("The disk that was left is gone"));
            assertThat(partition.role()).isNotInstanceOf(ReplicaRole.Offline.class);
            assertThat(failures).isEmpty();
        }
    }

    private static Log open(FaultingFileSystem disk, String folder) throws IOException {
        SimulatedWorld world = new SimulatedWorld(1);
        LogContext context = new LogContext(
                disk,
                world.clock(),
                world.newRandoms("log"),
                LogEvents.IMMEDIATE,
                LogContext.ProducerLimits.standard());
        Path path = Path.of("/data", folder, ID.toString());
        return Log.open(context, LogOpening.create(path, ID, Uuid.ZERO), LogConfig.of(Map.of(), Map.of()));
    }
}
