package io.odradek.server.tools.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import io.odradek.server.embedded.EmbeddedBroker;
import io.odradek.server.tools.ToolCall;
import io.odradek.server.tools.doctor.GroupLook.Progress;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** {@code broker-doctor} finds what is wrong, and nothing where nothing is. */
@Timeout(120)
class DoctorToolTest {
    @TempDir
    private Path folder;

    @Test
    void aHealthyBrokerHasNothingButGoodFindings() {
        try (EmbeddedBroker broker = EmbeddedBroker.builder().topic("orders", 2).start()) {
            String output = ToolCall.at(broker, "doctor").output();
            assertThat(output.lines()).allMatch(line -> line.startsWith("OK "));
            assertThat(output)
                    .contains("controller: broker ", "min.insync.replicas: every topic", "groups: none with members");
            assertThat(ToolCall.at(broker, "doctor", "--json").output())
                    .contains(
                            "{\"level\":\"OK\",\"about\":\"leaders\",\"text\":\"every partition has one\",\"advice\":null}");
        }
    }

    @Test
    void aBrokerThatIsNotThereIsAFinding() throws Exception {
        int port;
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
        ToolCall call = ToolCall.of("doctor", "--bootstrap-server", "127.0.0.1:" + port);
        assertThat(call.status()).isOne();
        assertThat(call.err()).isEmpty();
        assertThat(call.out()).startsWith("FAIL  bootstrap server: ").contains("cannot be reached", "Start the broker");
    }

    @Test
    void anAdvertisedAddressThatCannotBeReachedIsFoundWithoutWaitingForIt() {
        try (EmbeddedBroker broker = EmbeddedBroker.builder()
                .setting("advertised.listeners", "PLAINTEXT://nowhere.invalid:0")
                .start()) {
            ToolCall call = ToolCall.of("doctor", "--bootstrap-server", listening(broker));
            assertThat(call.status()).isOne();
            assertThat(call.out()).contains("FAIL  advertised.listeners of broker ", " cannot be reached from here");
        }
    }

    /** {@return where a broker listens, whatever it advertises} */
    private static String listening(EmbeddedBroker broker) {
        String advertised = broker.bootstrapServers();
        return "localhost" + advertised.substring(advertised.lastIndexOf(':'));
    }

    @Test
    void anAddressThatMeansEachClientItselfIsAFaultForClientsElsewhere() {
        Node broker = new Node(3, "localhost", 9092);
        assertThat(Introduction.advertised(broker, false, true, true).level()).isEqualTo(Finding.Level.FAIL);
        assertThat(Introduction.advertised(broker, true, true, true).level()).isEqualTo(Finding.Level.OK);
        assertThat(Introduction.advertised(broker, true, true, false).level()).isEqualTo(Finding.Level.FAIL);
    }

    @Test
    void moreInSyncReplicasThanATopicHasAreAFault() {
        try (EmbeddedBroker broker = EmbeddedBroker.builder()
                .topic("orders", 1, Map.of("min.insync.replicas", "2"))
                .topic("returns", 1)
                .start()) {
            ToolCall call = ToolCall.at(broker, "doctor");
            assertThat(call.status()).isOne();
            assertThat(call.out())
                    .contains("FAIL  min.insync.replicas: orders (2 of 1 replicas, 1 brokers) can never be written")
                    .doesNotContain("returns");
        }
    }

    @Test
    void aGroupThatCommitsNothingWhileItIsBehindIsAWarning() throws Exception {
        try (EmbeddedBroker broker = EmbeddedBroker.builder().topic("orders", 1).start();
                KafkaConsumer<String, String> member = new KafkaConsumer<>(
                        Map.of(
                                "bootstrap.servers",
                                broker.bootstrapServers(),
                                "group.id",
                                "billing",
                                "enable.auto.commit",
                                "false",
                                "auto.offset.reset",
                                "earliest"),
                        new StringDeserializer(),
                        new StringDeserializer())) {
            broker.produce("orders", "key", "value");
            member.subscribe(List.of("orders"));
            while (member.poll(Duration.ofMillis(100)).isEmpty()) {
                // The test's time limit ends it.
            }
            member.commitSync(Map.of(new TopicPartition("orders", 0), new OffsetAndMetadata(0)));

            ToolCall call = ToolCall.at(broker, "doctor", "--seconds", "1");
            assertThat(call.out()).contains("WARN  groups: billing (1 records behind) committed nothing for 1 s");
            assertThat(call.status()).isZero();
        }
    }

