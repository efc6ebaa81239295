package io.odradek.core.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import io.odradek.storage.env.SimulatedWorld;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Hours of a cluster's life, each from a seed of its own: fresh ones for {@code -Dsim.seconds}, or {@code -Dsim.seed} alone.
 * {@link NightRuns} runs them without an end.
 */
class ClusterHistoryTest {
    private static final long SECONDS = Long.getLong("sim.seconds", 60);
    private static final int AT_ONCE = Math.min(2, Runtime.getRuntime().availableProcessors());
    private static final double WITH_TRANSACTIONS = 0.45;
    private static final long SHORT_MS = TimeUnit.MINUTES.toMillis(15);

    @Test
    void nothingPromisedIsLostAndTheClusterComesToBeWholeAgain() {
        run(new ClusterRuns(ClusterRuns.RUN_MS, false), SECONDS * (1 - WITH_TRANSACTIONS));
    }

    @Test
    void transactionsAreThereAsAWholeOrNotAtAll() {
        run(new ClusterRuns(ClusterRuns.RUN_MS, true), SECONDS * WITH_TRANSACTIONS);
    }

    private static void run(ClusterRuns runs, double seconds) {
        Long given = Long.getLong("sim.seed");
        if (given != null) {
            runs.run(given);
            return;
        }
        AtomicLong seeds = new AtomicLong(SimulatedWorld.seedFromSystem());
        long endNs = System.nanoTime() + (long) (seconds * TimeUnit.SECONDS.toNanos(1));
        Runnable oneAfterTheOther = () -> {
            do {
                long seed = seeds.getAndIncrement();
                System.out.println("-Dsim.seed=" + seed);
                runs.run(seed);
            } while (System.nanoTime() < endNs);
        };
        CompletableFuture<?>[] all = new CompletableFuture<?>[AT_ONCE];
        Arrays.setAll(
                all, i -> CompletableFuture.runAsync(oneAfterTheOther, task -> new Thread(task, "runs-" + i).start()));
        CompletableFuture.allOf(all).join();
        System.out.println(runs.summary());
    }

    /** Those that have failed once. */
    @ParameterizedTest
    @ValueSource(longs = {1, 4, 8, 11, 1002})
    void whatWentWrongOnceGoesWrongNoMore(long seed) {
        new ClusterRuns(SHORT_MS, false).run(seed);
    }

    @Test
    void aSeedIsAlwaysTheSameCourse() {
        long seed = SimulatedWorld.seedFromSystem();
        for (int i = 0; i < 4; i++) {
            boolean transactions = i % 2 == 0;
            long first = new ClusterRuns(SHORT_MS, transactions).run(seed + i);
            assertThat(new ClusterRuns(SHORT_MS, transactions).run(seed + i))
                    .as("seed " + (seed + i))
                    .isEqualTo(first);
        }
    }
}
