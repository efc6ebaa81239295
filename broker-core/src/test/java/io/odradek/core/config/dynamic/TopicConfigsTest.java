package io.odradek.core.config.dynamic;

import static org.assertj.core.api.Assertions.assertThat;

import io.odradek.core.config.BrokerConfig;
import io.odradek.core.config.LiveConfig;
import io.odradek.core.config.dynamic.TopicConfigChange.Kind;
import io.odradek.core.config.dynamic.TopicConfigChange.Modify;
import io.odradek.core.config.dynamic.TopicConfigChange.Operation;
import io.odradek.core.config.dynamic.TopicConfigChange.Replace;
import io.odradek.core.controller.SimulatedCluster;
import io.odradek.core.coordination.ChangeNotices;
import io.odradek.core.coordination.CoordinationStore;
import io.odradek.core.coordination.CoordinationStore.CreateMode;
import io.odradek.protocol.errors.ApiException;
import io.odradek.protocol.errors.ErrorCode;
import io.odradek.storage.log.LogSetting;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Settings of topics change in the tree, and brokers follow. */
class TopicConfigsTest {
    private SimulatedCluster cluster;
    private SimulatedCluster.Broker broker;
    private TopicConfigWriter writer;

    @BeforeEach
    void start() throws IOException {
        cluster = new SimulatedCluster();
        broker = cluster.start(1);
        writer = writer(broker);
        cluster.value(watcher(broker).termBegan(broker.session(), 1));
        broker.create("t", 1, 1, Map.of("retention.ms", "5000"));
    }

    @AfterEach
    void close() {
        cluster.close();
        cluster.files.close();
    }

    private TopicConfigEffect effect(SimulatedCluster.Broker broker) {
        return topic -> broker.controller
                .topicConfigChanged(topic)
                .thenCompose(overrides -> broker.replicas.updateTopicConfig(topic, overrides));
    }

    private TopicConfigWriter writer(SimulatedCluster.Broker broker) {
        return new TopicConfigWriter(broker.session(), broker.loop, () -> cluster.logDefaults, effect(broker));
    }

    private ConfigChangeWatcher watcher(SimulatedCluster.Broker broker) {
        LiveBrokerConfig own =
                new LiveBrokerConfig(broker.session(), broker.id, new LiveConfig(BrokerConfig.of(Map.of())));
        ClientConfigs clients = new ClientConfigs(broker.session(), broker.loop);
        return new ConfigChangeWatcher(
                broker.session(), broker.loop, cluster.world.clock(), effect(broker), own, () -> clients);
    }

    private static Modify set(String name, String value) {
        return new Modify(List.of(new Operation(name, Kind.SET, value)));
    }

    private Map<String, String> shown(SimulatedCluster.Broker broker) {
        return broker.image().topics().get("t").config();
    }

    private ErrorCode refused(CompletionStage<Void> alteration) {
        return ((ApiException) cluster.failure(alteration)).error();
    }

    private List<String> notices() {
        return cluster.value(cluster.observer().children("/config/changes"));
    }

    private void write(String path, String data) {
        cluster.value(
                cluster.observer().set(path, data.getBytes(StandardCharsets.UTF_8), CoordinationStore.ANY_VERSION));
    }

    private void notice(String json) {
        cluster.value(cluster.observer()
                .create(
                        "/config/changes/config_change_",
                        json.getBytes(StandardCharsets.UTF_8),
                        CreateMode.PERSISTENT_SEQUENTIAL));
    }

    @Test
    void aChangeIsStoredAsKafkaStoresItAndInEffectWhenAnswered() {
        broker.replicas.delayMs = 50;
        List<String> events = new ArrayList<>();
        writer.alter("t", set("segment.bytes", "9000"), false).thenRun(() -> events.add("answered"));
        cluster.world.advanceMs(49);
        assertThat(events).isEmpty();
        cluster.world.advanceMs(2);
        assertThat(events).containsExactly("answered");
        assertThat(broker.replicas.configs.get("t"))
                .containsOnly(Map.entry("retention.ms", "5000"), Map.entry("segment.bytes", "9000"));
        assertThat(shown(broker)).containsEntry("segment.bytes", "9000");
        assertThat(cluster.text("/config/topics/t"))
                .isEqualTo("{\"version\":1,\"config\":{\"retention.ms\":\"5000\",\"segment.bytes\":\"9000\"}}");
        assertThat(cluster.text("/config/changes/config_change_0000000000"))
                .isEqualTo("{\"version\":2,\"entity_path\":\"topics/t\"}");
    }

