package io.odradek.storage.cleaner;

import static org.assertj.core.api.Assertions.assertThat;

import io.odradek.protocol.TopicPartition;
import io.odradek.protocol.record.BatchBuilder;
import io.odradek.protocol.record.ControlRecord;
import io.odradek.protocol.wire.Uuid;
import io.odradek.storage.env.SimulatedWorld;
import io.odradek.storage.io.FaultingFileSystem;
import io.odradek.storage.log.AppendOrigin;
import io.odradek.storage.log.Log;
import io.odradek.storage.log.LogConfig;
import io.odradek.storage.log.LogContext;
import io.odradek.storage.log.LogContext.ProducerLimits;
import io.odradek.storage.log.LogEvents;
import io.odradek.storage.log.LogOpening;
import io.odradek.storage.log.SegmentsView;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The end of a transaction may be lost, with the power or with a leader, and then the transaction may end otherwise. Until
 * it is certain, what the transaction wrote replaces nothing. Here it is the record at offset 0 that must not be cleaned
 * away for the sake of the one at 1, which is of a transaction that ends at {@link #MARKER}.
 */
class LostMarkerTest {
    private static final Path FOLDER = Path.of("/data/logs/keyed-0");
    private static final TopicPartition ID = new TopicPartition("keyed", 0);
    private static final LogConfig CONFIG =
            LogConfig.of(Map.of(), Map.of("cleanup.policy", "compact", "segment.bytes", "200"));
    private static final long PRODUCER = 7;
    private static final long MARKER = 3;

    private final SimulatedWorld world = new SimulatedWorld(1);
    private FaultingFileSystem disk;
    private Log log;

    private void create() throws IOException {
        disk = new FaultingFileSystem(1);
        disk.createFolders(FOLDER);
        for (Path folder = FOLDER; folder.getParent() != null; folder = folder.getParent()) {
            disk.forceFolder(folder.getParent());
        }
        open(true, 0);
    }

    private void open(boolean clean, long recoveryPoint) throws IOException {
        LogContext context = new LogContext(
                disk, world.clock(), world.newRandoms("log"), LogEvents.IMMEDIATE, ProducerLimits.standard());
        log = Log.open(context, new LogOpening(FOLDER, ID, new Uuid(1, 2), clean, recoveryPoint, 0), CONFIG);
    }

    @AfterEach
    void close() throws IOException {
        log.close();
        disk.close();
    }

    /** A segment for each record. */
    private void append(String key, String value, boolean transactional) throws IOException {
        BatchBuilder batch = new BatchBuilder(1 << 10);
        if (transactional) {
            batch.producer(PRODUCER, (short) 0, 0).transactional();
        }
        batch.append(1_000, utf8(key), utf8(value + " ".repeat(150)));
        log.append(batch.build(), 0, 1_000, AppendOrigin.CLIENT);
    }

    private static ByteBuffer utf8(String text) {
        return StandardCharsets.UTF_8.encode(text);
    }

    private void end(ControlRecord.Type type) throws IOException {
        log.append(new ControlRecord(type, 0).toBatch(PRODUCER, (short) 0, 1_000), 0, 1_000, AppendOrigin.COORDINATOR);
    }

    /** Writes all but the marker, and forces it. */
    private void writeTransaction() throws IOException {
        create();
        append("key", "old", false);
        append("key", "new", true);
        append("other", "any", false);
        log.flush();
        assertThat(log.endOffset()).isEqualTo(MARKER);
    }

    private void clean() throws IOException, UncleanableException {
        SegmentsView view = log.segments();
        CleanableRange range = CleaningHistory.range(view, CleanableRange.NO_CHECKPOINT, CONFIG, 1_000);
        if (range.cleanableBytes() == 0) {
            return;
        }
        HandLoop owner = new HandLoop();
        Cleaning.Means means = new Cleaning.Means(
                disk,
                new OffsetMap(new KeyHash(1, 2), OffsetMap.ENTRY_BYTES * 16L, 0.9),
                new CleanerBuffers(1 << 10, LogContents.MAX_INFLATED_BYTES),
                owner,
                () -> {});
        CleaningJob job = new CleaningJob(log, view, range, CONFIG, 1_000);
        Cleaning cleaning = new Cleaning(job, means, new CleaningStats(world.clock()));
        cleaning.begin();
        while (!(cleaning.state() instanceof Cleaning.State.Done)) {
            if (!owner.runOne()) {
                cleaning.step();
            }
        }
    }

    private boolean hasOld() throws IOException {
        return LogContents.of(log).records().stream().anyMatch(record -> record.offset() == 0);
    }

    private String value() throws IOException {
        return LogContents.of(log).lastValues().get("key").strip();
    }

    @ParameterizedTest
    @EnumSource(ControlRecord.Type.class)
    void aMarkerThatIsNotForcedMayBeLostWithThePower(ControlRecord.Type type) throws Exception {
        int lost = 0;
        for (int life = 0; life < 20; life++) {
            writeTransaction();
            end(type);
            log.updateHighWatermark(log.endOffset());
            clean();
            disk.powerLoss(new Random(life));
            open(false, MARKER);
            if (log.endOffset() == MARKER) {
                lost++;
                end(ControlRecord.Type.ABORT);
                assertThat(value()).isEqualTo("old");
            }
        }
        assertThat(lost).isPositive();
    }

    @ParameterizedTest
    @EnumSource(ControlRecord.Type.class)
    void aMarkerThatIsNotReplicatedMayBeTruncated(ControlRecord.Type type) throws Exception {
        writeTransaction();
        end(type);
        log.flush();
        log.updateHighWatermark(MARKER);
        clean();
        log.truncateTo(MARKER);
        end(ControlRecord.Type.ABORT);
        assertThat(value()).isEqualTo("old");
    }

    @ParameterizedTest
    @EnumSource(ControlRecord.Type.class)
    void aMarkerThatRecoveryFindsIsNotForcedYet(ControlRecord.Type type) throws Exception {
        writeTransaction();
        end(type);
        disk.kill();
        open(false, MARKER);
        assertThat(log.recoveryPoint()).isEqualTo(MARKER);
        log.updateHighWatermark(log.endOffset());
        clean();
        assertThat(hasOld()).isTrue();
    }

    @ParameterizedTest
    @EnumSource(ControlRecord.Type.class)
    void aMarkerThatACleanStartFindsMayNotBeReplicatedYet(ControlRecord.Type type) throws Exception {
        writeTransaction();
        end(type);
        log.flush();
        long end = log.endOffset();
        log.close();
        open(true, end);
        log.updateHighWatermark(MARKER);
        clean();
        assertThat(hasOld()).isTrue();
        log.updateHighWatermark(end);
        clean();
        assertThat(hasOld()).isEqualTo(type == ControlRecord.Type.ABORT);
    }

    @ParameterizedTest
    @EnumSource(ControlRecord.Type.class)
    void onceTheEndIsCertainTheTransactionCounts(ControlRecord.Type type) throws Exception {
        writeTransaction();
        log.updateHighWatermark(log.endOffset());
        clean();
        assertThat(hasOld()).as("the transaction is open").isTrue();
        end(type);
        log.updateHighWatermark(log.endOffset());
        clean();
        assertThat(hasOld()).as("its end is not forced").isTrue();
        log.flush();
        clean();
        assertThat(hasOld()).isEqualTo(type == ControlRecord.Type.ABORT);
        assertThat(value()).isEqualTo(type == ControlRecord.Type.ABORT ? "old" : "new");
    }

    @ParameterizedTest
    @EnumSource(ControlRecord.Type.class)
    void aTransactionOverManySegmentsHoldsUpTheCleaningOfAllOfThem(ControlRecord.Type type) throws Exception {
        writeTransaction();
        for (int i = 0; i < 5; i++) {
            append("other", "any", false);
        }
        log.flush();
        log.updateHighWatermark(log.endOffset());
        clean();
        assertThat(LogContents.of(log).records()).hasSize(8);
        end(type);
        append("other", "any", false);
        log.flush();
        log.updateHighWatermark(log.endOffset());
        clean();
        assertThat(LogContents.of(log).records()).hasSize(3);
        assertThat(value()).isEqualTo(type == ControlRecord.Type.ABORT ? "old" : "new");
    }
}
