package io.odradek.server.tools.configs;

import static org.assertj.core.api.Assertions.assertThat;

import io.odradek.server.embedded.EmbeddedBroker;
import io.odradek.server.tools.ToolCall;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code broker-configs}; what it prints is held against Kafka's own tool by {@code SameAsKafkaTest}. */
class ConfigsToolTest {
    private static EmbeddedBroker broker;

    @TempDir
    private Path folder;

    @BeforeAll
    static void start() {
        broker = EmbeddedBroker.start();
    }

    @AfterAll
    static void stop() {
        broker.close();
    }

    @BeforeEach
    void reset() {
        broker.reset();
        broker.createTopic("orders", 1);
    }

    private static ToolCall configs(String... arguments) {
        return ToolCall.at(
                broker,
                Stream.concat(Stream.of("configs"), Stream.of(arguments)).toArray(String[]::new));
    }

    @Test
    void settingsOfATopicAreSetShownAndUnset() {
        assertThat(configs(
                                "--alter",
                                "--topic",
                                "orders",
                                "--add-config",
                                "retention.ms=5000,cleanup.policy=[compact,delete]")
                        .output())
                .isEqualTo("Completed updating config for topic orders.\n");
        assertThat(configs("--describe", "--topic", "orders").output())
                .startsWith("Dynamic configs for topic orders are:\n  cleanup.policy=compact,delete sensitive=false")
                .contains("\n  retention.ms=5000 sensitive=false synonyms={DYNAMIC_TOPIC_CONFIG:retention.ms=5000");
        configs("--alter", "--topic", "orders", "--delete-config", "retention.ms", "--add-config", "segment.ms=70000")
                .output();
        assertThat(configs("--describe", "--topic", "orders", "--json").output().lines())
                .hasSize(2)
                .anySatisfy(line -> assertThat(line)
                        .startsWith(
                                "{\"entityType\":\"topic\",\"entityName\":\"orders\",\"name\":\"segment.ms\",\"value\":\"70000\","
                                        + "\"source\":\"DYNAMIC_TOPIC_CONFIG\""));
    }

    @Test
    void settingsOfAllBrokersAreSetShownAndUnset() {
        assertThat(configs("--alter", "--broker-defaults", "--add-config", "log.cleaner.threads=2")
                        .output())
                .isEqualTo("Completed updating default config for brokers in the cluster.\n");
        assertThat(configs("--describe", "--broker-defaults").output())
                .startsWith("Default configs for brokers in the cluster are:\n  log.cleaner.threads=2 ");
        configs("--alter", "--broker-defaults", "--delete-config", "log.cleaner.threads")
                .output();
        assertThat(configs("--describe", "--broker-defaults").output())
                .isEqualTo("Default configs for brokers in the cluster are:\n");
    }

    @Test
    void levelsOfLoggersAndSettingsOfGroupsAreSetAndShown() {
        assertThat(configs("--alter", "--broker-logger", "0", "--add-config", "no.such.logger=DEBUG")
                        .failure())
                .isEqualTo("Invalid broker logger(s): no.such.logger");
        assertThat(configs("--describe", "--broker-logger", "0").output())
                .startsWith("Dynamic configs for broker-logger 0 are:\n");
        assertThat(configs("--alter", "--group", "billing", "--add-config", "consumer.session.timeout.ms=50000")
                        .output())
                .isEqualTo("Completed updating config for group billing.\n");
        assertThat(configs("--describe", "--group", "billing").output())
                .startsWith("Dynamic configs for group billing are:\n  consumer.session.timeout.ms=50000 ");
    }

    @Test
    void whatIsNotThereOrCannotBeSetIsNamedAndNothingIsChanged() throws Exception {
        assertThat(configs("--describe", "--topic", "nothing").failure()).isEqualTo("There is no topic nothing");
        assertThat(configs("--alter", "--topic", "nothing", "--add-config", "retention.ms=1")
                        .failure())
                .isEqualTo("There is no topic nothing");
        assertThat(configs("--describe", "--broker", "7").failure()).isEqualTo("There is no broker 7 now, only 0");
        assertThat(configs("--alter", "--topic", "orders", "--add-config", "retention.ms=soon,segment.ms=70000")
                        .failure())
                .contains("retention.ms");
        assertThat(configs("--alter", "--topic", "orders", "--add-config", "no.such.setting=1")
                        .failure())
                .contains("no.such.setting");
        assertThat(configs("--alter", "--topic", "orders", "--delete-config", "retention.ms")
                        .failure())
                .isEqualTo("Invalid config(s): retention.ms, which nobody has set");
        assertThat(configs("--describe", "--topic", "orders").output())
                .isEqualTo("Dynamic configs for topic orders are:\n");
        assertThat(configs("--alter", "--topic", "orders", "--add-config-file", "no-such-file")
                        .failure())
                .isEqualTo("There is no file no-such-file");
        Path broken = Files.writeString(folder.resolve("broken.properties"), "a=\\u00");
        assertThat(configs("--alter", "--topic", "orders", "--add-config-file", broken.toString())
                        .failure())
                .startsWith("The settings in " + broken + " cannot be read: ");
        assertThat(configs("--describe", "--entity-type", "client-metrics").failure())
                .isEqualTo("Settings of client-metrics are not served yet");
    }

