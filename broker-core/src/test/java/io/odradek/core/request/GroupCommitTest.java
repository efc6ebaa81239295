package io.odradek.core.request;

import static org.assertj.core.api.Assertions.assertThat;

import io.odradek.core.partition.Partition;
import io.odradek.protocol.errors.ErrorCode;
import io.odradek.storage.env.SimulatedWorld;
import io.odradek.storage.log.Log;
import java.io.IOException;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Sixteen producers under {@code log.flush.policy=commit} and {@code flush.messages}, and a disk that loses power. */
class GroupCommitTest {
    private static final int PRODUCERS = 16;
    private static final int HISTORIES = Integer.getInteger("histories", 300);
    private static final Map<String, String> SMALL_SEGMENTS =
            Map.of("segment.bytes", "2000", "index.interval.bytes", "100", "flush.messages", "1000000");

    @ParameterizedTest
    @CsvSource({"1, true", "16, true", "1, false", "16, false"})
    void noPowerLossTakesWhatWasAcknowledgedOrShown(int partitions, boolean commit) throws IOException {
        long first = SimulatedWorld.seedFromSystem();
        int acknowledged = 0;
        for (long seed = first; seed < first + HISTORIES; seed++) {
            Map<String, String> config = commit
                    ? SMALL_SEGMENTS
                    : Map.of("segment.bytes", "2000", "index.interval.bytes", "100", "flush.messages", "1");
            try {
                acknowledged += history(new CommitBed(seed, partitions, commit, config));
            } catch (IOException | RuntimeException | AssertionError e) {
                throw new AssertionError("-Dseed=" + seed + " -Dhistories=1: " + e.getMessage(), e);
            }
        }
        System.out.println("seed " + first + ": " + acknowledged + " batches acknowledged");
        assertThat(acknowledged).isGreaterThan(HISTORIES * 20);
    }

    /** Several lives of a broker that each end with the power; then one that ends well. */
    private static int history(CommitBed bed) throws IOException {
        bed.start();
        int partitions = bed.partitions.size();
        CommittedLoad load = new CommittedLoad(bed.random, PRODUCERS, partitions);
        for (int life = 0; life < 3; life++) {
            if (bed.random.nextBoolean()) {
                bed.disk.haltAfter(bed.random.nextInt(300));
            }
            for (int steps = bed.random.nextInt(40); steps >= 0; steps--) {
                load.step(bed);
                bed.world.advanceMs(bed.random.nextInt(3));
                for (Partition partition : bed.partitions) {
                    assertThat(partition.highWatermark())
                            .isLessThanOrEqualTo(partition.log().recoveryPoint());
                }
            }
            load.disconnect();
            long[] shown = new long[partitions];
            for (int i = 0; i < partitions; i++) {
                shown[i] = bed.partitions.get(i).highWatermark();
            }
            bed.losePower();
            bed.start();
            for (int i = 0; i < partitions; i++) {
                requireAll(bed.partitions.get(i), load.acknowledged.get(i), shown[i]);
            }
        }
        assertThat(load.errors).allMatch(error -> error == ErrorCode.KAFKA_STORAGE_ERROR);
        bed.stop();
        bed.disk.close();
        return load.acknowledgements();
    }

    private static void requireAll(Partition partition, TreeMap<Long, Integer> acknowledged, long shown)
            throws IOException {
        Log log = partition.log();
        assertThat(log.endOffset()).isGreaterThanOrEqualTo(shown);
        Map<Long, Integer> found = CommitBed.batches(log);
        assertThat(found).containsAllEntriesOf(acknowledged);
        if (!acknowledged.isEmpty()) {
            assertThat(partition.highWatermark()).isGreaterThan(acknowledged.lastKey());
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 5})
    void flushMessagesBoundsWhatAPowerLossTakes(int flushMessages) throws IOException {
        long first = SimulatedWorld.seedFromSystem();
        for (long seed = first; seed < first + 100; seed++) {
            CommitBed bed = new CommitBed(seed, 1, false, Map.of("flush.messages", "" + flushMessages));
            bed.start();
            CommittedLoad load = new CommittedLoad(bed.random, PRODUCERS, 1);
            for (int steps = bed.random.nextInt(40); steps >= 0; steps--) {
                load.step(bed);
                bed.world.advanceMs(bed.random.nextInt(3));
            }
            load.disconnect();
            bed.losePower();
            bed.start();
            Map<Long, Integer> found = CommitBed.batches(bed.partitions.get(0).log());
            // A batch is two records.
            long lost = load.acknowledged.get(0).entrySet().stream()
                    .filter(batch -> !batch.getValue().equals(found.get(batch.getKey())))
                    .count();
            assertThat(lost * 2).as("seed " + seed).isLessThan(flushMessages);
            bed.stop();
            bed.disk.close();
        }
    }

