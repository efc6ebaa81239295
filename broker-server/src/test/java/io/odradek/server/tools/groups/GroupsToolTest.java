package io.odradek.server.tools.groups;

import static org.assertj.core.api.Assertions.assertThat;

import io.odradek.server.embedded.EmbeddedBroker;
import io.odradek.server.tools.ToolCall;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code broker-consumer-groups}; what it prints is held against Kafka's own tool by {@code SameAsKafkaTest}. */
class GroupsToolTest {
    private static final TopicPartition FIRST = new TopicPartition("orders", 0);
    private static final TopicPartition SECOND = new TopicPartition("orders", 1);

    private static EmbeddedBroker broker;

    @TempDir
    private Path folder;

    @BeforeAll
    static void start() {
        broker = EmbeddedBroker.start();
    }

    @AfterAll
    static void stop() {
        broker.close();
    }

    @BeforeEach
    void fill() throws Exception {
        broker.reset();
        broker.createTopic("orders", 2);
        for (int i = 0; i < 20; i++) {
            broker.produce("orders", Integer.toString(i), "v" + i);
        }
    }

    private static ToolCall groups(String... arguments) {
        return ToolCall.at(
                broker, Stream.concat(Stream.of("groups"), Stream.of(arguments)).toArray(String[]::new));
    }

    private static ToolCall reset(String... arguments) {
        return groups(Stream.concat(Stream.of("--reset-offsets", "--group", "billing", "--json"), Stream.of(arguments))
                .toArray(String[]::new));
    }

    private static void commit(TopicPartition partition, long offset) throws Exception {
        try (Admin admin = Admin.create(Map.<String, Object>of("bootstrap.servers", broker.bootstrapServers()))) {
            admin.alterConsumerGroupOffsets("billing", Map.of(partition, new OffsetAndMetadata(offset)))
                    .all()
                    .get();
        }
    }

    private static String set(int partition, long offset) {
        return "{\"group\":\"billing\",\"topic\":\"orders\",\"partition\":" + partition + ",\"newOffset\":" + offset
                + "}\n";
    }

    private static long end(int partition) {
        return broker.records("orders").stream()
                .filter(each -> each.partition() == partition)
                .count();
    }

    @Test
    void positionsAreResetInEveryForm() throws Exception {
        commit(FIRST, 3);
        assertThat(reset("--topic", "orders", "--to-earliest", "--execute").out())
                .isEqualTo(set(0, 0) + set(1, 0));
        assertThat(reset("--topic", "orders", "--to-latest", "--execute").out())
                .isEqualTo(set(0, end(0)) + set(1, end(1)));
        assertThat(reset("--topic", "orders:1", "--to-offset", "2", "--execute").out())
                .isEqualTo(set(1, 2));
        assertThat(reset("--topic", "orders:1", "--shift-by", "-1", "--execute").out())
                .isEqualTo(set(1, 1));
        assertThat(reset("--topic", "orders:1", "--shift-by", "2", "--execute").out())
                .isEqualTo(set(1, 3));
        assertThat(reset("--all-topics", "--to-current", "--execute").out()).isEqualTo(set(0, end(0)) + set(1, 3));
        assertThat(reset("--topic", "orders:0", "--to-datetime", "2001-01-01T00:00:00.000", "--execute")
                        .out())
                .isEqualTo(set(0, 0));
        assertThat(reset("--topic", "orders:0", "--to-datetime", "2001-01-01T02:00:00+02:00")
                        .out())
                .isEqualTo(set(0, 0));
        assertThat(reset(
                                "--topic",
                                "orders:0",
                                "--to-datetime",
                                Instant.now().plusSeconds(60).toString())
                        .out())
                .isEqualTo(set(0, end(0)));
        assertThat(reset("--topic", "orders:0", "--by-duration", "P1D", "--execute")
                        .out())
                .isEqualTo(set(0, 0));
        assertThat(reset("--all-topics", "--to-current").out()).isEqualTo(set(0, 0) + set(1, 3));
    }

    @Test
    void withoutExecuteNothingIsSetAndThatIsSaid() throws Exception {
        commit(FIRST, 3);
        for (String[] how : new String[][] {{"--to-latest"}, {"--to-latest", "--dry-run"}}) {
            ToolCall planned = reset(Stream.concat(Stream.of("--topic", "orders:0"), Stream.of(how))
                    .toArray(String[]::new));
            assertThat(planned.out()).isEqualTo(set(0, end(0)));
            // Who has asked for nothing else need not be told.
            assertThat(planned.err())
                    .isEqualTo(how.length > 1 ? "" : "Nothing is set: this only shows what --execute would set\n");
        }
        assertThat(reset("--all-topics", "--to-current").out()).isEqualTo(set(0, 3));
    }