    @Test
    void credentialsAreOfOneUserAndChangedByThemselves() throws Exception {
        assertThat(configs("--alter", "--user-defaults", "--add-config", "SCRAM-SHA-256=[password=p]")
                        .failure())
                .startsWith("Credentials of SCRAM are of one user, and of nobody else");
        assertThat(configs("--alter", "--user", "a", "--client", "c", "--add-config", "SCRAM-SHA-256=[password=p]")
                        .failure())
                .startsWith("Credentials of SCRAM are of one user, and of nobody else");
        assertThat(configs("--alter", "--user", "a", "--add-config", "SCRAM-SHA-256=[password=p],producer_byte_rate=1")
                        .failure())
                .startsWith("Change credentials of SCRAM and quotas one after the other");
        assertThat(configs("--alter", "--user", "a", "--add-config", "SCRAM-SHA-256=secret")
                        .failure())
                .startsWith("SCRAM-SHA-256 is to be [password=...] or [iterations=...,password=...]")
                .doesNotContain("secret");
    }

    @Test
    void whatIsSetForClientsIsToldAsJsonToo() throws Exception {
        configs("--alter", "--user", "alice", "--client-defaults", "--add-config", "producer_byte_rate=1024");
        configs("--alter", "--user", "carol", "--add-config", "SCRAM-SHA-512=[password=secret]");

        assertThat(configs("--describe", "--entity-type", "users", "--entity-type", "clients", "--json")
                        .output())
                .isEqualTo("{\"user\":\"alice\",\"client\":null,\"name\":\"producer_byte_rate\",\"value\":1024.0}\n");
        assertThat(configs("--describe", "--user", "carol", "--json").output())
                .isEqualTo("{\"user\":\"carol\",\"name\":\"SCRAM-SHA-512\",\"iterations\":4096}\n");
    }

    @Test
    void optionsThatDoNotGoTogetherAreRefused() {
        refused("Give exactly one of --describe and --alter", "--topic", "orders");
        refused("Say whose settings", "--describe");
        refused("Say whose settings", "--describe", "--topic", "orders", "--broker", "0");
        refused(
                "\"tables\" is no --entity-type: topics, brokers, broker-loggers, groups, users, clients, ips",
                "--describe",
                "--entity-type",
                "tables");
        refused(
                "Only brokers have settings that hold for all",
                "--describe",
                "--entity-type",
                "topics",
                "--entity-default");
        refused("Give one user, one client, one of both, or one ip", "--describe", "--user", "a", "--ip", "10.0.0.1");
        refused("Give one user, one client, one of both, or one ip", "--describe", "--user", "a", "--user-defaults");
        refused("Settings of users, clients and ips are of nothing else", "--describe", "--user", "a", "--topic", "t");
        refused("An --entity-name is empty", "--describe", "--entity-type", "users", "--entity-name", "");
        refused("The name of a user is empty", "--describe", "--user", "");
        refused("Say of which client", "--alter", "--entity-type", "clients", "--add-config", "producer_byte_rate=1");
        refused(
                "Give an --entity-type for each --entity-name",
                "--describe",
                "--entity-type",
                "users",
                "--entity-name",
                "a",
                "--entity-default");
        refused("Say what to change", "--alter", "--topic", "orders");
        refused("Say of which topic", "--alter", "--entity-type", "topics", "--add-config", "a=1");
        refused("\"a\" in --add-config is not KEY=VALUE", "--alter", "--topic", "orders", "--add-config", "a");
        refused("\"a=[1\" has a bracket without its other", "--alter", "--topic", "orders", "--add-config", "a=[1");
        refused("--add-config sets a twice", "--alter", "--topic", "orders", "--add-config", "a=1,a=2");
        refused(
                "--add-config, --add-config-file and --delete-config go with --alter",
                "--describe",
                "--topic",
                "orders",
                "--add-config",
                "a=1");
        refused("The name of a broker is empty", "--alter", "--broker", "", "--add-config", "log.cleaner.threads=2");
        refused("The name of a topic is empty", "--describe", "--entity-type", "topics", "--entity-name", "");
        refused("\"x\" is no broker's id", "--describe", "--broker", "x");
        refused("Tools speak with brokers", "--describe", "--topic", "orders", "--zk-tls-config-file", "f");
    }

    @Test
    void whatIsAboveALoggerHasALevelToo() {
        Set<String> known = Set.of("io.odradek.core.engine.Rooms", "root");
        List<String> named = List.of("io.odradek", "io.odradek.core.engine", "root", "io.odr", "kafka");
        assertThat(SettingsChange.unknown(named, known, true)).containsExactly("io.odr", "kafka");
        assertThat(SettingsChange.unknown(List.of("io.odradek"), known, false)).containsExactly("io.odradek");
    }

    private static void refused(String line, String... arguments) {
        assertThat(configs(arguments).failure()).startsWith(line).endsWith(" (--help shows how it is used)");
    }
}
