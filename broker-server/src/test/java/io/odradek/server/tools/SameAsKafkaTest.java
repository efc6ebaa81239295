package io.odradek.server.tools;

import static org.assertj.core.api.Assertions.assertThat;

import io.odradek.server.embedded.EmbeddedBroker;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Our tools print what Apache Kafka 3.9.2's print, asked the same of the same broker. What Kafka lists in the order of a hash
 * table is compared whatever its order, and empty lines do not count.
 */
@Timeout(300)
class SameAsKafkaTest {
    private static final String TOPICS = "org.apache.kafka.tools.TopicCommand";
    private static final String GROUPS = "org.apache.kafka.tools.consumer.group.ConsumerGroupCommand";
    private static final String OFFSETS = "org.apache.kafka.tools.GetOffsetShell";
    private static final String CONFIGS = "kafka.admin.ConfigCommand";

    @TempDir
    private static Path folder;

    private static KafkaTool kafka;
    private static EmbeddedBroker broker;

    @BeforeAll
    static void start() throws Exception {
        kafka = new KafkaTool("3.9.2", folder);
        broker = EmbeddedBroker.start();
    }

    @AfterAll
    static void stop() throws Exception {
        broker.close();
        kafka.close();
    }

    @BeforeEach
    void reset() {
        broker.reset();
    }

    @Test
    void topics() throws Exception {
        broker.createTopic("orders", 3);
        broker.createTopic("orders_old", 1);
        ours("topics", "--create", "--topic", "returns", "--config", "retention.ms=5000");
        same(TOPICS, "topics", "--list");
        same(TOPICS, "topics", "--list", "--topic", "orders.*");
        same(TOPICS, "topics", "--list", "--topic", "nothing");
        same(TOPICS, "topics", "--describe");
        same(TOPICS, "topics", "--describe", "--topic", "orders");
        same(TOPICS, "topics", "--describe", "--topic", "orders, returns");
        same(TOPICS, "topics", "--describe", "--topics-with-overrides");
        same(TOPICS, "topics", "--describe", "--under-replicated-partitions");
        same(TOPICS, "topics", "--describe", "--unavailable-partitions");
        same(TOPICS, "topics", "--describe", "--under-min-isr-partitions");
        same(TOPICS, "topics", "--describe", "--at-min-isr-partitions");
        assertThat(ours("topics", "--alter", "--topic", "orders", "--partitions", "4"))
                .isEqualTo(theirs(TOPICS, "--alter", "--topic", "orders", "--partitions", "5")
                        .out());
        same(TOPICS, "topics", "--create", "--topic", "orders", "--if-not-exists");
        same(TOPICS, "topics", "--create", "--topic", "orders_old", "--if-not-exists");
        same(TOPICS, "topics", "--delete", "--topic", "nothing", "--if-exists");
        String created = theirs(TOPICS, "--create", "--topic", "first").out();
        assertThat(ours("topics", "--create", "--topic", "second")).isEqualTo(created.replace("first", "second"));
        assertThat(ours("topics", "--delete", "--topic", "second"))
                .isEqualTo(theirs(TOPICS, "--delete", "--topic", "first").out());
    }

