package io.odradek.core.simulation;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Runs seed after seed on every core until it is told to stop. Those that fail are named with what happened last, and the
 * others go on. System properties:
 *
 * <ul>
 *   <li>{@code sim.from}: the first seed, else a fresh one; {@code sim.seconds}, {@code sim.runs}: how long, how many;
 *   <li>{@code sim.failures}: ends after so many failures, with status 1 if there was one;
 *   <li>{@code sim.threads}, else as many as there are cores; {@code sim.minutes}: simulated length of a run, else 60;
 *   <li>{@code sim.transactions}: whether there are clients with transactions, else they are;
 *   <li>{@code sim.seed}: runs this one alone; {@code sim.trace}: the file for its trace; {@code sim.detailed}: whether that
 *       has every request.
 * </ul>
 */
public final class NightRuns {
    private static final long REPORT_EVERY_NS = TimeUnit.SECONDS.toNanos(60);

    private final ClusterRuns runs = new ClusterRuns();
    private final AtomicLong seeds =
            new AtomicLong(Long.getLong("sim.from", System.currentTimeMillis() % 1_000_000_000));
    private final long endNs =
            System.nanoTime() + TimeUnit.SECONDS.toNanos(Long.getLong("sim.seconds", Integer.MAX_VALUE));
    private final long lastSeed = seeds.get() + Long.getLong("sim.runs", Integer.MAX_VALUE);
    private final long mostFailures = Long.getLong("sim.failures", Long.MAX_VALUE);

    private NightRuns() {}

    /** Runs. */
    public static void main(String[] arguments) throws InterruptedException, IOException {
        Long given = Long.getLong("sim.seed");
        if (given != null) {
            runOne(given);
            return;
        }
        NightRuns night = new NightRuns();
        Runtime.getRuntime().addShutdownHook(new Thread(() -> System.out.println(night.runs.summary())));
        night.runAll();
        System.exit(night.runs.failures() == 0 ? 0 : 1);
    }

    private void runAll() throws InterruptedException {
        int cores = Runtime.getRuntime().availableProcessors();
        Thread[] threads = new Thread[Integer.getInteger("sim.threads", cores)];
        for (int i = 0; i < threads.length; i++) {
            threads[i] = new Thread(this::runOneAfterTheOther, "runs-" + i);
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

    private void runOneAfterTheOther() {
        while (System.nanoTime() < endNs && seeds.get() < lastSeed && runs.failures() < mostFailures) {
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
        try (PrintWriter out = new PrintWriter(Files.newBufferedWriter(Path.of(file), StandardCharsets.UTF_8), true)) {
            new ClusterHistory(
                            seed,
                            Boolean.parseBoolean(System.getProperty("sim.transactions", "true")),
                            Boolean.getBoolean("sim.detailed"),
                            out)
                    .run(ClusterRuns.RUN_MS);
        }
    }
}
