package io.odradek.server.tools.offsets;

import static org.assertj.core.api.Assertions.assertThat;

import io.odradek.server.embedded.EmbeddedBroker;
import io.odradek.server.tools.ToolCall;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code broker-get-offsets} and {@code broker-delete-records}, which {@code SameAsKafkaTest} holds against Kafka's own. */
class OffsetsToolTest {
    private static EmbeddedBroker broker;

    @TempDir
    private Path folder;

    @BeforeAll
    static void start() throws Exception {
        broker = EmbeddedBroker.builder().topic("orders", 1).topic("returns", 3).start();
        for (int i = 0; i < 5; i++) {
            broker.produce("orders", "key", "value");
        }
    }

    @AfterAll
    static void stop() {
        broker.close();
    }

    private static ToolCall call(String... arguments) {
        return ToolCall.at(broker, arguments);
    }

    @Test
    void offsetsAreShownBeforeAndAfterTheFirstRecordsAreDeleted() throws Exception {
        assertThat(call("offsets", "--topic", "orders").output()).isEqualTo("orders:0:5\n");
        assertThat(call("offsets", "--topic", "orders", "--time", "earliest").output())
                .isEqualTo("orders:0:0\n");

        Path file = Files.writeString(
                folder.resolve("delete.json"),
                "{\"partitions\":[{\"topic\":\"orders\",\"partition\":0,\"offset\":3}]}");
        assertThat(call("delete-records", "--offset-json-file", file.toString()).output())
                .isEqualTo("Executing records delete operation\nRecords delete operation completed:\n"
                        + "partition: orders-0\tlow_watermark: 3\n");

        assertThat(call("offsets", "--topic", "orders", "--time", "-2", "--json")
                        .output())
                .isEqualTo("{\"topic\":\"orders\",\"partition\":0,\"offset\":3,\"timestamp\":null}\n");
        Files.writeString(
                file, "{\"version\":1,\"partitions\":[{\"topic\":\"orders\",\"partition\":0,\"offset\":-1}]}");
        assertThat(call("delete-records", "--json", "--offset-json-file", file.toString())
                        .output())
                .isEqualTo("{\"topic\":\"orders\",\"partition\":0,\"lowWatermark\":5}\n");
    }

    @Test
    void partitionsAreMeantByPatterns() {
        assertThat(call("offsets", "--topic-partitions", "returns:1-").output())
                .isEqualTo("returns:1:0\nreturns:2:0\n");
        assertThat(call("offsets", "--topic", "ret.*", "--partitions", "0,2").output())
                .isEqualTo("returns:0:0\nreturns:2:0\n");
        String none = "Could not match any topic-partitions with the specified filters";
        assertThat(call("offsets", "--topic", "nothing").failure()).isEqualTo(none);
        assertThat(call("offsets", "--topic-partitions", "orders:7").failure()).isEqualTo(none);
    }

    @Test
    void whatIsMeantByNothingIsRefused() {
        refused("\"noon\" is no --time", "offsets", "--time", "noon");
        refused("\"-6\" is no --time", "offsets", "--time", "-6");
        refused("\"x\" in --partitions is no number", "offsets", "--topic", "orders", "--partitions", "0,x");
        refused("\"orders:x\" is no pattern of partitions", "offsets", "--topic-partitions", "orders:x");
        refused("--topic-partitions goes neither", "offsets", "--topic-partitions", "orders", "--topic", "orders");
        refused("Say what to delete, with --offset-json-file", "delete-records");
    }

    @Test
    void aFileOfOffsetsThatCannotBeUsedIsNamedWithTheReason() throws Exception {
        assertThat(call("delete-records", "--offset-json-file", "no-such-file").failure())
                .isEqualTo("There is no file no-such-file");
        unusable("not JSON", " cannot be used: not JSON");
        unusable("{}", " cannot be used: field \"partitions\" is not a list");
        unusable("{\"partitions\":[{\"topic\":\"orders\",\"partition\":0}]}", " cannot be used: field \"offset\"");
        unusable("{\"partitions\":[],\"version\":2}", " has version 2, and only 1 is known");
        String one = "{\"topic\":\"orders\",\"partition\":0,\"offset\":0}";
        unusable("{\"partitions\":[" + one + "," + one + "]}", " names partition orders-0 twice");
    }

    private void unusable(String content, String reason) throws Exception {
        Path file = Files.writeString(folder.resolve("delete.json"), content);
        assertThat(call("delete-records", "--offset-json-file", file.toString()).failure())
                .startsWith(file + reason);
    }

    @Test
    void aPartitionWhoseRecordsCannotBeDeletedIsNamedAndTheOthersAreDone() throws Exception {
        Path file = Files.writeString(
                folder.resolve("delete.json"),
                "{\"partitions\":[{\"topic\":\"returns\",\"partition\":0,\"offset\":9},"
                        + "{\"topic\":\"returns\",\"partition\":1,\"offset\":0}]}");
        ToolCall done = call("delete-records", "--offset-json-file", file.toString());
        assertThat(done.out()).endsWith("partition: returns-1\tlow_watermark: 0\n");
        assertThat(done.failure()).startsWith("partition: returns-0\terror: ");
        Files.writeString(file, "{\"partitions\":[{\"topic\":\"nothing\",\"partition\":0,\"offset\":9}]}");
        assertThat(call("delete-records", "--offset-json-file", file.toString()).failure())
                .isEqualTo("There is no topic nothing");
    }

    private static void refused(String line, String... arguments) {
        assertThat(call(Stream.of(arguments).toArray(String[]::new)).failure())
                .startsWith(line)
                .endsWith(" (--help shows how it is used)");
    }
}
