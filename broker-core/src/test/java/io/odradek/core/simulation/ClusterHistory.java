package io.odradek.core.simulation;

import io.odradek.storage.env.SimulatedWorld;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.Supplier;

/**
 * Some time of a cluster under clients, as a seed decides: it is whole, things go wrong, all is mended and it comes to be
 * whole again, and then what was promised is there; and again, until the time is over. What may go wrong, and what may
 * come of it, says {@link ClusterFaults}; what holds all the while, {@link ClusterInvariants}.
 */
final class ClusterHistory {
    /** How long the coordination keeps a silent session. */
    private static final int SESSION_TIMEOUT_MS = 6_000;

    private static final int BROKERS = 3;
    private static final long LONGEST_START_MS = 60_000;
    private static final long LONGEST_MENDING_MS = 180_000;
    private static final long SETTLING_MS = 1_000;
    private static final long LONGEST_SETTLING_MS = 60_000;
    private static final int STEP_MS = 250;
    private static final int CALM_MS = 10_000;
    private static final int LONGEST_TROUBLE_MS = 240_000;
    private static final int MEAN_BETWEEN_FAULTS_MS = 12_000;
    private static final int LONGEST_TAKE_OVER_MS = 60_000;
    private static final int LONGEST_ELECTION_MS = 300;
    private static final int MOST_TASKS_IN_A_SECOND = 100_000;

    private record Active(Fault fault, long endMs) {}

    private final long seed;
    private final Random random;
    private final SimulatedWorld world;
    private final Trace trace;
    private final ClusterWorld cluster;
    private final ClusterState state;
    private final ClusterFaults faults;
    private final ClusterWorkload workload;
    private final ClusterInvariants invariants;
    private final List<Active> active = new ArrayList<>();
    private int faultsSeen;

    /**
     * @param transactions whether clients with transactions are there as well
     * @param detailed whether the trace has every record and request
     * @param traceFile gets the trace, or null
     */
    ClusterHistory(long seed, boolean transactions, boolean detailed, PrintWriter traceFile) {
        this.seed = seed;
        this.random = new Random(seed * 0x9E3779B97F4A7C15L);
        this.world = new SimulatedWorld(seed);
        world.limitTasksInASecond(MOST_TASKS_IN_A_SECOND);
        this.trace = new Trace(world.clock(), detailed, traceFile);
        boolean forced = random.nextBoolean();
        List<Path> folders = random.nextInt(3) == 0
                ? List.of(Path.of("/disk-a/logs"), Path.of("/disk-b/logs"))
                : List.of(Path.of("/disk-a/logs"));
        Map<String, String> settings = settings(forced, folders);
        if (transactions) {
            settings.putAll(transactionSettings(new Random(seed).nextInt(4) > 0));
        }
        this.cluster = new ClusterWorld(world, trace, BROKERS, settings, SESSION_TIMEOUT_MS);
        this.state = new ClusterState(cluster.coordination().tree());
        this.faults = new ClusterFaults(cluster, random, forced, folders);
        this.workload = new ClusterWorkload(cluster, transactions);
        this.invariants = new ClusterInvariants(cluster, workload.partitions());
        workload.checkAgainst(invariants);
        trace.line("history", (forced ? "logs are forced" : "logs are not forced") + " in " + folders);
    }

    private static Map<String, String> settings(boolean forced, List<Path> folders) {
        Map<String, String> settings = new TreeMap<>();
        settings.put(
                "log.dirs",
                String.join(",", folders.stream().map(Path::toString).toList()));
        settings.put("log.flush.policy", forced ? "commit" : "interval");
        settings.put("auto.create.topics.enable", "false");
        settings.put("default.replication.factor", "3");
        settings.put("min.insync.replicas", "2");
        settings.put("offsets.topic.num.partitions", "1");
        settings.put("offsets.topic.replication.factor", Integer.toString(ClusterWorkload.REPLICAS));
        settings.put("group.initial.rebalance.delay.ms", "100");
        settings.put("replica.lag.time.max.ms", "8000");
        settings.put("replica.socket.timeout.ms", "6000");
        settings.put("controller.socket.timeout.ms", "6000");
        settings.put("leader.imbalance.check.interval.seconds", "20");
        settings.put("log.cleaner.dedupe.buffer.size", "1048576");
        settings.put("log.cleaner.io.buffer.size", "32768");
        return settings;
    }

