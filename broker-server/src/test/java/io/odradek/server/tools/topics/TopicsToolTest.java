package io.odradek.server.tools.topics;

import static org.assertj.core.api.Assertions.assertThat;

import io.odradek.server.embedded.EmbeddedBroker;
import io.odradek.server.tools.ToolCall;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** {@code broker-topics} on a broker of one; what it prints is held against Kafka's own tool by {@code SameAsKafkaTest}. */
class TopicsToolTest {
    private static EmbeddedBroker broker;

    @BeforeAll
    static void start() {
        broker = EmbeddedBroker.start();
    }

    @AfterAll
    static void stop() {
        broker.close();
    }

    @BeforeEach
    void reset() {
        broker.reset();
    }

    private static ToolCall topics(String... arguments) {
        String[] all = new String[arguments.length + 1];
        all[0] = "topics";
        System.arraycopy(arguments, 0, all, 1, arguments.length);
        return ToolCall.at(broker, all);
    }

    @Test
    void aTopicIsCreatedListedGrownAndDeleted() {
        assertThat(topics("--list").output()).isEqualTo("\n");
        assertThat(topics("--create", "--topic", "orders", "--partitions", "2", "--config", "retention.ms=5000")
                        .output())
                .isEqualTo("Created topic orders.\n");
        assertThat(topics("--create", "--topic", "orders", "--if-not-exists").output())
                .isEmpty();
        assertThat(topics("--list").output()).isEqualTo("orders\n");
        assertThat(topics("--alter", "--topic", "orders", "--partitions", "3").output())
                .isEmpty();
        assertThat(topics("--describe", "--topic", "orders").output())
                .contains("Topic: orders\tTopicId: ")
                .contains("\tPartitionCount: 3\tReplicationFactor: 1\tConfigs: ")
                .contains("retention.ms=5000")
                .contains("\tTopic: orders\tPartition: 2\tLeader: 0\tReplicas: 0\tIsr: 0");
        assertThat(topics("--delete", "--topic", "orders").output()).isEmpty();
        assertThat(topics("--list").output()).isEqualTo("\n");
    }

    @Test
    void brokersAreGivenToEachPartition() {
        topics("--create", "--topic", "placed", "--replica-assignment", "0,0").output();
        assertThat(topics("--describe", "--topic", "placed").output()).contains("PartitionCount: 2");
        topics("--alter", "--topic", "placed", "--partitions", "3", "--replica-assignment", "0,0,0")
                .output();
        assertThat(topics("--describe", "--topic", "placed").output()).contains("PartitionCount: 3");
        assertThat(topics("--alter", "--topic", "placed", "--partitions", "4", "--replica-assignment", "0")
                        .failure())
                .isEqualTo("Topic placed has 3 partitions, and --replica-assignment names brokers for 1 only");
    }

    @Test
    void topicsAreMeantByARegularExpressionThatMatchesTheirWholeName() {
        for (String name : new String[] {"orders", "orders-old", "returns"}) {
            topics("--create", "--topic", name).output();
        }
        assertThat(topics("--list", "--topic", "orders").output()).isEqualTo("orders\n");
        assertThat(topics("--list", "--topic", "orders.*").output()).isEqualTo("orders\norders-old\n");
        assertThat(topics("--list", "--topic", "orders, returns").output()).isEqualTo("orders\nreturns\n");
        topics("--delete", "--topic", "orders.*").output();
        assertThat(topics("--list").output()).isEqualTo("returns\n");
    }

    @Test
    void aTopicIsDescribedByItsId() {
        topics("--create", "--topic", "orders").output();
        String id = topics("--describe").output().replaceAll("(?s).*TopicId: (\\S+).*", "$1");
        assertThat(topics("--describe", "--topic-id", id).output()).startsWith("Topic: orders\t");
        String unknown = "AAAAAAAAAAAAAAAAAAAAAQ";
        assertThat(topics("--describe", "--topic-id", unknown).failure())
                .isEqualTo("TopicId '" + unknown + "' does not exist as expected");
        assertThat(topics("--describe", "--topic-id", unknown, "--if-exists").output())
                .isEmpty();
        assertThat(topics("--describe", "--topic-id", "x").failure()).startsWith("\"x\" is no topic's id");
    }

