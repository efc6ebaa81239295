package io.odradek.server.damage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.odradek.server.embedded.EmbeddedCluster;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.TopicPartitionInfo;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Old segments of a leader are damaged: its replica set goes on, and a follower that begins anew comes in sync. */
@Timeout(300)
class DamagedLeaderTest {
    private static final String TOPIC = "t";
    private static final int REPLICAS = 3;
    private static final int RECORDS = 400;
    private static final int MOST_LOST = 80;
    private static final Duration PATIENCE = Duration.ofSeconds(90);

    @TempDir
    Path folder;

    private static TopicPartitionInfo partition(Admin admin) throws Exception {
        return admin.describeTopics(List.of(TOPIC))
                .allTopicNames()
                .get()
                .get(TOPIC)
                .partitions()
                .get(0);
    }

    @Test
    void itsReplicaSetIsNotHurt() throws Exception {
        NumberedTopic topic = new NumberedTopic(TOPIC, 0);
        try (EmbeddedCluster cluster = EmbeddedCluster.builder(REPLICAS)
                        .folder(folder)
                        .setting("log.segment.bytes", "3000")
                        .setting("log.index.interval.bytes", "500")
                        .start();
                Admin admin = Admin.create(Map.of("bootstrap.servers", cluster.bootstrapServers()))) {
            admin.createTopics(List.of(new NewTopic(TOPIC, 1, (short) REPLICAS)))
                    .all()
                    .get();
            topic.fill(cluster.bootstrapServers(), RECORDS);
            await().atMost(PATIENCE).until(() -> partition(admin).isr().size() == REPLICAS);
            int leader = partition(admin).leader().id();
            SegmentFault.LENGTH_RAISED.strike(logOf(leader), 2);
            SegmentFault.DELETED.strike(logOf(leader), 4);

            NumberedTopic.Read read = topic.readPastErrors(cluster.bootstrapServers());

            assertThat(read.appended()).isTrue();
            assertThat(read.records()).isGreaterThan(RECORDS - MOST_LOST);
            int follower = 1 + leader % REPLICAS;
            cluster.stop(follower);
            Folders.remove(logOf(follower));
            cluster.restart(follower);
            await().atMost(PATIENCE).until(() -> partition(admin).isr().size() == REPLICAS);
            assertThat(partition(admin).leader().id()).isEqualTo(leader);
            cluster.kill(leader);
            await().atMost(PATIENCE).until(() -> {
                var now = partition(admin).leader();
                return now != null && now.id() != leader;
            });
            assertThat(topic.readPastErrors(cluster.bootstrapServers()).appended())
                    .isTrue();
        }
    }

    private Path logOf(int broker) {
        return folder.resolve("broker-" + broker).resolve(TOPIC + "-0");
    }
}
