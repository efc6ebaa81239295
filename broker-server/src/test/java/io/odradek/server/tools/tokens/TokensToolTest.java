package io.odradek.server.tools.tokens;

import static org.assertj.core.api.Assertions.assertThat;

import io.odradek.server.embedded.EmbeddedBroker;
import io.odradek.server.tools.KafkaTool;
import io.odradek.server.tools.ToolCall;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** {@code broker-delegation-tokens} prints what Kafka's own tool prints. */
@Timeout(120)
class TokensToolTest {
    private static final String KAFKAS = "org.apache.kafka.tools.DelegationTokenCommand";
    private static final String HMAC = "[+/A-Za-z0-9]{86}==";

    @TempDir
    private Path folder;

    private EmbeddedBroker broker;

    @BeforeEach
    void start() throws IOException {
        broker = EmbeddedBroker.builder()
                .setting("listeners", "OPEN://127.0.0.1:0,GUARDED://127.0.0.1:0")
                .setting("listener.security.protocol.map", "OPEN:PLAINTEXT,GUARDED:SASL_PLAINTEXT")
                .setting("inter.broker.listener.name", "OPEN")
                .setting("sasl.enabled.mechanisms", "PLAIN")
                .setting(
                        "listener.name.guarded.plain.sasl.jaas.config",
                        "org.apache.kafka.common.security.plain.PlainLoginModule required user_alice=\"alice\";")
                .setting("delegation.token.secret.key", "the secret")
                .start();
        Files.write(
                folder.resolve("alice.properties"),
                List.of(
                        "security.protocol=SASL_PLAINTEXT",
                        "sasl.mechanism=PLAIN",
                        "sasl.jaas.config=org.apache.kafka.common.security.plain.PlainLoginModule required"
                                + " username=\"alice\" password=\"alice\";"));
    }

    @AfterEach
    void stop() {
        broker.close();
    }

    private interface Calls {
        ToolCall call(String... arguments) throws Exception;
    }

    private String[] all(String first, String arguments) {
        List<String> all = new ArrayList<>();
        if (first != null) {
            all.add(first);
        }
        all.addAll(List.of(
                "--bootstrap-server",
                broker.bootstrapServers("GUARDED"),
                "--command-config",
                folder.resolve("alice.properties").toString()));
        all.addAll(List.of(arguments.split(" ")));
        return all.toArray(String[]::new);
    }

    private ToolCall ours(String arguments) {
        return ToolCall.of(all("delegation-tokens", arguments));
    }

    /** {@return the secret of the only token} */
    private static String secret(ToolCall call) {
        Matcher secret = Pattern.compile(HMAC).matcher(call.out());
        assertThat(secret.find()).as(call.toString()).isTrue();
        return secret.group();
    }

    /** Times, identifiers and secrets are never the same. */
    private static String comparable(ToolCall call) {
        return call.status()
                + call.out()
                        .replaceAll(HMAC, "HMAC")
                        .replaceAll("tokenId : \\S+", "tokenId : ID")
                        .replaceAll("(?m)^\\S{22} +HMAC", "ID HMAC")
                        .replaceAll("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d", "TIME")
                        .strip();
    }

    @Test
    void itPrintsWhatKafkasPrints() throws Exception {
        List<String> ours = new ArrayList<>();
        List<String> kafkas = new ArrayList<>();
        life(ours, (arguments) -> ToolCall.of(all("delegation-tokens", String.join(" ", arguments))));
        try (KafkaTool kafka = new KafkaTool("3.9.2", folder.resolve("kafka"))) {
            life(kafkas, (arguments) -> kafka.call(KAFKAS, all(null, String.join(" ", arguments))));
        }

        assertThat(ours).isEqualTo(kafkas);
    }

    private static void life(List<String> said, Calls tool) throws Exception {
        ToolCall made = tool.call(
                "--create --max-life-time-period -1 --renewer-principal User:bob --renewer-principal User:carol");
        String secret = secret(made);
        said.add(comparable(made));
        for (String what : List.of(
                "--describe --owner-principal User:alice",
                "--describe --owner-principal User:dave --owner-principal User:erin",
                "--renew --renew-time-period 3600000 --hmac " + secret,
                "--expire --expiry-time-period -1 --hmac " + secret,
                "--describe --owner-principal User:alice")) {
            said.add(comparable(tool.call(what)));
        }
    }

    @Test
    void whereNobodyIsNamedAllAreShown() {
        String secret = secret(ours("--create --max-life-time-period 100000"));

        ToolCall shown = ours("--describe");

        assertThat(shown.out())
                .startsWith("Calling describe token operation for current user.\nTotal number of tokens : 1\n");
        assertThat(secret(shown)).isEqualTo(secret);
    }

    @Test
    void whatIsRefusedIsSaidInOneLine() {
        assertThat(ours("--renew --renew-time-period -1 --hmac AAAA").failure()).contains("Delegation Token");
        refused("Give exactly one of --create, --renew, --expire and --describe", "--hmac AAAA");
        refused("With --create, give --max-life-time-period", "--create");
        refused("With --renew, give --hmac and --renew-time-period", "--renew --hmac AAAA");
        refused("With --expire, give --hmac and --expiry-time-period", "--expire --expiry-time-period 1");
        refused("--hmac is not what the tool shows", "--expire --expiry-time-period 1 --hmac !");
        refused("\"bob\" is no principal", "--create --max-life-time-period -1 --renewer-principal bob");
        refused(
                "A token has one --owner-principal",
                "--create --max-life-time-period -1 --owner-principal User:a --owner-principal User:b");
        refused("--hmac goes with", "--describe --hmac AAAA");
    }

    private void refused(String why, String arguments) {
        assertThat(ours(arguments).failure()).startsWith(why);
    }
}
