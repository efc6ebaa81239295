package io.odradek.server.clients;

import static org.assertj.core.api.Assertions.assertThat;

import io.odradek.server.embedded.EmbeddedBroker;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Clients in C, JavaScript and Python, and Kafka's console tools of three versions, against the broker. */
@Timeout(400)
class ForeignClientsTest {
    private static final Duration LIMIT = Duration.ofSeconds(120);
    private static final int LINES = 100_000;

    @TempDir
    Path folder;

    private EmbeddedBroker broker;

    @BeforeEach
    void start() {
        broker = EmbeddedBroker.start();
    }

    @AfterEach
    void stop() {
        broker.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"none", "gzip", "snappy", "lz4", "zstd"})
    void kcatProducesAndConsumes(String codec) throws Exception {
        String kcat = ForeignTool.command("kcat", "kcat");
        String lines = lines(LINES);

        Finished produced = Finished.run(
                new ProcessBuilder(
                        kcat, "-b", broker.bootstrapServers(), "-P", "-t", "lines", "-z", codec, "-X", "acks=all"),
                lines,
                LIMIT);
        assertThat(produced.errors()).isEmpty();
        assertThat(produced.status()).isZero();

        Finished consumed = Finished.run(
                new ProcessBuilder(
                        kcat, "-b", broker.bootstrapServers(), "-C", "-t", "lines", "-o", "beginning", "-e", "-q"),
                "",
                LIMIT);
        assertThat(consumed.output()).isEqualTo(lines);
    }

    @ParameterizedTest
    @ValueSource(strings = {"2.5.0", "3.9.2", "4.3.1"})
    void theConsoleToolsProduceAndConsume(String version) throws Exception {
        Peer peer = new Peer(version, folder);
        boolean old = version.startsWith("2.");
        boolean recent = version.startsWith("4.");
        String lines = lines(LINES);
        List<String> producing = new ArrayList<>(
                List.of(old ? "--broker-list" : "--bootstrap-server", broker.bootstrapServers(), "--topic", "console"));
        // Up to 2.5 the console producer sends one record a request unless told otherwise.
        producing.addAll(List.of("--producer-property", "linger.ms=50", "--compression-codec", "lz4"));

        Finished produced = Finished.run(
                peer.java(
                        recent ? "org.apache.kafka.tools.ConsoleProducer" : "kafka.tools.ConsoleProducer",
                        producing.toArray(String[]::new)),
                lines,
                LIMIT);
        assertThat(produced.status()).as(produced.errors()).isZero();

        Finished consumed = Finished.run(
                peer.java(
                        old ? "kafka.tools.ConsoleConsumer" : "org.apache.kafka.tools.consumer.ConsoleConsumer",
                        "--bootstrap-server",
                        broker.bootstrapServers(),
                        "--topic",
                        "console",
                        "--from-beginning",
                        "--group",
                        "console-readers",
                        "--max-messages",
                        Integer.toString(LINES)),
                "",
                LIMIT);
        assertThat(consumed.output()).as(consumed.errors()).isEqualTo(lines);
    }

    @Test
    void kafkajsProducesAndConsumesInAGroup() throws Exception {
        String node = ForeignTool.command("node", "nodejs");
        ProcessBuilder command = script(node, "kafkajs-round-trip.js", "from-javascript");
        command.environment()
                .put(
                        "NODE_PATH",
                        ForeignTool.nodeModules().resolve("node_modules").toString());
        command.environment().put("KAFKAJS_NO_PARTITIONER_WARNING", "1");
        assertRoundTrip(command);
    }

    @Test
    void pythonKafkaProducesAndConsumesInAGroup() throws Exception {
        String python = ForeignTool.pythonWith("kafka", "python3-kafka");
        assertRoundTrip(script(python, "python-kafka-round-trip.py", "from-python"));
    }

    @Test
    void confluentKafkaProducesAndConsumesInAGroup() throws Exception {
        String python = ForeignTool.pythonWith("confluent_kafka", "python3-confluent-kafka");
        assertRoundTrip(script(python, "confluent-kafka-round-trip.py", "from-librdkafka"));
    }

    private ProcessBuilder script(String interpreter, String script, String topic) {
        return new ProcessBuilder(
                interpreter, "src/test/clients/" + script, broker.bootstrapServers(), topic, Integer.toString(10_000));
    }

    private static void assertRoundTrip(ProcessBuilder command) throws Exception {
        Finished finished = Finished.run(command, "", LIMIT);
        assertThat(finished.output()).as(finished.errors()).isEqualTo("ok 10000\n");
    }

    private static String lines(int count) {
        return IntStream.range(0, count).mapToObj(i -> "line " + i + "\n").collect(Collectors.joining());
    }
}
