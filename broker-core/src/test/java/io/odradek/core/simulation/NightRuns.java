package io.odradek.core.simulation;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Runs seed after seed on every core until it is told to stop, or for {@code -Dsim.seconds}. Seeds begin at {@code -Dsim.from};
 * those that fail are named with what happened last, and the others go on. With {@code -Dsim.seed} it runs that one, and
 * {@code -Dsim.trace=FILE} keeps all that happens in it.
 */
public final class NightRuns {
    private static final long REPORT_EVERY_NS = TimeUnit.SECONDS.toNanos(60);

    private NightRuns() {}

    /** Runs. */
    public static void main(String[] arguments) throws InterruptedException, IOException {
        Long given = Long.getLong("sim.seed");
        if (given != null) {
            runOne(given);
            return;
        }
        long endNs = System.nanoTime() + TimeUnit.SECONDS.toNanos(Long.getLong("sim.seconds", Integer.MAX_VALUE));
        AtomicLong seeds = new AtomicLong(Long.getLong("sim.from", System.currentTimeMillis() % 1_000_000_000));
        ClusterRuns runs = new ClusterRuns();
        Runtime.getRuntime().addShutdownHook(new Thread(() -> System.out.println(runs.summary())));
        Thread[] threads = new Thread
                [Integer.getInteger("sim.threads", Runtime.getRuntime().availableProcessors())];
        for (int i = 0; i < threads.length; i++) {
            threads[i] = new Thread(() -> runAll(runs, seeds, endNs), "runs-" + i);
            threads[i].start();
        }
        long reportedNs = System.nanoTime();
        for (Thread thread : threads) {
            while (thread.isAlive()) {
                thread.join(1_000);
                if (System.nanoTime() - reportedNs > REPORT_EVERY_NS) {
                    reportedNs = System.nanoTime();
                    System.out.println(runs.summary());
                }
            }
        }
    }

    private static void runAll(ClusterRuns runs, AtomicLong seeds, long endNs) {
        while (System.nanoTime() < endNs) {
            try {
                runs.run(seeds.getAndIncrement());
            } catch (AssertionError failure) {
                synchronized (runs) {
                    System.out.println(failure.getMessage());
                    failure.getCause().printStackTrace(System.out);
                }
            }
        }
    }

    private static void runOne(long seed) throws IOException {
        String file = System.getProperty("sim.trace");
        if (file == null) {
            new ClusterRuns().run(seed);
            return;
        }
        try (PrintWriter out = new PrintWriter(Files.newBufferedWriter(Path.of(file), StandardCharsets.UTF_8))) {
            new ClusterHistory(seed, Boolean.getBoolean("sim.detailed"), out).run(ClusterRuns.RUN_MS);
        }
    }
}
