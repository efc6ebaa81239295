package io.odradek.server.tools.reassignment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.odradek.protocol.api.ApiKey;
import io.odradek.protocol.errors.ErrorCode;
import io.odradek.server.embedded.EmbeddedCluster;
import io.odradek.server.embedded.Fault;
import io.odradek.server.tools.KafkaTool;
import io.odradek.server.tools.ToolCall;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.TopicPartitionInfo;
import org.apache.kafka.common.config.ConfigResource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** {@code broker-reassign-partitions} on four brokers, alone and beside that of Kafka 3.9.2; and the latter under load. */
@Timeout(300)
class ReassignPartitionsToolTest {
    private static final String KAFKAS = "org.apache.kafka.tools.reassign.ReassignPartitionsCommand";
    private static final Duration PATIENCE = Duration.ofSeconds(90);

    @TempDir
    private static Path folder;

    private static KafkaTool kafka;
    private static EmbeddedCluster cluster;
    private static Admin admin;
    /** No controller: it asks itself without a request, which no fault strikes. */
    private static int a;

    private static int b;
    private static int c;
    private static int controller;

    @BeforeAll
    static void start() throws Exception {
        kafka = new KafkaTool("3.9.2", folder);
        cluster = EmbeddedCluster.builder(4).folder(folder.resolve("cluster")).start();
        admin = Admin.create(cluster.clientProperties());
        controller = cluster.controllerId();
        List<Integer> others = IntStream.rangeClosed(1, 4)
                .filter(id -> id != controller)
                .boxed()
                .toList();
        a = others.get(0);
        b = others.get(1);
        c = others.get(2);
    }

    @AfterAll
    static void stop() throws Exception {
        admin.close();
        cluster.close();
        kafka.close();
    }

    @Test
    void bothToolsPrintTheSameAtEachStepOfAMove() throws Exception {
        create("same", Map.of(0, List.of(a, b), 1, List.of(b, a)));
        String there = file("there.json", "same", List.of(c, controller), List.of(b, controller));
        String back = file("back.json", "same", List.of(a, b), List.of(b, a));
        same("--list");
        same("--verify", "--reassignment-json-file", there, "--preserve-throttles");
        same("--verify", "--reassignment-json-file", back);
        sameCancelled("--cancel", "--reassignment-json-file", there);

        try (Fault held = hold("same")) {
            String[] execute = {"--execute", "--reassignment-json-file", there, "--throttle", "50000000"};
            String begun = theirs(execute);
            held.awaitStruck(PATIENCE);
            same("--list");
            same("--verify", "--reassignment-json-file", there);
            assertThat(call(execute).failure()).startsWith("Replicas are being moved already");
            assertThat(kafka.call(KAFKAS, with(execute)).status()).isEqualTo(1);
            Map<String, String> throttled = throttles("same");
            assertThat(throttled)
                    .containsEntry(
                            "topic leader.replication.throttled.replicas",
                            names("0:" + a, "0:" + b, "1:" + a, "1:" + b))
                    .containsEntry(
                            "topic follower.replication.throttled.replicas",
                            names("0:" + c, "0:" + controller, "1:" + controller))
                    .containsEntry(a + " leader.replication.throttled.rate", "50000000")
                    .containsEntry(controller + " follower.replication.throttled.rate", "50000000")
                    .hasSize(10);
            String taken = theirs("--cancel", "--reassignment-json-file", there);
            assertThat(throttles("same")).isEmpty();
            awaitNoneUnderWay();

            assertThat(ours(execute)).isEqualTo(begun);
            assertThat(throttles("same")).isEqualTo(throttled);
            assertThat(ours("--cancel", "--reassignment-json-file", there))
                    .isEqualTo(taken.replace("active.Clearing", "active.\nClearing"));
            assertThat(throttles("same")).isEmpty();
        }
        awaitNoneUnderWay();
        same("--verify", "--reassignment-json-file", there);

        ours("--execute", "--reassignment-json-file", there);
        awaitVerified(there);
        same("--verify", "--reassignment-json-file", there);
        assertThat(replicas("same")).isEqualTo(List.of(List.of(c, controller), List.of(b, controller)));
    }

