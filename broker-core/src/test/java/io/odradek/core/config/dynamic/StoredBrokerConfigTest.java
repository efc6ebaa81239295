package io.odradek.core.config.dynamic;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.odradek.core.controller.SimulatedCluster;
import io.odradek.core.coordination.ClusterPaths;
import io.odradek.core.coordination.CoordinationStore;
import io.odradek.core.coordination.CoordinationStore.CreateMode;
import io.odradek.core.coordination.node.TopicConfigNode;
import java.io.IOException;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class StoredBrokerConfigTest {
    private SimulatedCluster cluster;
    private CoordinationStore store;

    @BeforeEach
    void start() throws IOException {
        cluster = new SimulatedCluster();
        store = cluster.start(1).session();
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

    /** {@return why a broker does not start, null if it does} */
    private String refusal(Map<String, String> given) {
        return cluster.value(StoredBrokerConfig.check(store, 1, given)
                .handle((checked, error) ->
                        error == null ? null : ((IllegalStateException) error.getCause()).getMessage()));
    }

    @Test
    void aTreeThatSetsNothingIsFine() {
        assertThat(refusal(Map.of())).isNull();
        stored("<default>", Map.of());
        write("1", new byte[0]);
        assertThat(refusal(Map.of())).isNull();
    }

    @Test
    void whatKeepsRecordsMustBeSaidInTheConfigurationToo() {
        stored("<default>", Map.of("log.retention.ms", "9000000000", "min.insync.replicas", "2"));
        stored("1", Map.of("log.retention.ms", "-1", "max.connections", "5"));
        stored("2", Map.of("log.retention.bytes", "1"));
        assertThat(refusal(Map.of("min.insync.replicas", "2")))
                .isEqualTo(
                        "The tree sets log.retention.ms=-1 for brokers (/config/brokers), which this build does not take"
                                + " from there. Put the same into the configuration file");
        assertThat(refusal(Map.of("min.insync.replicas", "2", "log.retention.ms", "-1")))
                .isNull();
    }

    @Test
    void whatCannotBeReadIsNotPassedOver() {
        write("1", "{".getBytes(UTF_8));
        assertThat(refusal(Map.of())).startsWith("/config/brokers/1 of the tree cannot be read: ");
    }
}
