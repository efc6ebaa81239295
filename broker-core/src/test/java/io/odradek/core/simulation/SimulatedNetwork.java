package io.odradek.core.simulation;

import io.odradek.core.transport.BrokerClient;
import io.odradek.core.transport.BrokerConnection;
import io.odradek.core.transport.Purpose;
import io.odradek.protocol.api.ApiRequest;
import io.odradek.storage.env.EventLoop;
import io.odradek.storage.env.SimulatedLoop;
import io.odradek.storage.env.SimulatedWorld;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;

/**
 * The network of a simulated world. Its connections are of TCP's kind: in order, delayed, refused where nobody listens, lost
 * in mid-frame with any part of what was under way. The way from one machine to another may be blocked, in one direction or
 * in both: what is sent meanwhile arrives when it is free again, and who waits cannot tell.
 */
final class SimulatedNetwork {
    private static final int MOST_NODES = 64;
    private static final int LONGEST_MS = 2;
    private static final int SLOW_ONCE_IN = 200;
    private static final int SLOWEST_MS = 60;

    /** Sees every request where it arrives. */
    interface Tap {
        void arrived(SimulatedNode from, SimulatedNode to, ApiRequest request);
    }

    private final SimulatedWorld world;
    private final Random random;
    private final Map<String, SimulatedNode> nodes = new TreeMap<>();
    private final int[][] blocked = new int[MOST_NODES][MOST_NODES];
    private final Set<SimulatedPipe> heldUp = new LinkedHashSet<>();
    private final Set<SimulatedSocket> sockets = new LinkedHashSet<>();
    private long connections;
    private Tap tap = (from, to, request) -> {};

    SimulatedNetwork(SimulatedWorld world) {
        this.world = world;
        this.random = world.newRandom("network");
    }

    /** Says who sees what arrives. */
    void tap(Tap newTap) {
        tap = newTap;
    }

    Tap tap() {
        return tap;
    }

    /** {@return the machine of this name} */
    SimulatedNode node(String name) {
        return nodes.computeIfAbsent(name, any -> new SimulatedNode(name, nodes.size()));
    }

    Collection<SimulatedNode> nodes() {
        return nodes.values();
    }

    /**
     * {@return a process's way to those who listen}
     *
     * @param loop where what arrives for the process is taken
     */
    BrokerClient client(SimulatedNode node, SimulatedLoop loop) {
        return new BrokerClient() {
            private final List<SimulatedConnection> connections = new ArrayList<>();

            @Override
            public BrokerConnection connection(String host, int port, Purpose purpose, EventLoop caller) {
                SimulatedConnection connection = new SimulatedConnection(
                        SimulatedNetwork.this,
                        node,
                        nodes.get(host),
                        purpose.clientId(),
                        new SimulatedConnection.Loops(loop, caller));
                connections.add(connection);
                connections.removeIf(SimulatedConnection::isClosed);
                return connection;
            }

            @Override
            public InetAddress lookUp(String host) {
                return null;
            }

            @Override
            public void close() {
                List.copyOf(connections).forEach(SimulatedConnection::close);
            }
        };
    }

    /** A process has ended; those who were connected learn of it if the machine still runs. */
    void processEnded(SimulatedNode node, boolean stillPowered) {
        node.ended(stillPowered);
        for (SimulatedSocket socket : List.copyOf(sockets)) {
            if (socket.client() == node || socket.server() == node) {
                socket.processEnded(node, stillPowered);
            }
        }
    }

    /** Loses a part of the connections. */
    void cutConnections(int oneIn) {
        for (SimulatedSocket socket : List.copyOf(sockets)) {
            if (random.nextInt(oneIn) == 0) {
                socket.cut();
            }
        }
    }

    /** Lets nothing through from one machine to another, until it has been unblocked as often. */
    void block(SimulatedNode from, SimulatedNode to) {
        blocked[from.index()][to.index()]++;
    }

    /** Lets what was blocked between two machines through again. */
    void unblock(SimulatedNode from, SimulatedNode to) {
        blocked[from.index()][to.index()]--;
        List<SimulatedPipe> waiting = List.copyOf(heldUp);
        heldUp.clear();
        // Those whose way is still blocked hold themselves up again.
        waiting.forEach(SimulatedPipe::resume);
    }

    boolean isBlocked(SimulatedNode from, SimulatedNode to) {
        return blocked[from.index()][to.index()] > 0;
    }

    void holdUp(SimulatedPipe pipe) {
        heldUp.add(pipe);
    }

    int latencyMs(SimulatedNode from, SimulatedNode to) {
        int extra = Math.max(from.extraLatencyMs(), to.extraLatencyMs());
        int most = extra + (random.nextInt(SLOW_ONCE_IN) == 0 ? SLOWEST_MS : LONGEST_MS);
        return random.nextInt(most + 1);
    }

    long nowMs() {
        return world.clock().monotonicNs() / 1_000_000;
    }

    int draw(int bound) {
        return random.nextInt(bound);
    }

    /** {@return the number of a connection that is being opened} */
    long nextSequence() {
        return ++connections;
    }

    void opened(SimulatedSocket socket) {
        sockets.add(socket);
    }

    void ended(SimulatedSocket socket) {
        sockets.remove(socket);
    }
}