    private static Map<String, String> transactionSettings(boolean second) {
        return Map.of(
                "transaction.state.log.num.partitions",
                "1",
                "transaction.state.log.replication.factor",
                Integer.toString(ClusterWorkload.REPLICAS),
                "transaction.abort.timed.out.transaction.cleanup.interval.ms",
                "2000",
                "transaction.remove.expired.transaction.cleanup.interval.ms",
                "30000",
                "transactional.id.expiration.ms",
                "600000",
                ClusterWorld.TRANSACTION_VERSION,
                second ? "2" : "0");
    }

    /** {@return the last lines of the trace} */
    String traceTail() {
        return trace.tail();
    }

    /** {@return tells this course of tasks from another} */
    long fingerprint() {
        return world.history();
    }

    /** {@return the simulated time so far} */
    long simulatedMs() {
        return world.clock().monotonicNs() / 1_000_000;
    }

    int faultsSeen() {
        return faultsSeen;
    }

    ClusterWorkload workload() {
        return workload;
    }

    /** @param longEnoughMs simulated time after which no new trouble begins */
    void run(long longEnoughMs) {
        cluster.brokers().forEach(BrokerProcess::start);
        awaitThat("the brokers serve", LONGEST_START_MS, this::brokersDown);
        workload.begin();
        awaitThat("the topics are there", LONGEST_START_MS, workload::unready);
        while (true) {
            awaitThat("the cluster is whole and gets on", LONGEST_MENDING_MS, this::unmended);
            verify();
            if (simulatedMs() >= longEnoughMs) {
                break;
            }
            pass(random.nextInt(CALM_MS));
            switch (random.nextInt(7)) {
                case 0 -> loseRecords();
                case 1 -> withoutOne();
                case 2 -> loseANewLeader();
                default -> trouble();
            }
            workload.expectProgress();
        }
    }

    private void pass(long ms) {
        world.advanceMs(ms);
        workload.throwFailure();
    }

    private void trouble() {
        long endMs = simulatedMs() + random.nextInt(LONGEST_TROUBLE_MS);
        workload.moves(random.nextInt(3) > 0);
        while (simulatedMs() < endMs) {
            if (active.size() < faults.mostAtOnce()) {
                begin(faults.next());
            }
            pass(1 + random.nextInt(2 * MEAN_BETWEEN_FAULTS_MS));
            endThoseThatAreOver();
        }
        workload.moves(false);
        while (!active.isEmpty()) {
            end(active.get(0));
        }
    }

    /** A replica that is away is not waited for: with one of three brokers gone, and nothing else, the others get on. */
    private void withoutOne() {
        Fault fault = faults.away();
        begin(fault);
        pass(random.nextInt(CALM_MS));
        workload.expectProgress();
        long endMs = simulatedMs() + LONGEST_TAKE_OVER_MS;
        while (!workload.writersStuck().isEmpty()) {
            Violation.unless(
                    simulatedMs() < endMs,
                    "Without one broker the others do not get on in %d s: %s",
                    LONGEST_TAKE_OVER_MS / 1000,
                    workload.writersStuck());
            pass(STEP_MS);
        }
        trace.line("history", "the others get on");
        pass(random.nextInt(CALM_MS));
        end(active.get(0));
    }

    /** Only where all is in sync, and until it is again nothing else goes wrong. */
    private void loseRecords() {
        if (!defects().isEmpty()) {
            return;
        }
        lose(faults.lossy());
    }

