package io.odradek.storage.log;

import static org.assertj.core.api.Assertions.assertThat;

import io.odradek.protocol.TopicPartition;
import io.odradek.protocol.wire.Uuid;
import io.odradek.storage.env.SimulatedWorld;
import io.odradek.storage.io.FaultingFileSystem;
import io.odradek.storage.log.LogContext.ProducerLimits;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;

class LogTruncationTest {
    private static final Path FOLDER = Path.of("/data/logs/events-0");
    private static final TopicPartition ID = new TopicPartition("events", 0);

    private Log open(FaultingFileSystem disk, long logStartOffset) throws IOException {
        SimulatedWorld world = new SimulatedWorld(1);
        LogContext context = new LogContext(
                disk, world.clock(), world.newRandoms("log"), LogEvents.IMMEDIATE, ProducerLimits.standard());
        LogOpening opening = new LogOpening(FOLDER, ID, new Uuid(1, 2), true, 0, logStartOffset);
        return Log.open(context, opening, LogConfig.of(Map.of(), Map.of()));
    }

    @Test
    void aLogThatIsCutBelowItsStartBeginsWhereItEnds() throws IOException {
        try (FaultingFileSystem disk = new FaultingFileSystem(1)) {
            Log log = open(disk, 0);
            for (int i = 0; i < 10; i++) {
                log.append(TestBatches.batch(1_000 + i, "v"), 0, 1_000);
            }
            log.close();
            log = open(disk, 8);
            assertThat(log.startOffset()).isEqualTo(8);
            log.truncateTo(4);
            assertThat(log.endOffset()).isEqualTo(4);
            assertThat(log.startOffset()).isEqualTo(4);
            log.append(TestBatches.batch(2_000, "new"), 1, 2_000);
            assertThat(TestBatches.readAll(log, 4)).isNotEmpty();
            log.close();
        }
    }

    @Test
    void theLargestTimestampIsNotOneOfARecordBelowTheStart() throws IOException {
        try (FaultingFileSystem disk = new FaultingFileSystem(1)) {
            Log log = open(disk, 0);
            log.append(TestBatches.batch(9_000, "old"), 0, 1_000);
            log.append(TestBatches.batch(2_000, "v"), 0, 1_000);
            log.close();
            log = open(disk, 1);
            assertThat(log.findMaxTimestamp(2)).contains(new Log.TimestampAndOffset(2_000, 1, 0));
            log.close();
        }
    }
}
