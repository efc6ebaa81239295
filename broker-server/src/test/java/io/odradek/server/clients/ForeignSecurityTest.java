package io.odradek.server.clients;

import static org.assertj.core.api.Assertions.assertThat;

import io.odradek.server.embedded.EmbeddedBroker;
import io.odradek.server.embedded.EmbeddedCluster;
import io.odradek.server.login.FiveListeners;
import io.odradek.server.login.ScramPasswords;
import io.odradek.server.login.WayIn;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Clients in C, JavaScript and Python over every protocol, with every mechanism, of one broker and of three. */
@Timeout(400)
class ForeignSecurityTest {
    private static final Duration LIMIT = Duration.ofSeconds(120);
    private static final String GUESSED = "guessed";

    @TempDir
    private static Path folder;

    private static FiveListeners listeners;
    private static EmbeddedBroker broker;
    private static EmbeddedCluster cluster;

    @BeforeAll
    static void start() throws Exception {
        listeners = new FiveListeners(folder);
        EmbeddedBroker.Builder one = EmbeddedBroker.builder();
        EmbeddedCluster.Builder three = EmbeddedCluster.builder(3);
        listeners.settings().forEach(one::setting);
        listeners.settings().forEach(three::setting);
        broker = one.start();
        cluster = three.start();
        ScramPasswords.set(broker.bootstrapServers("PLAINTEXT"), FiveListeners.USER, FiveListeners.PASSWORD);
        // A broker that has answered knows it: the same is said to each.
        for (int id : cluster.up()) {
            ScramPasswords.set(
                    cluster.broker(id).bootstrapServers("PLAINTEXT"), FiveListeners.USER, FiveListeners.PASSWORD);
        }
    }

    @AfterAll
    static void stop() {
        broker.close();
        cluster.close();
    }

    private static String bootstrap(int brokers, WayIn way) {
        return brokers == 1
                ? broker.bootstrapServers(way.listener())
                : cluster.up().stream()
                        .map(id -> cluster.broker(id).bootstrapServers(way.listener()))
                        .collect(Collectors.joining(","));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3})
    void kcatComesInEveryWay(int brokers) throws Exception {
        String kcat = ForeignTool.command("kcat", "kcat");
        for (WayIn way : WayIn.all()) {
            String topic = "kcat-" + way;
            Finished written = kcat(kcat, brokers, way, FiveListeners.PASSWORD, "one\ntwo\n", "-P", "-t", topic);
            assertThat(written.status()).as(topic + ": " + written.errors()).isZero();
            Finished read = kcat(
                    kcat,
                    brokers,
                    way,
                    FiveListeners.PASSWORD,
                    "",
                    "-q",
                    "-c",
                    "2",
                    "-X",
                    "auto.offset.reset=earliest",
                    "-G",
                    topic,
                    topic);
            assertThat(read.output().lines()).as(topic + ": " + read.errors()).containsExactlyInAnyOrder("one", "two");
            Finished listed = kcat(kcat, brokers, way, FiveListeners.PASSWORD, "", "-L");
            assertThat(listed.output()).as(listed.errors()).contains(brokers + " brokers:", "topic \"" + topic + "\"");
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3})
    void kcatIsRefusedWithAnotherPassword(int brokers) throws Exception {
        String kcat = ForeignTool.command("kcat", "kcat");
        for (WayIn way : WayIn.withPasswords()) {
            Finished refused = kcat(kcat, brokers, way, GUESSED, "", "-L", "-m", "1");
            assertThat(refused.status()).isNotZero();
            assertThat(refused.errors()).containsIgnoringCase("authentication failed");
        }
    }

    private static Finished kcat(
            String kcat, int brokers, WayIn way, String password, String input, String... arguments) throws Exception {
        List<String> command = new ArrayList<>(List.of(kcat, "-b", bootstrap(brokers, way)));
        set(command, "security.protocol", way.protocol());
        if (way.isEncrypted()) {
            set(command, "ssl.ca.location", listeners.trustedPem());
            set(command, "ssl.endpoint.identification.algorithm", "https");
        }
        if (way.isMutual()) {
            set(command, "ssl.certificate.location", listeners.certificatePem());
            set(command, "ssl.key.location", listeners.keyPem());
        }
        if (way.mechanism() != null) {
            set(command, "sasl.mechanism", way.mechanism());
            if (way.mechanism().equals("OAUTHBEARER")) {
                set(command, "enable.sasl.oauthbearer.unsecure.jwt", "true");
                set(command, "sasl.oauthbearer.config", "principal=" + FiveListeners.USER);
            } else {
                set(command, "sasl.username", FiveListeners.USER);
                set(command, "sasl.password", password);
            }
        }
        command.addAll(List.of(arguments));
        return Finished.run(new ProcessBuilder(command), input, LIMIT);
    }

    private static void set(List<String> command, String name, Object value) {
        command.addAll(List.of("-X", name + "=" + value));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3})
    void kafkajsComesInEveryWay(int brokers) throws Exception {
        ProcessBuilder command = script(ForeignTool.command("node", "nodejs"), "kafkajs-guarded.js");
        command.environment()
                .put(
                        "NODE_PATH",
                        ForeignTool.nodeModules().resolve("node_modules").toString());
        command.environment().put("KAFKAJS_NO_PARTITIONER_WARNING", "1");
        assertComesInEveryWay("kafkajs", command, brokers);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3})
    void confluentKafkaComesInEveryWay(int brokers) throws Exception {
        String python = ForeignTool.pythonWith("confluent_kafka", "python3-confluent-kafka");
        assertComesInEveryWay("confluent", script(python, "confluent-kafka-guarded.py"), brokers);
    }

    /** At one broker: at three it takes half a minute, for its own waits. */
    @Test
    void pythonKafkaComesInEveryWay() throws Exception {
        String python = ForeignTool.pythonWith("kafka", "python3-kafka");
        assertComesInEveryWay("python", script(python, "python-kafka-guarded.py"), 1);
    }

    private static ProcessBuilder script(String interpreter, String script) {
        return new ProcessBuilder(
                interpreter,
                "src/test/clients/" + script,
                listeners.trustedPem().toString(),
                listeners.certificatePem().toString(),
                listeners.keyPem().toString());
    }

    private static void assertComesInEveryWay(String client, ProcessBuilder command, int brokers) throws Exception {
        StringBuilder asked = new StringBuilder();
        StringBuilder expected = new StringBuilder();
        for (WayIn way : WayIn.all()) {
            asked.append(line(client, brokers, way, FiveListeners.PASSWORD));
            expected.append(client).append('-').append(way).append(" ok\n");
        }
        for (WayIn way : WayIn.withPasswords()) {
            asked.append(line(client, brokers, way, GUESSED));
            expected.append(client).append('-').append(way).append(" refused\n");
        }
        Finished finished = Finished.run(command, asked.toString(), LIMIT);
        assertThat(finished.output()).as(finished.errors()).isEqualTo(expected.toString());
        assertThat(finished.status()).isZero();
    }

    private static String line(String client, int brokers, WayIn way, String password) {
        String mechanism = way.isMutual() ? "certificate" : way.mechanism() == null ? "-" : way.mechanism();
        return String.join(
                        "\t",
                        client + "-" + way,
                        bootstrap(brokers, way),
                        way.protocol(),
                        mechanism,
                        FiveListeners.USER,
                        password,
                        Integer.toString(brokers))
                + "\n";
    }
}
