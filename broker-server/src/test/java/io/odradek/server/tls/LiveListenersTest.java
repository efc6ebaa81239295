package io.odradek.server.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.odradek.server.certificates.Identity;
import io.odradek.server.certificates.Issuer;
import io.odradek.server.embedded.EmbeddedBroker;
import io.odradek.server.hostile.BrokerLog;
import io.odradek.server.tools.KafkaTool;
import io.odradek.server.tools.ToolCall;
import java.math.BigInteger;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import javax.net.ssl.SSLSocket;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.InvalidConfigurationException;
import org.apache.kafka.common.errors.InvalidRequestException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What guards listeners is changed while they serve (KIP-226). */
@Timeout(180)
class LiveListenersTest {
    private static final Duration VALID = Duration.ofDays(1);
    private static final Issuer ROOT = new Issuer("CN=root", VALID);
    private static final String TLS = "listener.name.tls.";
    private static final String LOGIN = "listener.name.login.";
    private static final String MODULE = "org.apache.kafka.common.security.plain.PlainLoginModule required ";

    @TempDir
    private Path folder;

    private final BrokerLog log = new BrokerLog();
    private EmbeddedBroker broker;

    @BeforeEach
    void makeStores() throws Exception {
        keys("first", "CN=broker", "127.0.0.1");
    }

    private void start() {
        start(Map.of("password.encoder.secret", "of the tree"));
    }

    private void start(Map<String, String> more) {
        EmbeddedBroker.Builder builder = EmbeddedBroker.builder()
                .logFolder(folder.resolve("data"))
                .setting("listeners", "OPEN://127.0.0.1:0,TLS://127.0.0.1:0,LOGIN://127.0.0.1:0")
                .setting("listener.security.protocol.map", "OPEN:PLAINTEXT,TLS:SSL,LOGIN:SASL_PLAINTEXT")
                .setting("inter.broker.listener.name", "OPEN")
                .setting("odradek.tls.stores.check.interval.ms", "0")
                .setting("ssl.keystore.type", "PKCS12")
                .setting("ssl.keystore.location", folder.resolve("first").toString())
                .setting("ssl.keystore.password", "secret")
                .setting(LOGIN + "sasl.enabled.mechanisms", "PLAIN")
                .setting(LOGIN + "plain.sasl.jaas.config", MODULE + "user_alice=\"alice's\";");
        more.forEach(builder::setting);
        broker = builder.start();
    }

    @AfterEach
    void stop() {
        broker.close();
        log.close();
    }

    private BigInteger keys(String file, String name, String... hosts) throws Exception {
        return keysUnder("secret", file, name, hosts);
    }

    private BigInteger keysUnder(String password, String file, String name, String... hosts) throws Exception {
        Identity identity = ROOT.issue(name, List.of(hosts), VALID);
        identity.writeKeyStore(folder.resolve(file), password);
        return identity.certificate().getSerialNumber();
    }

    private BigInteger shown() throws Exception {
        try (SSLSocket socket = TlsPeer.shake(TlsPeer.address(broker, "TLS"), ROOT.certificate())) {
            return ((X509Certificate) socket.getSession().getPeerCertificates()[0]).getSerialNumber();
        }
    }

    private Admin admin() {
        return Admin.create(Map.<String, Object>of("bootstrap.servers", broker.bootstrapServers("OPEN")));
    }

    private void set(String... pairs) throws Exception {
        setOf("0", pairs);
    }

    private void setOf(String entity, String... pairs) throws Exception {
        List<AlterConfigOp> operations = new ArrayList<>();
        for (int i = 0; i < pairs.length; i += 2) {
            operations.add(new AlterConfigOp(new ConfigEntry(pairs[i], pairs[i + 1]), AlterConfigOp.OpType.SET));
        }
        try (Admin admin = admin()) {
            admin.incrementalAlterConfigs(Map.of(new ConfigResource(ConfigResource.Type.BROKER, entity), operations))
                    .all()
                    .get();
        }
    }

    private void assertRefused(String why, String... pairs) {
        assertThatThrownBy(() -> set(pairs))
                .isInstanceOf(ExecutionException.class)
                .cause()
                .isInstanceOf(InvalidRequestException.class)
                .hasMessageContaining(why)
                .message()
                .doesNotContain("hunter2");
    }

