package io.odradek.core.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import io.odradek.storage.env.SimulatedWorld;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Disabled;
import org.junit.jupiter.api.Test;

/** Hours of a cluster's life, each from a seed of its own. */
@Disabled("until brokers replicate")
class ClusterHistoryTest {
    private static final long SECONDS = Long.getLong("sim.seconds", 10);

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

    @Test
    void aSeedIsAlwaysTheSameCourse() {
        long seed = SimulatedWorld.seedFromSystem();
        assertThat(new ClusterRuns().run(seed)).isEqualTo(new ClusterRuns().run(seed));
    }
}
