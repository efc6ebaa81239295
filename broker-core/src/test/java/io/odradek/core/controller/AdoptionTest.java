package io.odradek.core.controller;

import static org.assertj.core.api.Assertions.assertThat;

import io.odradek.core.config.dynamic.TopicConfigChange;
import io.odradek.core.config.dynamic.TopicConfigChange.Kind;
import io.odradek.core.config.dynamic.TopicConfigChange.Operation;
import io.odradek.core.config.dynamic.TopicConfigWriter;
import io.odradek.core.controller.Adoption.FoundPartition;
import io.odradek.core.metadata.MetadataImage.PartitionInfo;
import io.odradek.protocol.TopicPartition;
import io.odradek.protocol.wire.Uuid;
import io.odradek.storage.env.SimulatedWorld;
import io.odradek.storage.log.LogSetting;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class AdoptionTest {
    private final Uuid id = new Uuid(3, 4);
    private Adoption.Knowledge knowledge =
            (topic, found) -> new Adoption.Known(Adoption.settings(topic), "nobody knows them", Uuid.ZERO, 0);
    private SimulatedCluster cluster;

    @BeforeEach
    void open() throws IOException {
        cluster = new SimulatedCluster();
    }

    @AfterEach
    void close() {
        cluster.close();
        cluster.files.close();
    }

    private List<String> adopt(FoundPartition... found) {
        cluster.value(ClusterTree.prepare(cluster.observer(), Optional.of("theirs"), "fresh"));
        return List.copyOf(cluster.value(Adoption.adopt(
                        cluster.observer(),
                        1,
                        List.of(found),
                        new SimulatedWorld(1).newRandoms("adoption"),
                        () -> CompletableFuture.completedStage(knowledge)))
                .keySet());
    }

    private static FoundPartition found(String topic, int partition, Uuid id, int epoch) {
        return new FoundPartition(new TopicPartition(topic, partition), id, epoch, -1);
    }

    private SimulatedCluster.Broker startAdopting() {
        SimulatedCluster.Broker broker = cluster.new Broker(1, null);
        cluster.brokers.put(1, broker);
        cluster.value(broker.start());
        return broker;
    }

    @Test
    void unknownTopicsOfAFolderAreServedInAnEpochAfterTheirRecords() {
        assertThat(adopt(found("t", 2, id, 7), found("t", 0, Uuid.ZERO, -1), found("__cluster_metadata", 0, id, 3)))
                .containsExactly("t");
        SimulatedCluster.Broker broker = startAdopting();
        assertThat(broker.image().topics()).containsOnlyKeys("t");
        assertThat(broker.image().topics().get("t").id()).isEqualTo(id);
        assertThat(broker.image().topics().get("t").partitions())
                .containsExactly(
                        new PartitionInfo(1, 0, List.of(1), List.of(1)),
                        new PartitionInfo(1, 0, List.of(1), List.of(1)),
                        new PartitionInfo(1, 8, List.of(1), List.of(1)));
        assertThat(broker.replicas.served).hasSize(3);
    }

    @Test
    void theClusterIdOfTheFoldersIsKept() {
        adopt();
        assertThat(cluster.text("/cluster/id")).contains("\"id\":\"theirs\"");
        assertThat(cluster.failure(ClusterTree.prepare(cluster.observer(), Optional.of("other"), "fresh")))
                .hasMessageContaining("other")
                .hasMessageContaining("theirs");
    }

    @Test
    void knownTopicsStayAsTheyAre() {
        cluster.value(ClusterTree.prepare(cluster.observer(), Optional.of("theirs"), "fresh"));
        SimulatedCluster.Broker broker = startAdopting();
        Uuid own = broker.create("t", 1, 1, Map.of()).id();
        assertThat(adopt(found("t", 5, id, 7))).isEmpty();
        assertThat(broker.image().topics().get("t").id()).isEqualTo(own);
    }

    @Test
    void producerIdsThatTheLogsRememberAreNotGivenOutAgain() {
        adopt(new FoundPartition(new TopicPartition("t", 0), id, 0, 4_711));
        SimulatedCluster.Broker broker = startAdopting();
        assertThat(cluster.value(
                        new ProducerIds(() -> broker.controller.allocateProducerIds(1, -1), broker.loop).next()))
                .isEqualTo(4_712);
    }

    @Test
    void producerIdsAreNotGivenOutAgainByATreeThatKnowsAllTopicsAndIsAnOldOne() {
        adopt(found("t", 0, id, 0));
        adopt(new FoundPartition(new TopicPartition("t", 0), id, 0, 4_711));
        SimulatedCluster.Broker broker = startAdopting();
        assertThat(cluster.value(
                        new ProducerIds(() -> broker.controller.allocateProducerIds(1, -1), broker.loop).next()))
                .isEqualTo(4_712);
    }

    @Test
    void aProducerIdThatWasMadeUpDoesNotUseUpAllOthers() {
        adopt(new FoundPartition(new TopicPartition("t", 0), id, 0, Long.MAX_VALUE));
        SimulatedCluster.Broker broker = startAdopting();
        assertThat(cluster.value(
                        new ProducerIds(() -> broker.controller.allocateProducerIds(1, -1), broker.loop).next()))
                .isZero();
    }

    @Test
    void aFolderThatIsNamedAfterADayIsNoTopicOfMillionsOfPartitions() {
        assertThat(adopt(found("backup", 20_261_128, id, 0), found("t", 0, id, 0)))
                .containsExactly("t");
        assertThat(startAdopting().image().topics()).containsOnlyKeys("t");
    }

    @Test
    void whatIsKnownOfATopicIsTakenOver() {
        knowledge = (topic, found) ->
                new Adoption.Known(new TreeMap<>(Map.of("retention.ms", "-1")), "from a friend", id, 2);
        adopt(found("t", 0, Uuid.ZERO, 0));
        SimulatedCluster.Broker broker = startAdopting();
        assertThat(broker.image().topics().get("t").id()).isEqualTo(id);
        assertThat(broker.image().topics().get("t").config()).containsExactly(Map.entry("retention.ms", "-1"));
    }

    @Test
    void ofTwoTopicsOfOneNameTheOneIsServedWhoseIdentifierIsKnown() {
        Uuid later = new Uuid(5, 6);
        knowledge = (topic, found) -> found.equals(later)
                ? new Adoption.Known(new TreeMap<>(), "from a friend", later, 2)
                : new Adoption.Known(Adoption.settings(topic), "nobody knows them", Uuid.ZERO, 0);
        adopt(found("t", 0, id, 0), found("t", 1, later, 0));
        assertThat(startAdopting().image().topics().get("t").id()).isEqualTo(later);
    }

    @Test
    void anEpochThatTheTreeHasForgottenIsNotGivenOutAgain() {
        adopt(found("t", 0, id, 3), found("t", 1, id, 3));
        cluster.value(Adoption.raiseEpochs(
                cluster.observer(), List.of(found("t", 0, id, 9), found("t", 1, id, 4), found("gone", 0, id, 4))));
        assertThat(startAdopting().image().topics().get("t").partitions())
                .extracting(PartitionInfo::leaderEpoch)
                .containsExactly(10, 4);
    }

    @Test
    void offsetsOfGroupsStayCompacted() {
        adopt(found("__consumer_offsets", 49, id, 0));
        assertThat(startAdopting().image().topics().get("__consumer_offsets").config())
                .containsExactly(Map.entry("cleanup.policy", "compact"));
        assertThat(cluster.text("/config/topics/__consumer_offsets"))
                .isEqualTo("{\"version\":1,\"config\":{\"cleanup.policy\":\"compact\"}}");
    }

    @Test
    void theSettingsOfOtherTopicsAreMarkedAsUnconfirmedUntilSomebodyChangesThem() throws IOException {
        adopt(found("t", 0, id, 0));
        assertThat(cluster.text("/config/topics/t"))
                .isEqualTo("{\"version\":1,\"config\":{},\"odradek\":{\"odradek.settings.unconfirmed\":\"true\"}}");
        startAdopting();
        cluster.restartStore();
        SimulatedCluster.Broker broker = cluster.start(1);
        assertThat(broker.image().topics().get("t").config()).containsOnlyKeys(LogSetting.UNCONFIRMED);
        assertThat(broker.replicas.configs.get("t")).containsOnlyKeys(LogSetting.UNCONFIRMED);
        TopicConfigWriter writer = new TopicConfigWriter(
                broker.session(),
                broker.loop,
                () -> cluster.logDefaults,
                topic -> broker.controller
                        .topicConfigChanged(topic)
                        .thenCompose(overrides -> broker.replicas.updateTopicConfig(topic, overrides)));
        cluster.value(writer.alter("t", new TopicConfigChange.Replace(new TreeMap<>()), true));
        cluster.value(writer.alter("t", new TopicConfigChange.Modify(List.of()), false));
        cluster.value(writer.alter("t", throttles(Kind.SET, "0:1"), false));
        assertThat(broker.image().topics().get("t").config()).containsEntry(LogSetting.UNCONFIRMED, "true");
        cluster.value(writer.alter("t", throttles(Kind.DELETE, null), false));
        assertThat(broker.image().topics().get("t").config()).containsOnlyKeys(LogSetting.UNCONFIRMED);
        cluster.value(writer.alter("t", new TopicConfigChange.Replace(new TreeMap<>()), false));
        assertThat(cluster.text("/config/topics/t")).isEqualTo("{\"version\":1,\"config\":{}}");
        assertThat(broker.image().topics().get("t").config()).isEmpty();
        assertThat(broker.replicas.configs.get("t")).isEmpty();
    }

    /** What kafka-reassign-partitions.sh sets while replicas move, and deletes when it verifies that they have. */
    private static TopicConfigChange throttles(Kind kind, String replicas) {
        return new TopicConfigChange.Modify(List.of(
                new Operation("leader.replication.throttled.replicas", kind, replicas),
                new Operation("follower.replication.throttled.replicas", kind, replicas)));
    }
}
