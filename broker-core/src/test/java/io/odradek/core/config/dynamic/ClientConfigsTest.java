package io.odradek.core.config.dynamic;

import static org.assertj.core.api.Assertions.assertThat;

import io.odradek.core.config.BrokerConfig;
import io.odradek.core.config.LiveConfig;
import io.odradek.core.controller.SimulatedCluster;
import io.odradek.core.coordination.CoordinationStore;
import io.odradek.protocol.errors.ApiException;
import io.odradek.protocol.errors.ErrorCode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ClientConfigsTest {
    private static final ClientEntity ALICE = ClientEntity.ofUser("alice");

    private SimulatedCluster cluster;
    private Node first;
    private Node second;

    /** A broker, as far as settings of clients are concerned. */
    private final class Node {
        private final ClientConfigs clients;
        private final ConfigChangeWatcher watcher;
        private final SimulatedCluster.Broker broker;
        private final List<String> told = new ArrayList<>();
        private boolean asked;

        Node(int id) {
            broker = cluster.start(id);
            clients = new ClientConfigs(broker.session(), broker.loop);
            clients.tell((entity, settings) -> told.add(entity.path() + " " + settings));
            LiveBrokerConfig own =
                    new LiveBrokerConfig(broker.session(), id, new LiveConfig(BrokerConfig.of(Map.of())));
            watcher = new ConfigChangeWatcher(
                    broker.session(),
                    broker.loop,
                    cluster.world.clock(),
                    topic -> CompletableFuture.completedStage(null),
                    own,
                    () -> {
                        asked = true;
                        return clients;
                    });
            cluster.value(watcher.termBegan(broker.session(), 1));
        }

        void set(ClientEntity entity, String name, String value) {
            cluster.value(clients.alter(entity, before -> with(before, name, value), false));
        }
    }

    private static SortedMap<String, String> with(SortedMap<String, String> before, String name, String value) {
        SortedMap<String, String> after = new TreeMap<>(before);
        if (value == null) {
            after.remove(name);
        } else {
            after.put(name, value);
        }
        return after;
    }

    @BeforeEach
    void start() throws IOException {
        cluster = new SimulatedCluster();
        first = new Node(1);
        second = new Node(2);
    }

    @AfterEach
    void close() {
        cluster.close();
        cluster.files.close();
    }

    @Test
    void aChangeIsStoredAsKafkaStoresItAndEveryBrokerIsTold() {
        first.set(ALICE, "producer_byte_rate", "1024");
        cluster.world.advanceMs(1);

        assertThat(cluster.text("/config/users/alice"))
                .isEqualTo("{\"version\":1,\"config\":{\"producer_byte_rate\":\"1024\"}}");
        assertThat(cluster.text("/config/changes/config_change_0000000000"))
                .isEqualTo("{\"version\":2,\"entity_path\":\"users/alice\"}");
        assertThat(first.told).containsExactly("users/alice {producer_byte_rate=1024}");
        assertThat(second.told).isEqualTo(first.told);
        assertThat(second.clients.of(ALICE)).containsExactly(Map.entry("producer_byte_rate", "1024"));
    }

    @Test
    void aUserWithAClientIdHasANodeBelowItsOwnWhichNeedNotBeThereBefore() {
        ClientEntity both = new ClientEntity("alice", ClientEntity.DEFAULT, null);

        second.set(both, "request_percentage", "50");
        cluster.world.advanceMs(1);

        assertThat(cluster.text("/config/users/alice/clients/<default>")).contains("request_percentage");
        assertThat(first.clients.all()).containsOnlyKeys(both);
    }

    @Test
    void whoComesLaterIsToldOfWhatIsThere() {
        first.set(ALICE, "producer_byte_rate", "1024");
        first.set(new ClientEntity("bob", "app", null), "producer_byte_rate", "5");
        first.set(new ClientEntity(null, null, "10.0.0.1"), "connection_creation_rate", "7");

        Node third = new Node(3);
        List<String> late = new ArrayList<>();
        third.clients.tell((entity, settings) -> late.add(entity.path()));

        assertThat(third.clients.all().keySet())
                .extracting(ClientEntity::path)
                .containsExactly("ips/10.0.0.1", "users/alice", "users/bob/clients/app");
        assertThat(late).containsExactly("ips/10.0.0.1", "users/alice", "users/bob/clients/app");
    }

    @Test
    void whatIsTakenAwayIsToldAsNothing() {
        first.set(ALICE, "producer_byte_rate", "1024");
        first.set(ALICE, "producer_byte_rate", null);
        cluster.world.advanceMs(1);

        assertThat(second.told).endsWith("users/alice {}");
        assertThat(second.clients.all()).isEmpty();
        assertThat(children("/config/users")).isEmpty();
    }

    @Test
    void aUserThatSomethingIsBelowStaysAndGoesWithTheLastOfIt() {
        ClientEntity both = new ClientEntity("alice", "app", null);
        first.set(ALICE, "producer_byte_rate", "1024");
        first.set(both, "producer_byte_rate", "1024");

        first.set(ALICE, "producer_byte_rate", null);

        assertThat(cluster.text("/config/users/alice")).isEqualTo("{\"version\":1,\"config\":{}}");
        first.set(both, "producer_byte_rate", null);
        cluster.world.advanceMs(1);
        assertThat(children("/config/users")).isEmpty();
        assertThat(second.clients.all()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 12, 14, 16, 20})
    void whoComesWhileAnotherOneTidiesUpHasWhatItNeeds(int tasksLater) {
        ClientEntity one = new ClientEntity("alice", "one", null);
        ClientEntity other = new ClientEntity("alice", "other", null);
        first.set(one, "producer_byte_rate", "1");
        first.clients.alter(one, before -> with(before, "producer_byte_rate", null), false);
        AtomicInteger left = new AtomicInteger(tasksLater);
        cluster.world.runUntil(() -> left.getAndDecrement() <= 0, 1_000);

        second.set(other, "producer_byte_rate", "2");

        assertThat(cluster.text("/config/users/alice/clients/other")).contains("2");
    }

    @Test
    void whatIsRefusedLeavesNothingInTheTree() {
        CompletableFuture<Void> refused = first.clients
                .alter(
                        new ClientEntity("alice", "app", null),
                        before -> {
                            throw new ApiException(ErrorCode.INVALID_REQUEST, "no");
                        },
                        false)
                .toCompletableFuture();
        cluster.world.advanceMs(1);

        assertThat(refused).isCompletedExceptionally();
        assertThat(children("/config/users")).isEmpty();
    }

    private List<String> children(String path) {
        return cluster.value(first.broker.session().children(path));
    }

    @Test
    void nobodyIsAskedWhereNothingIsSet() {
        assertThat(first.asked).isFalse();
    }

    @Test
    void aNewTermReadsEverythingAgainAndForgetsWhatIsGone() {
        first.set(ALICE, "producer_byte_rate", "1024");
        cluster.value(second.watcher.termEnded());
        cluster.value(cluster.observer().delete("/config/users/alice", CoordinationStore.ANY_VERSION));

        cluster.value(second.watcher.termBegan(second.broker.session(), 2));

        assertThat(second.clients.all()).isEmpty();
        assertThat(second.told).endsWith("users/alice {}");
    }

    @Test
    void whatCannotBeReadIsPassedOverAndARefusalChangesNothing() {
        first.set(ALICE, "producer_byte_rate", "1024");
        cluster.value(cluster.observer()
                .set("/config/users/alice", "no JSON".getBytes(StandardCharsets.UTF_8), CoordinationStore.ANY_VERSION));

        cluster.value(second.clients.changed("users/alice"));
        assertThat(second.clients.of(ALICE)).isEmpty();
        ApiException refusal = new ApiException(ErrorCode.UNACCEPTABLE_CREDENTIAL, "too few iterations");
        assertThat(cluster.failure(first.clients.alter(
                        ALICE,
                        before -> {
                            throw refusal;
                        },
                        false)))
                .isSameAs(refusal);
        assertThat(cluster.text("/config/users/alice")).isEqualTo("no JSON");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "users/CN%3Djoe%2COU%3Dteam%20a; CN=joe,OU=team a",
                "users/a%2Ab%2Fc%2B%25; a*b/c+%",
                "users/%3Cdefault%3E; <default>",
                "users/%C3%A4; \u00e4",
            })
    void namesAreWrittenSoThatAnyNodeCanHaveThem(String path, String user) {
        assertThat(ClientEntity.ofUser(user).path()).isEqualTo(path);
        assertThat(ClientEntity.of(path)).isEqualTo(ClientEntity.ofUser(user));
    }

    @ParameterizedTest
    @CsvSource({"topics/t", "users", "users/", "users/a/b/c", "users/a/clients/", "brokers/1"})
    void otherNodesAreOfNoClient(String path) {
        assertThat(ClientEntity.of(path)).isNull();
    }
}
