package io.odradek.core.simulation;

import java.lang.management.ManagementFactory;

/** Runs seeds, on any thread, and says of one that fails how to run it again and what happened last. */
final class ClusterRuns {
    /** How long a run lasts at least, in simulated time. */
    static final long RUN_MS = Integer.getInteger("sim.minutes", 60) * 60_000L;

    private final long runMs;
    private final boolean transactions;
    private long runs;
    private long failures;
    private long simulatedMs;
    private long busyNs;
    private long answers;
    private long faults;
    private long committed;
    private long begun;

    ClusterRuns() {
        this(RUN_MS, Boolean.parseBoolean(System.getProperty("sim.transactions", "true")));
    }

    /**
     * @param runMs how long each run lasts at least, in simulated time
     * @param transactions whether there are clients with transactions
     */
    ClusterRuns(long runMs, boolean transactions) {
        this.runMs = runMs;
        this.transactions = transactions;
    }

    /**
     * Runs a seed; one that fails is run again with all that happens in its trace.
     *
     * @return the course it took
     * @throws AssertionError with what went wrong and the end of the trace
     */
    long run(long seed) {
        long startNs = cpuNs();
        ClusterHistory history = new ClusterHistory(seed, transactions, false, null);
        try {
            history.run(runMs);
        } catch (RuntimeException | Error failure) {
            count(history, cpuNs() - startNs, 1);
            throw new AssertionError(message(seed, history, failure), failure);
        }
        count(history, cpuNs() - startNs, 0);
        return history.fingerprint();
    }

    private static long cpuNs() {
        return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
    }

    private String message(long seed, ClusterHistory failed, Throwable failure) {
        return "-Dsim.seed=" + seed + (transactions ? "" : " -Dsim.transactions=false") + " fails after "
                + failed.simulatedMs() / 1000 + " simulated s: " + failure.getMessage() + "\n" + failed.traceTail()
                + "\nIn detail:\n" + detailed(seed, failed);
    }

    private String detailed(long seed, ClusterHistory failed) {
        ClusterHistory again = new ClusterHistory(seed, transactions, true, null);
        try {
            again.run(runMs);
        } catch (RuntimeException | Error expected) {
            return again.traceTail()
                    + (again.fingerprint() == failed.fingerprint() ? "" : "\nThe second run took another course");
        }
        return "The second run did not fail";
    }

    private synchronized void count(ClusterHistory history, long tookNs, int failed) {
        runs++;
        failures += failed;
        simulatedMs += history.simulatedMs();
        busyNs += tookNs;
        answers += history.workload().answers();
        faults += history.faultsSeen();
        begun += history.workload().clients().transactions().begun();
        committed += history.workload().clients().transactions().committed();
    }

    synchronized long runs() {
        return runs;
    }

    synchronized long failures() {
        return failures;
    }

    /** {@return how far it has come} */
    synchronized String summary() {
        double hours = simulatedMs / 3_600_000.0;
        return String.format(
                "%d runs, %d failed; %.1f simulated hours, %.0f of them in an hour of a core; %d faults, %d answers,"
                        + " %d of %d transactions committed",
                runs, failures, hours, hours / (busyNs / 3.6e12), faults, answers, committed, begun);
    }
}