    @Test
    void aBadChangeLeavesNothingBehind() {
        String before = cluster.text("/config/topics/t");
        assertThat(refused(writer.alter("t", set("segment.bytes", "13"), false)))
                .isEqualTo(ErrorCode.INVALID_CONFIG);
        assertThat(refused(writer.alter("t", set("no.such", "1"), false))).isEqualTo(ErrorCode.INVALID_CONFIG);
        Modify halfGood = new Modify(List.of(
                new Operation("segment.bytes", Kind.SET, "9000"), new Operation("retention.ms", Kind.APPEND, "1")));
        assertThat(refused(writer.alter("t", halfGood, false))).isEqualTo(ErrorCode.INVALID_CONFIG);
        assertThat(refused(writer.alter("none", set("segment.bytes", "9000"), false)))
                .isEqualTo(ErrorCode.UNKNOWN_TOPIC_OR_PARTITION);
        assertThat(refused(
                        writer.alter("t", set("leader.replication.throttled.replicas", "1:1,".repeat(400_000)), false)))
                .isEqualTo(ErrorCode.POLICY_VIOLATION);
        cluster.value(writer.alter("t", set("segment.bytes", "9000"), true));
        assertThat(cluster.text("/config/topics/t")).isEqualTo(before);
        assertThat(notices()).isEmpty();
        assertThat(shown(broker)).containsOnly(Map.entry("retention.ms", "5000"));
        assertThat(cluster.value(cluster.observer().children("/config/topics"))).containsExactly("t");
    }

    @Test
    void listsGrowAndShrink() {
        assertThat(listAfter("cleanup.policy", Kind.APPEND, "compact")).isEqualTo("delete,compact");
        assertThat(listAfter("cleanup.policy", Kind.APPEND, "compact, delete")).isEqualTo("delete,compact");
        assertThat(listAfter("cleanup.policy", Kind.SUBTRACT, "delete")).isEqualTo("compact");
        assertThat(listAfter("follower.replication.throttled.replicas", Kind.APPEND, "0:1,1:1"))
                .isEqualTo("0:1,1:1");
        assertThat(listAfter("follower.replication.throttled.replicas", Kind.SUBTRACT, "0:1"))
                .isEqualTo("1:1");
        cluster.value(
                writer.alter("t", new Modify(List.of(new Operation("cleanup.policy", Kind.DELETE, null))), false));
        assertThat(shown(broker)).doesNotContainKey("cleanup.policy").containsKey("retention.ms");
    }

    private String listAfter(String name, Kind kind, String value) {
        cluster.value(writer.alter("t", new Modify(List.of(new Operation(name, kind, value))), false));
        return shown(broker).get(name);
    }

    @Test
    void whatIsNotNamedLosesItsOverrideWhereAllAreReplaced() {
        cluster.value(writer.alter("t", new Replace(new TreeMap<>(Map.of("segment.bytes", "9000"))), false));
        assertThat(shown(broker)).containsOnly(Map.entry("segment.bytes", "9000"));
        cluster.value(writer.alter("t", new Replace(new TreeMap<>()), false));
        assertThat(shown(broker)).isEmpty();
        assertThat(broker.replicas.configs.get("t")).isEmpty();
    }

    @Test
    void manyChangesAtOnceAreAllKept() {
        List<CompletionStage<Void>> alterations = new ArrayList<>();
        List<String> names =
                List.of("segment.bytes", "retention.bytes", "flush.messages", "max.message.bytes", "segment.ms");
        for (String name : names) {
            alterations.add(writer.alter("t", set(name, "7777"), false));
        }
        for (CompletionStage<Void> alteration : alterations) {
            cluster.value(alteration);
        }
        assertThat(shown(broker)).containsKeys(names.toArray(String[]::new)).hasSize(names.size() + 1);
        assertThat(notices()).hasSize(names.size());
    }

    @Test
    void whatOtherToolsWriteIsFollowedInBothFormsOfTheNotice() {
        write("/config/topics/t", "{\"version\":1,\"config\":{\"segment.bytes\":\"100\"}}");
        assertThat(shown(broker)).doesNotContainKey("segment.bytes");
        notice("{\"version\":2,\"entity_path\":\"topics/t\"}");
        assertThat(shown(broker)).containsOnly(Map.entry("segment.bytes", "100"));
        assertThat(broker.replicas.configs.get("t")).containsOnly(Map.entry("segment.bytes", "100"));
        write("/config/topics/t", "{\"version\":1,\"config\":{\"segment.bytes\":\"200\"}}");
        notice("{\"version\":1,\"entity_type\":\"topics\",\"entity_name\":\"t\"}");
        assertThat(shown(broker)).containsOnly(Map.entry("segment.bytes", "200"));
    }