    @Test
    void groups() throws Exception {
        broker.createTopic("orders", 3);
        broker.createTopic("returns", 1);
        for (int i = 0; i < 9; i++) {
            broker.produce("orders", "k" + i, "v" + i);
        }
        String longName = "a-group-whose-name-takes-more-room-than-columns-have";
        try (Admin admin = Admin.create(Map.<String, Object>of("bootstrap.servers", broker.bootstrapServers()))) {
            for (String group : List.of("idle", longName)) {
                admin.alterConsumerGroupOffsets(
                                group,
                                Map.of(
                                        new TopicPartition("orders", 0), new OffsetAndMetadata(1),
                                        new TopicPartition("orders", 2), new OffsetAndMetadata(0),
                                        new TopicPartition("returns", 0), new OffsetAndMetadata(0)))
                        .all()
                        .get();
            }
        }
        try (KafkaConsumer<String, String> consumer = new KafkaConsumer<>(
                Map.of("bootstrap.servers", broker.bootstrapServers(), "group.id", "busy", "client.id", "reader"),
                new StringDeserializer(),
                new StringDeserializer())) {
            consumer.subscribe(List.of("orders"));
            while (consumer.assignment().isEmpty()) {
                consumer.poll(Duration.ofMillis(50));
            }
            consumer.commitSync(Map.of(new TopicPartition("orders", 1), new OffsetAndMetadata(1)));
            same(GROUPS, "groups", "--list");
            same(GROUPS, "groups", "--list", "--state");
            same(GROUPS, "groups", "--list", "--type");
            same(GROUPS, "groups", "--list", "--state", "--type");
            same(GROUPS, "groups", "--list", "--state", "stable");
            same(GROUPS, "groups", "--list", "--type", "consumer");
            same(GROUPS, "groups", "--describe", "--group", "idle");
            same(GROUPS, "groups", "--describe", "--group", "busy", "--offsets", "--verbose");
            same(GROUPS, "groups", "--describe", "--group", longName);
            same(GROUPS, "groups", "--describe", "--all-groups");
            same(GROUPS, "groups", "--describe", "--all-groups", "--state");
            same(GROUPS, "groups", "--describe", "--all-groups", "--members");
            ToolCall described = theirs(GROUPS, "--describe", "--group", "busy", "--members", "--verbose");
            // Kafka 3.9.2 leaves out which topic it is that a member reads.
            assertThat(ours("groups", "--describe", "--group", "busy", "--members", "--verbose"))
                    .isEqualTo(described.out().replace("(0,1,2)", "orders(0,1,2)"));
        }
        for (String[] target : new String[][] {
            {"--to-earliest"},
            {"--to-latest"},
            {"--to-current"},
            {"--to-offset", "2"},
            {"--shift-by", "-1"},
            {"--to-datetime", "2020-01-01T00:00:00.000"},
            {"--by-duration", "P1D"}
        }) {
            String[] call = {"--reset-offsets", "--group", "idle", "--dry-run", "--topic", "orders:0,2"};
            sameWords(GROUPS, "groups", concat(call, target));
        }
        sameWords(GROUPS, "groups", "--reset-offsets", "--group", "idle", "--all-topics", "--to-latest", "--execute");
        sameWords(
                GROUPS,
                "groups",
                "--reset-offsets",
                "--group",
                "fresh",
                "--topic",
                "orders",
                "--to-latest",
                "--execute");
        sameWords(GROUPS, "groups", "--reset-offsets", "--group", "idle", "--all-topics", "--to-current", "--export");
        sameWords(
                GROUPS,
                "groups",
                "--reset-offsets",
                "--group",
                "idle",
                "--group",
                longName,
                "--all-topics",
                "--to-current",
                "--export");
        Path file = folder.resolve("plan.csv");
        Files.writeString(file, "orders,0,1\n\"orders\",1,0\n");
        sameWords(GROUPS, "groups", "--reset-offsets", "--group", "idle", "--from-file", file.toString(), "--dry-run");
        String deleted = theirs(GROUPS, "--delete-offsets", "--group", longName, "--topic", "orders:0")
                .out();
        assertThat(words(ours("groups", "--delete-offsets", "--group", "idle", "--topic", "orders:0")))
                .isEqualTo(words(deleted.replace(longName, "idle")));
        deleted = theirs(GROUPS, "--delete", "--group", longName).out();
        assertThat(ours("groups", "--delete", "--group", "idle")).isEqualTo(deleted.replace(longName, "idle"));
    }

    @Test
    void offsets() throws Exception {
        broker.createTopic("orders", 3);
        broker.createTopic("returns", 1);
        for (int i = 0; i < 9; i++) {
            broker.produce("orders", "k" + i, "v" + i);
        }
        for (String time :
                List.of("-1", "-2", "-3", "-4", "latest", "earliest", "max-timestamp", "1", "9999999999999")) {
            same(OFFSETS, "offsets", "--topic", "orders", "--time", time);
        }
        same(OFFSETS, "offsets");
        same(OFFSETS, "offsets", "--exclude-internal-topics");
        same(OFFSETS, "offsets", "--topic", "ord.*", "--partitions", "0,2");
        for (String patterns :
                List.of("orders", "orders:1", "orders:1-", "orders:-2", "orders:0-2,returns", ":0", "ord.*:")) {
            same(OFFSETS, "offsets", "--topic-partitions", patterns);
        }
    }

    @Test
    void deletedRecords() throws Exception {
        broker.createTopic("orders", 2);
        for (int i = 0; i < 9; i++) {
            broker.produce("orders", "k" + i, "v" + i);
        }
        Path file = folder.resolve("delete.json");
        Files.writeString(
                file,
                "{\"partitions\":[{\"topic\":\"orders\",\"partition\":0,\"offset\":1},"
                        + "{\"topic\":\"orders\",\"partition\":1,\"offset\":-1}],\"version\":1}");
        same("org.apache.kafka.tools.DeleteRecordsCommand", "delete-records", "--offset-json-file", file.toString());
    }