    @Test
    void aGroupIsStuckOnlyIfItIsBehindAndCommitsNothing() {
        Map<TopicPartition, Long> one = Map.of(new TopicPartition("orders", 0), 1L);
        Map<TopicPartition, Long> two = Map.of(new TopicPartition("orders", 0), 2L);
        assertThat(GroupLook.isStuck(new Progress(one, 5), new Progress(one, 5)))
                .isTrue();
        assertThat(GroupLook.isStuck(new Progress(one, 5), new Progress(one, 9)))
                .isTrue();
        assertThat(GroupLook.isStuck(new Progress(one, 5), new Progress(two, 9)))
                .isFalse();
        assertThat(GroupLook.isStuck(new Progress(one, 5), null)).isFalse();
    }

    @Test
    void foldersOfTwoClustersAndATakenPortAreFaults() throws Exception {
        Path first = folderOf("cluster-one", 0);
        Path second = folderOf("cluster-two", 0);
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            ToolCall call = look(taken.getLocalPort(), first + "," + second);
            assertThat(call.status()).isOne();
            assertThat(call.out())
                    .contains("FAIL  port of PLAINTEXT: " + taken.getLocalPort() + " cannot be had")
                    .contains("cluster ids differ, in folders or in the running cluster: [cluster-one, cluster-two]");
        }
    }

    @Test
    void aFileFromTheFutureTellsOfTheClock() throws Exception {
        Path own = folderOf("cluster-one", 0);
        Files.setLastModifiedTime(
                own.resolve("meta.properties"), FileTime.from(Instant.now().plusSeconds(86_400)));
        assertThat(look(0, own.toString()).out()).contains("WARN  clock: the newest file in ");
    }

    @Test
    void aRunningBrokersOwnPortAndFolderAreAsTheyShouldBe() throws Exception {
        try (EmbeddedBroker broker = EmbeddedBroker.start();
                ServerSocket other = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            Path file = Files.writeString(
                    folder.resolve("own.properties"),
                    "listeners=OUT://" + broker.bootstrapServers() + ",IN://127.0.0.1:" + other.getLocalPort()
                            + "\nlistener.security.protocol.map=OUT:PLAINTEXT,IN:PLAINTEXT"
                            + "\ninter.broker.listener.name=IN\nlog.dirs=" + broker.logFolder() + "\n");
            String output =
                    ToolCall.at(broker, "doctor", "--config", file.toString()).out();
            assertThat(output)
                    .doesNotContain("FAIL  port", "FAIL  meta")
                    .contains("port of OUT: the broker runs", "port of IN: the broker runs, and has ");
        }
    }

    @Test
    void littleRoomAndFewDescriptorsAreSaid() {
        long gib = 1L << 30;
        assertThat(FolderLook.room("disk", 50 * gib, 100 * gib).level()).isEqualTo(Finding.Level.OK);
        assertThat(FolderLook.room("disk", 3 * gib, 100 * gib).level()).isEqualTo(Finding.Level.WARN);
        assertThat(FolderLook.room("disk", gib / 10, 100 * gib).level()).isEqualTo(Finding.Level.FAIL);
        assertThat(MachineLook.descriptors("1024").level()).isEqualTo(Finding.Level.WARN);
        assertThat(MachineLook.descriptors("unlimited").level()).isEqualTo(Finding.Level.OK);
    }

    @Test
    void badOptionsAreOneLine() {
        assertThat(ToolCall.of("doctor", "--seconds", "0").failure()).startsWith("--seconds must be from 1");
        assertThat(ToolCall.of("doctor", "--seconds", "x").failure()).contains("--seconds");
    }

    private Path folderOf(String cluster, int broker) throws Exception {
        Path own = Files.createDirectories(folder.resolve(cluster));
        Files.writeString(
                own.resolve("meta.properties"), "version=0\nbroker.id=" + broker + "\ncluster.id=" + cluster + "\n");
        return own;
    }

    private ToolCall look(int port, String folders) throws Exception {
        Path file = Files.writeString(
                folder.resolve("broker.properties"),
                "broker.id=0\nlisteners=PLAINTEXT://127.0.0.1:" + port + "\nlog.dirs=" + folders + "\n");
        return ToolCall.of("doctor", "--bootstrap-server", "127.0.0.1:1", "--config", file.toString());
    }
}
