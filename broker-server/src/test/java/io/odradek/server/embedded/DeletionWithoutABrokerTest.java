package io.odradek.server.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.odradek.protocol.errors.ErrorCode;
import io.odradek.server.inspect.InspectionException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.apache.kafka.clients.admin.Admin;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Topics that are deleted while a broker that has replicas of them is down or cut off. */
@Timeout(120)
class DeletionWithoutABrokerTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @Test
    void aTopicIsGoneForClientsAtOnceAndOnABrokerThatIsDownWhenItIsBack() throws Exception {
        try (EmbeddedCluster cluster = EmbeddedCluster.builder(3).topic("t").start()) {
            int absent = notTheController(cluster);
            Path replica = replica(cluster, absent);
            cluster.kill(absent);
            assertGoneForClients(cluster);
            assertThat(replica).exists();
            cluster.restart(absent);
            assertGoneWhenBack(cluster, replica);
        }
    }

    @Test
    void aTopicIsGoneForClientsAtOnceAndOnABrokerThatIsCutOffWhenItIsBack() throws Exception {
        try (EmbeddedCluster cluster = EmbeddedCluster.builder(3).topic("t").start()) {
            int absent = notTheController(cluster);
            Path replica = replica(cluster, absent);
            try (Isolation isolation = cluster.isolate(absent)) {
                // It goes on to lead in its own eyes: what is written to it is never acknowledged.
                await().atMost(PATIENCE)
                        .until(() -> cluster.topic("t").partitions().get(0).leader() != absent);
                assertGoneForClients(cluster);
                assertThat(replica).exists();
                assertThat(isolation.brokerId()).isEqualTo(absent);
            }
            assertGoneWhenBack(cluster, replica);
        }
    }

    private static int notTheController(EmbeddedCluster cluster) {
        return cluster.controllerId() == 1 ? 2 : 1;
    }

    /** {@return the folder of a broker's replica, once it is there: followers are told a little later than clients} */
    private static Path replica(EmbeddedCluster cluster, int broker) {
        Path folder = cluster.broker(broker).logFolder().resolve("t-0");
        await().atMost(PATIENCE).until(() -> Files.exists(folder));
        return folder;
    }

    private static void assertGoneForClients(EmbeddedCluster cluster) throws Exception {
        cluster.produce("t", "v");
        cluster.deleteTopics("t");
        assertThat(cluster.topics()).isEmpty();
        try (Admin admin = Admin.create(cluster.clientProperties())) {
            assertThat(admin.listTopics().names().get()).isEmpty();
        }
        assertThatThrownBy(() -> cluster.createTopic("t"))
                .isInstanceOfSatisfying(
                        InspectionException.class,
                        refusal -> assertThat(refusal.error()).isEqualTo(ErrorCode.TOPIC_ALREADY_EXISTS));
    }

    private static void assertGoneWhenBack(EmbeddedCluster cluster, Path replica) {
        await().atMost(PATIENCE).until(() -> !replica.toFile().exists());
        await().atMost(PATIENCE)
                .ignoreExceptionsMatching(refused ->
                        refused instanceof InspectionException still && still.error() == ErrorCode.TOPIC_ALREADY_EXISTS)
                .until(() -> {
                    cluster.createTopic("t");
                    return true;
                });
        assertThat(cluster.records("t")).isEmpty();
    }
}
