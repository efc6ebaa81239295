package io.odradek.server.zookeeper;

import io.odradek.core.coordination.CoordinationSession;
import io.odradek.core.coordination.CoordinationStore;
import io.odradek.core.coordination.CoordinationStoreContract;
import io.odradek.server.env.SecureRandoms;
import io.odradek.server.env.SystemClock;
import io.odradek.server.env.ThreadEventLoop;
import io.odradek.storage.env.Guests;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;

/** The contract of coordination stores over real ZooKeeper servers, which a subclass brings. */
abstract class ZooKeeperStoreContract extends CoordinationStoreContract {
    private static final int CONNECTION_MS = 30_000;

    final ThreadEventLoop loop =
            new ThreadEventLoop("test", true, new Guests(new SystemClock(), new SecureRandoms())).start();
    private final List<ZooKeeperSession> sessions = new ArrayList<>();

    /** {@return where the tree of this test is} */
    abstract String connect();

    /** {@return how long a silent session lives} */
    abstract int sessionMs();

    /** Ends a session as the servers do with one that was silent for too long. */
    abstract void expire(long session);

    /** Stops what the test has started, after its sessions. */
    void stopServer() {}

    @AfterEach
    void closeSessions() {
        sessions.forEach(ZooKeeperSession::close);
        loop.close();
        stopServer();
    }

    ZooKeeperCoordinationStore store(String connect, int connectionMs) {
        return store(connect, new ZooKeeperCoordinationStore.Timeouts(sessionMs(), connectionMs));
    }

    ZooKeeperCoordinationStore store(String connect, ZooKeeperCoordinationStore.Timeouts timeouts) {
        return new ZooKeeperCoordinationStore(connect, timeouts, 10, new SystemClock(), Runnable::run);
    }

    @Override
    protected CoordinationStore newSession() {
        return newSession(connect());
    }

    CoordinationSession newSession(String connect) {
        return open(store(connect, CONNECTION_MS));
    }

    ZooKeeperSession open(ZooKeeperCoordinationStore store) {
        ZooKeeperSession session = store.open(loop).toCompletableFuture().join();
        sessions.add(session);
        return session;
    }

    @Override
    protected void expire(CoordinationStore session) {
        CompletableFuture<Void> told = new CompletableFuture<>();
        session.onSessionExpired(() -> told.complete(null));
        expire(((ZooKeeperSession) session).number());
        told.join();
        settle();
    }

    /** A change takes a round to be made, one to be told, one to be read, and one for what is done with it. */
    @Override
    protected void settle() {
        for (int round = 0; round < 4; round++) {
            for (ZooKeeperSession session : sessions) {
                session.reachEnsemble();
            }
            CompletableFuture<Void> loopIsThrough = new CompletableFuture<>();
            loop.post(() -> loopIsThrough.complete(null));
            loopIsThrough.join();
        }
    }
}
