package io.odradek.server.tools.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.odradek.core.coordination.json.JsonObject;
import io.odradek.core.coordination.json.JsonReader;
import io.odradek.server.embedded.EmbeddedBroker;
import io.odradek.server.tools.KafkaTool;
import io.odradek.server.tools.ToolCall;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** {@code broker-log-dirs} and {@code broker-leader-election}, alone and beside those of Kafka 3.9.2. */
@Timeout(300)
class ClusterToolsTest {
    private static final String LOG_DIRS = "org.apache.kafka.tools.LogDirsCommand";
    private static final String ELECTION = "org.apache.kafka.tools.LeaderElectionCommand";

    @TempDir
    private static Path folder;

    private static EmbeddedBroker broker;

    @BeforeAll
    static void start() {
        broker = EmbeddedBroker.builder().topic("orders", 2).topic("returns", 1).start();
        broker.produce("orders", "key", "value");
    }

    @AfterAll
    static void stop() {
        broker.close();
    }

    private static ToolCall call(String... arguments) {
        return ToolCall.at(broker, arguments);
    }

    @Test
    void bothPrintWhatKafkasOwnPrint() throws Exception {
        try (KafkaTool kafka = new KafkaTool("3.9.2", folder)) {
            List<String> theirs = kafka.call(LOG_DIRS, ToolCall.with(broker, "--describe", "--topic-list", "orders"))
                    .out()
                    .lines()
                    .toList();
            List<String> ours = call("log-dirs", "--describe", "--topic-list", "orders")
                    .output()
                    .lines()
                    .toList();
            assertThat(ours).hasSize(3);
            assertThat(ours.subList(0, 2)).isEqualTo(theirs.subList(0, 2));
            assertThat(replicas(ours.get(2))).isEqualTo(replicas(theirs.get(2))).hasSize(2);

            String[] one = {"--election-type", "preferred", "--topic", "orders", "--partition", "0"};
            assertThat(call("leader-election", one[0], one[1], one[2], one[3], one[4], one[5])
                            .output())
                    .isEqualTo(kafka.call(ELECTION, ToolCall.with(broker, one)).out())
                    .isEqualTo("Valid replica already elected for partitions orders-0\n");
        }
    }

    /** {@return folder and replicas, in one order} */
    private static TreeSet<String> replicas(String text) throws Exception {
        TreeSet<String> found = new TreeSet<>();
        JsonObject root = JsonReader.readObject(text.getBytes(StandardCharsets.UTF_8));
        for (JsonObject each : root.objectsAt("brokers")) {
            for (JsonObject its : each.objectsAt("logDirs")) {
                for (JsonObject replica : its.objectsAt("partitions")) {
                    found.add(each.intAt("broker") + " " + its.stringAt("logDir") + " " + replica.stringAt("partition")
                            + " " + replica.longAt("size") + " " + replica.longAt("offsetLag"));
                }
            }
        }
        return found;
    }

    @Test
    void foldersAreThoseOfTheBrokersThatAreNamed() {
        assertThat(call("log-dirs", "--describe", "--broker-list", "0", "--json")
                        .output())
                .startsWith("{\"brokers\":[{\"broker\":0,")
                .contains("orders-0", "orders-1", "returns-0");
        assertThat(call("log-dirs", "--describe", "--broker-list", "0,7").failure())
                .isEqualTo("There is no broker 7; there is 0");
        assertThat(call("log-dirs", "--describe", "--broker-list", "x").failure())
                .startsWith("\"x\" in --broker-list");
        assertThat(call("log-dirs").failure()).startsWith("Give --describe");
    }

    @Test
    void leadersAreElectedOfAllPartitionsOrThoseOfAFile() throws Exception {
        assertThat(call("leader-election", "--election-type", "preferred", "--all-topic-partitions")
                        .status())
                .isZero();
        Path file = Files.writeString(
                folder.resolve("elect.json"), "{\"partitions\":[{\"topic\":\"orders\",\"partition\":1}]}");
        assertThat(call("leader-election", "--election-type", "PREFERRED", "--path-to-json-file", file + "", "--json")
                        .output())
                .isEqualTo("{\"topic\":\"orders\",\"partition\":1,\"elected\":false,\"error\":null}\n");
        Files.writeString(file, "{\"partitions\":[]}");
        assertThat(call("leader-election", "--election-type", "preferred", "--path-to-json-file", file + "")
                        .failure())
                .isEqualTo(file + " names no partitions");
    }

    @Test
    void whatCannotBeElectedIsOneLine() {
        assertThat(call("leader-election", "--election-type", "unclean", "--topic", "none", "--partition", "0")
                        .failure())
                .startsWith("Error completing leader election (UNCLEAN) for partition: none-0: ");
        assertThat(call("leader-election", "--all-topic-partitions").failure()).startsWith("Give --election-type");
        assertThat(call("leader-election", "--election-type", "fair", "--all-topic-partitions")
                        .failure())
                .startsWith("\"fair\" is no --election-type");
        assertThat(call("leader-election", "--election-type", "preferred", "--topic", "orders")
                        .failure())
                .startsWith("--topic and --partition go together");
        assertThat(call("leader-election", "--election-type", "preferred").failure())
                .startsWith("Give exactly one of --topic");
    }
}
