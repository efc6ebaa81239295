package io.odradek.server.zookeeper;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.odradek.core.config.BrokerConfig;
import io.odradek.core.config.ConfigException;
import io.odradek.core.coordination.CoordinationException.Reason;
import io.odradek.core.coordination.CoordinationSession;
import io.odradek.core.coordination.CoordinationStore;
import io.odradek.core.coordination.CoordinationStore.CreateMode;
import io.odradek.core.coordination.CoordinationStore.Operation;
import io.odradek.server.env.SystemClock;
import io.odradek.server.zookeeper.ZooKeeperCoordinationStore.Timeouts;
import io.odradek.storage.env.Meters;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The contract of coordination stores over a real ZooKeeper server, and what only a store over a network has. */
class ZooKeeperCoordinationStoreTest extends ZooKeeperStoreContract {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @TempDir
    Path folder;

    private TestEnsemble ensemble;

    @BeforeEach
    void startServer() throws IOException, InterruptedException {
        ensemble = new TestEnsemble(folder);
    }

    @Override
    void stopServer() {
        ensemble.close();
    }

    @Override
    String connect() {
        return ensemble.connect();
    }

    @Override
    int sessionMs() {
        return 10_000;
    }

    @Override
    void expire(long session) {
        ensemble.expire(session);
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
    void aWatchThatIsClosedIsOneOfTheServersNoLonger() throws Exception {
        CoordinationStore session = newSession();
        AutoCloseable watch = session.watch("/a", () -> {});
        settle();
        assertThat(ensemble.watches()).isPositive();
        watch.close();
        AutoCloseable again = session.watch("/a", () -> {});
        settle();
        assertThat(ensemble.watches()).isPositive();
        again.close();
        settle();
        assertThat(ensemble.watches()).isZero();
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

    /** Kafka's own creates parents so, and they are read as those of the tree in the process are. */
    @Test
    void aNodeWithoutBytesIsCreatedWithNothingAndReadAsNoBytes() throws Exception {
        CoordinationSession session = newSession(ensemble.connect() + "/root");
        value(session.create("/a", bytes(""), CreateMode.PERSISTENT));
        value(session.multi(List.of(new Operation.Create("/a/b", bytes(""), CreateMode.PERSISTENT))));
        for (String path : List.of("/a", "/a/b")) {
            assertThat(value(session.get(path)).data()).isEmpty();
        }
        assertThat(RecordedWrite.read(folder, "/root"))
                .extracting(RecordedWrite::toString)
                .containsExactly("CREATE /a null", "CREATE /a/b null");
    }

    @Test
    void theSettingsAreKafkasAndAConnectionMayTakeAsLongAsASessionLives() {
        assertThat(Timeouts.of(BrokerConfig.of(Map.of()))).isEqualTo(new Timeouts(18_000, 18_000));
        assertThat(Timeouts.of(BrokerConfig.of(Map.of("zookeeper.session.timeout.ms", "9000"))))
                .isEqualTo(new Timeouts(9_000, 9_000));
        assertThat(Timeouts.of(BrokerConfig.of(Map.of("zookeeper.connection.timeout.ms", "6000"))))
                .isEqualTo(new Timeouts(18_000, 6_000));
    }

    @Test
    void whatCannotBeConnectedToIsRefusedWithTheSettingsName() {
        for (String wrong : List.of(",", "host:port", "/kafka", "host:1/a//b")) {
            assertRefused("zookeeper.connect", Map.of("zookeeper.connect", wrong));
        }
        Map<String, String> right = Map.of("zookeeper.connect", "a:1,b,[::1]:3/a/b/");
        assertThat(ZooKeeperCoordinationStore.opener(BrokerConfig.of(right), new SystemClock(), Meters.NONE))
                .isNotNull();
    }

    private static void assertRefused(String setting, Map<String, String> settings) {
        BrokerConfig config = BrokerConfig.of(settings);
        assertThatThrownBy(() -> ZooKeeperCoordinationStore.opener(config, new SystemClock(), Meters.NONE))
                .as("%s", settings)
                .isInstanceOf(ConfigException.class)
                .hasMessageStartingWith("Bad value for " + setting + ":");
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

    /** ZooKeeper's client gives up after 4/3 of the time-out; only servers end sessions, and they were not there. */
    @Test
    void aSessionOutlivesServersThatAreAwayForLongerThanItMayBeSilent() throws Exception {
        ZooKeeperSession session = session(6_000);
        value(session.create("/mine", bytes(""), CreateMode.EPHEMERAL));
        AtomicInteger calls = new AtomicInteger();
        AtomicInteger ends = new AtomicInteger();
        session.watch("/w", calls::incrementAndGet);
        session.onSessionExpired(ends::incrementAndGet);
        settle();
        long number = session.number();
        ensemble.stop();
        await().atMost(PATIENCE).until(() -> session.handles() == 2);
        ensemble.start();
        await().atMost(PATIENCE).until(() -> calls.get() == 1);
        assertThat(value(session.get("/mine")).ephemeral()).isTrue();
        assertThat(session.number()).isEqualTo(number);
        value(session.create("/w", bytes("1"), CreateMode.PERSISTENT));
        await().until(() -> calls.get() == 2);
        assertThat(ends).hasValue(0);
    }

    @Test
    void aSessionOfWhichTheServersKnowNothingAfterAWhileHasExpired(@TempDir Path empty) throws Exception {
        ZooKeeperSession session = session(1_000);
        AtomicInteger ends = new AtomicInteger();
        session.onSessionExpired(ends::incrementAndGet);
        ensemble.stop();
        await().atMost(PATIENCE).until(() -> session.handles() == 2);
        ensemble.startWithout(empty);
        await().atMost(PATIENCE).until(() -> ends.get() == 1);
        assertThat(reason(session.get("/"))).isEqualTo(Reason.SESSION_EXPIRED);
    }

    private ZooKeeperSession session(int timeoutMs) {
        return open(store(ensemble.connect(), new Timeouts(timeoutMs, 30_000)));
    }

    @Test
    void aHostThatNobodyKnowsIsNamed() {
        var opening = store("no-such-host.invalid:2181", 300).openSession(loop).toCompletableFuture();
        assertThatThrownBy(opening::join)
                .cause()
                .isInstanceOf(IOException.class)
                .hasMessageEndingWith(
                        "(zookeeper.connect, zookeeper.connection.timeout.ms): there is no host of the name"
                                + " no-such-host.invalid");
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
