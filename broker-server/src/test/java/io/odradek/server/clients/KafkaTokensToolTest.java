package io.odradek.server.clients;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.odradek.server.embedded.EmbeddedBroker;
import io.odradek.server.login.TokenClients;
import io.odradek.server.tools.KafkaTool;
import io.odradek.server.tools.ToolCall;
import io.odradek.server.zookeeper.RecordedWrite;
import io.odradek.server.zookeeper.RecordedWrite.Kind;
import io.odradek.server.zookeeper.TestEnsemble;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.security.token.delegation.DelegationToken;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Apache Kafka's {@code kafka-delegation-tokens} says the same of brokers of ours and of Kafka 3.9.2; both leave the same in
 * ZooKeeper, and whoever has a token of the one is let in by the other.
 */
@Timeout(300)
@SuppressWarnings("try") // A broker that is only closed.
class KafkaTokensToolTest {
    private static final String TOOL = "org.apache.kafka.tools.DelegationTokenCommand";
    private static final Duration PATIENCE = Duration.ofSeconds(120);
    private static final String MODULES = "org.apache.kafka.common.security.";
    private static final Pattern MADE = Pattern.compile("([-_A-Za-z0-9]{22})\\s+([+/A-Za-z0-9]{86}==)");

    @TempDir
    Path folder;

    /** Who listens at an address, and the secret of the first token that was made there. */
    private final class At {
        private final String server;
        private final String id;
        private final String hmac;
        private final List<String> said = new ArrayList<>();

        At(String server, KafkaTool tool, KafkaTool newer) throws Exception {
            this.server = server;
            await().atMost(PATIENCE).untilAsserted(() -> {
                ToolCall call = call(tool, "alice", "--describe");
                assertThat(call.status()).as(call.toString()).isZero();
            });
            ToolCall made = call(tool, "alice", "--create --max-life-time-period -1 --renewer-principal User:bob");
            Matcher matcher = MADE.matcher(made.out());
            assertThat(matcher.find()).as(made.toString()).isTrue();
            id = matcher.group(1);
            hmac = matcher.group(2);
            said.add(comparable(made));
            awaitTokens(tool, "alice", 1);
            for (KafkaTool each : List.of(tool, newer)) {
                say(each, "alice", "--describe");
                say(each, "bob", "--renew --renew-time-period -1 --hmac " + hmac);
                say(each, "bob", "--renew --renew-time-period 3600000 --hmac " + hmac);
                say(each, "carol", "--renew --renew-time-period -1 --hmac " + hmac);
                say(each, "carol", "--describe --owner-principal User:carol");
                say(each, "carol", "--describe --owner-principal User:bob");
                say(each, "alice", "--create --max-life-time-period 1000000 --owner-principal User:carol");
                say(each, "alice", "--create --max-life-time-period -1 --renewer-principal Group:x");
                say(each, "alice", "--create --max-life-time-period 100000 --renewer-principal User:u");
                String gone = newest(each);
                say(each, "bob", "--expire --expiry-time-period 5000 --hmac " + gone);
                say(each, "alice", "--expire --expiry-time-period 50000 --hmac " + gone);
                say(each, "alice", "--expire --expiry-time-period -1 --hmac " + gone);
                awaitTokens(each, "u", 0);
                say(each, "alice", "--expire --expiry-time-period -1 --hmac " + gone);
                say(each, "alice", "--renew --renew-time-period -1 --hmac " + gone);
            }
        }

        /** Kafka answers before it knows itself. */
        private void awaitTokens(KafkaTool tool, String renewer, int count) {
            await().atMost(PATIENCE)
                    .until(() -> MADE.matcher(call(tool, "alice", "--describe --owner-principal User:" + renewer)
                                            .out())
                                    .results()
                                    .count()
                            == count);
        }

        /** {@return the secret of the token that the user u may renew} */
        private String newest(KafkaTool tool) throws Exception {
            awaitTokens(tool, "u", 1);
            Matcher matcher = MADE.matcher(
                    call(tool, "alice", "--describe --owner-principal User:u").out());
            assertThat(matcher.find()).isTrue();
            return matcher.group(2);
        }

