package io.odradek.storage.log;

import static org.assertj.core.api.Assertions.assertThat;

import io.odradek.protocol.TopicPartition;
import io.odradek.protocol.wire.Uuid;
import io.odradek.storage.env.SimulatedWorld;
import io.odradek.storage.io.FaultingFileSystem;
import io.odradek.storage.log.LogContext.ProducerLimits;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A log whose index files are gone says so once, and has them again once it is loaded. */
class MissingIndexesTest {
    private static final Path FOLDER = Path.of("/data/logs/events-0");
    private static final int SEGMENTS = 4;

    private final FaultingFileSystem disk = new FaultingFileSystem(1);
    private final List<Integer> told = new ArrayList<>();

    private Log open(boolean clean) throws IOException {
        SimulatedWorld world = new SimulatedWorld(1);
        LogEvents events = new LogEvents() {
            @Override
            public void indexesMissing(TopicPartition id, int segments) {
                told.add(segments);
            }
        };
        LogContext context =
                new LogContext(disk, world.clock(), world.newRandoms("log"), events, ProducerLimits.standard());
        LogOpening opening = new LogOpening(FOLDER, new TopicPartition("events", 0), new Uuid(1, 2), clean, 0, 0);
        return Log.open(context, opening, LogConfig.of(Map.of(), Map.of("segment.bytes", "14")));
    }

    private void write() throws IOException {
        try (Log log = open(true)) {
            for (int i = 0; i < SEGMENTS; i++) {
                log.append(TestBatches.batch(1_000 + i, "value " + i), 0, 1_000);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void missingIndexesAreToldOfOnceALogAndBuiltAgain(boolean clean) throws IOException {
        write();
        assertThat(told).isEmpty();
        int deleted = 0;
        for (String name : disk.list(FOLDER)) {
            if (name.endsWith(LogFileNames.OFFSET_INDEX) || name.endsWith(LogFileNames.TIME_INDEX)) {
                disk.delete(FOLDER.resolve(name));
                deleted++;
            }
        }
        assertThat(deleted).isEqualTo(2 * SEGMENTS);
        try (Log log = open(clean)) {
            assertThat(told).containsExactly(SEGMENTS);
            assertThat(log.endOffset()).isEqualTo(SEGMENTS);
            assertThat(log.findByTimestamp(1_002, SEGMENTS).orElseThrow().offset())
                    .isEqualTo(2);
        }
        open(clean).close();
        assertThat(told).containsExactly(SEGMENTS);
        disk.close();
    }

    /** Killed before its first record, a log has made none. */
    @Test
    void aLogThatHasNeverHadARecordMissesNone() throws IOException {
        open(true).abandon();
        open(false).close();
        assertThat(told).isEmpty();
        disk.close();
    }

    @Test
    void oneMissingIndexFileIsToldOf() throws IOException {
        write();
        disk.delete(LogFileNames.path(FOLDER, 1, LogFileNames.TIME_INDEX));
        open(true).close();
        assertThat(told).containsExactly(1);
        disk.close();
    }
}
