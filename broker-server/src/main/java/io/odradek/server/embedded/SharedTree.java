package io.odradek.server.embedded;

import io.odradek.core.coordination.CoordinationHome;
import io.odradek.core.coordination.CoordinationSession;
import io.odradek.core.coordination.InProcessCoordinationStore;
import io.odradek.core.coordination.InProcessSession;
import io.odradek.core.coordination.JournalSettings;
import io.odradek.server.env.SecureRandoms;
import io.odradek.server.env.ThreadEventLoop;
import io.odradek.storage.env.Clock;
import io.odradek.storage.env.EventLoop;
import io.odradek.storage.env.Guests;
import io.odradek.storage.io.NioLogFileSystem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** The tree of a cluster in one JVM, which outlives its brokers. Thread-safe. */
final class SharedTree implements AutoCloseable {
    private final ThreadEventLoop loop;
    private final InProcessCoordinationStore store;

    /**
     * @param folder where the tree is kept; created if it is missing
     * @param clock that of all brokers
     */
    SharedTree(Path folder, Clock clock) throws IOException {
        Files.createDirectories(folder);
        loop = new ThreadEventLoop("tree", true, new Guests(clock, new SecureRandoms())).start();
        try {
            store = InProcessCoordinationStore.open(
                    loop, loop::post, new NioLogFileSystem(0), folder, JournalSettings.EMBEDDED);
        } catch (IOException | RuntimeException failure) {
            loop.close();
            throw failure;
        }
    }

    /** {@return the loop it lives on} */
    ThreadEventLoop loop() {
        return loop;
    }

    /** {@return one broker's way to the tree, for one life} */
    Way way() {
        return new Way();
    }

    @Override
    public void close() {
        store.close().toCompletableFuture().join();
        loop.close();
    }

    /** A broker's way to the tree, which may be cut. */
    final class Way implements CoordinationHome {
        private final List<InProcessSession> sessions = new ArrayList<>();
        private boolean cut;

        /** Ends the broker's sessions as the silence of its process would; it gets no other one. */
        synchronized void cut() {
            cut = true;
            sessions.forEach(InProcessSession::expire);
        }

        /** Ends the broker's sessions as a partition of the network does that outlasts them: the broker does not hear of it. */
        synchronized void isolate() {
            sessions.forEach(InProcessSession::lapse);
        }

        /** The partition is over: now it hears that its session is. */
        synchronized void rejoin() {
            sessions.forEach(InProcessSession::expire);
            sessions.clear();
        }

        @Override
        public synchronized CompletionStage<CoordinationSession> openSession(EventLoop brokersLoop) {
            if (cut) {
                return CompletableFuture.failedStage(new IOException("the broker has been killed"));
            }
            InProcessSession session = store.openSession(brokersLoop);
            sessions.add(session);
            return CompletableFuture.completedStage(session);
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
