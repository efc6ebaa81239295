package io.odradek.server.tools.acls;

import static org.assertj.core.api.Assertions.assertThat;

import io.odradek.server.embedded.EmbeddedBroker;
import io.odradek.server.tools.ToolCall;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** {@code broker-acls}; what it prints of one entry is held against Kafka's own tool by {@code SessionsTest}. */
class AclsToolTest {
    private static EmbeddedBroker broker;

    @BeforeAll
    static void start() {
        broker = EmbeddedBroker.builder()
                .setting("authorizer.class.name", "kafka.security.authorizer.AclAuthorizer")
                .setting("super.users", "User:ANONYMOUS")
                .start();
    }

    @AfterAll
    static void stop() {
        broker.close();
    }

    @AfterEach
    void removeAll() {
        for (String what : new String[] {"--topic", "--group", "--transactional-id"}) {
            acls("--remove --force --resource-pattern-type any " + what + " t");
        }
        acls("--remove --force --cluster");
    }

    private static ToolCall acls(String arguments) {
        return ToolCall.at(
                broker,
                Stream.concat(Stream.of("acls"), Stream.of(arguments.split(" ")))
                        .toArray(String[]::new));
    }

    private static ToolCall answered(String input, String arguments) {
        String all = "acls --bootstrap-server " + broker.bootstrapServers() + " " + arguments;
        return ToolCall.typed(input, 0, all.split(" "));
    }

    private static String entry(String principal, String operation) {
        return "\t(principal=" + principal + ", host=*, operation=" + operation + ", permissionType=ALLOW)";
    }

    private static String list(String arguments) {
        return acls("--list " + arguments).output();
    }

    @Test
    void aProducerIsAllowedWhatItNeeds() {
        acls("--add --allow-principal User:alice --producer --idempotent --topic t --transactional-id t");

        assertThat(list("--topic t"))
                .isEqualTo(
                        "Current ACLs for resource `ResourcePattern(resourceType=TOPIC, name=t, patternType=LITERAL)`: \n "
                                + entry("User:alice", "WRITE") + "\n"
                                + entry("User:alice", "CREATE") + "\n"
                                + entry("User:alice", "DESCRIBE") + " \n\n");
        assertThat(list("--transactional-id t"))
                .contains(entry("User:alice", "WRITE") + "\n" + entry("User:alice", "DESCRIBE"));
        assertThat(list("--cluster")).contains(entry("User:alice", "IDEMPOTENT_WRITE"));
    }

    @Test
    void aConsumerIsAllowedWhatItNeedsAndNoLongerWhenThatIsTakenAway() {
        acls("--add --allow-principal User:bob --consumer --topic t --group t");
        acls("--add --allow-principal User:alice --producer --consumer --topic t --group t");

        assertThat(list("--group t")).contains(entry("User:alice", "READ") + "\n" + entry("User:bob", "READ"));
        assertThat(list("--topic t --principal User:bob"))
                .startsWith("ACLs for principal `User:bob`\n")
                .contains(entry("User:bob", "READ") + "\n" + entry("User:bob", "DESCRIBE"))
                .doesNotContain("alice");
        assertThat(list("--topic t --principal User:alice").lines().filter(line -> line.contains("alice,")))
                .hasSize(4);

        acls("--remove --force --allow-principal User:alice --producer --consumer --topic t --group t");

        assertThat(list("")).doesNotContain("alice").contains("bob");
    }

    @Test
    void nothingIsRemovedUnlessItIsConfirmed() {
        acls("--add --allow-principal User:alice --operation Read --topic t");

        assertThat(answered("n\n", "--remove --topic t").out())
                .isEqualTo("Are you sure you want to delete all ACLs for resource filter"
                        + " `ResourcePattern(resourceType=TOPIC, name=t, patternType=LITERAL)`? (y/n)\n");
        answered("", "--remove --topic t");
        assertThat(list("--topic t")).contains("User:alice");
        answered("Y\n", "--remove --topic t");
        assertThat(list("--topic t")).isEmpty();
    }

    @Test
    void entriesAreToldAsJsonToo() {
        acls("--add --deny-principal User:* --deny-host 10.0.0.1 --operation alter_configs --topic t"
                + " --resource-pattern-type prefixed");

        assertThat(list("--json --topic t1 --resource-pattern-type match"))
                .isEqualTo(
                        "{\"resourceType\":\"TOPIC\",\"name\":\"t\",\"patternType\":\"PREFIXED\",\"principal\":\"User:*\","
                                + "\"host\":\"10.0.0.1\",\"operation\":\"ALTER_CONFIGS\",\"permissionType\":\"DENY\"}\n");
    }

    @Test
    void aBrokerWithoutAnAuthorizerSaysSo() {
        try (EmbeddedBroker open = EmbeddedBroker.start()) {
            assertThat(ToolCall.at(open, "acls", "--list").failure()).contains("No Authorizer is configured");
        }
    }

    @Test
    void optionsThatDoNotGoTogetherAreRefused() {
        refused("Give exactly one of --list, --add and --remove", "--topic t");
        refused("--principal goes with --list", "--add --allow-principal User:a --topic t --principal User:a");
        refused("--json goes with --list", "--remove --json --topic t");
        refused("--idempotent goes with --producer", "--add --allow-principal User:a --idempotent --topic t");
        refused(
                "--producer and --consumer say which operations",
                "--add --allow-principal User:a --producer --topic t --operation Read");
        refused("\"Fly\" is no --operation", "--add --allow-principal User:a --operation Fly --topic t");
        refused(
                "With a topic one can only Read, Write",
                "--add --allow-principal User:a --operation IdempotentWrite --topic t");
        refused("\"all\" is no --resource-pattern-type", "--list --resource-pattern-type all");
        refused("\"User:\" is no principal", "--add --allow-principal User: --topic t");
        refused("Tools speak with brokers", "--list --authorizer-properties zookeeper.connect=localhost:2181");
    }

    private static void refused(String why, String arguments) {
        assertThat(acls(arguments).failure()).startsWith(why);
    }
}
