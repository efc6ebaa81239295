package io.odradek.server.zookeeper;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.odradek.core.config.ConfigException;
import io.odradek.protocol.errors.ErrorCode;
import io.odradek.server.certificates.Identity;
import io.odradek.server.certificates.Issuer;
import io.odradek.server.embedded.EmbeddedBroker;
import io.odradek.server.groups.TreePositionsClient;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.zookeeper.KeeperException;
import org.apache.zookeeper.ZooKeeper;
import org.apache.zookeeper.data.Stat;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A broker and a ZooKeeper server that know each other by certificates or a password, or do not. */
@Timeout(120)
@SuppressWarnings("try") // Brokers and logins that are only closed.
class GuardedZooKeeperTest {
    private static final String PASSWORD = "of the stores";
    private static final Duration VALID = Duration.ofDays(1);

    @TempDir
    Path folder;

    private final Issuer issuer = new Issuer("CN=root", VALID);
    private List<String> tlsServer;

    @BeforeEach
    void makeStores() throws Exception {
        issuer.issue("CN=zookeeper", List.of("127.0.0.1", "localhost"), VALID)
                .writeKeyStore(folder.resolve("server.p12"), PASSWORD);
        issuer.issue("CN=broker", List.of(), VALID).writeKeyStore(folder.resolve("broker.p12"), PASSWORD);
        Files.writeString(folder.resolve("trusted.pem"), Identity.pem(issuer.certificate()), UTF_8);
        tlsServer = List.of(
                "secureClientPort=SECURE_PORT",
                "secureClientPortAddress=127.0.0.1",
                "serverCnxnFactory=org.apache.zookeeper.server.NettyServerCnxnFactory",
                "authProvider.1=org.apache.zookeeper.server.auth.X509AuthenticationProvider",
                "ssl.keyStore.location=" + folder.resolve("server.p12"),
                "ssl.keyStore.password=" + PASSWORD,
                "ssl.trustStore.location=" + folder.resolve("trusted.pem"));
    }

    private OwnZooKeeper overTls() throws Exception {
        OwnZooKeeper server = OwnZooKeeper.start(folder.resolve("zookeeper"), tlsServer);
        assertThat(server.serves()).as(server.output()).isTrue();
        return server;
    }

    private OwnZooKeeper withPassword(String... more) throws Exception {
        List<String> settings = new ArrayList<>(List.of(more));
        settings.add("authProvider.1=org.apache.zookeeper.server.auth.SASLAuthenticationProvider");
        OwnZooKeeper server = OwnZooKeeper.start(
                folder.resolve("zookeeper"), settings, JaasSections.ofServer(folder, "broker", "good"));
        assertThat(server.serves()).as(server.output()).isTrue();
        return server;
    }

    private EmbeddedBroker.Builder broker(String connect) {
        return EmbeddedBroker.builder()
                .setting("zookeeper.connect", connect + "/kafka")
                .setting("zookeeper.connection.timeout.ms", "5000");
    }

    private EmbeddedBroker.Builder overTls(OwnZooKeeper server, Map<String, String> settings) {
        Map<String, String> all = new TreeMap<>(Map.of(
                "zookeeper.ssl.client.enable",
                "true",
                "zookeeper.ssl.keystore.location",
                folder.resolve("broker.p12").toString(),
                "zookeeper.ssl.keystore.password",
                PASSWORD,
                "zookeeper.ssl.truststore.location",
                folder.resolve("trusted.pem").toString()));
        all.putAll(settings);
        EmbeddedBroker.Builder builder = broker(server.secureConnect());
        all.forEach(builder::setting);
        return builder;
    }

    private static void createTopic(EmbeddedBroker broker) throws Exception {
        try (Admin admin = Admin.create(Map.<String, Object>of("bootstrap.servers", broker.bootstrapServers()))) {
            admin.createTopics(List.of(new NewTopic("t", 1, (short) 1))).all().get();
        }
    }

    private static List<String> acls(OwnZooKeeper server, String path) throws Exception {
        try (ZooKeeper client = server.observer()) {
            return client.getACL(path, new Stat()).stream()
                    .map(acl -> acl.getId().getScheme() + ":" + acl.getId().getId() + "=" + acl.getPerms())
                    .toList();
        }
    }