    @Test
    void whatIsProposedIsPlacedAsNewTopicsAre() throws Exception {
        create("wide", Map.of(0, List.of(1, 2), 1, List.of(2, 1), 2, List.of(1, 2)));
        create("narrow", Map.of(0, List.of(4)));
        String topics = Files.writeString(
                        folder.resolve("topics.json"), "{\"topics\":[{\"topic\":\"wide\"},{\"topic\":\"narrow\"}]}")
                .toString();
        String[] call = {"--generate", "--topics-to-move-json-file", topics, "--broker-list", "3,4"};
        List<String> theirs = theirs(call).lines().toList();
        List<String> ours = ours(call).lines().toList();
        // Both begin with a broker that chance picks.
        assertThat(ours.subList(0, 4)).isEqualTo(theirs.subList(0, 4));
        assertThat(ours).hasSize(5).hasSameSizeAs(theirs);
        String file =
                Files.writeString(folder.resolve("proposed.json"), ours.get(4)).toString();
        Reassignment proposed = Reassignment.read(file);
        assertThat(proposed.replicas().values())
                .hasSize(4)
                .allSatisfy(brokers -> assertThat(brokers).isSubsetOf(3, 4));
        List<List<Integer>> wide = proposed.replicas().values().stream().skip(1).toList();
        assertThat(wide.get(0)).containsExactlyInAnyOrder(3, 4);
        assertThat(wide.get(1)).containsExactly(wide.get(0).get(1), wide.get(0).get(0));
        assertThat(wide.get(2)).isEqualTo(wide.get(0));
        assertThat(ours("--generate", "--topics-to-move-json-file", topics, "--broker-list", "3,4", "--json"))
                .startsWith("{\"current\":" + ours.get(1) + ",\"proposed\":{\"version\":1,");
        String one = Files.writeString(folder.resolve("one.json"), "{\"topics\":[{\"topic\":\"narrow\"}]}")
                .toString();
        same("--generate", "--topics-to-move-json-file", one, "--broker-list", "2");
        same("--generate", "--topics-to-move-json-file", one, "--broker-list", "3", "--disable-rack-aware");

        call[4] = "1";
        assertThat(call(call).failure())
                .isEqualTo("Topic wide has 2 replicas: that needs 2 brokers, and --broker-list names 1");
        call[4] = "1,9";
        assertThat(call(call).failure()).isEqualTo("There is no broker 9; there are 1,2,3,4");
        call[4] = "1,x";
        assertThat(call(call).failure()).startsWith("\"x\" in --broker-list is no id of a broker");
        call[4] = "1,1";
        assertThat(call(call).failure()).startsWith("--broker-list names a broker twice");
    }

    /** Kafka 3.9.2 leaves those alone that only add replicas; 4.3.1 does not. */
    @Test
    void moreReplicasAreTakenBackToo() throws Exception {
        create("more", Map.of(0, List.of(a)));
        String more = file("more.json", "more", List.of(a, b, c));
        try (Fault held = hold("more")) {
            assertThat(ours("--execute", "--reassignment-json-file", more, "--json")
                            .lines())
                    .containsExactly(
                            "{\"type\":\"current\",\"assignment\":{\"version\":1,\"partitions\":[{\"topic\":\"more\","
                                    + "\"partition\":0,\"replicas\":[" + a + "],\"log_dirs\":[\"any\"]}]}}",
                            "{\"type\":\"started\",\"topic\":\"more\",\"partition\":0,\"replicas\":[" + a + "," + b
                                    + "," + c + "]}");
            held.awaitStruck(PATIENCE);
            assertThat(ours("--list", "--json"))
                    .isEqualTo("{\"topic\":\"more\",\"partition\":0,\"replicas\":[" + a + "," + b + "," + c
                            + "],\"addingReplicas\":[" + b + "," + c + "],"
                            + "\"removingReplicas\":[]}\n");
            assertThat(ours("--verify", "--reassignment-json-file", more, "--json"))
                    .startsWith("{\"type\":\"partition\",\"topic\":\"more\",\"partition\":0,\"state\":\"moving\",");
            assertThat(ours("--cancel", "--reassignment-json-file", more, "--preserve-throttles"))
                    .isEqualTo("Successfully cancelled partition reassignment for: more-0\n"
                            + "None of the specified partition moves are active.\n");
        }
        awaitNoneUnderWay();
        assertThat(replicas("more")).isEqualTo(List.of(List.of(a)));
    }

