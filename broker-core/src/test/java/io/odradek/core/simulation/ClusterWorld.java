package io.odradek.core.simulation;

import io.odradek.storage.env.SimulatedLoop;
import io.odradek.storage.env.SimulatedWorld;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Several brokers, their network and their coordination in one simulated world. */
final class ClusterWorld {
    static final String TRANSACTION_VERSION = "odradek.transaction.version";

    private final SimulatedWorld world;
    private final SimulatedNetwork network;
    private final SimulatedCoordination coordination;
    private final Trace trace;
    private final boolean secondTransactions;
    private final List<BrokerProcess> brokers = new ArrayList<>();

    /**
     * @param settings of all brokers
     * @param sessionTimeoutMs how long the coordination keeps a silent session
     */
    ClusterWorld(
            SimulatedWorld world, Trace trace, int brokerCount, Map<String, String> settings, int sessionTimeoutMs) {
        this.world = world;
        this.trace = trace;
        this.network = new SimulatedNetwork(world);
        this.secondTransactions = !"0".equals(settings.get(TRANSACTION_VERSION));
        this.coordination = new SimulatedCoordination(world, network, sessionTimeoutMs);
        for (int id = 1; id <= brokerCount; id++) {
            Map<String, String> own = new TreeMap<>(settings);
            own.put("broker.id", Integer.toString(id));
            own.put("listeners", "PLAINTEXT://broker-" + id + ":" + BrokerProcess.PORT);
            brokers.add(new BrokerProcess(this, id, own));
        }
    }

    SimulatedWorld world() {
        return world;
    }

    SimulatedNetwork network() {
        return network;
    }

    SimulatedCoordination coordination() {
        return coordination;
    }

    Trace trace() {
        return trace;
    }

    List<BrokerProcess> brokers() {
        return brokers;
    }

    /** {@return whether clients may speak transactions v2} */
    boolean speaksSecondTransactions() {
        return secondTransactions;
    }

    /** {@return whether any broker's wall clock ever showed another time than the true one} */
    boolean hasSetClocks() {
        return brokers.stream().anyMatch(broker -> broker.clock().wasSet());
    }

    /** {@return a client's way to the brokers} */
    SimulatedNode clientNode(String name) {
        return network.node(name);
    }

    SimulatedLoop newLoop(String name) {
        return world.newLoop(name);
    }
}
