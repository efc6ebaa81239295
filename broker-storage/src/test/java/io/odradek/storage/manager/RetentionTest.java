package io.odradek.storage.manager;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.odradek.protocol.errors.ApiException;
import io.odradek.protocol.errors.ErrorCode;
import io.odradek.protocol.record.RecordBatch;
import io.odradek.protocol.wire.Uuid;
import io.odradek.storage.checkpoint.OffsetCheckpointFile;
import io.odradek.storage.log.Log;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class RetentionTest {
    private static final long HOUR_MS = 3_600_000;

    private RetentionBed bed;

    @BeforeEach
    void makeBed() throws IOException {
        bed = new RetentionBed(3);
    }

    @AfterEach
    void nothingFailedAndNothingIsLeftOpen() throws IOException {
        bed.close();
        assertThat(bed.failures).isEmpty();
    }

    private static String name(long offset, String suffix) {
        return "0".repeat(20 - Long.toString(offset).length()) + offset + suffix;
    }

    @Test
    void segmentsGoByTheirRecordsTimeWithIndexesAndSnapshotsAndTheirFilesAfterTheDelay() throws IOException {
        Log log = bed.with("retention.ms", HOUR_MS)
                .with("file.delete.delay.ms", HOUR_MS / 3)
                .open();
        bed.fillSegments(3);
        bed.world.advanceMs(HOUR_MS);
        bed.fillSegments(2);
        bed.retentionRuns();
        assertThat(log.startOffset()).isEqualTo(3);
        assertThat(bed.files(".log")).containsExactly(name(3, ".log"), name(4, ".log"));
        assertThat(bed.files("index")).noneMatch(name -> name.compareTo(name(3, "")) < 0);
        assertThat(bed.files(".snapshot")).containsExactly(name(3, ".snapshot"), name(4, ".snapshot"));
        assertThat(bed.files(".log.deleted")).hasSize(3);
        assertThatThrownBy(() -> log.read(2, 1, true, 5))
                .isInstanceOfSatisfying(
                        ApiException.class, e -> assertThat(e.error()).isEqualTo(ErrorCode.OFFSET_OUT_OF_RANGE));
        bed.world.advanceMs(log.config().fileDeleteDelayMs());
        assertThat(bed.files(".deleted")).isEmpty();
    }

    @Test
    void theAgeOfFilesMeansNothingWhereRecordsHaveTimestamps() throws IOException {
        Log log = bed.with("retention.ms", HOUR_MS).open();
        for (int i = 0; i < 4; i++) {
            bed.append(bed.world.clock().wallMs() - 2 * HOUR_MS, "x".repeat(120));
        }
        bed.append(bed.world.clock().wallMs() + HOUR_MS, "x".repeat(120));
        log.updateHighWatermark(5);
        bed.retentionRuns();
        assertThat(log.startOffset()).isEqualTo(4);
        bed.world.advanceMs(HOUR_MS + HOUR_MS / 2);
        assertThat(log.startOffset()).isEqualTo(4);
    }

    @Test
    void aSegmentWithoutTimestampsGoesByTheTimeOfItsFile() throws IOException {
        bed.with("retention.ms", HOUR_MS).open();
        bed.append(RecordBatch.NO_TIMESTAMP, "x".repeat(120));
        bed.append(RecordBatch.NO_TIMESTAMP, "x".repeat(120));
        bed.kill();
        bed.world.advanceMs(HOUR_MS / 2);
        Log log = bed.open();
        log.updateHighWatermark(2);
        bed.retentionRuns();
        assertThat(log.startOffset()).isZero();
        bed.world.advanceMs(HOUR_MS / 2);
        assertThat(log.startOffset()).isEqualTo(2);
    }

    @Test
    void aQuietLogWhoseRecordsAreAllTooOldIsRolledAndEmpty() throws IOException {
        Log log = bed.with("retention.ms", HOUR_MS).open();
        bed.fillSegments(2);
        bed.world.advanceMs(HOUR_MS);
        bed.retentionRuns();
        assertThat(log.startOffset()).isEqualTo(2);
        assertThat(log.endOffset()).isEqualTo(2);
        assertThat(bed.files(".log")).containsExactly(name(2, ".log"));
        bed.retentionRuns();
        assertThat(bed.files(".log")).containsExactly(name(2, ".log"));
        bed.fillSegments(1);
        assertThat(log.read(2, 1, true, 3).sizeBytes()).isPositive();
    }

    @Test
    void nothingGoesThatAReplicaInSyncMayNotHave() throws IOException {
        Log log = bed.with("retention.ms", HOUR_MS).open();
        bed.fillSegments(4);
        log.updateHighWatermark(2);
        bed.world.advanceMs(2 * HOUR_MS);
        assertThat(log.startOffset()).isEqualTo(2);
        log.updateHighWatermark(4);
        bed.retentionRuns();
        assertThat(log.startOffset()).isEqualTo(4);
    }

    @Test
    void aLogOfWhichNobodyHasToldTheHighWatermarkLosesNothing() throws IOException {
        bed.with("retention.ms", HOUR_MS).open();
        bed.fillSegments(3);
        bed.kill();
        Log log = bed.open();
        bed.world.advanceMs(5 * HOUR_MS);
        assertThat(log.startOffset()).isZero();
    }

    @Test
    void aLogIsKeptAtItsSize() throws IOException {
        Log log = bed.with("retention.bytes", 500).open();
        bed.fillSegments(10);
        long segmentBytes = log.sizeBytes() / 10;
        bed.retentionRuns();
        assertThat(log.sizeBytes()).isBetween(500L, 500 + segmentBytes - 1);
        assertThat(log.endOffset()).isEqualTo(10);
    }

    @Test
    void changedSettingsActWithoutARestart() throws IOException {
        Log log = bed.open();
        bed.fillSegments(5);
        bed.retentionRuns();
        assertThat(log.startOffset()).isZero();
        log.updateConfig(bed.with("retention.bytes", 1).config());
        bed.retentionRuns();
        assertThat(log.startOffset()).isEqualTo(4);
        log.updateConfig(bed.with("segment.bytes", 1 << 20).config());
        bed.fillSegments(3);
        assertThat(bed.files(".log")).hasSize(1);
        log.updateConfig(bed.with("segment.bytes", 100).config());
        bed.fillSegments(1);
        assertThat(bed.files(".log")).containsExactly(name(4, ".log"), name(8, ".log"));
    }

    @Test
    void aLogThatIsOnlyCompactedLosesWhatLiesBelowItsStartAndNothingElse() throws IOException {
        Log log = bed.with("retention.ms", HOUR_MS)
                .with("retention.bytes", 1)
                .with("cleanup.policy", "compact")
                .open();
        bed.fillSegments(5);
        log.advanceStartTo(3);
        bed.world.advanceMs(2 * HOUR_MS);
        assertThat(log.startOffset()).isEqualTo(3);
        assertThat(bed.files(".log")).containsExactly(name(3, ".log"), name(4, ".log"));
    }

    @Test
    void manySegmentsGoInSeveralStepsAndTheTimestampsOfColdOnesAreRead() throws IOException {
        bed.with("retention.ms", HOUR_MS).open();
        bed.fillSegments(150);
        bed.manager.close();
        bed.endLoops();
        Log log = bed.open();
        log.updateHighWatermark(150);
        bed.world.advanceMs(HOUR_MS + 2 * bed.managerSettings.schedule().retentionMs());
        assertThat(log.startOffset()).isEqualTo(150);
        assertThat(bed.files(".log")).containsExactly(name(150, ".log"));
    }

    @Test
    void theTimeOfAColdSegmentWithoutItsIndexesIsReadFromTheBatches() throws IOException {
        bed.with("retention.ms", HOUR_MS).open();
        bed.fillSegments(2);
        bed.append(bed.world.clock().wallMs() + HOUR_MS, "x".repeat(120));
        bed.fillSegments(1);
        bed.kill();
        Log log = bed.open();
        log.updateHighWatermark(4);
        for (String name : bed.files("index")) {
            bed.disk.delete(RetentionBed.FOLDER.resolve("events-0").resolve(name));
        }
        bed.world.advanceMs(HOUR_MS + bed.managerSettings.schedule().retentionMs());
        assertThat(log.startOffset()).isEqualTo(2);
    }

    @Test
    void whereALogBeginsOutlivesAKillOnceItWasSaved() throws IOException {
        Log log = bed.open();
        bed.fillSegments(5);
        log.flush();
        log.advanceStartTo(3);
        String[] saved = new String[1];
        bed.manager.offsets().whenStartSaved(log, failure -> saved[0] = "saved " + failure);
        assertThat(saved[0]).isNull();
        bed.world.runUntilIdle();
        assertThat(saved[0]).isEqualTo("saved null");
        bed.endLoops();
        bed.disk.powerLoss(new Random(1));
        assertThat(bed.open().startOffset()).isEqualTo(3);
        assertThat(bed.files(".log")).noneMatch(name -> name.compareTo(name(3, "")) < 0);
    }

    @Test
    void thoseWhoAskAtTheSameTimeShareOneSave() throws IOException {
        Log log = bed.open();
        bed.fillSegments(5);
        bed.world.runUntilIdle();
        int[] saved = new int[1];
        long before = bed.disk.operations();
        for (int i = 1; i <= 4; i++) {
            log.advanceStartTo(i);
            bed.manager.offsets().whenStartSaved(log, failure -> saved[0] += failure == null ? 1 : 0);
        }
        bed.world.runUntilIdle();
        long four = bed.disk.operations() - before;
        log.advanceStartTo(5);
        before = bed.disk.operations();
        bed.manager.offsets().whenStartSaved(log, failure -> saved[0] += failure == null ? 1 : 0);
        bed.world.runUntilIdle();
        assertThat(saved[0]).isEqualTo(5);
        assertThat(four).isEqualTo(bed.disk.operations() - before);
    }

    @Test
    void aPartitionThatIsCreatedAgainTakesOverNoOffsets() throws IOException {
        Log log = bed.open();
        bed.fillSegments(5);
        log.advanceStartTo(5);
        bed.manager.offsets().save();
        bed.manager.delete(RetentionBed.ID);
        Log again = bed.manager.getOrCreate(RetentionBed.ID, new Uuid(1, 1), bed.config());
        bed.fillSegments(2);
        bed.kill();
        assertThat(new OffsetCheckpointFile(bed.disk, RetentionBed.FOLDER, OffsetCheckpointFile.LOG_STARTS).read())
                .isEmpty();
        bed.topicId = again.topicId();
        assertThat(bed.open().endOffset()).isEqualTo(2);
        assertThat(bed.log().startOffset()).isZero();
    }

    @Test
    void logsAreForcedThatWereNotForFlushMs() throws IOException {
        Log log = bed.with("flush.ms", 60_000).with("segment.bytes", 1 << 20).open();
        bed.world.advanceMs(100_000);
        bed.fillSegments(2);
        log.flush();
        bed.world.advanceMs(30_000);
        bed.fillSegments(1);
        bed.world.advanceMs(29_000);
        assertThat(log.recoveryPoint()).isEqualTo(2);
        bed.world.advanceMs(2_000);
        assertThat(log.recoveryPoint()).isEqualTo(3);
    }

    @Test
    void aCrashBetweenAnyTwoOperationsOfRetentionLeavesALogWithoutAHole() throws IOException {
        long operations = operationsOfRetention();
        assertThat(operations).isGreaterThan(10);
        for (long crashAfter = 0; crashAfter < operations; crashAfter++) {
            for (int seed = 0; seed < 4; seed++) {
                bed.close();
                bed = new RetentionBed(seed);
                crashInRetention(crashAfter, seed);
                Log log = bed.open();
                assertThat(log.endOffset()).isEqualTo(7);
                assertThat(log.startOffset()).isIn(0L, 5L);
                for (long offset = log.startOffset(); offset < 7; offset++) {
                    var found = log.read(offset, 1, true, offset + 1);
                    assertThat(found.sizeBytes())
                            .as("offset %d after crash %d, seed %d", offset, crashAfter, seed)
                            .isPositive();
                }
                log.updateHighWatermark(7);
                bed.retentionRuns();
                assertThat(log.startOffset()).isEqualTo(5);
                assertThat(bed.files(".log")).containsExactly(name(5, ".log"), name(6, ".log"));
                bed.world.advanceMs(log.config().fileDeleteDelayMs());
                assertThat(bed.files(".deleted")).isEmpty();
                bed.failures.clear();
            }
        }
    }

    private long operationsOfRetention() throws IOException {
        prepare();
        long before = bed.disk.operations();
        bed.retentionRuns();
        assertThat(bed.log().startOffset()).isEqualTo(5);
        return bed.disk.operations() - before;
    }

    private void prepare() throws IOException {
        bed.with("retention.ms", HOUR_MS).open();
        bed.fillSegments(5);
        bed.world.advanceMs(HOUR_MS - 1_000);
        bed.fillSegments(2);
        bed.log().flush();
        bed.manager.offsets().save();
    }

    private void crashInRetention(long crashAfter, int seed) throws IOException {
        prepare();
        bed.disk.haltAfter(crashAfter);
        bed.retentionRuns();
        bed.endLoops();
        if (seed == 0) {
            bed.disk.kill();
        } else {
            bed.disk.powerLoss(new Random(seed));
        }
        bed.failures.clear();
    }

    @Test
    void aLogThatIsDeletedInTheMidstOfItsTurnIsNoFailureOfItsFolder() throws IOException {
        Log log = bed.with("retention.ms", -1).open();
        bed.fillSegments(3);
        log.advanceStartTo(2);
        bed.disk.beforeUseOf("leader-epoch-checkpoint.tmp", () -> {
            try {
                bed.manager.delete(RetentionBed.ID);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
        StorageEnvironment environment = new StorageEnvironment(
                bed.world.clock(),
                bed.world.newRandoms("retention"),
                new StorageLoops(bed.logIo, List.of(), List.of(), List.of(), id -> bed.owner),
                (folder, cause) -> bed.failures.add(folder + ": " + cause.getMessage()));
        List<String> ended = new ArrayList<>();
        new Retention(environment, asked -> bed.manager.log(asked.id()).isPresent(), (saved, done) -> done.accept(null))
                .begin(log, () -> ended.add("the turn of " + log.id()));
        bed.world.runUntilIdle();
        assertThat(ended).containsExactly("the turn of events-0");
        assertThat(bed.manager.logs()).isEmpty();
        assertThat(bed.failures).isEmpty();
    }
}
