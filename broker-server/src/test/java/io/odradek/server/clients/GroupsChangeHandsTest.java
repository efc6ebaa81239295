package io.odradek.server.clients;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.odradek.server.embedded.EmbeddedBroker;
import io.odradek.server.zookeeper.TestEnsemble;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ConsumerGroupDescription;
import org.apache.kafka.clients.admin.GroupListing;
import org.apache.kafka.clients.admin.MemberDescription;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * This broker and Apache Kafka 3.9.2 take turns at one log folder and one tree in ZooKeeper: each finds the groups that the other
 * has stored in {@code __consumer_offsets}, with their members and positions, and nothing of what was deleted.
 */
@Timeout(300)
class GroupsChangeHandsTest {
    private static final Duration LIMIT = Duration.ofSeconds(90);
    private static final String READER = "console-consumer";
    private static final TopicPartition FIRST = new TopicPartition("t", 0);
    private static final TopicPartition SECOND = new TopicPartition("t", 1);

    @TempDir
    Path folder;

    private TestEnsemble ensemble;
    private Peer peer;
    private int port;

    @BeforeEach
    void start() throws Exception {
        ensemble = new TestEnsemble(Files.createDirectory(folder.resolve("zookeeper")), 3_000);
        peer = new Peer("3.9.2", folder.resolve("peer"));
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = socket.getLocalPort();
        }
    }

    @AfterEach
    void stop() {
        ensemble.close();
    }

    @Test
    void whatOneKnowsOfGroupsTheOtherKnows() throws Exception {
        Map<String, String> groups;
        Map<String, String> positions;
        Set<String> records;
        try (EmbeddedBroker broker = ours();
                Admin admin = admin()) {
            assertThat(broker.bootstrapServers()).isEqualTo(servers());
            admin.createTopics(List.of(new NewTopic(FIRST.topic(), 2, (short) 1)))
                    .all()
                    .get();
            fill("ours", admin);
            groups = groups(admin);
            positions = positions(admin);
            records = storedPositions();
            assertThat(groups.keySet()).containsExactly("ours-left", "ours-simple", "ours-static");
            assertThat(groups.get("ours-static")).startsWith("Stable").contains("ours-instance", "t-0", "t-1");
        }

        try (KafkaBroker broker = kafka();
                Admin admin = admin()) {
            awaitGroups(admin, 3);
            assertThat(groups(admin)).isEqualTo(groups);
            assertThat(positions(admin)).isEqualTo(positions);
            assertThat(storedPositions()).isEqualTo(records);
            rejoins("ours", groups, admin);
            fill("theirs", admin);
            admin.deleteConsumerGroups(List.of("ours-simple")).all().get();
            groups = groups(admin);
            positions = positions(admin);
            assertThat(groups.keySet())
                    .containsExactly("ours-left", "ours-static", "theirs-left", "theirs-simple", "theirs-static");
            broker.stop();
        }

        try (EmbeddedBroker broker = ours();
                Admin admin = admin()) {
            assertThat(broker.bootstrapServers()).isEqualTo(servers());
            awaitGroups(admin, 5);
            assertThat(groups(admin)).isEqualTo(groups);
            assertThat(positions(admin)).isEqualTo(positions);
            rejoins("theirs", groups, admin);
        }
    }

    /** A group with a static member that is away, one that its members have left, one that never had any, and one deleted. */
    private void fill(String whose, Admin admin) throws Exception {
        try (KafkaConsumer<String, String> member = member(whose + "-static", whose + "-instance")) {
            joined(member);
            member.commitSync(Map.of(FIRST, new OffsetAndMetadata(7, Optional.of(0), "noted")));
        }
        try (KafkaConsumer<String, String> member = member(whose + "-left", null)) {
            joined(member);
            member.commitSync(Map.of(FIRST, new OffsetAndMetadata(1), SECOND, new OffsetAndMetadata(2)));
            member.commitSync(Map.of(SECOND, new OffsetAndMetadata(3)));
        }
        for (String group : List.of(whose + "-simple", whose + "-deleted")) {
            admin.alterConsumerGroupOffsets(
                            group, Map.of(FIRST, new OffsetAndMetadata(5), SECOND, new OffsetAndMetadata(6)))
                    .all()
                    .get();
        }
        admin.deleteConsumerGroupOffsets(whose + "-simple", Set.of(SECOND))
                .all()
                .get();
        admin.deleteConsumerGroups(List.of(whose + "-deleted")).all().get();
    }

    /** A static member that comes back finds its place in the generation that the other broker has stored. */
    private void rejoins(String whose, Map<String, String> before, Admin admin) throws Exception {
        String group = whose + "-static";
        String member = before.get(group);
        try (KafkaConsumer<String, String> again = member(group, whose + "-instance")) {
            joined(again);
            assertThat(again.assignment()).containsExactlyInAnyOrder(FIRST, SECOND);
            assertThat(again.groupMetadata().generationId()).isEqualTo(1);
            assertThat(again.committed(Set.of(FIRST)).get(FIRST))
                    .isEqualTo(new OffsetAndMetadata(7, Optional.of(0), "noted"));
        }
        assertThat(groups(admin).get(group)).as("has a member id of its own").isNotEqualTo(member);
    }

    private static void joined(KafkaConsumer<String, String> member) {
        member.subscribe(List.of(FIRST.topic()));
        await().atMost(LIMIT).until(() -> {
            member.poll(Duration.ofMillis(50));
            return member.assignment().size() == 2;
        });
    }

    private KafkaConsumer<String, String> member(String group, String instance) {
        Map<String, Object> settings = new HashMap<>(Map.of(
                "bootstrap.servers",
                servers(),
                "group.id",
                group,
                "enable.auto.commit",
                false,
                // A member that is away stays for as long as the test may take.
                "session.timeout.ms",
                1_200_000));
        if (instance != null) {
            settings.put("group.instance.id", instance);
        }
        return new KafkaConsumer<>(settings, new StringDeserializer(), new StringDeserializer());
    }

    private static void awaitGroups(Admin admin, int count) {
        await().atMost(LIMIT)
                .ignoreExceptionsInstanceOf(ExecutionException.class)
                .untilAsserted(() -> assertThat(groups(admin)).hasSize(count));
    }

    /** {@return what is known of each group and its members} */
    private static Map<String, String> groups(Admin admin) throws Exception {
        List<String> ids = admin.listGroups().all().get().stream()
                .map(GroupListing::groupId)
                .filter(id -> !id.equals(READER))
                .toList();
        Map<String, String> groups = new TreeMap<>();
        for (ConsumerGroupDescription group :
                admin.describeConsumerGroups(ids).all().get().values()) {
            StringBuilder text = new StringBuilder()
                    .append(group.groupState())
                    .append(' ')
                    .append(group.partitionAssignor())
                    .append(' ')
                    .append(group.isSimpleConsumerGroup());
            for (MemberDescription member : group.members()) {
                text.append(' ')
                        .append(member.consumerId())
                        .append(member.groupInstanceId())
                        .append(member.clientId())
                        .append(member.host())
                        .append(new TreeSet<>(member.assignment().topicPartitions().stream()
                                .map(TopicPartition::toString)
                                .toList()));
            }
            groups.put(group.groupId(), text.toString());
        }
        return groups;
    }

    private static Map<String, String> positions(Admin admin) throws Exception {
        Map<String, String> positions = new TreeMap<>();
        for (String group : groups(admin).keySet()) {
            admin.listConsumerGroupOffsets(group)
                    .partitionsToOffsetAndMetadata()
                    .get()
                    .forEach((partition, position) -> positions.put(group + " " + partition, position.toString()));
        }
        return positions;
    }

    /** {@return what Kafka's console consumer makes of the records with positions, whichever broker it reads them from} */
    private Set<String> storedPositions() throws Exception {
        ProcessBuilder command = peer.java(
                "org.apache.kafka.tools.consumer.ConsoleConsumer",
                "--bootstrap-server",
                servers(),
                "--topic",
                "__consumer_offsets",
                "--formatter",
                "org.apache.kafka.tools.consumer.OffsetsMessageFormatter",
                "--group",
                READER,
                "--consumer-property",
                "enable.auto.commit=false",
                "--from-beginning",
                "--timeout-ms",
                "5000");
        Finished finished = Finished.run(command, "", LIMIT);
        assertThat(finished.output()).contains("noted", "ours-deleted");
        return new TreeSet<>(finished.output().lines().toList());
    }

    private EmbeddedBroker ours() {
        return EmbeddedBroker.builder()
                .logFolder(folder.resolve("data"))
                .port(port)
                .setting("broker.id", "0")
                .setting("zookeeper.connect", ensemble.connect())
                .setting("offsets.topic.num.partitions", "2")
                .start();
    }

    private KafkaBroker kafka() throws IOException {
        return KafkaBroker.start(
                peer,
                folder.resolve("kafka"),
                List.of(
                        "broker.id=0",
                        "zookeeper.connect=" + ensemble.connect(),
                        "listeners=PLAINTEXT://" + servers(),
                        "group.initial.rebalance.delay.ms=0",
                        "log.dirs=" + folder.resolve("data")));
    }

    private String servers() {
        return "127.0.0.1:" + port;
    }

    private Admin admin() {
        return Admin.create(Map.<String, Object>of("bootstrap.servers", servers()));
    }
}