    @Test
    void whatWasExportedIsSetAgainFromTheFile() throws Exception {
        commit(FIRST, 3);
        commit(SECOND, 1);
        ToolCall exported = groups("--reset-offsets", "--group", "billing", "--all-topics", "--to-current", "--export");
        assertThat(exported.output()).isEqualTo("orders,0,3\norders,1,1\n\n");
        Path file = Files.writeString(folder.resolve("plan.csv"), exported.out());
        reset("--topic", "orders", "--to-earliest", "--execute");

        assertThat(reset("--from-file", file.toString(), "--execute").out()).isEqualTo(set(0, 3) + set(1, 1));

        assertThat(reset("--all-topics", "--to-current").out()).isEqualTo(set(0, 3) + set(1, 1));
        Files.writeString(file, "billing,orders,0,2\nothers,orders,0,1\n");
        assertThat(reset("--group", "others", "--from-file", file.toString()).out())
                .isEqualTo(set(0, 2) + set(0, 1).replace("billing", "others"));
    }

    @Test
    void namesOfGroupsWithQuotesAndBlanksAreExportedAndReadAgain() throws Exception {
        String[] named = {"--reset-offsets", "--group", "a,\"b\"", "--group", " c "};
        ToolCall exported = groups(with(named, "--topic", "orders:0", "--to-offset", "3", "--export"));
        assertThat(exported.output()).isEqualTo("\" c \",orders,0,3\n\"a,\"\"b\"\"\",orders,0,3\n\n");
        Path file = Files.writeString(folder.resolve("groups.csv"), exported.out());
        assertThat(groups(with(named, "--from-file", file.toString(), "--export"))
                        .output())
                .isEqualTo(exported.out());
        Files.writeString(file, "\"a,orders,0,3\n");
        failsAfterTheHint(
                "Line 1 of " + file + " has quotes that do not belong together", "--from-file", file.toString());
        Files.writeString(file, "\"" + "x".repeat(50_000) + "\",orders,0,3\n");
        failsAfterTheHint("No reset plan for group billing found in " + file, "--from-file", file.toString());
    }

    private static String[] with(String[] some, String... more) {
        return Stream.concat(Stream.of(some), Stream.of(more)).toArray(String[]::new);
    }

    @Test
    void aTimeBeforeAllRecordsMeansTheFirstAndAShiftBeyondAllNumbersTheEnd() throws Exception {
        commit(FIRST, 3);
        String time = "--to-datetime";
        assertThat(reset("--topic", "orders:0", time, "1969-12-31T23:59:59.999").out())
                .isEqualTo(set(0, 0));
        assertThat(reset("--topic", "orders:0", time, "1960-01-01T00:00:00.000").out())
                .isEqualTo(set(0, 0));
        assertThat(reset("--topic", "orders:0", "--by-duration", "P99999D").out())
                .isEqualTo(set(0, 0));
        String end = reset("--topic", "orders:0", "--to-latest").out();
        assertThat(reset("--topic", "orders:0", "--shift-by", Long.toString(Long.MAX_VALUE))
                        .out())
                .isEqualTo(end);
    }

    @Test
    void noPositionIsSetOutsideOfItsPartition() throws Exception {
        ToolCall above = reset("--topic", "orders:0", "--to-offset", "1000", "--execute");
        assertThat(above.out()).isEqualTo(set(0, end(0)));
        assertThat(above.err())
                .isEqualTo("New offset (1000) is higher than latest offset for topic partition orders-0. Value will be"
                        + " set to " + end(0) + "\n");
        ToolCall below = reset("--topic", "orders:0", "--shift-by", "-1000", "--execute");
        assertThat(below.out()).isEqualTo(set(0, 0));
        assertThat(below.err()).contains("lower than earliest");
    }

    @Test
    void aGroupWithMembersKeepsItsPositionsAndIsNotDeleted() {
        try (KafkaConsumer<String, String> consumer = new KafkaConsumer<>(
                Map.of("bootstrap.servers", broker.bootstrapServers(), "group.id", "billing"),
                new StringDeserializer(),
                new StringDeserializer())) {
            consumer.subscribe(java.util.List.of("orders"));
            while (consumer.assignment().isEmpty()) {
                consumer.poll(Duration.ofMillis(50));
            }
            ToolCall refused = reset("--topic", "orders", "--to-earliest", "--execute");
            assertThat(refused.status()).isEqualTo(1);
            assertThat(refused.out()).isEmpty();
            assertThat(refused.err())
                    .isEqualTo("Assignments can only be reset if the group 'billing' is inactive, but the current state"
                            + " is Stable.\n");
            assertThat(groups("--delete", "--group", "billing").failure())
                    .isEqualTo("Group 'billing' could not be deleted: The group is not empty.");
            assertThat(groups("--describe", "--group", "billing", "--members", "--verbose", "--json")
                            .output())
                    .contains("\"assignment\":{\"orders\":[0,1]}");
        }
    }

    @Test
    void positionsAndGroupsAreDeleted() throws Exception {
        commit(FIRST, 3);
        commit(SECOND, 1);
        assertThat(groups("--delete-offsets", "--group", "billing", "--topic", "orders:0")
                        .output())
                .startsWith("Request succeed for deleting offsets with topic orders:0 group billing\n");
        assertThat(reset("--all-topics", "--to-current").out()).isEqualTo(set(1, 1));
        assertThat(groups("--delete", "--group", "billing").output())
                .isEqualTo("Deletion of requested consumer groups ('billing') was successful.\n");
        assertThat(groups("--list").output()).isEmpty();
    }