    @Test
    void aBrokerIsKnownByItsCertificateAndItsNodesAreItsOwn() throws Exception {
        try (OwnZooKeeper server = overTls();
                EmbeddedBroker broker =
                        overTls(server, Map.of("zookeeper.set.acl", "true")).start();
                TreePositionsClient client = new TreePositionsClient(broker.bootstrapServers())) {
            createTopic(broker);
            assertThat(client.commit("g", "t", 0, 1)).isEqualTo(ErrorCode.NONE);
            assertThat(acls(server, "/kafka/consumers")).containsExactly("world:anyone=31");
            for (String path : List.of("/kafka/consumers/g", "/kafka/consumers/g/offsets/t/0")) {
                assertThat(acls(server, path)).containsExactly("x509:CN=broker=31", "world:anyone=1");
            }
            assertThat(acls(server, "/kafka/brokers/topics/t")).containsExactly("x509:CN=broker=31", "world:anyone=1");
            assertThatThrownBy(() -> acls(server, "/kafka/config/users"))
                    .isInstanceOf(KeeperException.NoAuthException.class);
        }
    }

    @Test
    void aClusterWorksOverTlsAndGoesOnWithoutOneOfItsBrokers() throws Exception {
        List<EmbeddedBroker> brokers = new ArrayList<>();
        try (OwnZooKeeper server = overTls()) {
            for (int id = 1; id <= 3; id++) {
                brokers.add(overTls(server, Map.of("zookeeper.set.acl", "true", "broker.id", Integer.toString(id)))
                        .start());
            }
            try (Admin admin = Admin.create(
                    Map.<String, Object>of("bootstrap.servers", brokers.get(0).bootstrapServers()))) {
                await().atMost(Duration.ofSeconds(60))
                        .until(() -> admin.describeCluster().nodes().get().size() == 3);
                admin.createTopics(List.of(new NewTopic("t", 3, (short) 3)))
                        .all()
                        .get();
                brokers.remove(2).close();
                await().atMost(Duration.ofSeconds(60))
                        .until(() ->
                                admin.describeTopics(List.of("t")).allTopicNames().get().get("t").partitions().stream()
                                        .allMatch(partition ->
                                                partition.isr().size() == 2 && partition.leader() != null));
            }
        } finally {
            brokers.forEach(EmbeddedBroker::close);
        }
    }

    @Test
    void aServerOfAnotherNameIsRefusedUnlessNamesDoNotMatter() throws Exception {
        issuer.issue("CN=zookeeper", List.of("elsewhere.example.org"), VALID)
                .writeKeyStore(folder.resolve("server.p12"), PASSWORD);
        try (OwnZooKeeper server = overTls()) {
            assertThatThrownBy(() -> overTls(server, Map.of()).start())
                    .isInstanceOf(UncheckedIOException.class)
                    .hasMessageStartingWith(
                            "ZooKeeper at " + server.secureConnect() + " cannot be reached within 5000 ms")
                    .hasMessageContaining("over TLS")
                    .hasMessageContaining("127.0.0.1");
            Process process = process(server, "zookeeper.ssl.endpoint.identification.algorithm=");
            try {
                await().atMost(Duration.ofSeconds(60))
                        .until(() -> !process.isAlive()
                                || Files.readString(folder.resolve("broker.out"))
                                        .contains("Broker 0 serves"));
                assertThat(process.isAlive())
                        .as(Files.readString(folder.resolve("broker.out")))
                        .isTrue();
            } finally {
                process.destroyForcibly().onExit().join();
            }
        }
    }

