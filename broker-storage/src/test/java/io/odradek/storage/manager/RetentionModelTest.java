package io.odradek.storage.manager;

import static org.assertj.core.api.Assertions.assertThat;

import io.odradek.protocol.record.RecordBatch;
import io.odradek.storage.env.SimulatedWorld;
import io.odradek.storage.io.FileSlice;
import io.odradek.storage.log.Log;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Random lives of a log whose beginning moves, by retention and by deletion of records, with kills and power losses at any
 * point between two tasks of its loops and between any two operations of the disk.
 */
class RetentionModelTest {
    private static final int HISTORIES = Integer.getInteger("histories", 3_000);
    private static final long RETENTION_MS = 1_000_000;

    @Test
    void aLogLosesWhatItMayAndNothingElseAndWhatWasDeletedDoesNotComeBack() throws IOException {
        long seed = SimulatedWorld.seedFromSystem();
        int deleted = 0;
        for (int i = 0; i < HISTORIES; i++) {
            long historySeed = seed + i;
            try (RetentionBed bed = new RetentionBed(historySeed)) {
                deleted += new History(bed).run() > 0 ? 1 : 0;
            } catch (IOException | RuntimeException | AssertionError e) {
                throw new AssertionError("Failed with -Dhistories=1 -Dseed=" + historySeed, e);
            }
        }
        assertThat(deleted).isGreaterThan(HISTORIES / 4);
    }

    /** The name of a checkpoint that was not on the disk yet was lost with the power, after a start had deleted by it. */
    @ParameterizedTest
    @ValueSource(longs = 324_974_185)
    void whatWentWrongOnceGoesWrongNoMore(long seed) throws IOException {
        try (RetentionBed bed = new RetentionBed(seed)) {
            new History(bed).run();
        }
    }

    private static final class History {
        private final RetentionBed bed;
        private final Random random;
        private final boolean retains;
        private final List<ByteBuffer> batches = new ArrayList<>();
        private Log log;

        /** Deletions of records that were answered: they last. */
        private long savedStart;

        /** Deletions of records that were asked for: they may last. */
        private long askedStart;

        History(RetentionBed bed) {
            this.bed = bed;
            this.random = bed.world.newRandom("history");
            this.retains = random.nextInt(4) > 0;
            bed.with("segment.bytes", 200 + random.nextInt(1000))
                    .with("file.delete.delay.ms", random.nextInt(400_000))
                    .with("flush.ms", 1 + random.nextInt(600_000));
            bed.managerSettings = new LogManagerSettings(
                    LogManagerSettings.DEFAULT.checkpointIntervalMs(),
                    false,
                    LogManagerSettings.DEFAULT.producers(),
                    new LogManagerSettings.Schedule(30_000, 300_000, 90_000, 600_000, 60_000));
            if (retains) {
                bed.with("retention.ms", RETENTION_MS);
            } else {
                bed.with("retention.ms", -1);
            }
        }

        /** {@return where the log begins at the end} */
        long run() throws IOException {
            log = bed.open();
            int steps = 5 + random.nextInt(40);
            for (int i = 0; i < steps; i++) {
                step(random.nextInt(100));
                check();
            }
            settle();
            assertThat(bed.failures).isEmpty();
            return log.startOffset();
        }

        private void step(int dice) throws IOException {
            if (dice < 50) {
                append();
            } else if (dice < 58) {
                log.updateHighWatermark(boundaryFrom(Math.max(log.startOffset(), log.highWatermark())));
            } else if (dice < 68) {
                deleteRecords();
            } else if (dice < 82) {
                bed.world.advanceMs(random.nextInt(500_000));
            } else if (dice < 86) {
                log.flush();
            } else if (dice < 90) {
                truncate();
            } else if (dice < 92) {
                bed.manager.close();
                bed.endLoops();
                reopen();
            } else {
                crash(dice < 97);
            }
        }

        private void append() throws IOException {
            String[] values = new String[1 + random.nextInt(3)];
            for (int i = 0; i < values.length; i++) {
                values[i] = "x".repeat(random.nextInt(200));
            }
            batches.add(bed.append(bed.world.clock().wallMs() - random.nextInt(300_000), values));
        }