        private void say(KafkaTool tool, String user, String what) throws Exception {
            said.add(what.replaceAll("[+/A-Za-z0-9]{86}==", "HMAC") + "\n" + comparable(call(tool, user, what)));
        }

        private ToolCall call(KafkaTool tool, String user, String what) throws Exception {
            Path settings = folder.resolve(user + ".properties");
            Files.write(
                    settings,
                    List.of(
                            "security.protocol=SASL_PLAINTEXT",
                            "sasl.mechanism=PLAIN",
                            "request.timeout.ms=20000",
                            "default.api.timeout.ms=20000",
                            "sasl.jaas.config=" + MODULES + "plain.PlainLoginModule required username=\"" + user
                                    + "\" password=\"" + user + "\";"));
            List<String> arguments =
                    new ArrayList<>(List.of("--bootstrap-server", server, "--command-config", settings.toString()));
            arguments.addAll(Arrays.asList(what.split(" ")));
            return tool.call(TOOL, arguments.toArray(String[]::new));
        }
    }

    /** Times, identifiers and secrets are never the same, nor is the order of lines. */
    private static String comparable(ToolCall call) {
        List<String> lines = new ArrayList<>();
        for (String line : (call.out() + call.err()).split("\n")) {
            if (!line.startsWith("\tat ")) {
                lines.add(line.replaceAll("[+/A-Za-z0-9]{86}==", "HMAC")
                        .replaceAll("tokenId : \\S+", "tokenId : ID")
                        .replaceAll("^\\S{22}\\s+HMAC", "ID HMAC")
                        .replaceAll("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d", "TIME")
                        .replaceAll("expiry date: ?\\S.*", "expiry date: TIME")
                        .stripTrailing());
            }
        }
        lines.sort(null);
        return call.status() + "\n" + String.join("\n", lines);
    }

    private static Map<String, String> settings() {
        Map<String, String> settings = new LinkedHashMap<>();
        settings.put("listener.security.protocol.map", "OPEN:PLAINTEXT,GUARDED:SASL_PLAINTEXT");
        settings.put("inter.broker.listener.name", "OPEN");
        settings.put("sasl.enabled.mechanisms", "PLAIN,SCRAM-SHA-256,SCRAM-SHA-512");
        settings.put(
                "listener.name.guarded.plain.sasl.jaas.config",
                MODULES
                        + "plain.PlainLoginModule required user_alice=\"alice\" user_bob=\"bob\" user_carol=\"carol\";");
        for (String scram : List.of("scram-sha-256", "scram-sha-512")) {
            settings.put(
                    "listener.name.guarded." + scram + ".sasl.jaas.config",
                    MODULES + "scram.ScramLoginModule required;");
        }
        settings.put("delegation.token.secret.key", "the secret");
        return settings;
    }

    private EmbeddedBroker ours(TestEnsemble ensemble, String chroot) {
        EmbeddedBroker.Builder builder = EmbeddedBroker.builder()
                .logFolder(folder.resolve("ours" + chroot.replace('/', '-')))
                .setting("broker.id", "1")
                .setting("zookeeper.connect", ensemble.connect() + chroot)
                .setting("listeners", "OPEN://127.0.0.1:0,GUARDED://127.0.0.1:0");
        settings().forEach(builder::setting);
        return builder.start();
    }

