package io.odradek.server.tools.storage;

import static org.assertj.core.api.Assertions.assertThat;

import io.odradek.server.embedded.EmbeddedBroker;
import io.odradek.server.tools.ToolCall;
import io.odradek.server.zookeeper.TestEnsemble;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The storage of a broker before its first start. */
@Timeout(120)
class StorageToolTest {
    private static final String ID = "MkU3OEVBNTcwNTJENDM2Qg";
    private static final String MODULE = "org.apache.kafka.common.security.scram.ScramLoginModule required ";

    @TempDir
    Path folder;

    private final Map<String, String> settings = new TreeMap<>();

    private Path config(String... more) throws Exception {
        settings.putAll(Map.of(
                "log.dirs", folder.resolve("a") + "," + folder.resolve("b"),
                "broker.id", "3",
                "listeners", "GUARDED://127.0.0.1:0",
                "listener.security.protocol.map", "GUARDED:SASL_PLAINTEXT",
                "inter.broker.listener.name", "GUARDED",
                "sasl.enabled.mechanisms", "SCRAM-SHA-256",
                "sasl.mechanism.inter.broker.protocol", "SCRAM-SHA-256",
                "listener.name.guarded.scram-sha-256.sasl.jaas.config",
                        MODULE + "username=\"broker\" password=\"among, brokers\";"));
        for (int i = 0; i < more.length; i += 2) {
            settings.put(more[i], more[i + 1]);
        }
        List<String> lines = new ArrayList<>();
        settings.forEach((name, value) -> lines.add(name + "=" + value));
        return Files.write(folder.resolve("broker.properties"), lines);
    }

    private EmbeddedBroker start() {
        EmbeddedBroker.Builder builder = EmbeddedBroker.builder();
        settings.forEach(builder::setting);
        return builder.start();
    }

    private static ToolCall storage(String... arguments) {
        return ToolCall.of(
                Stream.concat(Stream.of("storage"), Stream.of(arguments)).toArray(String[]::new));
    }

    private ToolCall format(Path config, String... more) {
        List<String> arguments = new ArrayList<>(List.of("format", "--config", config.toString(), "--cluster-id", ID));
        arguments.addAll(List.of(more));
        return storage(arguments.toArray(String[]::new));
    }

    /** {@return the cluster's id, as somebody sees who logs in; or why that is refused} */
    private static String login(EmbeddedBroker broker, String user, String password) throws Exception {
        Map<String, Object> client = new HashMap<>();
        client.put("bootstrap.servers", broker.bootstrapServers());
        client.put("security.protocol", "SASL_PLAINTEXT");
        client.put("sasl.mechanism", "SCRAM-SHA-256");
        client.put("sasl.jaas.config", MODULE + "username=\"" + user + "\" password=\"" + password + "\";");
        try (Admin admin = Admin.create(client)) {
            return admin.describeCluster().clusterId().get();
        } catch (ExecutionException refused) {
            return refused.getCause().getMessage();
        }
    }

    private void assertFirstUsersLogIn(Path config) throws Exception {
        ToolCall formatted = format(
                config,
                "--add-scram",
                "SCRAM-SHA-256=[name=alice,password=alice-secret]",
                "--add-scram",
                "SCRAM-SHA-256=[name=broker,password=\"among, brokers\",iterations=8192]");
        assertThat(formatted.err()).isEmpty();
        assertThat(formatted.out())
                .isEqualTo("Formatted " + folder.resolve("a") + " for broker 3 of cluster " + ID + ".\n" + "Formatted "
                        + folder.resolve("b") + " for broker 3 of cluster " + ID + ".\n"
                        + "Added SCRAM-SHA-256 of user alice.\nAdded SCRAM-SHA-256 of user broker.\n");
        try (EmbeddedBroker broker = start()) {
            assertThat(login(broker, "alice", "alice-secret")).isEqualTo(ID);
            assertThat(login(broker, "broker", "among, brokers")).isEqualTo(ID);
            assertThat(login(broker, "alice", "guessed")).contains("invalid credentials");
        }
        ToolCall again = format(config);
        assertThat(again.status()).isEqualTo(1);
        assertThat(again.err()).contains("is already formatted. Use --ignore-formatted");
        ToolCall more = format(config, "--ignore-formatted", "-S", "SCRAM-SHA-256=[name=bob,password=bob]");
        assertThat(more.out())
                .isEqualTo("All of the log directories are already formatted.\nAdded SCRAM-SHA-256 of user bob.\n");
        try (EmbeddedBroker broker = start()) {
            assertThat(login(broker, "bob", "bob")).isEqualTo(ID);
            assertThat(login(broker, "alice", "alice-secret")).isEqualTo(ID);
        }
    }

