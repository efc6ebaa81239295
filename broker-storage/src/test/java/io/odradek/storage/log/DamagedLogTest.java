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
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Every damage of one byte, and every cut, of every file of a small log. */
class DamagedLogTest {
    private static final Path FOLDER = Path.of("/data/logs/events-0");
    private static final TopicPartition ID = new TopicPartition("events", 0);
    private static final int LEADER_EPOCH_FROM = 12;
    private static final int LEADER_EPOCH_TO = 16;

    private final LogConfig config =
            LogConfig.of(Map.of(), Map.of("segment.bytes", "400", "index.interval.bytes", "100"));
    private final List<byte[]> batches = new ArrayList<>();

    @Test
    void anUncleanlyStoppedLogWithOneWrongByteOpensAsAPrefix() throws IOException {
        for (String name : filesOf(".log")) {
            long size = sizeOf(name);
            for (long position = 0; position < size; position++) {
                damage(name, position, false);
            }
        }
    }

    @Test
    void anUncleanlyStoppedLogThatWasCutAnywhereOpensAsAPrefix() throws IOException {
        for (String name : filesOf(".log")) {
            long size = sizeOf(name);
            for (long length = 0; length < size; length++) {
                long cut = length;
                openDamaged(name, file -> file.truncate(cut), false);
            }
        }
    }

    @Test
    void aCleanlyStoppedLogWithDamagedIndexesReadsAsItWas() throws IOException {
        for (String suffix : List.of(".index", ".timeindex", ".snapshot")) {
            for (String name : filesOf(suffix)) {
                long size = sizeOf(name);
                for (long position = 0; position < size; position++) {
                    damage(name, position, true);
                    long cut = position;
                    openDamaged(name, file -> file.truncate(cut), true);
                }
            }
        }
    }

    private void damage(String name, long position, boolean clean) throws IOException {
        openDamaged(
                name,
                file -> {
                    ByteBuffer one = ByteBuffer.allocate(1);
                    file.read(one, position);
                    one.put(0, (byte) (one.get(0) ^ 0x5a));
                    file.write(one.flip(), position);
                },
                clean);
    }

    private interface Damage {
        void to(LogFile file) throws IOException;
    }

    private List<String> filesOf(String suffix) throws IOException {
        try (FaultingFileSystem disk = new FaultingFileSystem(1)) {
            write(disk);
            return disk.list(FOLDER).stream()
                    .filter(name -> name.endsWith(suffix))
                    .toList();
        }
    }

    private long sizeOf(String name) throws IOException {
        try (FaultingFileSystem disk = new FaultingFileSystem(1)) {
            write(disk);
            return disk.sizeBytes(FOLDER.resolve(name));
        }
    }

    private LogContext context(FaultingFileSystem disk) {
        SimulatedWorld world = new SimulatedWorld(1);
        return new LogContext(
                disk, world.clock(), world.newRandoms("log"), LogEvents.IMMEDIATE, ProducerLimits.DEFAULT);
    }

    private void write(FaultingFileSystem disk) throws IOException {
        batches.clear();
        Log log = Log.open(context(disk), LogOpening.create(FOLDER, ID, new Uuid(1, 2)), config);
        for (int i = 0; i < 10; i++) {
            ByteBuffer batch = TestBatches.batch(5, 0, 2 * i, "a".repeat(i), "b");
            log.append(batch, i / 4, 1_700_000_000_000L + i);
            batches.add(TestBatches.bytes(batch));
        }
        log.close();
    }

    private void openDamaged(String name, Damage damage, boolean clean) throws IOException {
        try (FaultingFileSystem disk = new FaultingFileSystem(1)) {
            write(disk);
            try (LogFile file = disk.open(FOLDER.resolve(name))) {
                damage.to(file);
            }
            LogOpening opening = new LogOpening(FOLDER, ID, Uuid.ZERO, clean, 0, 0);
            Log log = Log.open(context(disk), opening, config);
            if (clean) {
                assertThat(log.endOffset()).isEqualTo(20);
            }
            requirePrefix(log);
            log.flush();
            log.close();
            Log again = Log.open(context(disk), opening, config);
            assertThat(again.endOffset()).isEqualTo(log.endOffset());
            requirePrefix(again);
            again.close();
        }
    }

    private void requirePrefix(Log log) throws IOException {
        for (long offset = log.endOffset() - 1; offset >= 0; offset--) {
            byte[] read = TestBatches.bytes(log.read(offset, 1, true, log.endOffset()));
            byte[] written = batches.get((int) offset / 2);
            assertThat(withoutEpoch(read)).isEqualTo(withoutEpoch(written));
            assertThat(RecordBatch.baseOffset(ByteBuffer.wrap(read), 0)).isEqualTo(offset / 2 * 2);
        }
        assertThat(log.findByTimestamp(1_000, log.endOffset())
                        .map(found -> found.offset())
                        .orElse(0L))
                .isZero();
    }

    /** The leader epoch is outside the checksum: of a last batch nobody can tell that it is wrong. */
    private static byte[] withoutEpoch(byte[] batch) {
        byte[] copy = batch.clone();
        for (int i = LEADER_EPOCH_FROM; i < LEADER_EPOCH_TO; i++) {
            copy[i] = 0;
        }
        return copy;
    }
}