    @Test
    void configs() throws Exception {
        broker.createTopic("orders", 1);
        broker.createTopic("returns", 1);
        same(
                CONFIGS,
                "configs",
                "--alter",
                "--topic",
                "orders",
                "--add-config",
                "retention.ms=5000,cleanup.policy=[compact,delete]");
        same(CONFIGS, "configs", "--describe", "--topic", "orders");
        same(CONFIGS, "configs", "--describe", "--entity-type", "topics", "--entity-name", "orders", "--all");
        same(CONFIGS, "configs", "--describe", "--entity-type", "topics");
        same(CONFIGS, "configs", "--describe", "--broker", "0");
        same(CONFIGS, "configs", "--describe", "--broker", "0", "--all");
        same(CONFIGS, "configs", "--describe", "--entity-type", "brokers");
        same(CONFIGS, "configs", "--describe", "--entity-type", "brokers", "--entity-default");
        same(CONFIGS, "configs", "--describe", "--broker-defaults");
        same(CONFIGS, "configs", "--alter", "--broker-defaults", "--add-config", "log.cleaner.threads=2");
        same(CONFIGS, "configs", "--alter", "--broker", "0", "--add-config", "log.cleaner.threads=1");
        same(CONFIGS, "configs", "--describe", "--broker", "0");
        same(CONFIGS, "configs", "--describe", "--entity-type", "brokers");
        String unset = theirs(CONFIGS, "--alter", "--broker", "0", "--delete-config", "log.cleaner.threads")
                .out();
        ours("configs", "--alter", "--broker", "0", "--add-config", "log.cleaner.threads=1");
        assertThat(ours("configs", "--alter", "--broker", "0", "--delete-config", "log.cleaner.threads"))
                .isEqualTo(unset);
        same(CONFIGS, "configs", "--describe", "--broker", "0");
        assertThat(ours("configs", "--alter", "--topic", "orders", "--delete-config", "retention.ms"))
                .isEqualTo(theirs(CONFIGS, "--alter", "--topic", "orders", "--delete-config", "cleanup.policy")
                        .out());
        Path file = folder.resolve("topic.properties");
        Files.writeString(file, "retention.ms=7000\nsegment.bytes=2000000\n");
        same(
                CONFIGS,
                "configs",
                "--alter",
                "--entity-type",
                "topics",
                "--entity-name",
                "returns",
                "--add-config-file",
                file.toString());
        same(CONFIGS, "configs", "--describe", "--topic", "returns");
    }

    /** Asks both, and compares what they print. */
    private static void same(String kafkaClass, String tool, String... arguments) throws Exception {
        String theirs = theirs(kafkaClass, arguments).out();
        assertThat(lines(ours(tool, arguments)))
                .as("%s %s", tool, String.join(" ", arguments))
                .isEqualTo(lines(theirs));
    }

    /** The same where Kafka 3.9.2 forgets to end lines; whether a name in a file of positions is in quotes does not matter. */
    private static void sameWords(String kafkaClass, String tool, String... arguments) throws Exception {
        assertThat(words(ours(tool, arguments)))
                .as("%s %s", tool, String.join(" ", arguments))
                .isEqualTo(words(theirs(kafkaClass, arguments).out()));
    }

    private static List<String> words(String output) {
        return List.of(output.replace("\"", "").strip().split("\\s+")).stream()
                .sorted()
                .toList();
    }

    private static List<String> lines(String output) {
        return output.lines().filter(line -> !line.isEmpty()).sorted().toList();
    }

    private static String ours(String tool, String... arguments) {
        ToolCall call = ToolCall.at(broker, concat(new String[] {tool}, arguments));
        assertThat(call.status()).as(call.toString()).isZero();
        return call.out();
    }

    private static ToolCall theirs(String kafkaClass, String... arguments) throws Exception {
        ToolCall call = kafka.call(kafkaClass, ToolCall.with(broker, arguments));
        assertThat(call.status()).as(call.toString()).isZero();
        return call;
    }

    private static String[] concat(String[] first, String[] second) {
        String[] all = new String[first.length + second.length];
        System.arraycopy(first, 0, all, 0, first.length);
        System.arraycopy(second, 0, all, first.length, second.length);
        return all;
    }
}