    @Test
    void aForceIsSharedByWhatWasAppendedMeanwhileAndLeavesTheIndexesAlone() throws IOException {
        CommitBed bed = new CommitBed(1, 1, true, SMALL_SEGMENTS);
        bed.start();
        CommittedLoad load = new CommittedLoad(bed.random, PRODUCERS, 1);
        for (int step = 0; step < 1000; step++) {
            load.step(bed);
            bed.world.advanceMs(1);
        }
        bed.world.advanceMs(20);
        load.disconnect();
        assertThat(load.acknowledgements()).isEqualTo(load.requests);
        assertThat(bed.manager.forcesBeforeAcknowledgement()).isLessThan(load.requests / 4);
        bed.stop();
        assertThat(bed.disk.forces("index")).isZero();
        assertThat(bed.disk.forces(".log")).isGreaterThan(100);
        bed.disk.close();
    }

    @Test
    void afterAForceHasFailedNothingOfTheFolderIsAcknowledged() throws IOException {
        CommitBed bed = new CommitBed(3, 16, true, Map.of());
        bed.start();
        CommittedLoad load = new CommittedLoad(bed.random, PRODUCERS, 16);
        for (int step = 0; step < 50; step++) {
            load.step(bed);
            bed.world.advanceMs(1);
        }
        bed.disk.failForceOf(".log");
        while (bed.failedFolders.isEmpty()) {
            load.step(bed);
            bed.world.advanceMs(1);
        }
        int acknowledged = load.acknowledgements();
        bed.world.advanceMs(10);
        load.step(bed);
        int late = load.acknowledgements() - acknowledged;
        for (int step = 0; step < 50; step++) {
            load.step(bed);
            bed.world.advanceMs(1);
        }
        assertThat(late).as("answers under way when it failed").isLessThan(PRODUCERS);
        assertThat(load.acknowledgements()).isEqualTo(acknowledged + late);
        assertThat(load.errors).hasSizeGreaterThan(PRODUCERS).containsOnly(ErrorCode.KAFKA_STORAGE_ERROR);
        assertThat(bed.failedFolders).allMatch(failure -> failure.startsWith("/data/logs"));
        load.disconnect();
        bed.losePower();
        bed.start();
        for (int i = 0; i < 16; i++) {
            requireAll(bed.partitions.get(i), load.acknowledged.get(i), 0);
        }
        bed.stop();
        bed.disk.close();
    }

    @Test
    void recordsAreNotShownBeforeTheyAreForced() throws IOException {
        CommitBed bed = new CommitBed(4, 1, true, Map.of());
        bed.start();
        Partition partition = bed.partitions.get(0);
        CommittedLoad load = new CommittedLoad(bed.random, PRODUCERS, 1);
        load.step(bed);
        bed.world.runUntil(() -> partition.log().endOffset() > 0, 10);
        assertThat(partition.highWatermark()).isZero();
        assertThat(partition.log().endOffset()).isPositive();
        bed.world.advanceMs(20);
        assertThat(partition.highWatermark()).isEqualTo(partition.log().endOffset());
        bed.stop();
        bed.disk.close();
    }

    @Test
    void aTruncationWhileAForceIsAwaitedLeavesNothingHangingAndNothingUnforced() throws IOException {
        long first = SimulatedWorld.seedFromSystem();
        for (long seed = first; seed < first + 200; seed++) {
            CommitBed bed = new CommitBed(seed, 1, true, SMALL_SEGMENTS);
            bed.start();
            Log log = bed.partitions.get(0).log();
            CommittedLoad load = new CommittedLoad(bed.random, PRODUCERS, 1);
            for (int step = 0; step < 30; step++) {
                load.step(bed);
                bed.world.advanceMs(bed.random.nextInt(2));
                if (bed.random.nextInt(5) == 0) {
                    log.truncateTo(log.startOffset() + bed.random.nextInt((int) (log.endOffset() + 1)));
                }
                assertThat(log.settledEndOffset()).as("seed " + seed).isLessThanOrEqualTo(log.endOffset());
                assertThat(log.recoveryPoint()).as("seed " + seed).isLessThanOrEqualTo(log.endOffset());
            }
            bed.world.advanceMs(20);
            assertThat(log.recoveryPoint()).as("seed " + seed).isEqualTo(log.endOffset());
            Map<Long, Integer> forced = CommitBed.batches(log);
            bed.losePower();
            bed.start();
            assertThat(CommitBed.batches(bed.partitions.get(0).log()))
                    .as("seed " + seed)
                    .isEqualTo(forced);
            bed.stop();
            bed.disk.close();
        }
    }
}