    private KafkaBroker kafka(Peer peer, TestEnsemble ensemble, String chroot, int port) throws IOException {
        List<String> lines = new ArrayList<>();
        settings().forEach((name, value) -> lines.add(name + "=" + value));
        lines.add("broker.id=2");
        lines.add("zookeeper.connect=" + ensemble.connect() + chroot);
        lines.add("listeners=OPEN://127.0.0.1:" + freePort() + ",GUARDED://127.0.0.1:" + port);
        lines.add("log.dirs=" + folder.resolve("kafkas" + chroot.replace('/', '-')));
        return KafkaBroker.start(peer, folder.resolve("kafka" + chroot.replace('/', '-')), lines);
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    @Test
    void itSaysTheSameOfBothAndEachLetsInWhoHasATokenOfTheOther() throws Exception {
        try (TestEnsemble ensemble = new TestEnsemble(folder.resolve("zookeeper"), 3_000);
                KafkaTool tool = new KafkaTool("3.9.2", folder.resolve("tools"));
                KafkaTool newer = new KafkaTool("4.3.1", folder.resolve("newer"))) {
            Peer peer = new Peer("3.9.2", folder.resolve("peer"));
            At ofOurs;
            try (EmbeddedBroker broker = ours(ensemble, "/ours")) {
                ofOurs = new At(broker.bootstrapServers("GUARDED"), tool, newer);
            }
            At ofKafka;
            int port = freePort();
            try (KafkaBroker broker = kafka(peer, ensemble, "/kafkas", port)) {
                ofKafka = new At("127.0.0.1:" + port, tool, newer);
                broker.stop();
            }
            assertThat(ofOurs.said).isEqualTo(ofKafka.said);
            assertThat(written("/ours")).isEqualTo(written("/kafkas"));

            try (EmbeddedBroker broker = ours(ensemble, "/kafkas")) {
                assertThat(refusal(broker.bootstrapServers("GUARDED"), ofKafka)).isNull();
                assertThat(refusal(broker.bootstrapServers("GUARDED"), ofOurs)).isNotNull();
            }
            int another = freePort();
            try (EmbeddedBroker here = ours(ensemble, "/ours");
                    KafkaBroker there = kafka(peer, ensemble, "/ours", another)) {
                await().atMost(PATIENCE).until(() -> refusal("127.0.0.1:" + another, ofOurs) == null);
                assertThat(refusal("127.0.0.1:" + another, ofKafka)).isNotNull();
                areKnownToBoth(List.of(here.bootstrapServers("GUARDED"), "127.0.0.1:" + another));
            }
        }
    }

    /** Whichever of two brokers of one cluster the client asks, both know of it soon. */
    private static void areKnownToBoth(List<String> servers) throws Exception {
        Map<String, Object> alice = TokenClients.withToken(servers.get(0), "PLAIN", "", "");
        alice.put(
                "sasl.jaas.config", MODULES + "plain.PlainLoginModule required username=\"alice\" password=\"alice\";");
        for (int i = 0; i < 4; i++) {
            alice.put("bootstrap.servers", servers.get(i % 2));
            DelegationToken token = TokenClients.create(alice);
            for (String server : servers) {
                await().atMost(PATIENCE)
                        .until(() ->
                                TokenClients.refusal(TokenClients.withToken(server, "SCRAM-SHA-256", token)) == null);
            }
            try (Admin admin = Admin.create(alice)) {
                admin.expireDelegationToken(token.hmac()).expiryTimestamp().get();
            }
            for (String server : servers) {
                await().atMost(PATIENCE)
                        .until(() ->
                                TokenClients.refusal(TokenClients.withToken(server, "SCRAM-SHA-256", token)) != null);
            }
        }
    }

    private static Throwable refusal(String servers, At made) throws InterruptedException {
        Map<String, Object> settings = TokenClients.withToken(servers, "SCRAM-SHA-512", made.id, made.hmac);
        settings.put("default.api.timeout.ms", "10000");
        settings.put("request.timeout.ms", "10000");
        return TokenClients.refusal(settings);
    }

    /** What was written into the nodes of tokens, in the order of time. */
    private SortedMap<String, List<String>> written(String chroot) throws IOException {
        Map<String, String> names = new LinkedHashMap<>();
        SortedMap<String, List<String>> written = new TreeMap<>();
        for (RecordedWrite write : RecordedWrite.read(folder.resolve("zookeeper"), chroot)) {
            if (!write.path().startsWith("/delegation_token")) {
                continue;
            }
            Matcher token = Pattern.compile("/tokens/(.{22})$").matcher(write.path());
            if (token.find()) {
                names.putIfAbsent(token.group(1), "TOKEN-" + names.size());
            }
            String path = write.path();
            String text = write.kind() == Kind.DELETE ? "deleted" : write.text();
            for (Map.Entry<String, String> name : names.entrySet()) {
                path = path.replace(name.getKey(), name.getValue());
                text = text.replace(name.getKey(), name.getValue());
            }
            written.computeIfAbsent(path, any -> new ArrayList<>()).add(text.replaceAll("\\d{13}", "TIME"));
        }
        assertThat(names).hasSizeGreaterThan(2);
        return written;
    }
}
