package io.odradek.server.zookeeper;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.odradek.core.coordination.CoordinationSession;
import io.odradek.core.coordination.CoordinationStore;
import io.odradek.core.coordination.CoordinationStore.CreateMode;
import io.odradek.core.coordination.CoordinationStoreContract;
import io.odradek.server.env.SecureRandoms;
import io.odradek.server.env.SystemClock;
import io.odradek.server.env.ThreadEventLoop;
import io.odradek.storage.env.Guests;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The contract of coordination stores over a real ZooKeeper server, and what only a store over a network has. */
class ZooKeeperCoordinationStoreTest extends CoordinationStoreContract {
    private static final int SESSION_MS = 2_000;
    private static final int CONNECTION_MS = 10_000;

    @TempDir
    Path folder;

    private final ThreadEventLoop loop =
            new ThreadEventLoop("test", true, new Guests(new SystemClock(), new SecureRandoms())).start();
    private final List<ZooKeeperSession> sessions = new ArrayList<>();
    private TestEnsemble ensemble;

    @BeforeEach
    void start() throws IOException, InterruptedException {
        ensemble = new TestEnsemble(folder);
    }

    @AfterEach
    void stop() {
        sessions.forEach(ZooKeeperSession::close);
        ensemble.close();
        loop.close();
    }

    private static ZooKeeperCoordinationStore store(String connect, int connectionMs) {
        return new ZooKeeperCoordinationStore(
                connect,
                new ZooKeeperCoordinationStore.Timeouts(SESSION_MS, connectionMs),
                10,
                new SystemClock(),
                Runnable::run);
    }

    @Override
    protected CoordinationStore newSession() {
        return newSession(ensemble.connect());
    }

    private CoordinationSession newSession(String connect) {
        ZooKeeperSession session =
                store(connect, CONNECTION_MS).open(loop).toCompletableFuture().join();
        sessions.add(session);
        return session;
    }

    @Override
    protected void expire(CoordinationStore session) {
        CompletableFuture<Void> told = new CompletableFuture<>();
        session.onSessionExpired(() -> told.complete(null));
        ensemble.expire(((ZooKeeperSession) session).number());
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

    @Test
    void theNodeThatStandsForTheRootIsCreated() {
        CoordinationSession session = newSession(ensemble.connect() + "/of/cluster");
        value(session.create("/a", bytes("1"), CreateMode.PERSISTENT));
        assertThat(value(newSession().get("/of/cluster/a")).data()).isEqualTo(bytes("1"));
        assertThat(value(newSession(ensemble.connect() + "/of/cluster").children("/")))
                .containsExactly("a");
    }

    @Test
    void anEnsembleThatCannotBeReachedIsNamedAfterTheTimeGiven() throws IOException {
        int nobody;
        try (ServerSocket socket = new ServerSocket(0)) {
            nobody = socket.getLocalPort();
        }
        var opening = store("127.0.0.1:" + nobody, 300).openSession(loop).toCompletableFuture();
        assertThatThrownBy(opening::join)
                .isInstanceOf(CompletionException.class)
                .cause()
                .isInstanceOf(IOException.class)
                .hasMessage("ZooKeeper at 127.0.0.1:" + nobody
                        + " cannot be reached within 300 ms (zookeeper.connect, zookeeper.connection.timeout.ms)");
    }

    @Test
    void whatChangedWhileThereWasNoConnectionIsToldWithTheNext() throws Exception {
        CoordinationStore watcher = newSession();
        value(watcher.create("/w", bytes("0"), CreateMode.PERSISTENT));
        value(watcher.create("/mine", bytes(""), CreateMode.EPHEMERAL));
        AtomicInteger calls = new AtomicInteger();
        watcher.watch("/w", calls::incrementAndGet);
        settle();
        ensemble.stop();
        ensemble.start();
        await().until(() -> calls.get() == 1);
        assertThat(value(watcher.get("/mine")).ephemeral()).isTrue();
        value(watcher.set("/w", bytes("1"), 0));
        await().until(() -> calls.get() == 2);
    }

    @Test
    void manyCallsAreAnsweredInTheirOrderThroughASmallWindow() {
        CoordinationStore session = newSession();
        List<Integer> versions = new ArrayList<>();
        value(session.create("/a", bytes(""), CreateMode.PERSISTENT));
        List<Integer> expected = new ArrayList<>();
        for (int i = 0; i < 1_000; i++) {
            expected.add(i + 1);
            session.set("/a", bytes("x"), i).thenAccept(versions::add);
        }
        settle();
        assertThat(versions).isEqualTo(expected);
    }
}