    @Test
    void aGroupATopicOrAFileThatIsNotThereIsNamed() throws Exception {
        String absent = "Consumer group 'nobody' does not exist.";
        assertThat(groups("--describe", "--group", "nobody").failure()).isEqualTo(absent);
        assertThat(groups("--describe", "--group", "nobody", "--members").failure())
                .isEqualTo(absent);
        assertThat(groups("--describe", "--group", "nobody", "--state").failure())
                .isEqualTo(absent);
        assertThat(groups("--delete", "--group", "nobody").failure()).isEqualTo(absent);
        assertThat(groups("--delete-offsets", "--group", "nobody", "--topic", "orders:0")
                        .failure())
                .isEqualTo(absent);
        commit(FIRST, 3);
        assertThat(groups("--delete-offsets", "--group", "billing", "--topic", "nothing")
                        .failure())
                .isEqualTo("There is no topic nothing");
        failsAfterTheHint("There is no topic nothing", "--topic", "nothing", "--to-earliest");
        failsAfterTheHint("There is no partition 7 of topic orders", "--topic", "orders:0,7", "--to-earliest");
        failsAfterTheHint("There is no file no-such-file", "--from-file", "no-such-file");
        failsAfterTheHint(
                "Cannot shift offset for partition orders-1 since there is no current committed offset",
                "--topic",
                "orders:1",
                "--shift-by",
                "1");
        Path file = Files.writeString(folder.resolve("plan.csv"), "orders,zero,1\n");
        failsAfterTheHint(
                "Line 1 of " + file + " has something else where a number should be", "--from-file", file.toString());
        Files.writeString(file, "orders,-1,1\n");
        failsAfterTheHint("There is no partition -1 of topic orders", "--from-file", file.toString());
        Files.writeString(file, "orders,1\n");
        failsAfterTheHint("Line 1 of " + file + " is not TOPIC,PARTITION,OFFSET", "--from-file", file.toString());
        Files.writeString(file, "others,orders,0,1\n");
        failsAfterTheHint("No reset plan for group billing found in " + file, "--from-file", file.toString());
    }

    private static void failsAfterTheHint(String line, String... arguments) {
        ToolCall failed = reset(
                Stream.concat(Stream.of(arguments), Stream.of("--execute")).toArray(String[]::new));
        assertThat(failed.failure()).isEqualTo(line);
    }

    @Test
    void optionsThatDoNotGoTogetherAreRefused() {
        refused(
                "Give exactly one of --list, --describe, --reset-offsets, --delete-offsets, --delete and --validate-regex");
        refused("Say which --group", "--describe");
        refused("Give --group or --all-groups, not both", "--describe", "--group", "g", "--all-groups");
        refused("--list lists all groups", "--list", "--group", "g");
        refused("\"sleeping\" is no state of a group: PreparingRebalance,", "--list", "--state", "sleeping");
        refused("\"modern\" is no type of a group: Classic, Consumer", "--list", "--type", "modern");
        refused("Give one of --offsets, --members and --state", "--describe", "--all-groups", "--members", "--state");
        refused("Give exactly one of --to-earliest", "--reset-offsets", "--group", "g", "--topic", "t");
        refused(
                "Give exactly one of --to-earliest",
                "--reset-offsets",
                "--group",
                "g",
                "--topic",
                "t",
                "--to-latest",
                "--to-earliest");
        refused("Say which --topic", "--reset-offsets", "--group", "g", "--to-latest");
        refused(
                "Give --dry-run or --execute",
                "--reset-offsets",
                "--group",
                "g",
                "--all-topics",
                "--to-latest",
                "--dry-run",
                "--execute");
        refused("Where to, --dry-run, --execute and --export go with --reset-offsets", "--list", "--execute");
        refused("\"noon\" is no time", "--reset-offsets", "--group", "g", "--all-topics", "--to-datetime", "noon");
        refused("\"1h\" is no duration", "--reset-offsets", "--group", "g", "--all-topics", "--by-duration", "1h");
        refused(
                "Invalid value for option '--to-offset'",
                "--reset-offsets",
                "--group",
                "g",
                "--all-topics",
                "--to-offset",
                "first");
        refused(
                "\"x\" in \"orders:x\" is no number of a partition",
                "--delete-offsets",
                "--group",
                "g",
                "--topic",
                "orders:x");
        refused("\"orders:\" is not TOPIC", "--delete-offsets", "--group", "g", "--topic", "orders:");
        refused("The --timeout must be at least 1 ms", "--list", "--timeout", "0");
    }

    @Test
    void aRegularExpressionIsCheckedAsBrokersReadIt() {
        assertThat(groups("--validate-regex", "orders-.*").output())
                .isEqualTo("The regular expression `orders-.*` is valid.\n");
        assertThat(groups("--validate-regex", "orders(").failure())
                .isEqualTo("The regular expression `orders(` is invalid: missing closing ).");
    }

    private static void refused(String line, String... arguments) {
        assertThat(groups(arguments).failure()).startsWith(line).endsWith(" (--help shows how it is used)");
    }
}
