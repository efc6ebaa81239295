package io.odradek.server.logging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.odradek.server.cluster.LoopbackPorts;
import io.odradek.server.crash.BrokerProcess;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.AlterConfigOp.OpType;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.InvalidConfigurationException;
import org.apache.kafka.common.errors.InvalidRequestException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The levels of the log of a broker that is a program of its own, seen and changed by the Java client (KIP-412). */
@Timeout(120)
class LevelsByClientsTest {
    private static final ConfigResource LOGGERS = new ConfigResource(ConfigResource.Type.BROKER_LOGGER, "0");
    private static final String NETWORK = "io.odradek.server.net";

    @TempDir
    Path folder;

    @Test
    @SuppressWarnings("try") // A broker that is only closed.
    void aLevelIsChangedAndPutBack() throws Exception {
        int port = LoopbackPorts.free();
        try (BrokerProcess broker = BrokerProcess.start(folder, port, Map.of());
                Admin admin = Admin.create(Map.of("bootstrap.servers", "127.0.0.1:" + port))) {
            String logger = NETWORK + ".NetworkServer";
            assertThat(level(admin, "root")).isEqualTo("INFO");
            assertThat(level(admin, logger)).isEqualTo("INFO");
            alter(admin, OpType.SET, NETWORK, "DEBUG");
            assertThat(level(admin, logger)).isEqualTo("DEBUG");
            alter(admin, OpType.DELETE, NETWORK, null);
            assertThat(level(admin, logger)).isEqualTo("INFO");

            assertThatThrownBy(() -> alter(admin, OpType.SET, NETWORK, "LOUD"))
                    .hasCauseInstanceOf(InvalidConfigurationException.class);
            assertThatThrownBy(() -> alter(admin, OpType.SET, "no.such", "INFO"))
                    .hasCauseInstanceOf(InvalidConfigurationException.class)
                    .hasMessageContaining("Logger no.such does not exist!");
            assertThatThrownBy(() -> alter(admin, OpType.DELETE, "root", null))
                    .hasCauseInstanceOf(InvalidRequestException.class);
        }
    }

    private static String level(Admin admin, String logger) throws Exception {
        ConfigEntry entry =
                admin.describeConfigs(List.of(LOGGERS)).all().get().get(LOGGERS).get(logger);
        assertThat(entry.source()).isEqualTo(ConfigEntry.ConfigSource.DYNAMIC_BROKER_LOGGER_CONFIG);
        return entry.value();
    }

    private static void alter(Admin admin, OpType type, String logger, String level) throws Exception {
        AlterConfigOp change = new AlterConfigOp(new ConfigEntry(logger, level), type);
        admin.incrementalAlterConfigs(Map.of(LOGGERS, List.of(change))).all().get();
    }
}
