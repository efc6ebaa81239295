package io.odradek.core.replication;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.data.Percentage.withPercentage;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Broker 2 copies what broker 1 leads of replicas that are throttled (KIP-73), a megabyte with each fetch at most. */
class ThrottledReplicationTest {
    private static final int BATCHES = 350;
    private static final long RATE = 1 << 20;

    private ReplicationBed bed(String leaders, String followers) {
        return new ReplicationBed(
                Map.of(
                        "leader.replication.throttled.replicas", leaders,
                        "follower.replication.throttled.replicas", followers),
                1,
                2);
    }

    /** Broker 2 has nothing of what broker 1 has. */
    private static void lag(ReplicationBed bed, int... partitions) {
        // Before it may fetch: whoever has all of nothing is in sync, and not throttled.
        bed.cutOff.add(2);
        for (int partition : partitions) {
            bed.elect(partition, 1, 0, List.of(1), List.of(1, 2));
        }
        for (int partition : partitions) {
            for (int i = 0; i < BATCHES; i++) {
                bed.node(1).append(partition, 4_000, 1);
            }
        }
    }

    private static long caughtUpAfterMs(ReplicationBed bed, int partition) {
        bed.heal(2);
        bed.world.runUntil(() -> bed.node(2).end(partition) > 0, 60_000);
        long beganMs = bed.world.clock().wallMs();
        bed.world.runUntil(() -> bed.node(2).end(partition).equals(bed.node(1).end(partition)), 120_000);
        return bed.world.clock().wallMs() - beganMs;
    }

    private static void requireRate(ReplicationBed bed) {
        lag(bed, 0);
        long bytes = bed.node(1).partition(0).appendedBytes();
        int requests = bed.requests;
        double tookMs = caughtUpAfterMs(bed, 0);
        assertThat(bed.requests - requests).as("nobody asks without end").isLessThan(300);
        assertThat(bytes).isGreaterThan(20 * RATE);
        assertThat(bytes / tookMs * 1_000).isCloseTo(RATE, withPercentage(10));
    }

    @Test
    void aLeaderGivesNoMoreThanItMay() {
        ReplicationBed bed = bed("0:1", "");
        bed.leaderBytesPerSecond = RATE;
        requireRate(bed.start());
    }

    @Test
    void aFollowerTakesNoMoreThanItMay() {
        ReplicationBed bed = bed("", "0:2");
        bed.followerBytesPerSecond = RATE;
        requireRate(bed.start());
    }

    @Test
    void theSmallerOfBothHolds() {
        ReplicationBed bed = bed("*", "*");
        bed.leaderBytesPerSecond = 50 * RATE;
        bed.followerBytesPerSecond = RATE;
        requireRate(bed.start());
    }

    @Test
    void whatIsNotThrottledIsCopiedMeanwhile() {
        ReplicationBed bed = bed("0:1", "0:2");
        bed.leaderBytesPerSecond = 1_000;
        bed.followerBytesPerSecond = 1_000;
        bed.start();
        lag(bed, 0, 1);
        assertThat(caughtUpAfterMs(bed, 1)).isLessThan(10_000);
        assertThat(bed.node(2).end(0)).isLessThan(bed.node(1).end(0) / 2);
    }

    @Test
    void whoIsInSyncIsNotHeldBack() {
        ReplicationBed bed = bed("*", "*");
        bed.leaderBytesPerSecond = 1;
        bed.followerBytesPerSecond = 1;
        bed.start();
        bed.elect(0, 1, 0, List.of(1, 2), List.of(1, 2));
        for (int i = 1; i <= 20; i++) {
            long end = i * 4_000L;
            bed.node(1).append(0, 4_000, -1);
            bed.world.runUntil(() -> bed.node(1).highWatermark(0) == end, 1_000);
        }
    }
}