    private void lose(Fault fault) {
        begin(fault);
        pass(fault.durationMs());
        end(active.get(0));
    }

    /** As soon as a broker is to lead again that was away, what it has is lost: what it was told is not for its next life. */
    private void loseANewLeader() {
        BrokerProcess broker = cluster.brokers().get(random.nextInt(BROKERS));
        trace.line("history", broker + " is to lead and to lose what it has");
        broker.stop();
        awaitThat("it and all replicas are back", LONGEST_MENDING_MS, this::notInSync);
        workload.electPreferredLeaders(state.controller());
        long endMs = simulatedMs() + LONGEST_ELECTION_MS;
        int ledBefore = state.ledBy(broker.id());
        while (state.ledBy(broker.id()) <= ledBefore && simulatedMs() < endMs) {
            pass(1);
        }
        if (defects().isEmpty()) {
            lose(faults.lossy(broker));
        }
    }

    private List<String> notInSync() {
        List<String> missing = brokersDown();
        missing.addAll(defects());
        return missing;
    }

    private void begin(Fault fault) {
        faultsSeen++;
        trace.line("FAULT", fault.name() + (fault.durationMs() > 0 ? ", for " + fault.durationMs() + " ms" : ""));
        fault.begin().run();
        if (fault.durationMs() > 0) {
            active.add(new Active(fault, simulatedMs() + fault.durationMs()));
        }
    }

    private void endThoseThatAreOver() {
        for (Active each : List.copyOf(active)) {
            if (each.endMs <= simulatedMs()) {
                end(each);
            }
        }
    }

    private void end(Active over) {
        trace.line("FAULT", "over: " + over.fault.name());
        active.remove(over);
        over.fault.end().run();
    }

    /** Fails with what is still missing when the time is over. */
    private void awaitThat(String what, long boundMs, Supplier<List<String>> missing) {
        long endMs = simulatedMs() + boundMs;
        while (!missing.get().isEmpty()) {
            Violation.unless(
                    simulatedMs() < endMs, "It is not so after %d s that %s: %s", boundMs / 1000, what, missing.get());
            restartThoseThatCouldNot();
            pass(STEP_MS);
        }
        trace.line("history", what);
    }

    /** An operator starts a broker again whose start was refused or that has ended for a fault that is over. */
    private void restartThoseThatCouldNot() {
        for (BrokerProcess broker : cluster.brokers()) {
            if (broker.isDown()) {
                trace.line(broker, "is started again" + (broker.refusal() == null ? "" : ": " + broker.refusal()));
                broker.start();
            }
        }
    }

    private List<String> brokersDown() {
        List<String> down = new ArrayList<>();
        for (BrokerProcess broker : cluster.brokers()) {
            if (!broker.isServing()) {
                down.add(broker + " does not serve");
            }
        }
        return down;
    }

    private List<String> defects() {
        return state.defects(BROKERS, ClusterWorkload.REPLICAS);
    }

    private List<String> unmended() {
        List<String> missing = notInSync();
        missing.addAll(workload.noProgress());
        return missing;
    }

    /** Lets everything come to rest, and compares all replicas with each other and with what was promised. */
    private void verify() {
        workload.hold(true);
        pass(SETTLING_MS);
        awaitThat("the replicas are at rest", LONGEST_SETTLING_MS, this::unrest);
        ClusterVerification verification = new ClusterVerification(workload.clients(), invariants, state);
        verification.check(workload.lastingPartitions(), ClusterWorkload.REPLICAS);
        workload.hold(false);
        trace.line("history", "verified " + verification.records() + " records");
    }

    private List<String> unrest() {
        List<String> unrest = invariants.unrest(workload.lastingPartitions());
        unrest.addAll(workload.openTransactions());
        return unrest;
    }

    @Override
    public String toString() {
        return "seed " + seed;
    }
}
