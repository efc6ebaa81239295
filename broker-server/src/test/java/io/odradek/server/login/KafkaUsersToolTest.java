package io.odradek.server.login;

import static org.assertj.core.api.Assertions.assertThat;

import io.odradek.server.embedded.EmbeddedBroker;
import io.odradek.server.tools.KafkaTool;
import io.odradek.server.tools.ToolCall;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Kafka's own {@code kafka-configs} makes users of SCRAM, who can log in then. */
@Timeout(120)
class KafkaUsersToolTest {
    @TempDir
    Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"3.9.2", "4.3.1"})
    void aUserOfTheToolLogsInUntilItIsTakenAway(String version) throws Exception {
        try (EmbeddedBroker broker = EmbeddedBroker.builder()
                        .setting("listeners", "OPEN://127.0.0.1:0,GUARDED://127.0.0.1:0")
                        .setting("listener.security.protocol.map", "OPEN:PLAINTEXT,GUARDED:SASL_PLAINTEXT")
                        .setting("inter.broker.listener.name", "OPEN")
                        .setting("sasl.enabled.mechanisms", "SCRAM-SHA-256")
                        .start();
                KafkaTool configs = new KafkaTool(version, folder)) {
            ToolCall added = alter(configs, broker, "--add-config", "SCRAM-SHA-256=[iterations=8192,password=secret]");
            assertThat(added.output()).contains("Completed updating config for user alice.");
            assertThat(login(broker)).isNull();

            ToolCall removed = alter(configs, broker, "--delete-config", "SCRAM-SHA-256");
            assertThat(removed.output()).contains("Completed updating config for user alice.");
            assertThat(login(broker)).contains("invalid credentials with SASL mechanism SCRAM-SHA-256");
        }
    }

    private static ToolCall alter(KafkaTool configs, EmbeddedBroker broker, String what, String value)
            throws Exception {
        return configs.call(
                "kafka.admin.ConfigCommand",
                "--bootstrap-server",
                broker.bootstrapServers("OPEN"),
                "--alter",
                "--entity-type",
                "users",
                "--entity-name",
                "alice",
                what,
                value);
    }

    /** {@return why Alice cannot log in, null if she can} */
    private static String login(EmbeddedBroker broker) throws Exception {
        Map<String, Object> settings = new HashMap<>();
        settings.put("bootstrap.servers", broker.bootstrapServers("GUARDED"));
        settings.put("security.protocol", "SASL_PLAINTEXT");
        settings.put("sasl.mechanism", "SCRAM-SHA-256");
        settings.put(
                "sasl.jaas.config",
                "org.apache.kafka.common.security.scram.ScramLoginModule required username=\"alice\" password=\"secret\";");
        try (Admin admin = Admin.create(settings)) {
            admin.listTopics().names().get();
            return null;
        } catch (ExecutionException refused) {
            return refused.getCause().getMessage();
        }
    }
}