    @Test
    void badCallsAreOneLine() throws Exception {
        create("bad", Map.of(0, List.of(1)));
        String good = file("good.json", "bad", List.of(2));
        assertThat(call().failure()).startsWith("Give exactly one of --generate, --execute, ");
        assertThat(call("--list", "--execute").failure()).startsWith("Give exactly one of ");
        assertThat(call("--verify").failure()).startsWith("Give --reassignment-json-file");
        assertThat(call("--verify", "--reassignment-json-file", good, "--throttle", "1")
                        .failure())
                .startsWith("--throttle does not go with --verify");
        assertThat(call("--execute", "--reassignment-json-file", good, "--throttle", "fast")
                        .failure())
                .contains("--throttle", "'fast'");
        assertThat(call("--execute", "--reassignment-json-file", "nowhere.json").failure())
                .isEqualTo("There is no file nowhere.json");
        assertThat(call("--generate").failure()).startsWith("Say which topics, with --topics-to-move-json-file");
        Path broken = Files.writeString(folder.resolve("broken.json"), "{\"partitions\":[{");
        assertThat(call("--execute", "--reassignment-json-file", broken + "").failure())
                .startsWith(broken + " cannot be used: not JSON: ");
        assertThat(call("--execute", "--reassignment-json-file", file("away.json", "bad", List.of(2, 9)))
                        .failure())
                .isEqualTo("There is no broker 9; there are 1,2,3,4");
        String none = file("none.json", "none", List.of(2));
        assertThat(call("--execute", "--reassignment-json-file", none).failure())
                .isEqualTo("There is no topic none");
        assertThat(call("--verify", "--reassignment-json-file", none).failure()).isEqualTo("There is no topic none");
        assertThat(call("--execute", "--reassignment-json-file", file("two.json", "bad", List.of(1), List.of(1)))
                        .failure())
                .isEqualTo("There is no partition bad-1");
        String more = file("grown.json", "bad", List.of(1, 2));
        assertThat(call("--execute", "--reassignment-json-file", more, "--disallow-replication-factor-change")
                        .failure())
                .startsWith("Error reassigning partition bad-0: ");
        assertThat(replicas("bad")).isEqualTo(List.of(List.of(1)));
    }

    @Test
    void kafkasOwnToolMovesAndTakesBackUnderLoadAndNothingIsLost() throws Exception {
        create("load", Map.of(0, List.of(a, b), 1, List.of(b, c)));
        String there = file("load.json", "load", List.of(c, controller), List.of(controller, a));
        try (SteadyWriter writer = new SteadyWriter(cluster, "load", 2)) {
            writer.awaitMore(200);
            try (Fault held = hold("load")) {
                assertThat(theirs("--execute", "--reassignment-json-file", there, "--throttle", "10000000"))
                        .endsWith("The inter-broker throttle limit was set to 10000000 B/s\n"
                                + "Successfully started partition reassignments for load-0,load-1\n");
                // They have copied all, and are about to be in sync.
                held.awaitStruck(2, PATIENCE);
                writer.awaitMore(200);
                assertThat(theirs("--verify", "--reassignment-json-file", there))
                        .contains("load-0 is still in progress.\n", "load-1 is still in progress.\n");
                assertThat(theirs("--cancel", "--reassignment-json-file", there))
                        .startsWith("Successfully cancelled partition reassignments for: load-0,load-1\n");
            }
            assertThat(replicas("load")).isEqualTo(List.of(List.of(a, b), List.of(b, c)));
            assertThat(throttles("load")).isEmpty();
            awaitNoneUnderWay();
            writer.awaitMore(200);
            await("what was copied is deleted")
                    .atMost(PATIENCE)
                    .untilAsserted(() -> assertThat(copies("load"))
                            .containsExactlyInAnyOrder(a + " load-0", b + " load-0", b + " load-1", c + " load-1"));

            theirs("--execute", "--reassignment-json-file", there);
            awaitVerified(there);
            assertThat(replicas("load")).isEqualTo(List.of(List.of(c, controller), List.of(controller, a)));
            writer.awaitMore(200);
            assertThat(writer.requireAllIsThere()).isGreaterThanOrEqualTo(800);
            await("what was left is deleted")
                    .atMost(PATIENCE)
                    .untilAsserted(() -> assertThat(copies("load"))
                            .containsExactlyInAnyOrder(
                                    a + " load-1", c + " load-0", controller + " load-0", controller + " load-1"));
        }
    }

    /** Lets no replica of a topic come in sync. */
    private static Fault hold(String topic) {
        return cluster.broker(controller)
                .faults()
                .on(ApiKey.ALTER_PARTITION)
                .topic(topic)
                .failWith(ErrorCode.NOT_CONTROLLER);
    }

    private static String names(String... replicas) {
        return Arrays.stream(replicas).sorted().collect(Collectors.joining(","));
    }