    /** Whether Netty checks names is a matter of the whole JVM. */
    private Process process(OwnZooKeeper server, String setting) throws Exception {
        Path file = folder.resolve("broker.properties");
        Files.write(
                file,
                List.of(
                        "zookeeper.connect=" + server.secureConnect(),
                        "zookeeper.ssl.client.enable=true",
                        "zookeeper.ssl.truststore.location=" + folder.resolve("trusted.pem"),
                        "zookeeper.ssl.keystore.location=" + folder.resolve("broker.p12"),
                        "zookeeper.ssl.keystore.password=" + PASSWORD,
                        "listeners=PLAINTEXT://127.0.0.1:0",
                        "broker.id=0",
                        "log.dirs=" + folder.resolve("data"),
                        setting));
        return new ProcessBuilder(
                        ProcessHandle.current().info().command().orElse("java"),
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        "io.odradek.server.BrokerMain",
                        file.toString())
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("broker.out").toFile())
                .start();
    }

    @Test
    void aServerThatNobodyVouchesForIsOneLineAndNoStart() throws Exception {
        Issuer other = new Issuer("CN=other", VALID);
        Files.writeString(folder.resolve("other.pem"), Identity.pem(other.certificate()), UTF_8);
        try (OwnZooKeeper server = overTls()) {
            assertThatThrownBy(() -> overTls(
                                    server,
                                    Map.of(
                                            "zookeeper.ssl.truststore.location",
                                            folder.resolve("other.pem").toString()))
                            .start())
                    .isInstanceOf(UncheckedIOException.class)
                    .hasMessage("ZooKeeper at " + server.secureConnect()
                            + " cannot be reached within 5000 ms (zookeeper.connect, zookeeper.connection.timeout.ms): over"
                            + " TLS, " + server.secureConnect()
                            + " says: unable to find valid certification path to requested target");
        }
    }

    @Test
    void aBrokerThatTheServerDoesNotTrustIsOneLineAndNoStart() throws Exception {
        new Issuer("CN=other", VALID)
                .issue("CN=broker", List.of(), VALID)
                .writeKeyStore(folder.resolve("bad.p12"), PASSWORD);
        try (OwnZooKeeper server = overTls()) {
            assertThatThrownBy(() -> overTls(
                                    server,
                                    Map.of(
                                            "zookeeper.ssl.keystore.location",
                                            folder.resolve("bad.p12").toString()))
                            .start())
                    .isInstanceOf(UncheckedIOException.class)
                    .hasMessageContaining(" cannot be reached within 5000 ms")
                    .hasMessageContaining("over TLS, " + server.secureConnect() + " says: ");
        }
    }

    @Test
    void storesThatCannotBeOpenedAreNamedWithoutTheirPasswords() throws Exception {
        for (Map.Entry<String, String> wrong : Map.of(
                        "zookeeper.ssl.keystore.password", "hunter2",
                        "zookeeper.ssl.keystore.location", "/nowhere/keys.p12",
                        "zookeeper.ssl.truststore.location", "/nowhere/trusted.pem",
                        "zookeeper.ssl.truststore.type", "PKCS12",
                        "zookeeper.ssl.protocol", "SSLv9",
                        "zookeeper.clientCnxnSocket", "org.apache.zookeeper.ClientCnxnSocketNIO")
                .entrySet()) {
            EmbeddedBroker.Builder builder = EmbeddedBroker.builder()
                    .setting("zookeeper.connect", "127.0.0.1:1")
                    .setting("zookeeper.ssl.client.enable", "true")
                    .setting(
                            "zookeeper.ssl.keystore.location",
                            folder.resolve("broker.p12").toString())
                    .setting("zookeeper.ssl.keystore.password", PASSWORD)
                    .setting(
                            "zookeeper.ssl.truststore.location",
                            folder.resolve("trusted.pem").toString())
                    .setting(wrong.getKey(), wrong.getValue());
            assertThatThrownBy(builder::start)
                    .as("%s", wrong)
                    .isInstanceOf(ConfigException.class)
                    .hasMessageContaining("zookeeper.")
                    .message()
                    .doesNotContain("hunter2", PASSWORD, "\n");
        }
    }

    @Test
    void whoGuardsItsNodesMustBeKnown() {
        assertThatThrownBy(() -> broker("127.0.0.1:1")
                        .setting("zookeeper.set.acl", "true")
                        .start())
                .isInstanceOf(ConfigException.class)
                .hasMessage(
                        "zookeeper.set.acl=true, but ZooKeeper does not know who this broker is: it needs a section Client"
                                + " in the JAAS configuration (java.security.auth.login.config), or"
                                + " zookeeper.ssl.client.enable=true with zookeeper.ssl.keystore.location");
    }

    @Test
    void aWrongPasswordIsOneLineAndNoStart() throws Exception {
        try (OwnZooKeeper server = withPassword();
                JaasSections login = JaasSections.here("broker", "hunter2")) {
            assertThatThrownBy(() -> broker(server.connect()).start())
                    .isInstanceOf(UncheckedIOException.class)
                    .hasMessage("ZooKeeper at " + server.connect()
                            + " refuses the login of this broker, section Client of the JAAS configuration");
        }
    }

    @Test
    void aBrokerWithoutAPasswordIsToldThatItNeedsOne() throws Exception {
        try (OwnZooKeeper server = withPassword("sessionRequireClientSASLAuth=true")) {
            assertThatThrownBy(() -> broker(server.connect()).start())
                    .isInstanceOf(UncheckedIOException.class)
                    .hasMessage(
                            "ZooKeeper at " + server.connect() + " refuses a broker that does not log in: it needs a"
                                    + " section Client in the JAAS configuration (java.security.auth.login.config)");
            try (JaasSections login = JaasSections.here("broker", "good");
                    EmbeddedBroker broker = broker(server.connect()).start()) {
                createTopic(broker);
            }
        }
    }
}