    /** {@return why somebody cannot log in, null if that works} */
    private String login(String user, String password) throws Exception {
        Map<String, Object> settings = new HashMap<>();
        settings.put("bootstrap.servers", broker.bootstrapServers("LOGIN"));
        settings.put("security.protocol", "SASL_PLAINTEXT");
        settings.put("sasl.mechanism", "PLAIN");
        settings.put("sasl.jaas.config", MODULE + "username=\"" + user + "\" password=\"" + password + "\";");
        try (Admin admin = Admin.create(settings)) {
            admin.listTopics().names().get();
            return null;
        } catch (ExecutionException refused) {
            return refused.getCause().getMessage();
        }
    }

    @Test
    void anotherKeyStoreIsShownToWhoConnectsFromThenOnAndAfterARestart() throws Exception {
        start();
        BigInteger second = keysUnder("another", "second", "CN=broker", "127.0.0.1");
        set(
                TLS + "ssl.keystore.location",
                folder.resolve("second").toString(),
                TLS + "ssl.keystore.password",
                "another");
        assertThat(shown()).isEqualTo(second);

        broker.close();
        start();
        assertThat(shown()).isEqualTo(second);
        try (Admin admin = admin()) {
            ConfigResource own = new ConfigResource(ConfigResource.Type.BROKER, "0");
            ConfigEntry shown =
                    admin.describeConfigs(List.of(own)).all().get().get(own).get(TLS + "ssl.keystore.password");
            assertThat(shown.value()).isNull();
            assertThat(shown.isSensitive()).isTrue();
            assertThat(shown.source()).isEqualTo(ConfigEntry.ConfigSource.DYNAMIC_BROKER_CONFIG);
        }
        assertThat(log.lines("password=another")).isEmpty();
    }

    /** As Kafka's documentation has passwords kept out of the file. */
    @Test
    void whatOnlyTheTreeKnowsOfAListenerIsEnoughForAStart() throws Exception {
        start();
        BigInteger first = shown();
        set(TLS + "ssl.keystore.password", "secret", LOGIN + "plain.sasl.jaas.config", MODULE + "user_bob=\"bob's\";");
        broker.close();

        Map<String, String> without = Map.of(
                "password.encoder.secret",
                "of the tree",
                "ssl.keystore.password",
                "none of it",
                LOGIN + "plain.sasl.jaas.config",
                "");
        start(without);

        assertThat(shown()).isEqualTo(first);
        assertThat(login("bob", "bob's")).isNull();
    }

    @Test
    void whatNeitherTheFileNorTheTreeKnowsIsRefusedInOneLine() {
        assertThatThrownBy(() ->
                        start(Map.of("password.encoder.secret", "of the tree", LOGIN + "plain.sasl.jaas.config", "")))
                .hasMessageContaining("Mechanism PLAIN needs its users");
        assertThatThrownBy(() ->
                        start(Map.of("password.encoder.secret", "of the tree", "ssl.keystore.password", "none of it")))
                .hasMessageContaining("its password is another one");
        start();
    }

    @Test
    void theSameFileWithOtherKeysIsTakenUpWhenItIsNamedAgain() throws Exception {
        start();
        String place = folder.resolve("first").toString();
        set(TLS + "ssl.keystore.location", place);
        BigInteger second = keys("first", "CN=broker", "127.0.0.1");
        assertThat(shown()).isNotEqualTo(second);
        set(TLS + "ssl.keystore.location", place);
        assertThat(shown()).isEqualTo(second);

        keys("first", "CN=another", "127.0.0.1");
        assertRefused("(ssl.allow.dn.changes)", TLS + "ssl.keystore.location", place);
        assertThat(shown()).isEqualTo(second);
    }

