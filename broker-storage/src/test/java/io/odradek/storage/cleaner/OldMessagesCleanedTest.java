package io.odradek.storage.cleaner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.odradek.protocol.TopicPartition;
import io.odradek.protocol.record.RecordBatch;
import io.odradek.protocol.wire.Uuid;
import io.odradek.storage.cleaner.LogContents.Item;
import io.odradek.storage.env.SimulatedWorld;
import io.odradek.storage.io.FaultingFileSystem;
import io.odradek.storage.io.LogFile;
import io.odradek.storage.log.Log;
import io.odradek.storage.log.LogConfig;
import io.odradek.storage.log.LogContext;
import io.odradek.storage.log.LogContext.ProducerLimits;
import io.odradek.storage.log.LogEvents;
import io.odradek.storage.log.LogFileNames;
import io.odradek.storage.log.LogOpening;
import io.odradek.storage.log.OldEntries;
import io.odradek.storage.log.OldEntries.OldRecord;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A log of messages of magic 0 and 1 is written as batches where it is cleaned. */
class OldMessagesCleanedTest {
    private static final Path FOLDER = Path.of("/data/logs/keyed-0");
    private static final TopicPartition ID = new TopicPartition("keyed", 0);
    private static final int BUFFER_BYTES = 4096;

    private final SimulatedWorld world = new SimulatedWorld(1);
    private final FaultingFileSystem disk = new FaultingFileSystem(1);
    private final LogConfig config = LogConfig.of(Map.of(), Map.of("cleanup.policy", "compact"));
    private long endOffset;
    private Log log;

    @BeforeEach
    void makeTheFolder() throws IOException {
        disk.createFolders(FOLDER);
    }

    @AfterEach
    void nothingIsLeftOpen() throws IOException {
        log.close();
        disk.close();
    }

    private OldRecord record(String key, String value) {
        return new OldRecord(endOffset++, 1_000, bytes(key), bytes(value));
    }

    private static byte[] bytes(String text) {
        return text == null ? null : text.getBytes(StandardCharsets.UTF_8);
    }

    private void laySegment(long base, ByteBuffer... entries) throws IOException {
        try (LogFile file = disk.open(LogFileNames.path(FOLDER, base, LogFileNames.LOG))) {
            for (ByteBuffer entry : entries) {
                file.append(entry);
            }
        }
    }

    private void clean() throws IOException, UncleanableException {
        LogContext context = new LogContext(
                disk, world.clock(), world.newRandoms("log"), LogEvents.IMMEDIATE, ProducerLimits.standard());
        log = Log.open(context, new LogOpening(FOLDER, ID, new Uuid(1, 2), true, endOffset, 0), config);
        log.updateHighWatermark(endOffset);
        CleanableRange range = CleaningHistory.range(
                log.segments(),
                CleanableRange.NO_CHECKPOINT,
                config,
                world.clock().wallMs());
        CleaningJob job = new CleaningJob(
                log, log.segments(), range, config, world.clock().wallMs());
        OffsetMap map = new OffsetMap(new KeyHash(1, 2), 1 << 16, 0.9);
        HandLoop owner = new HandLoop();
        Cleaning cleaning = new Cleaning(
                job,
                new Cleaning.Means(disk, map, new CleanerBuffers(BUFFER_BYTES, 1 << 20), owner, () -> {}),
                new CleaningStats(world.clock()));
        try (cleaning) {
            cleaning.begin();
            while (!(cleaning.state() instanceof Cleaning.State.Done)) {
                if (!owner.runOne()) {
                    cleaning.step();
                }
            }
        }
    }

    private List<Byte> magics() throws IOException {
        List<Byte> magics = new ArrayList<>();
        try (LogFile file = disk.openForRead(LogFileNames.path(FOLDER, 0, LogFileNames.LOG))) {
            ByteBuffer all = ByteBuffer.allocate((int) file.sizeBytes());
            file.read(all, 0);
            for (int at = 0; at < all.limit(); at += RecordBatch.sizeBytes(all, at)) {
                magics.add(RecordBatch.magic(all, at));
            }
        }
        return magics;
    }

    @Test
    void ofEachKeyTheLastRecordStaysInABatchWithItsOffsetAndRecordsWithoutKeyGo() throws Exception {
        laySegment(
                endOffset,
                OldEntries.plain(0, record("a", "1")),
                OldEntries.plain(0, record(null, "2")),
                OldEntries.plain(1, record("b", "3")),
                OldEntries.gzipped(1, -1, List.of(record("a", "4"), record("c", "5"), record("d", null))),
                OldEntries.gzipped(0, -1, List.of(record("c", "6"), record("e", "7"))));
        laySegment(endOffset, OldEntries.plain(1, record("z", "8")));
        clean();
        assertThat(LogContents.of(log).records())
                .extracting(Item::offset, Item::key, Item::value)
                .containsExactly(
                        tuple(2L, "b", "3"),
                        tuple(3L, "a", "4"),
                        tuple(5L, "d", null),
                        tuple(6L, "c", "6"),
                        tuple(7L, "e", "7"),
                        tuple(8L, "z", "8"));
        assertThat(LogContents.of(log).last().get("d").deleteHorizonMs())
                .as("a tombstone may go a while after the first cleaning")
                .isEqualTo(world.clock().wallMs() + config.deleteRetentionMs());
        assertThat(magics()).containsOnly((byte) 2).hasSize(3);
    }

    @Test
    void aMessageThatIsLargerThanTheBufferIsConvertedToo() throws Exception {
        byte[] noise = new byte[3 * BUFFER_BYTES];
        new Random(1).nextBytes(noise);
        laySegment(
                endOffset,
                OldEntries.plain(0, record("a", "1")),
                OldEntries.gzipped(1, -1, List.of(new OldRecord(endOffset++, 1_000, bytes("big"), noise))),
                OldEntries.plain(1, record("a", "2")));
        laySegment(endOffset, OldEntries.plain(1, record("z", "3")));
        clean();
        assertThat(LogContents.of(log).lastValues()).containsOnlyKeys("a", "big", "z");
        assertThat(magics()).containsOnly((byte) 2).hasSize(2);
    }

    @Test
    void aMessageOfAWrongChecksumStopsTheCleaning() throws Exception {
        ByteBuffer damaged = OldEntries.plain(1, record("a", "1"));
        damaged.put(damaged.limit() - 1, (byte) '2');
        laySegment(0, damaged, OldEntries.plain(1, record("a", "3")));
        laySegment(endOffset, OldEntries.plain(1, record("z", "4")));
        assertThatThrownBy(this::clean).isInstanceOf(UncleanableException.class).hasMessageContaining("wrong checksum");
        assertThat(disk.list(FOLDER)).noneMatch(name -> name.endsWith(LogFileNames.CLEANED));
    }
}
