package io.odradek.server.tools.reassignment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.odradek.server.embedded.EmbeddedBroker;
import io.odradek.server.embedded.EmbeddedCluster;
import io.odradek.server.tools.KafkaTool;
import io.odradek.server.tools.ToolCall;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.TopicPartitionReplica;
import org.apache.kafka.common.errors.ReplicaNotAvailableException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Replicas that are to be in certain log folders, by our tool and by that of Kafka 3.9.2. */
@Timeout(200)
class FolderMovesTest {
    private static final String KAFKAS = "org.apache.kafka.tools.reassign.ReassignPartitionsCommand";

    @TempDir
    private Path folder;

    @Test
    void aReplicaMovesToAnotherFolderOfItsBroker() throws Exception {
        try (KafkaTool kafka = new KafkaTool("3.9.2", folder);
                EmbeddedBroker broker = EmbeddedBroker.builder()
                        .setting("log.dirs", folder.resolve("one") + "," + folder.resolve("two"))
                        .topic("events", 1)
                        .start()) {
            String[] there = call("--execute", "two", "--replica-alter-log-dirs-throttle", "90000000");
            assertThat(kafka.call(KAFKAS, ToolCall.with(broker, there)).out())
                    .isEqualTo(ours(broker, there))
                    .contains("\nThe replica-alter-dir throttle limit was set to 90000000 B/s\n")
                    .endsWith("Successfully started moving log directory to " + folder.resolve("two")
                            + " for replica events-0 with broker 0 \n");
            String[] verify = call("--verify", "two");
            await().atMost(Duration.ofSeconds(60))
                    .until(() -> ours(broker, verify).contains("replica events-0-0 completed successfully."));
            assertThat(kafka.call(KAFKAS, ToolCall.with(broker, verify)).out()).isEqualTo(ours(broker, verify));
            assertThat(kafka.call(KAFKAS, ToolCall.with(broker, call("--verify", "one")))
                            .out())
                    .isEqualTo(ours(broker, call("--verify", "one")))
                    .contains("is not being moved from log dir");
            assertThat(folder.resolve("two").resolve("events-0")).exists();
            assertThat(folder.resolve("one").resolve("events-0")).doesNotExist();
            assertThat(ToolCall.at(broker, reassign(call("--execute", "three"))).failure())
                    .startsWith("Replica events-0-0 cannot move to " + folder.resolve("three") + ": ");
        }
    }

    private String[] call(String action, String to, String... more) throws Exception {
        Path file = Files.writeString(
                folder.resolve(to + ".json"),
                "{\"partitions\":[{\"topic\":\"events\",\"partition\":0,\"replicas\":[0],\"log_dirs\":[\""
                        + folder.resolve(to) + "\"]}]}");
        return Stream.concat(Stream.of(action, "--reassignment-json-file", file.toString()), Arrays.stream(more))
                .toArray(String[]::new);
    }

    private static String[] reassign(String... arguments) {
        return Stream.concat(Stream.of("reassign-partitions"), Arrays.stream(arguments))
                .toArray(String[]::new);
    }

    private static String ours(EmbeddedBroker broker, String... arguments) {
        return ToolCall.at(broker, reassign(arguments)).output();
    }

    /** The folder is named before its broker has the replica: both tools ask again until it has. */
    @Test
    void aReplicaThatComesFromAnotherBrokerIsWaitedFor() throws Exception {
        try (KafkaTool kafka = new KafkaTool("3.9.2", folder);
                EmbeddedCluster cluster = EmbeddedCluster.builder(2)
                        .folder(folder.resolve("cluster"))
                        .start();
                Admin admin = Admin.create(cluster.clientProperties())) {
            admin.createTopics(List.of(new NewTopic("t", Map.of(0, List.of(1), 1, List.of(1)))))
                    .all()
                    .get();
            String there = folder.resolve("cluster").resolve("broker-2").toString();
            // A broker without replicas of it hears of the topic a little later.
            await().atMost(60, TimeUnit.SECONDS)
                    .untilAsserted(() -> assertThatThrownBy(() -> moveTo(admin, "t", there))
                            .hasCauseInstanceOf(ReplicaNotAvailableException.class));
            assertThatThrownBy(() -> moveTo(admin, "none", there))
                    .hasCauseInstanceOf(UnknownTopicOrPartitionException.class);
            for (int partition = 0; partition < 2; partition++) {
                Path file = Files.writeString(
                        folder.resolve("to-" + partition + ".json"),
                        "{\"partitions\":[{\"topic\":\"t\",\"partition\":" + partition
                                + ",\"replicas\":[2],\"log_dirs\":[\""
                                + there + "\"]}]}");
                String[] call = {
                    "--bootstrap-server",
                    cluster.bootstrapServers(),
                    "--execute",
                    "--reassignment-json-file",
                    file.toString()
                };
                ToolCall done = partition == 0 ? ToolCall.of(reassign(call)) : kafka.call(KAFKAS, call);
                assertThat(done.status()).as(done.toString()).isZero();
                assertThat(done.out()).endsWith("for replica t-" + partition + " with broker 2 \n");
            }
        }
    }

    private static void moveTo(Admin admin, String topic, String logFolder) throws Exception {
        admin.alterReplicaLogDirs(Map.of(new TopicPartitionReplica(topic, 0, 2), logFolder))
                .all()
                .get();
    }
}
