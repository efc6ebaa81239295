package io.odradek.server.clients;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.odradek.server.embedded.EmbeddedBroker;
import io.odradek.server.tools.KafkaTool;
import io.odradek.server.tools.ToolCall;
import io.odradek.server.zookeeper.RecordedWrite;
import io.odradek.server.zookeeper.RecordedWrite.Kind;
import io.odradek.server.zookeeper.TestEnsemble;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Apache Kafka's {@code kafka-acls}, which writes into ZooKeeper itself and asks brokers of ours: what one has written the other
 * reads, and both write the same bytes.
 */
@Timeout(300)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@SuppressWarnings("try") // Brokers that are only closed.
class KafkaAclsToolTest {
    private static final String TOOL_OF_3_9 = "kafka.admin.AclCommand";
    private static final String TOOL_OF_4_3 = "org.apache.kafka.tools.AclCommand";
    private static final int TICK_MS = 3_000;
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    /** What is done, with the same words in both ways. */
    private static final List<String> ACTIONS = List.of(
            "--add --allow-principal User:alice --operation Read --operation Write --topic t",
            "--add --deny-principal User:bob --deny-host 10.0.0.1 --operation All --topic t",
            "--add --allow-principal User:alice --producer --topic orders --resource-pattern-type prefixed",
            "--add --allow-principal User:carol --consumer --topic t --group g",
            "--add --allow-principal User:* --operation Describe --cluster",
            "--add --allow-principal User:dave --transactional-id x --operation Write",
            "--add --allow-principal User:dave --user-principal User:erin --operation CreateTokens",
            "--add --allow-principal User:dave --delegation-token id --operation Describe",
            "--remove --force --allow-principal User:alice --operation Write --topic t",
            "--remove --force --cluster");

    private Path folder;
    private TestEnsemble ensemble;
    private KafkaTool kafka;

    @BeforeAll
    void start(@TempDir Path temporary) throws Exception {
        folder = temporary;
        ensemble = new TestEnsemble(folder.resolve("zookeeper"), TICK_MS);
        kafka = new KafkaTool("3.9.2", folder.resolve("peer"));
    }

    @AfterAll
    void stop() throws IOException {
        kafka.close();
        ensemble.close();
    }

    private EmbeddedBroker broker(String chroot, String superUsers) {
        return EmbeddedBroker.builder()
                .logFolder(folder.resolve("logs" + chroot + superUsers.isEmpty()))
                .setting("zookeeper.connect", ensemble.connect() + chroot)
                .setting("authorizer.class.name", "kafka.security.authorizer.AclAuthorizer")
                .setting("super.users", superUsers)
                .start();
    }

    private ToolCall acls(String mainClass, String way, String where, String action) throws Exception {
        List<String> arguments = new ArrayList<>(List.of(way, where));
        arguments.addAll(Arrays.asList(action.split(" ")));
        ToolCall call = kafka.call(mainClass, arguments.toArray(String[]::new));
        assertThat(call.status()).as(call.toString()).isZero();
        return call;
    }

    private ToolCall inZooKeeper(String chroot, String action) throws Exception {
        return acls(TOOL_OF_3_9, "--authorizer-properties", "zookeeper.connect=" + ensemble.connect() + chroot, action);
    }

    private ToolCall byBroker(EmbeddedBroker broker, String action) throws Exception {
        return acls(TOOL_OF_3_9, "--bootstrap-server", broker.bootstrapServers(), action);
    }

    @Test
    void bothWriteTheSameBytesAndReadEachOthers() throws Exception {
        String listed;
        try (EmbeddedBroker broker = broker("/ours", "User:ANONYMOUS")) {
            for (String action : ACTIONS) {
                byBroker(broker, action);
            }
            listed = byBroker(broker, "--list").out();
            try (KafkaTool newer = new KafkaTool("4.3.1", folder.resolve("newer"))) {
                ToolCall call = newer.call(TOOL_OF_4_3, "--bootstrap-server", broker.bootstrapServers(), "--list");
                assertThat(lines(call.out())).isEqualTo(lines(listed));
            }
        }
        // Its first run makes what is above all others, in an order of its own.
        inZooKeeper("/kafkas", "--list");
        for (String action : ACTIONS) {
            inZooKeeper("/kafkas", action);
        }
        assertThat(lines(listed))
                .hasSizeGreaterThan(10)
                .isEqualTo(lines(inZooKeeper("/kafkas", "--list").out()))
                .isEqualTo(lines(inZooKeeper("/ours", "--list").out()));
        assertThat(written("/ours")).isEqualTo(written("/kafkas"));
    }

    private static SortedSet<String> lines(String text) {
        SortedSet<String> lines = new TreeSet<>();
        text.lines().map(String::strip).filter(line -> !line.isEmpty()).forEach(lines::add);
        return lines;
    }

