package io.odradek.core.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.odradek.core.coordination.ClusterPaths;
import io.odradek.core.coordination.CoordinationException;
import io.odradek.core.coordination.CoordinationHome;
import io.odradek.core.coordination.CoordinationSession;
import io.odradek.core.coordination.CoordinationStore.CreateMode;
import io.odradek.core.coordination.CoordinationStore.Node;
import io.odradek.core.coordination.InProcessCoordinationStore;
import io.odradek.core.coordination.InProcessSession;
import io.odradek.core.coordination.JournalSettings;
import io.odradek.core.coordination.node.BrokerNode;
import io.odradek.core.metadata.MetadataImage.Endpoint;
import io.odradek.storage.env.EventLoop;
import io.odradek.storage.env.SimulatedLoop;
import io.odradek.storage.env.SimulatedWorld;
import io.odradek.storage.io.FaultingFileSystem;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.UnaryOperator;

/** A broker's membership over a tree that may be out of reach, in simulated time, and what its listeners are told. */
final class MembershipBed implements AutoCloseable {
    static final int BROKER = 7;
    static final long WAIT_MS = 1_000;
    static final BrokerNode NODE = new BrokerNode(
            new TreeMap<>(Map.of("PLAINTEXT", new Endpoint("here", 9092))),
            new TreeMap<>(Map.of("PLAINTEXT", "PLAINTEXT")),
            null,
            -1);
    private static final Path FOLDER = Path.of("/data");

    final SimulatedWorld world;
    final FaultingFileSystem files;
    final SimulatedLoop loop;
    final SimulatedLoop fencing;
    final InProcessCoordinationStore tree;
    final InProcessSession others;
    final ClusterMembership membership;
    final List<String> told = new ArrayList<>();
    final List<Long> epochs = new ArrayList<>();

    /** What the home does before it gives a session out. */
    UnaryOperator<CoordinationSession> sessions = session -> session;

    boolean reachable = true;
    int opened;
    long fencingMs;
    InProcessSession session;
    RuntimeException refusal;

    MembershipBed(long seed) throws IOException {
        world = new SimulatedWorld(seed);
        files = new FaultingFileSystem(seed);
        files.createFolders(FOLDER);
        loop = world.newLoop("cluster");
        fencing = world.newLoop("owner");
        tree = InProcessCoordinationStore.open(
                world.newLoop("store"), world.newLoop("log-io")::post, files, FOLDER, JournalSettings.DURABLE);
        others = tree.openSession(world.newLoop("others"));
        for (String path : List.of("/brokers", ClusterPaths.BROKER_IDS)) {
            others.create(path, new byte[0], CreateMode.PERSISTENT);
        }
        membership = new ClusterMembership(new Home(), loop, world.clock(), WAIT_MS);
    }

    private final class Home implements CoordinationHome {
        @Override
        public CompletionStage<CoordinationSession> openSession(EventLoop sessionLoop) {
            opened++;
            CompletableFuture<CoordinationSession> result = new CompletableFuture<>();
            sessionLoop.schedule(5, () -> {
                if (reachable) {
                    session = tree.openSession(sessionLoop);
                    result.complete(sessions.apply(session));
                } else {
                    result.completeExceptionally(new IOException("nobody answers"));
                }
            });
            return result;
        }

        @Override
        public boolean isOneBrokers() {
            return false;
        }

        @Override
        public CompletionStage<Void> close() {
            return CompletableFuture.completedStage(null);
        }
    }

    /** Writes down what it is told. */
    final class Witness implements TermListener {
        private final String name;

        Witness(String name) {
            this.name = name;
        }

        @Override
        public CompletionStage<Void> termBegan(CoordinationSession term, long brokerEpoch) {
            assertThat(loop.inLoop()).isTrue();
            assertThat(brokerEpoch).isEqualTo(membership.brokerEpoch());
            told.add(name + " begins");
            epochs.add(brokerEpoch);
            return refusal == null ? CompletableFuture.completedStage(null) : CompletableFuture.failedStage(refusal);
        }

        @Override
        public CompletionStage<Void> termEnded() {
            assertThat(loop.inLoop()).isTrue();
            assertThat(membership.brokerEpoch()).isEqualTo(ClusterMembership.NO_EPOCH);
            told.add(name + " ends");
            CompletableFuture<Void> ended = new CompletableFuture<>();
            fencing.schedule(fencingMs, () -> ended.complete(null));
            return ended;
        }
    }

    /** Joins with two listeners. */
    CompletionStage<Void> join() {
        return membership
                .open()
                .thenCompose(open -> membership.join(BROKER, NODE, List.of(new Witness("one"), new Witness("two"))));
    }

    /** {@return the broker's node, null if there is none} */
    Node node() {
        List<Node> found = new ArrayList<>();
        others.get(ClusterPaths.broker(BROKER)).whenComplete((node, error) -> found.add(node));
        world.runUntilIdle();
        return found.get(0);
    }

    /** {@return what a stage fails with, null if it does not} */
    Throwable failure(CompletionStage<?> stage) {
        List<Throwable> outcome = new ArrayList<>();
        stage.whenComplete((value, error) -> outcome.add(error));
        world.runUntil(() -> !outcome.isEmpty(), 60_000);
        Throwable error = outcome.get(0);
        return error instanceof CompletionException ? error.getCause() : error;
    }

    CoordinationException.Reason reason(CompletionStage<?> stage) {
        return ((CoordinationException) failure(stage)).reason();
    }

    @Override
    public void close() {
        tree.close();
        world.runUntilIdle();
        files.close();
    }
}
