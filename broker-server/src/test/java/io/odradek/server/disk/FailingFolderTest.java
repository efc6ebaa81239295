package io.odradek.server.disk;

import static org.assertj.core.api.Assertions.assertThat;

import io.odradek.server.crash.BrokerProcess;
import io.odradek.server.embedded.EmbeddedBroker;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.TopicPartitionInfo;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Log folders that fail at work: a folder in the place of a file that the broker must replace is refused by any disk. */
@Timeout(120)
class FailingFolderTest {
    private static final String TOPIC = "t";
    private static final String OBSTACLE = "replication-offset-checkpoint.tmp";

    @TempDir
    Path root;

    private EmbeddedBroker start() {
        return EmbeddedBroker.builder()
                .setting("log.dirs", root.resolve("one") + "," + root.resolve("two"))
                .setting("replica.high.watermark.checkpoint.interval.ms", "100")
                .start();
    }

    @Test
    void oneFailsAndTheOtherGoesOnAndAfterARepairAllIsThere() throws Exception {
        NumberedRecords lost;
        NumberedRecords kept;
        try (EmbeddedBroker broker = start()) {
            String bootstrap = broker.bootstrapServers();
            NumberedRecords.createTopic(bootstrap, TOPIC, 2);
            int inOne = Files.exists(root.resolve("one/t-0")) ? 0 : 1;
            lost = new NumberedRecords(TOPIC, inOne);
            kept = new NumberedRecords(TOPIC, 1 - inOne);
            assertThat(lost.sendAll(bootstrap, 10)).isEqualTo(10);
            breakFolder("one", lost, bootstrap);

            TopicPartitionInfo offline = describe(bootstrap).get(inOne);
            assertThat(offline.leader()).isNull();
            assertThat(offline.isr()).hasSize(1);
            assertThat(describe(bootstrap).get(1 - inOne).leader()).isNotNull();
            assertThat(kept.sendAll(bootstrap, 50)).isEqualTo(50);
            assertThat(kept.missing(bootstrap)).isEmpty();
            NumberedRecords.createTopic(bootstrap, "new", 2);
            assertThat(root.resolve("two/new-0")).isDirectory();
            assertThat(root.resolve("two/new-1")).isDirectory();
            assertThat(broker.failure()).isEmpty();
        }
        assertThat(root.resolve("one/.kafka_cleanshutdown")).doesNotExist();
        assertThat(root.resolve("two/.kafka_cleanshutdown")).exists();
        Files.delete(root.resolve("one").resolve(OBSTACLE));
        try (EmbeddedBroker broker = start()) {
            assertThat(lost.missing(broker.bootstrapServers())).isEmpty();
            assertThat(kept.missing(broker.bootstrapServers())).isEmpty();
            assertThat(lost.sendAll(broker.bootstrapServers(), 10)).isEqualTo(10);
        }
    }

    @Test
    void aFolderThatCannotBeUsedAtTheStartIsOfflineAndItsPartitionsAreNotBegunAnew() throws Exception {
        NumberedRecords lost;
        try (EmbeddedBroker broker = start()) {
            NumberedRecords.createTopic(broker.bootstrapServers(), TOPIC, 2);
            int inOne = Files.exists(root.resolve("one/t-0")) ? 0 : 1;
            lost = new NumberedRecords(TOPIC, inOne);
            lost.send(broker.bootstrapServers(), 10);
        }
        Files.move(root.resolve("one"), root.resolve("away"));
        Files.writeString(root.resolve("one"), "not a folder");
        try (EmbeddedBroker broker = start()) {
            assertThat(lost.send(broker.bootstrapServers(), 1)).isZero();
            assertThat(Files.list(root.resolve("two"))
                            .filter(path -> path.getFileName().toString().startsWith("t-")))
                    .hasSize(1);
        }
        Files.delete(root.resolve("one"));
        Files.move(root.resolve("away"), root.resolve("one"));
        try (EmbeddedBroker broker = start()) {
            assertThat(lost.missing(broker.bootstrapServers())).isEmpty();
            assertThat(lost.sendAll(broker.bootstrapServers(), 1)).isEqualTo(1);
        }
    }

    @Test
    void anEmbeddedBrokerReportsTheLastOneAndEndsNothing() throws Exception {
        try (EmbeddedBroker broker = EmbeddedBroker.builder()
                .setting("replica.high.watermark.checkpoint.interval.ms", "100")
                .start()) {
            String bootstrap = broker.bootstrapServers();
            NumberedRecords records = new NumberedRecords(TOPIC, 0);
            NumberedRecords.createTopic(bootstrap, TOPIC, 1);
            obstruct(broker.logFolder());
            while (broker.failure().isEmpty()) {
                records.send(bootstrap, 1);
            }
            assertThat(broker.failure().orElseThrow()).hasMessageContaining(OBSTACLE);
            assertThat(records.send(bootstrap, 1)).isZero();
        }
    }

    @Test
    void aServerEndsWithStatus1WhenTheLastOneFails() throws Exception {
        int port;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = socket.getLocalPort();
        }
        Map<String, String> settings = Map.of("replica.high.watermark.checkpoint.interval.ms", "100");
        try (BrokerProcess broker = BrokerProcess.start(root, port, settings)) {
            String bootstrap = "127.0.0.1:" + port;
            NumberedRecords.createTopic(bootstrap, TOPIC, 1);
            obstruct(root.resolve("data"));
            new NumberedRecords(TOPIC, 0).send(bootstrap, 1);
            assertThat(broker.awaitEnd()).isEqualTo(1);
        }
        List<String> said = Files.readAllLines(root.resolve("broker.err"));
        assertThat(said).filteredOn(line -> line.startsWith("The broker ends")).hasSize(1);
    }

    /** The broker may be writing the file of that name just now, and renames it then. */
    private static void obstruct(Path folder) throws IOException {
        while (!Files.isDirectory(folder.resolve(OBSTACLE))) {
            try {
                Files.createDirectory(folder.resolve(OBSTACLE));
            } catch (FileAlreadyExistsException inUse) {
                Thread.onSpinWait();
            }
        }
    }

    private void breakFolder(String name, NumberedRecords records, String bootstrap) throws Exception {
        obstruct(root.resolve(name));
        while (records.send(bootstrap, 1) > 0) {
            assertThat(records.acknowledged().size()).isLessThan(1_000);
        }
    }

    private static List<TopicPartitionInfo> describe(String bootstrap) throws InterruptedException, ExecutionException {
        try (Admin admin = NumberedRecords.admin(bootstrap)) {
            TopicDescription described =
                    admin.describeTopics(List.of(TOPIC)).allTopicNames().get().get(TOPIC);
            return described.partitions();
        }
    }
}