    /** What was written into each node in the order of time; which entry of one request comes first is Kafka's hash table's affair. */
    private SortedMap<String, List<Object>> written(String chroot) throws IOException {
        SortedMap<String, List<Object>> written = new TreeMap<>();
        for (RecordedWrite write : RecordedWrite.read(folder.resolve("zookeeper"), chroot)) {
            if (write.path().startsWith("/kafka-acl")) {
                Object what = write.kind() == Kind.DELETE ? "deleted" : entries(write.text());
                written.computeIfAbsent(write.path(), path -> new ArrayList<>()).add(what);
            }
        }
        return written;
    }

    private static List<String> entries(String text) {
        Pattern entry = Pattern.compile("\\{\"principal\"[^}]*\\}");
        List<String> parts = new ArrayList<>();
        entry.matcher(text).results().map(MatchResult::group).sorted().forEach(parts::add);
        parts.add(entry.matcher(text).replaceAll("ENTRY").replaceAll("(,ENTRY)+", ""));
        return parts;
    }

    @Test
    void whatKafkaWritesIntoZooKeeperIsObeyedAtOnce() throws Exception {
        inZooKeeper("/obeyed", "--add --allow-principal User:ANONYMOUS --operation Create --topic made");
        inZooKeeper("/obeyed", "--add --allow-principal User:ANONYMOUS --operation Write --topic made");
        inZooKeeper("/obeyed", "--add --allow-principal User:ANONYMOUS --operation ClusterAction --cluster");
        try (EmbeddedBroker broker = broker("/obeyed", "");
                KafkaProducer<String, String> producer = producer(broker)) {
            producer.send(new ProducerRecord<>("made", "v")).get();
            assertRefused(producer);

            inZooKeeper(
                    "/obeyed",
                    "--add --allow-principal User:ANONYMOUS --operation Write --operation Create --topic later"
                            + " --resource-pattern-type prefixed");
            await().atMost(PATIENCE).ignoreExceptions().until(() -> {
                producer.send(new ProducerRecord<>("later-1", "v")).get();
                return true;
            });
            inZooKeeper("/obeyed", "--add --deny-principal User:ANONYMOUS --operation Write --topic later-1");
            await().atMost(PATIENCE).until(() -> isRefused(producer));
        }
    }

    @Test
    void brokersWorkTogetherWhereTheirPrincipalMayActForTheCluster() throws Exception {
        inZooKeeper("/cluster", "--add --allow-principal User:ANONYMOUS --operation ClusterAction --cluster");
        inZooKeeper("/cluster", "--add --allow-principal User:ANONYMOUS --operation Create --cluster");
        inZooKeeper("/cluster", "--add --allow-principal User:ANONYMOUS --operation Write --topic t");
        try (EmbeddedBroker first = member(1);
                EmbeddedBroker second = member(2);
                Admin admin = Admin.create(Map.<String, Object>of("bootstrap.servers", first.bootstrapServers()))) {
            await().atMost(PATIENCE)
                    .until(() -> admin.describeCluster().nodes().get().size() == 2);
            admin.createTopics(List.of(new NewTopic("t", 4, (short) 2).configs(Map.of("min.insync.replicas", "2"))))
                    .all()
                    .get();
            try (KafkaProducer<String, String> producer = producer(second)) {
                for (int partition = 0; partition < 4; partition++) {
                    producer.send(new ProducerRecord<>("t", partition, "k", "v"))
                            .get();
                }
            }
        }
    }

    private EmbeddedBroker member(int id) {
        return EmbeddedBroker.builder()
                .logFolder(folder.resolve("member-" + id))
                .setting("broker.id", Integer.toString(id))
                .setting("zookeeper.connect", ensemble.connect() + "/cluster")
                .setting("authorizer.class.name", "kafka.security.auth.SimpleAclAuthorizer")
                .start();
    }

    private static void assertRefused(KafkaProducer<String, String> producer) throws InterruptedException {
        assertThat(isRefused(producer)).isTrue();
    }

    private static boolean isRefused(KafkaProducer<String, String> producer) throws InterruptedException {
        try {
            producer.send(new ProducerRecord<>("later-1", "v")).get();
            return false;
        } catch (ExecutionException refused) {
            assertThat(refused.getCause()).isInstanceOf(TopicAuthorizationException.class);
            return true;
        }
    }

    private static KafkaProducer<String, String> producer(EmbeddedBroker broker) {
        return new KafkaProducer<>(
                Map.<String, Object>of(
                        "bootstrap.servers", broker.bootstrapServers(), "enable.idempotence", "false", "acks", "all"),
                new StringSerializer(),
                new StringSerializer());
    }
}
