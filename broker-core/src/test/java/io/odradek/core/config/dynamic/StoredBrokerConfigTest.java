package io.odradek.core.config.dynamic;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.odradek.core.config.BrokerConfig;
import io.odradek.core.config.LiveConfig;
import io.odradek.core.controller.SimulatedCluster;
import io.odradek.core.coordination.ClusterPaths;
import io.odradek.core.coordination.CoordinationStore;
import io.odradek.core.coordination.CoordinationStore.CreateMode;
import io.odradek.core.coordination.node.TopicConfigNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class StoredBrokerConfigTest {
    private SimulatedCluster cluster;
    private SimulatedCluster.Broker broker;
    private CoordinationStore store;

    @BeforeEach
    void start() throws IOException {
        cluster = new SimulatedCluster();
        broker = cluster.start(1);
        store = broker.session();
    }

    @AfterEach
    void close() {
        cluster.close();
        cluster.files.close();
    }

    private void stored(String entity, Map<String, String> settings) {
        write(entity, new TopicConfigNode(new TreeMap<>(settings)).encode());
    }

    private void write(String entity, byte[] data) {
        cluster.value(store.create(ClusterPaths.BROKER_CONFIGS + "/" + entity, data, CreateMode.PERSISTENT));
    }

    /** {@return what holds on broker 1 when it has read what is stored} */
    private BrokerConfig read(Map<String, String> file) {
        LiveConfig live = new LiveConfig(BrokerConfig.of(file));
        cluster.value(new LiveBrokerConfig(store, 1, live).changed());
        return live.current();
    }

    @Test
    void aTreeThatSetsNothingChangesNothing() {
        assertThat(read(Map.of("log.retention.ms", "5")).given()).isEqualTo(Map.of("log.retention.ms", "5"));
        stored("<default>", Map.of());
        write("1", new byte[0]);
        assertThat(read(Map.of("log.retention.ms", "5")).given()).isEqualTo(Map.of("log.retention.ms", "5"));
    }

    @Test
    void whatIsForOneBrokerIsStrongerThanWhatIsForAllAndBothThanTheFile() {
        stored("<default>", Map.of("log.retention.ms", "9000000000", "min.insync.replicas", "2"));
        stored("1", Map.of("log.retention.ms", "-1", "max.connections", "5"));
        stored("2", Map.of("log.retention.bytes", "1"));

        BrokerConfig now = read(Map.of("min.insync.replicas", "1", "max.connections", "7", "num.io.threads", "3"));

        assertThat(now.given())
                .isEqualTo(Map.of(
                        "log.retention.ms", "-1",
                        "min.insync.replicas", "2",
                        "max.connections", "5",
                        "num.io.threads", "3"));
        assertThat(now.int32("max.connections")).isEqualTo(5);
        assertThat(now.ofAllBrokers()).containsOnlyKeys("log.retention.ms", "min.insync.replicas");
        assertThat(now.ofThisBroker()).containsOnlyKeys("log.retention.ms", "max.connections");
    }

    @Test
    void whatCannotBeReadIsPassedOverAndTheRestHolds() {
        write("1", "{".getBytes(UTF_8));
        stored(
                "<default>",
                Map.of(
                        "log.retention.ms", "soon",
                        "log.segment.bytes", "9000",
                        "max.connections", "-1"));
        assertThat(read(Map.of()).given()).isEqualTo(Map.of("log.segment.bytes", "9000"));
    }

    @Test
    void whatABrokerDoesNotChangeWhileItRunsIsPassedOver() {
        stored(
                "<default>",
                Map.of(
                        "num.partitions", "9",
                        "num.io.threads", "9",
                        "no.such.setting", "9",
                        "ssl.keystore.location", "/x",
                        "follower.replication.throttled.rate", "9"));
        stored("1", Map.of("listener.name.plaintext.ssl.keystore.password", "secret", "broker.id", "2"));
        assertThat(read(Map.of()).given()).isEqualTo(Map.of("follower.replication.throttled.rate", "9"));
    }

    @Test
    void whatContradictsWhatIsForThisBrokerGivesWay() {
        stored("<default>", Map.of("log.cleaner.min.compaction.lag.ms", "100"));
        stored("1", Map.of("log.cleaner.max.compaction.lag.ms", "10"));
        assertThat(read(Map.of()).given()).isEqualTo(Map.of("log.cleaner.max.compaction.lag.ms", "10"));
    }

    @Test
    void roomsAreToldOfWhatIsDifferentAndOfNothingElse() {
        LiveConfig live = new LiveConfig(BrokerConfig.of(Map.of("log.retention.ms", "5")));
        LiveBrokerConfig own = new LiveBrokerConfig(store, 1, live);
        List<String> told = new ArrayList<>();
        live.tell((before, now) -> {
            throw new IllegalStateException("broken");
        });
        live.tell((before, now) -> {
            told.add(before.text("compression.type") + " to " + now.text("compression.type"));
            return CompletableFuture.completedStage(null);
        });
        cluster.value(own.changed());
        stored("1", Map.of("log.retention.ms", "5"));
        cluster.value(own.changed());
        assertThat(told).isEmpty();

        stored("<default>", Map.of("compression.type", "gzip"));
        assertThat(cluster.failure(own.changed())).hasMessageContaining("broken");
        assertThat(told).containsExactly("producer to gzip");

        cluster.value(store.delete(ClusterPaths.BROKER_CONFIGS + "/<default>", CoordinationStore.ANY_VERSION));
        cluster.value(store.delete(ClusterPaths.BROKER_CONFIGS + "/1", CoordinationStore.ANY_VERSION));
        cluster.failure(own.changed());
        assertThat(told).containsExactly("producer to gzip", "gzip to producer");
    }
}