    @Test
    void whatCannotBeServedIsRefusedAndNothingOfItIsStored() throws Exception {
        start();
        BigInteger first = shown();
        keys("named", "CN=another", "127.0.0.1");
        keys("elsewhere", "CN=broker", "example.org");
        Identity.writeTrustStore(ROOT.certificate(), folder.resolve("trusted"), "secret");
        String location = TLS + "ssl.keystore.location";
        assertRefused(
                "(ssl.allow.dn.changes)", location, folder.resolve("named").toString());
        assertRefused(
                "(ssl.allow.san.changes)", location, folder.resolve("elsewhere").toString());
        assertRefused("there is no such file", location, folder.resolve("none").toString());
        assertRefused("its password is another one", TLS + "ssl.keystore.password", "hunter2");
        assertRefused(
                "no trust store, and trusts whom the JVM trusts",
                TLS + "ssl.truststore.location",
                folder.resolve("trusted").toString(),
                TLS + "ssl.truststore.type",
                "PKCS12",
                TLS + "ssl.truststore.password",
                "secret");
        assertRefused(
                "only per-listener using the listener prefix: ssl.keystore.location", "ssl.keystore.location", "x");
        assertRefused(
                "no listener of these configs: listener.name.none.ssl",
                "listener.name.none.ssl.keystore.location",
                "x");
        assertRefused("not known: listener.name.tls.ssl.nonsense", TLS + "ssl.nonsense", "x");
        assertRefused(
                "listener.name.login.plain.sasl.jaas.config",
                LOGIN + "plain.sasl.jaas.config",
                "a.B required password=hunter2");
        assertRefused("GSSAPI", LOGIN + "sasl.enabled.mechanisms", "GSSAPI");
        assertRefused("cannot be changed while a broker runs here: listeners", "listeners", "OPEN://127.0.0.1:0");
        assertThatThrownBy(() -> setOf("", location, folder.resolve("first").toString()))
                .hasMessageContaining("Cannot update these configs at default cluster level");
        assertThat(shown()).isEqualTo(first);
        try (Admin admin = admin()) {
            ConfigResource own = new ConfigResource(ConfigResource.Type.BROKER, "0");
            assertThat(admin.describeConfigs(List.of(own)).all().get().get(own).entries())
                    .noneMatch(entry -> entry.source() == ConfigEntry.ConfigSource.DYNAMIC_BROKER_CONFIG);
        }
    }

    @Test
    void usersAndMechanismsOfAListenerChangeForLoginsThatBegin() throws Exception {
        start();
        assertThat(login("alice", "alice's")).isNull();
        assertThat(login("bob", "bob's")).contains("Invalid username or password");
        set(
                LOGIN + "plain.sasl.jaas.config",
                MODULE + "user_bob=\"bob's\";",
                LOGIN + "plain.connections.max.reauth.ms",
                "9000");
        assertThat(login("bob", "bob's")).isNull();
        assertThat(login("alice", "alice's")).contains("Invalid username or password");

        set(LOGIN + "sasl.enabled.mechanisms", "SCRAM-SHA-256");
        assertThat(login("bob", "bob's")).contains("[SCRAM-SHA-256]");
    }

    @Test
    void anEncryptionThatThereIsNotIsNamed() {
        start(Map.of("password.encoder.secret", "of the tree", "password.encoder.cipher.algorithm", "ROT/13/None"));
        assertThatThrownBy(() -> set(TLS + "ssl.keystore.password", "secret"))
                .cause()
                .isInstanceOf(InvalidConfigurationException.class)
                .hasMessageStartingWith("Secrets cannot be encrypted by the settings password.encoder.*")
                .hasMessageContaining("ROT/13/None");
    }

    @Test
    void secretsAreNotStoredWithoutASecretToEncryptThemWith() {
        start(Map.of());
        assertRefused(
                "there is no password.encoder.secret to do it with: listener.name.tls.ssl.keystore.password",
                TLS + "ssl.keystore.password",
                "hunter2");
    }

    @Test
    void kafkasOwnToolAndOursChangeAKeyStore() throws Exception {
        start();
        BigInteger second = keysUnder("another", "second", "CN=broker", "127.0.0.1");
        try (KafkaTool configs = new KafkaTool("3.9.2", folder.resolve("peer"))) {
            ToolCall done = configs.call(
                    "kafka.admin.ConfigCommand",
                    "--bootstrap-server",
                    broker.bootstrapServers("OPEN"),
                    "--alter",
                    "--entity-type",
                    "brokers",
                    "--entity-name",
                    "0",
                    "--add-config",
                    TLS + "ssl.keystore.location=" + folder.resolve("second") + "," + TLS
                            + "ssl.keystore.password=another");
            assertThat(done.output()).contains("Completed updating config for broker 0.");
        }
        assertThat(shown()).isEqualTo(second);

        BigInteger third = keysUnder("another", "third", "CN=broker", "127.0.0.1");
        ToolCall own = ToolCall.of(
                "configs",
                "--bootstrap-server",
                broker.bootstrapServers("OPEN"),
                "--alter",
                "--broker",
                "0",
                "--add-config",
                TLS + "ssl.keystore.location=" + folder.resolve("third"));
        assertThat(own.err()).isEmpty();
        assertThat(shown()).isEqualTo(third);
    }
}