    @Test
    void whatCannotBeUsedIsLeftOutAndTheBrokerGoesOn() {
        write(
                "/config/topics/t",
                "{\"version\":1,\"config\":{\"segment.bytes\":\"1\",\"no.such\":\"x\",\"retention.ms\":\"7\"}}");
        notice("{\"version\":2,\"entity_path\":\"topics/t\"}");
        assertThat(shown(broker))
                .containsOnly(Map.entry("retention.ms", "7"), Map.entry(LogSetting.UNCONFIRMED, "true"));
        write("/config/topics/t", "{\"version\":1,\"config\":{\"no.such\":\"x\",\"retention.ms\":\"7\"}}");
        notice("{\"version\":2,\"entity_path\":\"topics/t\"}");
        assertThat(shown(broker)).containsOnly(Map.entry("retention.ms", "7"));
        write("/config/topics/t", "no json");
        notice("nor this");
        notice("{\"version\":2,\"entity_path\":\"users/u\"}");
        notice("{\"version\":2,\"entity_path\":\"topics/t\"}");
        assertThat(shown(broker)).containsOnly(Map.entry(LogSetting.UNCONFIRMED, "true"));
        assertThat(broker.create("u", 1, 1, Map.of()).error()).isEqualTo(ErrorCode.NONE);
    }

    @Test
    void everyBrokerFollows() {
        SimulatedCluster.Broker other = cluster.start(2);
        cluster.value(watcher(other).termBegan(other.session(), 1));
        cluster.value(writer(other).alter("t", set("segment.bytes", "9000"), false));
        assertThat(shown(broker)).containsEntry("segment.bytes", "9000");
        assertThat(other.replicas.configs.get("t")).containsEntry("segment.bytes", "9000");
    }

    @Test
    void aBrokerThatMissedANoticeReadsAllTopicsAgain() {
        broker.create("u", 1, 1, Map.of());
        notice("{\"version\":2,\"entity_path\":\"users/u\"}");
        write("/config/topics/t", "{\"version\":1,\"config\":{\"segment.bytes\":\"100\"}}");
        CoordinationStore tree = cluster.observer();
        byte[] unseen = "{\"version\":2,\"entity_path\":\"topics/t\"}".getBytes(StandardCharsets.UTF_8);
        tree.create("/config/changes/config_change_", unseen, CreateMode.PERSISTENT_SEQUENTIAL);
        tree.delete("/config/changes/config_change_0000000001", CoordinationStore.ANY_VERSION);
        cluster.world.runUntilIdle();
        notice("{\"version\":2,\"entity_path\":\"users/u\"}");
        assertThat(shown(broker)).containsOnly(Map.entry("segment.bytes", "100"));
    }

    @Test
    void noticesGoAfterAQuarterOfAnHourAndNeverBecomeTooMany() {
        cluster.value(writer.alter("t", set("segment.bytes", "9000"), false));
        cluster.world.advanceMs(ChangeNotices.KEPT_MS - 1);
        assertThat(notices()).hasSize(1);
        cluster.world.advanceMs(2);
        assertThat(notices()).isEmpty();
        for (int i = 0; i < ChangeNotices.MOST + 5; i++) {
            cluster.value(writer.alter("t", set("segment.bytes", Integer.toString(9000 + i)), false));
        }
        assertThat(notices()).hasSize(ChangeNotices.MOST);
        assertThat(shown(broker)).containsEntry("segment.bytes", Integer.toString(9004 + ChangeNotices.MOST));
        cluster.world.advanceMs(3 * ChangeNotices.KEPT_MS);
        assertThat(notices()).isEmpty();
    }

    @Test
    void overridesOutliveARestartAndGoWithTheirTopic() throws IOException {
        cluster.value(writer.alter("t", set("segment.bytes", "9000"), false));
        cluster.restartStore();
        broker = cluster.start(1);
        assertThat(shown(broker)).containsEntry("segment.bytes", "9000").containsEntry("retention.ms", "5000");
        assertThat(broker.replicas.configs.get("t")).containsEntry("segment.bytes", "9000");
        cluster.value(broker.controller.deleteTopics(List.of("t")));
        assertThat(cluster.value(cluster.observer().children("/config/topics"))).isEmpty();
        broker.create("t", 1, 1, Map.of());
        assertThat(shown(broker)).isEmpty();
    }

    @Test
    void aLeaderThatASettingAllowsIsElectedAtOnce() {
        SimulatedCluster.Broker other = cluster.start(2);
        broker.create("pair", 1, 2, Map.of());
        int leader = broker.image().topics().get("pair").partitions().get(0).leader();
        assertThat(leader).isPositive();
        write(
                "/brokers/topics/pair/partitions/0/state",
                "{\"controller_epoch\":1,\"leader\":2,\"version\":1,\"leader_epoch\":5,\"isr\":[2]}");
        cluster.kill(1);
        assertThat(other.image().controllerId()).isEqualTo(2);
        SimulatedCluster.Broker back = cluster.start(1);
        cluster.kill(2);
        assertThat(back.image().topics().get("pair").partitions().get(0).leader())
                .isEqualTo(-1);
        cluster.value(writer(back).alter("pair", set("unclean.leader.election.enable", "true"), false));
        assertThat(back.image().topics().get("pair").partitions().get(0).leader())
                .isEqualTo(1);
    }
}
