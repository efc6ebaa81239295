package io.odradek.core.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import io.odradek.storage.env.SimulatedWorld;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Hours of a cluster's life, each from a seed of its own: fresh ones for {@code -Dsim.seconds}, or {@code -Dsim.seed} alone.
 * {@link NightRuns} runs them without an end.
 */
class ClusterHistoryTest {
    private static final long SECONDS = Long.getLong("sim.seconds", 150);
    private static final long SHORT_MS = TimeUnit.MINUTES.toMillis(15);

    @Test
    void nothingPromisedIsLostAndTheClusterComesToBeWholeAgain() {
        Long given = Long.getLong("sim.seed");
        ClusterRuns runs = new ClusterRuns();
        if (given != null) {
            runs.run(given);
            return;
        }
        long first = SimulatedWorld.seedFromSystem();
        long endNs = System.nanoTime() + TimeUnit.SECONDS.toNanos(SECONDS);
        for (long seed = first; seed == first || System.nanoTime() < endNs; seed++) {
            System.out.println("-Dsim.seed=" + seed);
            runs.run(seed);
        }
        System.out.println(runs.summary());
    }

    /** Those that have failed once. */
    @ParameterizedTest
    @ValueSource(longs = {1, 4, 8, 11, 1002})
    void whatWentWrongOnceGoesWrongNoMore(long seed) {
        new ClusterRuns(SHORT_MS).run(seed);
    }

    @Test
    void aSeedIsAlwaysTheSameCourse() {
        long seed = SimulatedWorld.seedFromSystem();
        for (int i = 0; i < 3; i++) {
            long first = new ClusterRuns(SHORT_MS).run(seed + i);
            assertThat(new ClusterRuns(SHORT_MS).run(seed + i))
                    .as("seed " + (seed + i))
                    .isEqualTo(first);
        }
    }
}
