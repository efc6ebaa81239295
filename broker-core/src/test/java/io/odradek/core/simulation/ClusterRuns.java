package io.odradek.core.simulation;

/** Runs seeds, on any thread, and says of one that fails how to run it again and what happened last. */
final class ClusterRuns {
    /** How long a run lasts at least, in simulated time. */
    static final long RUN_MS = Integer.getInteger("sim.minutes", 60) * 60_000L;

    private long runs;
    private long simulatedMs;
    private long busyNs;
    private long answers;
    private long faults;

    /** Runs a seed. {@return the course it took} */
    long run(long seed) {
        long startNs = System.nanoTime();
        ClusterHistory history = new ClusterHistory(seed, false, null);
        try {
            history.run(RUN_MS);
        } catch (RuntimeException | Error failure) {
            throw new AssertionError(
                    "-Dsim.seed=" + seed + " fails after " + history.simulatedMs() / 1000 + " simulated s: "
                            + failure.getMessage() + "\n" + history.traceTail(),
                    failure);
        } finally {
            count(history, System.nanoTime() - startNs);
        }
        return history.fingerprint();
    }

    private synchronized void count(ClusterHistory history, long tookNs) {
        runs++;
        simulatedMs += history.simulatedMs();
        busyNs += tookNs;
        answers += history.workload().answers();
        faults += history.faultsSeen();
    }

    /** {@return how far it has come} */
    synchronized String summary() {
        double hours = simulatedMs / 3_600_000.0;
        return String.format(
                "%d runs, %.1f simulated hours, %.0f of them in an hour of a core, %d faults, %d answers",
                runs, hours, hours / (busyNs / 3.6e12), faults, answers);
    }
}