        private void deleteRecords() {
            long most = Math.max(log.startOffset(), log.highWatermark());
            long start = log.startOffset() + random.nextLong(most - log.startOffset() + 1);
            askedStart = Math.max(askedStart, start);
            log.advanceStartTo(start);
            bed.manager.offsets().whenStartSaved(log, failure -> {
                if (failure == null) {
                    savedStart = Math.max(savedStart, start);
                }
            });
            if (random.nextBoolean()) {
                bed.world.runUntilIdle();
                assertThat(savedStart).isGreaterThanOrEqualTo(start);
            }
        }

        private void truncate() throws IOException {
            long offset = boundaryFrom(Math.max(log.startOffset(), log.highWatermark()));
            log.truncateTo(offset);
            cut(offset);
        }

        /** {@return an offset at which a batch ends, between one offset and the end of the log} */
        private long boundaryFrom(long offset) {
            List<Long> ends = new ArrayList<>(List.of(log.endOffset()));
            for (ByteBuffer batch : batches) {
                if (RecordBatch.nextOffset(batch, 0) >= offset) {
                    ends.add(RecordBatch.nextOffset(batch, 0));
                }
            }
            return ends.get(random.nextInt(ends.size()));
        }

        private void cut(long offset) {
            while (!batches.isEmpty() && RecordBatch.lastOffset(last(), 0) >= offset) {
                batches.remove(batches.size() - 1);
            }
        }

        private ByteBuffer last() {
            return batches.get(batches.size() - 1);
        }

        private void crash(boolean kill) throws IOException {
            bed.disk.haltAfter(random.nextInt(30));
            bed.world.advanceMs(random.nextInt(400_000));
            long forced = log.recoveryPoint();
            long end = log.endOffset();
            bed.endLoops();
            if (kill) {
                bed.disk.kill();
            } else {
                bed.disk.powerLoss(random);
            }
            bed.failures.clear();
            reopen();
            if (kill && log.startOffset() <= end) {
                assertThat(log.endOffset()).isEqualTo(end);
            } else {
                assertThat(log.endOffset()).isGreaterThanOrEqualTo(Math.min(forced, end));
            }
            cut(log.endOffset());
        }

        private void reopen() throws IOException {
            log = bed.open();
            if (random.nextBoolean()) {
                log.updateHighWatermark(log.endOffset());
            }
        }

        /** The log has every record from its start on, which is not beyond what may have been deleted. */
        private void check() throws IOException {
            assertThat(log.startOffset()).isGreaterThanOrEqualTo(savedStart).isLessThanOrEqualTo(log.endOffset());
            assertThat(log.startOffset()).isLessThanOrEqualTo(mayBegin());
            for (ByteBuffer batch : batches) {
                long lastOffset = RecordBatch.lastOffset(batch, 0);
                if (lastOffset >= log.startOffset() && random.nextInt(4) == 0) {
                    assertThat(read(lastOffset)).isEqualTo(batch);
                }
            }
        }

        private ByteBuffer read(long offset) throws IOException {
            FileSlice slice = (FileSlice) log.read(offset, 1, true, offset + 1).records();
            ByteBuffer read = ByteBuffer.allocate(slice.sizeBytes());
            slice.file().read(read, slice.position());
            return read.flip();
        }

        /** {@return the offset of the first record that is too young to go, or what was asked for} */
        private long mayBegin() {
            long oldest = bed.world.clock().wallMs() - RETENTION_MS;
            for (ByteBuffer batch : batches) {
                boolean young = !retains || RecordBatch.maxTimestamp(batch, 0) >= oldest;
                if (young && RecordBatch.lastOffset(batch, 0) >= askedStart) {
                    return Math.max(askedStart, RecordBatch.baseOffset(batch, 0));
                }
            }
            return Math.max(askedStart, log.endOffset());
        }

        /** In the end retention leaves no closed segment that must go. */
        private void settle() throws IOException {
            log.updateHighWatermark(log.endOffset());
            bed.world.advanceMs(
                    RETENTION_MS + 2 * bed.managerSettings.schedule().retentionMs());
            check();
            List<String> segments = bed.files(".log");
            if (retains) {
                assertThat(log.startOffset()).isEqualTo(log.endOffset());
                assertThat(segments).hasSize(1);
            } else if (segments.size() > 1) {
                assertThat(Long.parseLong(segments.get(1).substring(0, 20))).isGreaterThan(log.startOffset());
            }
            bed.world.advanceMs(log.config().fileDeleteDelayMs());
            assertThat(bed.files(".deleted")).isEmpty();
        }
    }
}
