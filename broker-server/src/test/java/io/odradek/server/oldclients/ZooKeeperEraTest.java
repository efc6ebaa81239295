package io.odradek.server.oldclients;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.odradek.server.clients.Peer;
import io.odradek.server.embedded.EmbeddedBroker;
import io.odradek.server.zookeeper.TestEnsemble;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/**
 * The Scala clients and tools of Kafka 0.10.2, which go to ZooKeeper: the producer that sends Produce 0, the consumers that share
 * partitions out over the tree and keep their positions there, and the tools that write to the tree what they wish.
 */
@DisabledOnOs(OS.WINDOWS)
@Timeout(300)
class ZooKeeperEraTest {
    private static final int RECORDS = 30;

    @TempDir
    Path folder;

    private Peer old;
    private TestEnsemble ensemble;
    private EmbeddedBroker broker;

    @BeforeEach
    void start() throws Exception {
        old = new Peer("0.10.2.2", folder.resolve("old"));
        ensemble = new TestEnsemble(Files.createDirectories(folder.resolve("zookeeper")), 2_000);
        broker = EmbeddedBroker.builder()
                .setting("zookeeper.connect", ensemble.connect())
                .start();
    }

    @AfterEach
    void stop() throws Exception {
        broker.close();
        ensemble.close();
    }

    /** {@return the lines that a tool wrote to standard output} */
    private List<String> run(String tool, String input, String... arguments) throws IOException, InterruptedException {
        Path out = folder.resolve("out.txt");
        Path err = folder.resolve("err.txt");
        Process process = old.java(tool, arguments)
                .redirectOutput(out.toFile())
                .redirectError(err.toFile())
                .start();
        try {
            process.outputWriter(UTF_8).append(input).close();
            assertThat(process.waitFor(120, TimeUnit.SECONDS))
                    .as(tool + " " + Arrays.toString(arguments) + Files.readString(err))
                    .isTrue();
        } finally {
            process.destroyForcibly().waitFor();
        }
        assertThat(process.exitValue()).as(tool + Files.readString(err)).isZero();
        return Files.readAllLines(out);
    }

    private List<String> topics(String... arguments) throws IOException, InterruptedException {
        List<String> all = new ArrayList<>(List.of("--zookeeper", ensemble.connect()));
        all.addAll(List.of(arguments));
        return run("kafka.admin.TopicCommand", "", all.toArray(new String[0]));
    }

    private void awaitPartitions(int count) {
        await().atMost(Duration.ofSeconds(30))
                .until(() -> broker.topics().stream()
                        .anyMatch(topic ->
                                topic.name().equals("old") && topic.partitions().size() == count));
    }

    private List<String> consumed(String... arguments) throws IOException, InterruptedException {
        List<String> all = new ArrayList<>(List.of("--topic", "old", "--max-messages", Integer.toString(RECORDS)));
        all.addAll(List.of(arguments));
        return run("kafka.tools.ConsoleConsumer", "", all.toArray(new String[0])).stream()
                .filter(line -> !line.startsWith("Using the ConsoleConsumer"))
                .sorted()
                .toList();
    }

    @Test
    void scalaClientsAndToolsAreServed() throws Exception {
        String servers = broker.bootstrapServers();
        String zookeeper = ensemble.connect();
        assertThat(topics("--create", "--topic", "old", "--partitions", "2", "--replication-factor", "1"))
                .contains("Created topic \"old\".");
        awaitPartitions(2);

        List<String> sent = new ArrayList<>();
        for (String codec : List.of("none", "gzip", "snappy")) {
            List<String> values =
                    IntStream.range(0, RECORDS / 3).mapToObj(i -> codec + i).toList();
            String lines = String.join(
                            "\n",
                            values.stream().map(value -> value + ":" + value).toList()) + "\n";
            run(
                    "kafka.tools.ConsoleProducer",
                    lines,
                    "--old-producer",
                    "--sync",
                    "--broker-list",
                    servers,
                    "--topic",
                    "old",
                    "--property",
                    "parse.key=true",
                    "--property",
                    "key.separator=:",
                    "--compression-codec",
                    codec);
            sent.addAll(values);
        }
        List<String> expected = sent.stream().sorted().toList();

        assertThat(consumed("--zookeeper", zookeeper, "--from-beginning", "--consumer-property", "group.id=in-tree"))
                .isEqualTo(expected);
        assertThat(consumed(
                        "--zookeeper",
                        zookeeper,
                        "--from-beginning",
                        "--consumer-property",
                        "group.id=in-log",
                        "--consumer-property",
                        "offsets.storage=kafka"))
                .isEqualTo(expected);
        assertThat(consumed("--bootstrap-server", servers, "--from-beginning")).isEqualTo(expected);

        assertThat(run(
                        "kafka.admin.ConsumerGroupCommand",
                        "",
                        "--zookeeper",
                        zookeeper,
                        "--describe",
                        "--group",
                        "in-tree"))
                .filteredOn(line -> line.startsWith("old "))
                .hasSize(2)
                .allSatisfy(line -> assertThat(line.split(" +")[4]).as("lag").isEqualTo("0"));
        assertThat(broker.group("in-log").positions())
                .as("what a consumer commits to the coordinator")
                .hasSize(2);

        topics("--alter", "--topic", "old", "--partitions", "3");
        awaitPartitions(3);
        topics("--delete", "--topic", "old");
        awaitPartitionsGone();
    }

    private void awaitPartitionsGone() {
        await().atMost(Duration.ofSeconds(30))
                .until(() ->
                        broker.topics().stream().noneMatch(topic -> topic.name().equals("old")));
    }
}
