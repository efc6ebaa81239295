package io.odradek.core.config.dynamic;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.odradek.core.config.BrokerConfig;
import io.odradek.core.config.LiveConfig;
import io.odradek.core.config.dynamic.TopicConfigChange.Kind;
import io.odradek.core.config.dynamic.TopicConfigChange.Modify;
import io.odradek.core.config.dynamic.TopicConfigChange.Operation;
import io.odradek.core.config.dynamic.TopicConfigChange.Replace;
import io.odradek.core.controller.SimulatedCluster;
import io.odradek.core.coordination.CoordinationStore.CreateMode;
import io.odradek.protocol.errors.ApiException;
import io.odradek.protocol.errors.ErrorCode;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class BrokerConfigWriterTest {
    private static final boolean ALL = true;
    private static final boolean ONE = false;

    private SimulatedCluster cluster;
    private Node first;
    private Node second;

    /** A broker, as far as its own settings are concerned. */
    private final class Node {
        private final LiveConfig live = new LiveConfig(BrokerConfig.of(Map.of("log.retention.hours", "100")));
        private final BrokerConfigWriter writer;

        Node(int id) {
            SimulatedCluster.Broker broker = cluster.start(id);
            LiveBrokerConfig own = new LiveBrokerConfig(broker.session(), id, live);
            writer = new BrokerConfigWriter(own, broker.loop, cluster.world.newRandoms("secrets"));
            TopicConfigEffect topics = topic -> CompletableFuture.completedStage(null);
            ClientConfigs clients = new ClientConfigs(broker.session(), broker.loop);
            cluster.value(new ConfigChangeWatcher(
                            broker.session(), broker.loop, cluster.world.clock(), topics, own, () -> clients)
                    .termBegan(broker.session(), 1));
        }

        void set(boolean forAll, String name, String value) {
            cluster.value(writer.alter(forAll, change(Kind.SET, name, value), false));
        }

        String value(String name) {
            return live.get().get(name);
        }
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

    private static TopicConfigChange change(Kind kind, String name, String value) {
        return new Modify(List.of(new Operation(name, kind, value)));
    }

    /** {@return the error code and the message, which must come without anything having changed} */
    private String refused(boolean forAll, TopicConfigChange change) {
        String refusal = refusal(forAll, change, false);
        assertThat(refusal(forAll, change, true)).isEqualTo(refusal);
        assertThat(cluster.value(cluster.observer().children("/config/brokers")))
                .isEmpty();
        assertThat(cluster.value(cluster.observer().children("/config/changes")))
                .isEmpty();
        assertThat(first.live.current().given()).isEqualTo(Map.of("log.retention.hours", "100"));
        return refusal;
    }

    private String refusal(boolean forAll, TopicConfigChange change, boolean validateOnly) {
        ApiException refusal = (ApiException) cluster.failure(first.writer.alter(forAll, change, validateOnly));
        return refusal.error() + " " + refusal.getMessage();
    }

    private String refusedSetting(String name, String value) {
        return refused(ALL, change(Kind.SET, name, value));
    }

    @Test
    void whatIsSetForAllBrokersReachesThemAllAndIsWrittenAsKafkaWritesIt() {
        first.set(ALL, "log.retention.ms", "500000");

        assertThat(first.value("log.retention.ms")).isEqualTo("500000");
        assertThat(second.value("log.retention.ms")).isEqualTo("500000");
        assertThat(cluster.text("/config/brokers/<default>"))
                .isEqualTo("{\"version\":1,\"config\":{\"log.retention.ms\":\"500000\"}}");
        assertThat(cluster.text("/config/changes/config_change_0000000000"))
                .isEqualTo("{\"version\":2,\"entity_path\":\"brokers/<default>\"}");
    }

    @Test
    void whatIsSetForOneBrokerIsItsOwn() {
        first.set(ALL, "log.retention.ms", "500000");
        second.set(ONE, "log.retention.ms", "400000");

        assertThat(first.value("log.retention.ms")).isEqualTo("500000");
        assertThat(second.value("log.retention.ms")).isEqualTo("400000");
        assertThat(cluster.text("/config/changes/config_change_0000000001"))
                .isEqualTo("{\"version\":2,\"entity_path\":\"brokers/2\"}");

        cluster.value(second.writer.alter(ONE, change(Kind.DELETE, "log.retention.ms", null), false));
        assertThat(second.value("log.retention.ms")).isEqualTo("500000");
        cluster.value(second.writer.alter(ALL, change(Kind.DELETE, "log.retention.ms", null), false));
        assertThat(second.live.current().given()).isEqualTo(Map.of("log.retention.hours", "100"));
        assertThat(cluster.text("/config/brokers/2")).isEqualTo("{\"version\":1,\"config\":{}}");
    }

    @Test
    void itemsAreAddedToTheDefaultAndTakenFromIt() {
        first.set(ONE, "max.connections", "5");
        cluster.value(first.writer.alter(ONE, change(Kind.APPEND, "log.cleanup.policy", "compact"), false));
        assertThat(first.value("log.cleanup.policy")).isEqualTo("delete,compact");
        cluster.value(first.writer.alter(ONE, change(Kind.SUBTRACT, "log.cleanup.policy", "delete"), false));
        assertThat(first.value("log.cleanup.policy")).isEqualTo("compact");
        assertThat(refusal(ONE, change(Kind.SUBTRACT, "log.cleanup.policy", "compact"), false))
                .startsWith("INVALID_REQUEST Bad value for log.cleanup.policy");
        assertThat(refusal(ONE, change(Kind.APPEND, "max.connections", "5"), false))
                .isEqualTo("INVALID_CONFIG Config value append is not allowed for config key: max.connections");
    }

    @Test
    void theOlderRequestReplacesAllThatIsStored() {
        first.set(ONE, "max.connections", "5");
        cluster.value(
                first.writer.alter(ONE, new Replace(new TreeMap<>(Map.of("log.retention.bytes", "1000"))), false));
        assertThat(first.live.current().ofThisBroker()).isEqualTo(Map.of("log.retention.bytes", "1000"));
        cluster.value(first.writer.alter(ONE, new Replace(new TreeMap<>()), false));
        assertThat(first.live.current().ofThisBroker()).isEmpty();
    }

    @Test
    void whatIsOnlyValidatedChangesNothing() {
        cluster.value(first.writer.alter(ALL, change(Kind.SET, "log.retention.ms", "5"), true));
        assertThat(cluster.value(cluster.observer().children("/config/brokers")))
                .isEmpty();
        assertThat(cluster.value(cluster.observer().children("/config/changes")))
                .isEmpty();
        assertThat(first.value("log.retention.ms")).isNull();
    }

    @Test
    void whatDoesNotChangeWhileBrokersRunIsRefused() {
        assertThat(refusedSetting("log.retention.hours", "5"))
                .startsWith("INVALID_REQUEST Cannot update these configs dynamically: log.retention.hours;");
        assertThat(refused(
                        ONE,
                        new Replace(new TreeMap<>(
                                Map.of("broker.id", "1", "num.partitions", "4", "max.connections", "1")))))
                .startsWith("INVALID_REQUEST Cannot update these configs dynamically: broker.id, num.partitions;");
        assertThat(refusedSetting("num.io.threads", "9"))
                .startsWith(
                        "INVALID_REQUEST These configs cannot be changed while a broker runs here: num.io.threads;");
        assertThat(refused(ONE, change(Kind.SET, "listeners", "PLAINTEXT://:1")))
                .startsWith("INVALID_REQUEST These configs cannot be changed while a broker runs here: listeners;");
        assertThat(refused(ONE, change(Kind.SET, "ssl.keystore.location", "/x")))
                .contains("ssl.keystore.location");
        assertThat(refused(ONE, change(Kind.SET, "listener.name.a.ssl.keystore.password", "hunter2")))
                .startsWith("INVALID_REQUEST This broker has no listener of these configs: listener.name.a.")
                .doesNotContain("hunter2");
        assertThat(refused(ONE, change(Kind.SET, "ssl.key.password", "hunter2")))
                .doesNotContain("hunter2");
    }

    @Test
    void whatIsOfOneBrokerIsNotSetForAll() {
        assertThat(refusedSetting("listeners", "PLAINTEXT://:1"))
                .isEqualTo("INVALID_REQUEST Cannot update these configs at default cluster level, broker id must be"
                        + " specified: listeners");
        assertThat(refusedSetting("ssl.key.password", "hunter2"))
                .contains("using the listener prefix: ssl.key.password")
                .doesNotContain("hunter2");
    }

    @Test
    void aNameThatIsNotKnownIsRefusedWithTheOneThatMayBeMeant() {
        assertThat(refusedSetting("log.retention.msec", "5"))
                .isEqualTo("INVALID_REQUEST These configs are not known: log.retention.msec; did you mean"
                        + " log.retention.ms?");
        assertThat(refusedSetting("", "5")).startsWith("INVALID_REQUEST These configs are not known: ");
    }

    @Test
    void badValuesAreRefused() {
        assertThat(refusedSetting("message.max.bytes", ""))
                .isEqualTo(
                        "INVALID_REQUEST Bad value for message.max.bytes: '', expected a 32-bit integer of at least 0");
        assertThat(refusedSetting("message.max.bytes", "-1")).startsWith("INVALID_REQUEST ");
        assertThat(refusedSetting("min.insync.replicas", "0")).startsWith("INVALID_REQUEST ");
        assertThat(refusedSetting("log.retention.ms", "-2")).startsWith("INVALID_REQUEST ");
        assertThat(refusedSetting("unclean.leader.election.enable", "maybe")).startsWith("INVALID_REQUEST ");
        assertThat(refusedSetting("compression.type", "none")).startsWith("INVALID_REQUEST ");
        assertThat(refusedSetting("leader.replication.throttled.rate", "-1")).startsWith("INVALID_REQUEST ");
        assertThat(refusedSetting("max.connections.per.ip", "0")).startsWith("INVALID_REQUEST ");
        assertThat(refusedSetting("max.connections.per.ip.overrides", "garbage"))
                .startsWith("INVALID_REQUEST ");
        assertThat(refusedSetting("max.connection.creation.rate", "0")).startsWith("INVALID_REQUEST ");
        assertThat(refusedSetting("log.cleaner.dedupe.buffer.size", "100")).startsWith("INVALID_REQUEST ");
        assertThat(refusedSetting("background.threads", "21"))
                .isEqualTo("INVALID_REQUEST Bad value for background.threads: '21', expected at least 5 and at most 20:"
                        + " half or double of what there is now");
        assertThat(refusedSetting("num.recovery.threads.per.data.dir", "1000000"))
                .startsWith("INVALID_REQUEST ");
        assertThat(refusedSetting("max.connections", "0"))
                .isEqualTo(
                        "INVALID_REQUEST Bad value for max.connections: '0', expected at least 1: nobody could set it"
                                + " back over none");
        assertThat(refusedSetting("log.cleaner.threads", "0")).startsWith("INVALID_REQUEST ");
        assertThat(refusedSetting("log.cleaner.threads", "3")).startsWith("INVALID_REQUEST ");
    }

    @Test
    void valuesThatContradictEachOtherAreRefused() {
        assertThat(refused(
                        ALL,
                        new Modify(List.of(
                                new Operation("log.cleaner.min.compaction.lag.ms", Kind.SET, "100"),
                                new Operation("log.cleaner.max.compaction.lag.ms", Kind.SET, "10")))))
                .startsWith("INVALID_REQUEST min.compaction.lag.ms (100) must not be above");
        first.set(ONE, "log.cleaner.min.compaction.lag.ms", "100");
        assertThat(refusal(ALL, change(Kind.SET, "log.cleaner.max.compaction.lag.ms", "10"), false))
                .startsWith("INVALID_REQUEST min.compaction.lag.ms (100) must not be above");
    }

    @Test
    void whatSomebodyElseHasStoredIsInNobodysWay() {
        cluster.value(cluster.observer()
                .create(
                        "/config/brokers/1",
                        "{\"version\":1,\"config\":{\"num.partitions\":\"7\",\"my.reporter\":\"x\"}}".getBytes(UTF_8),
                        CreateMode.PERSISTENT));
        first.set(ONE, "max.connections", "5");
        assertThat(cluster.text("/config/brokers/1")).contains("num.partitions", "my.reporter", "max.connections");
        assertThat(first.live.current().ofThisBroker()).containsOnlyKeys("max.connections");
        cluster.value(first.writer.alter(ONE, change(Kind.DELETE, "my.reporter", null), false));
        assertThat(cluster.text("/config/brokers/1")).doesNotContain("my.reporter");
    }

    @Test
    void allErrorsAreThoseOfTheProtocol() {
        ApiException refusal = (ApiException) cluster.failure(
                first.writer.alter(ALL, change(Kind.SET, "log.retention.ms", "x".repeat(2_000_000)), false));
        assertThat(refusal.error()).isEqualTo(ErrorCode.INVALID_REQUEST);
        assertThat(refusal.getMessage()).hasSizeLessThan(700);
    }
}
