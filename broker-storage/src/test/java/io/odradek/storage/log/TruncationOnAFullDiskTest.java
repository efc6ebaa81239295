package io.odradek.storage.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.odradek.protocol.TopicPartition;
import io.odradek.protocol.wire.Uuid;
import io.odradek.storage.env.SimulatedWorld;
import io.odradek.storage.io.DiskFullException;
import io.odradek.storage.io.FaultingFileSystem;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TruncationOnAFullDiskTest {
    @Test
    void whatIsAppendedAfterACutIsNeverTakenForForced() throws IOException {
        try (FaultingFileSystem disk = new FaultingFileSystem(1)) {
            SimulatedWorld world = new SimulatedWorld(1);
            LogContext context = new LogContext(
                    disk,
                    world.clock(),
                    world.newRandoms("log"),
                    LogEvents.IMMEDIATE,
                    LogContext.ProducerLimits.standard());
            disk.createFolders(Path.of("/data"));
            LogOpening opening = LogOpening.create(Path.of("/data/t-0"), new TopicPartition("t", 0), new Uuid(1, 2));
            try (Log log = Log.open(context, opening, LogConfig.of(Map.of(), Map.of()))) {
                log.append(TestBatches.batch(1_000, "a"), 1, 1_000);
                log.append(TestBatches.batch(1_000, "b"), 2, 1_000);
                log.flush();
                disk.diskFullAfter(0);
                assertThatThrownBy(() -> log.truncateTo(1)).isInstanceOf(DiskFullException.class);
                disk.freeSpace();
                assertThat(log.endOffset()).isEqualTo(1);
                assertThat(log.recoveryPoint()).isLessThanOrEqualTo(1);
            }
        }
    }
}
