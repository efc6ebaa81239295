package io.odradek.core.controller;

import static org.assertj.core.api.Assertions.assertThat;

import io.odradek.storage.env.SimulatedWorld;
import java.io.IOException;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** {@code -Dhistories=N -Dseed=S} runs more of them, or those that failed again. */
class ControllerHistoryTest {
    private static final int STEPS = 150;

    @Test
    void whateverBefallsControllersTheClusterIsOneAgainWhenItHasHealed() throws IOException {
        Random seeds = new Random(SimulatedWorld.seedFromSystem());
        for (int i = 0; i < Integer.getInteger("histories", 40); i++) {
            run(i == 0 ? SimulatedWorld.seedFromSystem() : seeds.nextLong());
        }
    }

    @Test
    void aSeedHasOneHistory() throws IOException {
        long seed = SimulatedWorld.seedFromSystem();
        assertThat(run(seed)).isEqualTo(run(seed));
    }

    private static long run(long seed) throws IOException {
        ControllerHistory history = new ControllerHistory(seed);
        try {
            history.run(STEPS);
            return history.cluster.world.history();
        } catch (AssertionError | RuntimeException e) {
            System.out.println(history.trace());
            throw new AssertionError("The history of -Dseed=" + seed + " -Dhistories=1 failed: " + e.getMessage(), e);
        } finally {
            history.close();
        }
    }
}
