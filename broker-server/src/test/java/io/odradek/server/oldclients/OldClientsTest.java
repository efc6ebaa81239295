package io.odradek.server.oldclients;

import io.odradek.server.clients.ForeignTool;
import io.odradek.server.clients.Peer;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Clients of the days of record formats 0 and 1. Each takes the same steps: it produces records with every codec it has, reads them
 * alone and in a group that goes on after its commit, and reads what a current client has written, with headers, in transactions and
 * with the same codecs. A current client reads what it wrote.
 */
@DisabledOnOs(OS.WINDOWS)
@Timeout(400)
class OldClientsTest {
    private static final List<String> ALL = List.of("none", "gzip", "snappy", "lz4");
    private static final List<String> NO_LZ4 = List.of("none", "gzip", "snappy");

    @TempDir
    static Path folder;

    private static OldClientsBed bed;

    @BeforeAll
    static void start() throws Exception {
        bed = OldClientsBed.start(folder);
    }

    @AfterAll
    static void stop() throws Exception {
        bed.close();
    }

    @ParameterizedTest
    @CsvSource({"0.10.2.2, 1", "0.11.0.3, 2", "2.0.1, 2"})
    void javaClientsAreServed(String version, int magic) throws Exception {
        Peer client = new Peer("clients-" + version, folder.resolve("client-" + version));
        bed.serve("java-" + version, client.java("src/test/clients/OldRoundTrip.java"), ALL, magic);
    }

    @ParameterizedTest
    @CsvSource({"0.8.2.0, 0", "0.9.0.0, 0", "0.10.0.0, 1", "0.10.2.0, 1", "2.2.0, 2"})
    void saramaIsServedAtItsLevels(String level, int magic) throws Exception {
        Path sarama = ForeignTool.goProgram(
                "sarama-round-trip", "golang-github-shopify-sarama-dev", "github.com/Shopify/sarama");
        // It writes no LZ4 to brokers before 0.10.
        bed.serve("sarama-" + level, new ProcessBuilder(sarama.toString()), magic == 0 ? NO_LZ4 : ALL, magic, level);
    }

    @Test
    void kafkaGoIsServed() throws Exception {
        Path kafkaGo = ForeignTool.goProgram(
                "kafka-go-round-trip", "golang-github-segmentio-kafka-go-dev", "github.com/segmentio/kafka-go");
        bed.serve("kafka-go", new ProcessBuilder(kafkaGo.toString()), ALL, 1);
    }

    @Test
    void kafkaNodeIsServed() throws Exception {
        bed.serve("kafka-node", node("kafka-node-round-trip.js"), NO_LZ4, 1);
    }

    @Test
    void noKafkaIsServed() throws Exception {
        bed.serve("no-kafka", node("no-kafka-round-trip.js"), NO_LZ4, 0);
    }

    @Test
    void kcatIsServedAsItSpokeTo09() throws Exception {
        String kcat = ForeignTool.command("kcat", "kcat");
        bed.serve("kcat", new ProcessBuilder("bash", "src/test/clients/kcat-round-trip.sh", kcat), ALL, 0);
    }

    @ParameterizedTest
    @CsvSource({"0.9, 0", "0.10, 1"})
    void pythonKafkaIsServedAtItsLevels(String level, int magic) throws Exception {
        String python = ForeignTool.pythonWith("kafka", "python3-kafka");
        ForeignTool.pythonWith("snappy", "python3-snappy");
        ForeignTool.pythonWith("lz4.frame", "python3-lz4");
        ForeignTool.pythonWith("xxhash", "python3-xxhash");
        bed.serve(
                "python-" + level,
                new ProcessBuilder(python, "src/test/clients/python-kafka-old-round-trip.py"),
                ALL,
                magic,
                level);
    }

    private static ProcessBuilder node(String script) throws Exception {
        String node = ForeignTool.command("node", "nodejs");
        ProcessBuilder command = new ProcessBuilder(node, "--no-deprecation", "src/test/clients/" + script);
        command.environment()
                .put(
                        "NODE_PATH",
                        ForeignTool.nodeModules().resolve("node_modules").toString());
        return command;
    }
}