    @Test
    void firstUsersLogInToABrokerOnItsOwn() throws Exception {
        assertFirstUsersLogIn(config());
    }

    @Test
    void firstUsersLogInToABrokerWhoseTreeIsInZooKeeper() throws Exception {
        try (TestEnsemble ensemble = new TestEnsemble(folder.resolve("zookeeper"))) {
            assertFirstUsersLogIn(config("zookeeper.connect", ensemble.connect() + "/kafka"));
            ToolCall other = storage(
                    "format",
                    "-c",
                    config("log.dirs", folder.resolve("c").toString()).toString(),
                    "-t",
                    "AAAAAAAAAAAAAAAAAAAAAQ");
            assertThat(other.err())
                    .contains("The tree is that of cluster " + ID + ", and not of AAAAAAAAAAAAAAAAAAAAAQ");
        }
    }

    @Test
    void whatThereIsIsShown() throws Exception {
        Path config = config();
        Files.createDirectories(folder.resolve("a"));
        ToolCall before = storage("info", "-c", config.toString());
        assertThat(before.status()).isEqualTo(1);
        assertThat(before.out())
                .contains("Found log directories:\n  " + folder.resolve("a") + "\n")
                .contains("Found problems:\n  " + folder.resolve("a") + " is not formatted.\n");
        format(config);
        ToolCall after = storage("info", "-c", config.toString());
        assertThat(after.status()).isZero();
        assertThat(after.out()).contains("Found metadata: {broker.id=3, cluster.id=" + ID + ", version=0}\n");
        assertThat(storage("random-uuid").out()).matches("[-_A-Za-z0-9]{22}\n");
    }

    @Test
    void whatCannotBeIsOneLineWithoutAPassword() throws Exception {
        Path config = config();
        for (String wrong : new String[] {
            "hunter2",
            "SCRAM-MD5=[name=alice,password=hunter2]",
            "SCRAM-SHA-256=name=alice,password=hunter2",
            "SCRAM-SHA-256=[password=hunter2]",
            "SCRAM-SHA-256=[name=alice]",
            "SCRAM-SHA-256=[name=alice,password=]",
            "SCRAM-SHA-256=[name=alice,password=hunter2,iterations=1]",
            "SCRAM-SHA-256=[name=alice,password=hunter2,iterations=1000000]",
            "SCRAM-SHA-256=[name=alice,password=hunter2,salt=?]",
            "SCRAM-SHA-256=[name=alice,password=hunter2,salt=]",
            "SCRAM-SHA-256=[name=alice,password=hunter2,hunter2]",
            "SCRAM-SHA-256=[name=alice,password=hunter2,saltedpassword=aaaa]",
            "SCRAM-SHA-256=[name=alice,saltedpassword=aaaa]",
        }) {
            ToolCall refused = format(config, "--add-scram", wrong);
            assertThat(refused.status()).as(wrong).isEqualTo(1);
            assertThat(refused.err())
                    .contains("--add-scram is of the form SCRAM-SHA-256=[name=alice,password=secret]: ")
                    .doesNotContain("hunter2")
                    .hasLineCount(1);
        }
        assertThat(storage("forget").err()).contains("it is random-uuid, info or format");
        assertThat(storage("info").err()).contains("--config is missing");
        assertThat(storage("format", "-c", config.toString()).err()).contains("--cluster-id is missing");
        assertThat(storage("format", "-c", config.toString(), "-t", "x").err()).contains("is no identifier");
        assertThat(folder.resolve("a")).doesNotExist();
        try (EmbeddedBroker broker = start()) {
            assertThat(broker.bootstrapServers()).isNotEmpty();
            assertThat(format(config, "--ignore-formatted").err())
                    .contains(folder.resolve("a").toString());
        }
    }
}