    private static void create(String topic, Map<Integer, List<Integer>> replicas) throws Exception {
        admin.createTopics(List.of(new NewTopic(topic, replicas))).all().get();
    }

    @SafeVarargs
    private static String file(String name, String topic, List<Integer>... replicas) throws Exception {
        List<String> partitions = new ArrayList<>();
        for (int i = 0; i < replicas.length; i++) {
            partitions.add("{\"topic\":\"" + topic + "\",\"partition\":" + i + ",\"replicas\":" + replicas[i] + "}");
        }
        return Files.writeString(
                        folder.resolve(name), "{\"version\":1,\"partitions\":[" + String.join(",", partitions) + "]}")
                .toString();
    }

    private static void awaitNoneUnderWay() {
        await("no move is under way")
                .atMost(PATIENCE)
                .until(() -> ours("--list").equals("No partition reassignments found.\n"));
    }

    private static void awaitVerified(String file) {
        await("the moves end")
                .atMost(PATIENCE)
                .until(() -> !ours("--verify", "--reassignment-json-file", file).contains("in progress"));
    }

    private static List<List<Integer>> replicas(String topic) throws Exception {
        List<TopicPartitionInfo> partitions = admin.describeTopics(List.of(topic))
                .allTopicNames()
                .get()
                .get(topic)
                .partitions();
        return partitions.stream()
                .map(each -> each.replicas().stream().map(Node::id).toList())
                .toList();
    }

    /** {@return the folders of a topic's partitions, by their brokers} */
    private static List<String> copies(String topic) throws Exception {
        List<String> copies = new ArrayList<>();
        for (int id = 1; id <= 4; id++) {
            int broker = id;
            try (var folders = Files.list(folder.resolve("cluster").resolve("broker-" + id))) {
                folders.map(each -> each.getFileName().toString())
                        .filter(name -> name.matches(topic + "-\\d+"))
                        .sorted()
                        .forEach(name -> copies.add(broker + " " + name));
            }
        }
        return copies;
    }

    /** {@return what holds up copying, of all brokers and of a topic} */
    private static Map<String, String> throttles(String topic) throws Exception {
        List<ConfigResource> resources = new ArrayList<>(List.of(new ConfigResource(ConfigResource.Type.TOPIC, topic)));
        for (int id = 1; id <= 4; id++) {
            resources.add(new ConfigResource(ConfigResource.Type.BROKER, Integer.toString(id)));
        }
        return admin.describeConfigs(resources).all().get().entrySet().stream()
                .flatMap(each -> throttles(each.getKey(), each.getValue()).entrySet().stream())
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
    }

    private static Map<String, String> throttles(ConfigResource of, Config config) {
        String name = of.type() == ConfigResource.Type.TOPIC ? "topic" : of.name();
        return config.entries().stream()
                .filter(entry ->
                        entry.name().contains(".throttled.") || entry.name().startsWith("replica.alter"))
                .filter(entry -> entry.source() == ConfigEntry.ConfigSource.DYNAMIC_BROKER_CONFIG
                        || entry.source() == ConfigEntry.ConfigSource.DYNAMIC_TOPIC_CONFIG)
                .collect(Collectors.toMap(entry -> name + " " + entry.name(), ConfigEntry::value));
    }

    private static void same(String... arguments) throws Exception {
        assertThat(ours(arguments)).as(String.join(" ", arguments)).isEqualTo(theirs(arguments));
    }

    /** The same where Kafka 3.9.2 forgets to end a line. */
    private static void sameCancelled(String... arguments) throws Exception {
        assertThat(ours(arguments)).isEqualTo(theirs(arguments).replace("active.Clearing", "active.\nClearing"));
    }

    private static String[] with(String... arguments) {
        List<String> all = new ArrayList<>(Arrays.asList(arguments));
        all.addAll(List.of("--bootstrap-server", cluster.bootstrapServers()));
        return all.toArray(String[]::new);
    }

    private static ToolCall call(String... arguments) {
        List<String> all = new ArrayList<>(List.of("reassign-partitions"));
        all.addAll(Arrays.asList(with(arguments)));
        return ToolCall.of(all.toArray(String[]::new));
    }

    private static String ours(String... arguments) {
        return call(arguments).output();
    }

    private static String theirs(String... arguments) throws Exception {
        ToolCall done = kafka.call(KAFKAS, with(arguments));
        assertThat(done.status()).as(done.toString()).isZero();
        return done.out();
    }
}
