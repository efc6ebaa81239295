package io.odradek.server.zookeeper;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.odradek.core.coordination.CoordinationException;
import io.odradek.core.coordination.CoordinationException.Reason;
import io.odradek.core.coordination.CoordinationSession;
import io.odradek.core.coordination.CoordinationStore;
import io.odradek.core.coordination.CoordinationStore.CreateMode;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The contract of coordination stores over an ensemble, and that the death of one of its servers is no event. */
@Timeout(300)
class EnsembleOfThreeTest extends ZooKeeperStoreContract {
    private static final AtomicInteger TREES = new AtomicInteger();
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private static TestQuorum quorum;
    private String tree;

    @BeforeAll
    static void startServers(@TempDir Path folder) throws IOException {
        quorum = new TestQuorum(folder);
    }

    @AfterAll
    static void stopServers() {
        quorum.close();
    }

    /** Each test has a tree of its own in the ensemble of all. */
    @BeforeEach
    void takeTree() {
        tree = quorum.connect() + "/tree-" + TREES.incrementAndGet();
    }

    @Override
    String connect() {
        return tree;
    }

    @Override
    int sessionMs() {
        return 10_000;
    }

    @Override
    void expire(long session) {
        quorum.expire(session);
    }

    /** A write that is under way as the server dies may have been made or not: it is read back. */
    private static boolean isWritten(CoordinationSession session, String path, String text) {
        try {
            session.set(path, bytes(text), CoordinationStore.ANY_VERSION)
                    .toCompletableFuture()
                    .join();
            return true;
        } catch (CompletionException lost) {
            assertThat(((CoordinationException) lost.getCause()).reason()).isEqualTo(Reason.CONNECTION_LOSS);
            return false;
        }
    }

    /** One of them is that to which the session is connected, and one leads. */
    @Test
    void aSessionOutlivesTheDeathOfAnyServer() throws InterruptedException {
        CoordinationSession session = newSession(tree);
        AtomicInteger expiries = new AtomicInteger();
        AtomicInteger changes = new AtomicInteger();
        session.onSessionExpired(expiries::incrementAndGet);
        value(session.create("/mine", bytes(""), CreateMode.EPHEMERAL));
        value(session.create("/w", bytes("0"), CreateMode.PERSISTENT));
        session.watch("/w", changes::incrementAndGet);
        settle();
        for (int server = 0; server < TestQuorum.SIZE; server++) {
            quorum.stop(server);
            String text = "without " + server;
            await().atMost(PATIENCE).until(() -> isWritten(session, "/w", text));
            int seen = changes.get();
            value(newSession(tree).set("/w", bytes("by another"), CoordinationStore.ANY_VERSION));
            await().atMost(PATIENCE).until(() -> changes.get() > seen);
            quorum.start(server);
            quorum.awaitAll();
        }
        assertThat(expiries).hasValue(0);
        assertThat(value(newSession(tree).get("/mine")).ephemeral()).isTrue();
    }
}
