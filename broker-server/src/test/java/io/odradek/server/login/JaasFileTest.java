package io.odradek.server.login;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.odradek.core.config.BrokerConfig;
import io.odradek.core.config.ConfigException;
import io.odradek.core.security.sasl.JaasModule;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.apache.kafka.common.network.ListenerName;
import org.apache.kafka.common.security.JaasContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;

/** Which login module of a file is a listener's: the one that Kafka takes. */
@Isolated
class JaasFileTest {
    private static final String MODULES = "org.apache.kafka.common.security.";

    @TempDir
    Path folder;

    private Path file;

    @BeforeEach
    void name() {
        file = folder.resolve("jaas.conf");
        System.setProperty(JaasFile.PROPERTY, file.toString());
    }

    @AfterEach
    void forget() {
        System.clearProperty(JaasFile.PROPERTY);
    }

    private void write(String text) throws IOException {
        Files.writeString(file, text.replace("MODULES.", MODULES));
    }

    private static JaasModule find(String listener, String mechanism, Map<String, String> settings) {
        return LoginModules.find(
                mechanism, BrokerConfig.of(settings).ofListener(listener).ofMechanism(mechanism));
    }

    private static void isUser(String listener, String user) {
        javax.security.auth.login.Configuration.setConfiguration(null);
        assertThat(JaasContext.loadServerContext(new ListenerName(listener), "PLAIN", Map.of())
                        .configurationEntries()
                        .get(0)
                        .getOptions()
                        .get("username"))
                .isEqualTo(user);
        assertThat(find(listener, "PLAIN", Map.of()).option("username")).isEqualTo(user);
    }

    @Test
    void aListenersOwnSectionComesBeforeThatOfAll() throws IOException {
        write("""
                KafkaServer {
                    MODULES.plain.PlainLoginModule required
                    username="of all"
                    user_alice="secret";
                    MODULES.scram.ScramLoginModule required username="scram";
                };
                inner.KafkaServer {
                    MODULES.plain.PlainLoginModule required username="inner";
                };
                """);

        isUser("OUTER", "of all");
        isUser("INNER", "inner");
        assertThat(find("OUTER", "SCRAM-SHA-256", Map.of()).option("username")).isEqualTo("scram");
        assertThat(find("OUTER", "PLAIN", Map.of()).optionsOf("user_")).containsEntry("alice", "secret");
        assertThat(find("INNER", "SCRAM-SHA-256", Map.of())).isNull();
    }

    @Test
    void aSettingComesBeforeTheFile() throws IOException {
        write("KafkaServer { MODULES.plain.PlainLoginModule required username=\"file\"; };");

        String own = MODULES + "plain.PlainLoginModule required username=\"setting\";";
        assertThat(find("L", "PLAIN", Map.of("listener.name.l.plain.sasl.jaas.config", own))
                        .option("username"))
                .isEqualTo("setting");
    }

    @Test
    void whatHasChangedSinceItWasReadLastIsHeeded() throws IOException {
        write("KafkaServer { MODULES.plain.PlainLoginModule required username=\"one\"; };");
        isUser("L", "one");
        write("KafkaServer { MODULES.plain.PlainLoginModule required username=\"two\"; };");
        isUser("L", "two");
    }

    @Test
    void whereNothingIsMeantForTheListenerItIsSaidWhatWasLookedFor() throws IOException {
        write("Client { MODULES.plain.PlainLoginModule required username=\"zookeeper\"; };");

        assertThatThrownBy(() -> LoginModules.require(
                        "PLAIN", BrokerConfig.of(Map.of()).ofListener("L").ofMechanism("PLAIN")))
                .isInstanceOf(ConfigException.class)
                .hasMessageEndingWith("or in the section l.KafkaServer or KafkaServer of " + file
                        + ", which java.security.auth.login.config names");
    }

    @Test
    void aFileThatCannotBeReadIsRefusedWithoutItsSecrets() throws IOException {
        String expected =
                "Bad value for java.security.auth.login.config: '" + file + "', expected a file of login modules";
        assertThatThrownBy(() -> find("L", "PLAIN", Map.of()))
                .isInstanceOf(ConfigException.class)
                .hasMessage(expected + " that can be read");

        write("KafkaServer {\n  MODULES.plain.PlainLoginModule required\n  username=\"me\" password hunter2;\n};");
        assertThatThrownBy(() -> find("L", "PLAIN", Map.of()))
                .isInstanceOf(ConfigException.class)
                .hasMessage(expected + "; line 3 is none");
    }
}
