package io.odradek.core.simulation;

import io.odradek.core.coordination.CoordinationHome;
import io.odradek.core.coordination.CoordinationSession;
import io.odradek.core.coordination.InProcessCoordinationStore;
import io.odradek.core.coordination.InProcessSession;
import io.odradek.core.coordination.JournalSettings;
import io.odradek.core.coordination.RetryingSession;
import io.odradek.core.coordination.TreeView;
import io.odradek.storage.env.EventLoop;
import io.odradek.storage.env.SimulatedLoop;
import io.odradek.storage.env.SimulatedWorld;
import io.odradek.storage.io.FaultingFileSystem;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * The cluster's tree as an ensemble of its own in a simulated network: sessions that live as long as they are heard of,
 * answers that are late or lost. The tree itself is the in-process store.
 */
final class SimulatedCoordination {
    /** The machine that the brokers' sessions lead to. */
    static final String NODE = "coordination";

    private static final int TICK_MS = 500;
    private static final int LOST_ONCE_IN = 3;
    private static final int CONNECTION_TIMEOUT_MS = 15_000;
    private static final Path FOLDER = Path.of("/coordination");

    private final SimulatedWorld world;
    private final SimulatedNetwork network;
    private final SimulatedNode node;
    private final SimulatedLoop loop;
    private final InProcessCoordinationStore store;
    private final List<Served> sessions = new ArrayList<>();
    private final int sessionTimeoutMs;
    private final Set<String> losingWrites = new TreeSet<>();
    private boolean away;

    /** @param sessionTimeoutMs how long a silent session lives */
    SimulatedCoordination(SimulatedWorld world, SimulatedNetwork network, int sessionTimeoutMs) {
        this.world = world;
        this.network = network;
        this.sessionTimeoutMs = sessionTimeoutMs;
        this.node = network.node(NODE);
        this.loop = world.newLoop(NODE);
        FaultingFileSystem disk = new FaultingFileSystem(0);
        try {
            disk.createFolders(FOLDER);
            store = InProcessCoordinationStore.open(loop, Runnable::run, disk, FOLDER, JournalSettings.EMBEDDED);
        } catch (IOException e) {
            throw new AssertionError("The coordination's disk never fails", e);
        }
        loop.schedule(TICK_MS, this::tick);
    }

    /** A session as the ensemble has it. */
    static final class Served {
        private final String owner;
        private final InProcessSession tree;
        private long heardMs;
        private boolean ended;
        private SimulatedSession client;

        private Served(String owner, InProcessSession tree) {
            this.owner = owner;
            this.tree = tree;
        }

        InProcessSession tree() {
            return tree;
        }

        boolean hasEnded() {
            return ended;
        }
    }

    /** Opens a session as ZooKeeper's client has it: what its connection loses is lost. */
    CompletionStage<SimulatedSession> connect(SimulatedNode broker, SimulatedConnection.Loops loops) {
        CompletableFuture<SimulatedSession> opened = new CompletableFuture<>();
        new SimulatedSession(this, broker, loops).connect(CONNECTION_TIMEOUT_MS, opened);
        return opened;
    }

    /**
     * {@return a broker's way to the tree, over sessions that try again what their connections lose}
     *
     * @param broker its machine
     * @param clientLoop the loop of its process on which the session is kept up
     */
    CoordinationHome.Opener openerFor(SimulatedNode broker, SimulatedLoop clientLoop) {
        return surroundings -> new CoordinationHome() {
            @Override
            public CompletionStage<CoordinationSession> openSession(EventLoop caller) {
                return connect(broker, new SimulatedConnection.Loops(clientLoop, caller))
                        .thenApply(opened -> new RetryingSession(opened, caller, world.clock(), sessionTimeoutMs));
            }

            @Override
            public boolean isOneBrokers() {
                return false;
            }

            @Override
            public CompletionStage<Void> close() {
                return CompletableFuture.completedStage(null);
            }
        };
    }

    /** Nobody reaches the ensemble, and no session expires: it has no quorum. */
    void goAway() {
        away = true;
        network.nodes().forEach(other -> {
            network.block(other, node);
            network.block(node, other);
        });
    }

    /** There is a quorum again, and each session is given its whole time anew. */
    void comeBack() {
        away = false;
        sessions.forEach(this::heard);
        network.nodes().forEach(other -> {
            network.unblock(other, node);
            network.unblock(node, other);
        });
    }

    /** {@return what stands in the tree} */
    TreeView tree() {
        return new TreeView(store);
    }

    /** Ends the sessions of a broker now, as if it had not been heard of. */
    void expire(String owner) {
        for (Served session : sessions) {
            if (session.owner.equals(owner)) {
                loop.post(() -> expire(session));
            }
        }
    }

    /** Cuts the connections of a broker's sessions; what is under way is carried out or not. */
    void cutConnections(String owner) {
        for (Served session : List.copyOf(sessions)) {
            if (session.owner.equals(owner) && session.client != null) {
                session.client.cut();
            }
        }
    }

    /** Loses a broker's connection now and then while a write is under way, which may be carried out; or no more. */
    void loseWrites(String owner, boolean now) {
        if (now) {
            losingWrites.add(owner);
        } else {
            losingWrites.remove(owner);
        }
    }

    boolean losesWrite(SimulatedNode broker) {
        return losingWrites.contains(broker.toString()) && network.draw(LOST_ONCE_IN) == 0;
    }

    /** {@return a new session; on the ensemble's loop} */
    Served open(String owner, SimulatedSession client) {
        Served session = new Served(owner, store.openSession(loop));
        session.client = client;
        session.heardMs = network.nowMs();
        sessions.add(session);
        return session;
    }

    void heard(Served session) {
        session.heardMs = network.nowMs();
    }

    /** A session ends at its broker's wish. */
    void close(Served session) {
        if (!session.ended) {
            session.ended = true;
            session.tree.close();
        }
    }

    private void tick() {
        for (Served session : sessions) {
            if (!away && network.nowMs() - session.heardMs > sessionTimeoutMs) {
                expire(session);
            }
        }
        sessions.removeIf(Served::hasEnded);
        loop.schedule(TICK_MS, this::tick);
    }

    private void expire(Served session) {
        if (!session.ended) {
            session.ended = true;
            session.tree.close();
            session.client.expiredOnServer();
        }
    }

    SimulatedNetwork network() {
        return network;
    }

    SimulatedNode node() {
        return node;
    }

    SimulatedLoop loop() {
        return loop;
    }

    int sessionTimeoutMs() {
        return sessionTimeoutMs;
    }
}