    @Test
    void asJsonEveryLineIsAnObject() {
        topics("--create", "--topic", "orders", "--config", "retention.ms=5000").output();
        assertThat(topics("--list", "--json").output()).isEqualTo("{\"topic\":\"orders\",\"internal\":false}\n");
        assertThat(topics("--describe", "--json").output().lines())
                .hasSize(2)
                .allSatisfy(line -> assertThat(line).startsWith("{\"type\":").endsWith("}"));
    }

    @Test
    void whatIsThereOrNotIsSaidInALine() {
        topics("--create", "--topic", "orders").output();
        assertThat(topics("--create", "--topic", "orders").failure()).startsWith("Topic 'orders' already exists");
        for (String action : new String[] {"--describe", "--delete"}) {
            assertThat(topics(action, "--topic", "nothing").failure())
                    .isEqualTo("Topic 'nothing' does not exist as expected");
            assertThat(topics(action, "--topic", "nothing", "--if-exists").output())
                    .isEmpty();
        }
        assertThat(topics("--alter", "--topic", "nothing", "--partitions", "2").failure())
                .isEqualTo("Topic 'nothing' does not exist as expected");
        assertThat(topics("--alter", "--topic", "orders", "--partitions", "1").failure())
                .contains("partitions");
        assertThat(topics("--create", "--topic", "two", "--replication-factor", "2")
                        .failure())
                .contains("eplication factor");
        assertThat(topics("--create", "--topic", "a/b").failure()).contains("a/b");
        assertThat(topics("--create", "--topic", "x", "--config", "no.such.setting=1")
                        .failure())
                .contains("no.such.setting");
        assertThat(topics("--create", "--topic", "x", "--config", "retention.ms=soon")
                        .failure())
                .contains("retention.ms");
    }

    @Test
    @Timeout(60)
    void aNameThatNoRequestCarriesIsNotWaitedFor() throws Exception {
        String[] create = ToolCall.with(broker, "topics", "--create", "--topic", "x".repeat(40_000));
        assertThat(ToolCall.inAProcess(create).failure())
                .startsWith("The client has given up: a name or value is longer than a request carries");
    }

    @Test
    void optionsThatDoNotGoTogetherAreRefused() {
        refused("Give exactly one of --create, --list, --describe, --alter and --delete");
        refused("Give exactly one of --create, --list, --describe, --alter and --delete", "--list", "--describe");
        refused("Say which --topic", "--create");
        refused("Say which --topic", "--delete");
        refused("--config goes with --create", "--alter", "--topic", "x", "--partitions", "2", "--config", "a=b");
        refused("Say how many --partitions it is to have", "--alter", "--topic", "x");
        refused(
                "--replica-assignment says how many",
                "--create",
                "--topic",
                "x",
                "--replica-assignment",
                "0",
                "--partitions",
                "1");
        refused("--if-exists goes with", "--create", "--topic", "x", "--if-exists");
        refused("--if-not-exists goes with", "--delete", "--topic", "x", "--if-not-exists");
        refused("What to show only goes with --describe", "--list", "--under-replicated-partitions");
        refused("\"a\" is not KEY=VALUE", "--create", "--topic", "x", "--config", "a");
        refused("The number of --partitions must be at least 1", "--create", "--topic", "x", "--partitions", "0");
        refused(
                "The --replication-factor must be at least 1",
                "--create",
                "--topic",
                "x",
                "--replication-factor",
                "40000");
        refused("Invalid value for option '--partitions'", "--create", "--topic", "x", "--partitions", "many");
        refused(
                "\"a\" in --replica-assignment is no broker's id",
                "--create",
                "--topic",
                "x",
                "--replica-assignment",
                "a");
        refused(
                "--replica-assignment gives partition 1 the same broker twice",
                "--create",
                "--topic",
                "x",
                "--replica-assignment",
                "0:1,2:2");
        refused(
                "--replica-assignment gives partition 1 1 replicas",
                "--create",
                "--topic",
                "x",
                "--replica-assignment",
                "0:1,2");
        refused("\"(\" is no regular expression", "--list", "--topic", "(");
    }

    private static void refused(String line, String... arguments) {
        assertThat(topics(arguments).failure()).startsWith(line).endsWith(" (--help shows how it is used)");
    }
}
