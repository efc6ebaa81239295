package io.odradek.server.embedded;

import io.odradek.core.coordination.CoordinationHome;
import io.odradek.core.coordination.CoordinationSession;
import io.odradek.core.coordination.InProcessCoordinationStore;
import io.odradek.core.coordination.InProcessSession;
import io.odradek.core.coordination.JournalSettings;
import io.odradek.server.env.SecureRandoms;
import io.odradek.server.env.SystemClock;
import io.odradek.server.env.ThreadEventLoop;
import io.odradek.storage.env.EventLoop;
import io.odradek.storage.env.Guests;
import io.odradek.storage.io.NioLogFileSystem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** The tree of a cluster in one JVM: it outlives its brokers, and their sessions end when the cluster says so. Thread-safe. */
final class SharedTree implements AutoCloseable {
    private final ThreadEventLoop loop;
    private final InProcessCoordinationStore store;
    private final Map<Integer, List<InProcessSession>> sessions = new TreeMap<>();

    /** @param folder where the tree is kept; created if it is missing */
    SharedTree(Path folder) throws IOException {
        Files.createDirectories(folder);
        loop = new ThreadEventLoop("tree", true, new Guests(new SystemClock(), new SecureRandoms())).start();
        try {
            store = InProcessCoordinationStore.open(
                    loop, loop::post, new NioLogFileSystem(0), folder, JournalSettings.EMBEDDED);
        } catch (IOException | RuntimeException failure) {
            loop.close();
            throw failure;
        }
    }

    /** {@return how a broker reaches the tree} */
    CoordinationHome.Opener of(int brokerId) {
        return surroundings -> new Home(brokerId);
    }

    /** Ends a broker's sessions as the silence of its process would. */
    synchronized void expire(int brokerId) {
        List<InProcessSession> ofBroker = sessions.remove(brokerId);
        if (ofBroker != null) {
            ofBroker.forEach(InProcessSession::expire);
        }
    }

    private synchronized InProcessSession open(int brokerId, EventLoop brokersLoop) {
        InProcessSession session = store.openSession(brokersLoop);
        sessions.computeIfAbsent(brokerId, any -> new ArrayList<>()).add(session);
        return session;
    }

    @Override
    public void close() {
        store.close().toCompletableFuture().join();
        loop.close();
    }

    private final class Home implements CoordinationHome {
        private final int brokerId;

        Home(int brokerId) {
            this.brokerId = brokerId;
        }

        @Override
        public CompletionStage<CoordinationSession> openSession(EventLoop brokersLoop) {
            return CompletableFuture.completedStage(open(brokerId, brokersLoop));
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
}
