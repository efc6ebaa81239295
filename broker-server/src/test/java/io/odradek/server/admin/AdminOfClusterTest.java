package io.odradek.server.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.odradek.core.coordination.json.JsonObject;
import io.odradek.protocol.api.ApiKey;
import io.odradek.server.embedded.EmbeddedCluster;
import io.odradek.server.embedded.Fault;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.junit.jupiter.api.Test;

/** Whichever broker of a cluster one looks at, one sees what the others lead, too. */
class AdminOfClusterTest {
    private static final Duration PATIENCE = Duration.ofSeconds(90);

    @Test
    void anyBrokerTellsOfWhatTheOthersLeadAndTheCoordinatorOfTheWholeLag() throws Exception {
        try (EmbeddedCluster cluster = EmbeddedCluster.builder(3)
                .setting("admin.listeners", "http://:0")
                .start()) {
            Clients clients = new Clients(cluster.bootstrapServers());
            clients.create("t", 3, Map.of());
            long hourAgoMs = System.currentTimeMillis() - 3_600_000;
            for (int partition = 0; partition < 3; partition++) {
                clients.send("t", partition, hourAgoMs - 1_000, "k", "read " + partition);
            }
            try (KafkaConsumer<String, String> reader = clients.member("g", "t", 3)) {
                for (int partition = 0; partition < 3; partition++) {
                    clients.send("t", partition, hourAgoMs, "k", "waits " + partition);
                }
                for (int id : cluster.up()) {
                    assertEveryPartitionIsTold(AdminClient.of(cluster, id));
                }
                assertThat(cluster.up())
                        .filteredOn(id -> coordinates(
                                AdminClient.of(cluster, id),
                                reader.groupMetadata().groupId()))
                        .hasSize(1);
            }
            try (Fault silence =
                    cluster.broker(3).faults().on(ApiKey.LIST_OFFSETS).closeConnection()) {
                assertThat(AdminClient.of(cluster, 1).get("/api/topics/t").statusCode())
                        .as("what the rest know is told to the first who asks")
                        .isEqualTo(200);
                assertThat(silence.struck()).isPositive();
            }
            cluster.kill(3);
            await().atMost(PATIENCE).untilAsserted(() -> {
                List<JsonObject> partitions =
                        AdminClient.of(cluster, 1).api("/topics/t").objectsAt("partitions");
                assertThat(partitions)
                        .filteredOn(partition -> partition.has("end"))
                        .hasSize(2);
            });
        }
    }

    private static void assertEveryPartitionIsTold(AdminClient admin) throws Exception {
        JsonObject topic = admin.api("/topics/t");
        assertThat(topic.objectsAt("partitions"))
                .extracting(partition -> partition.intAt("end"))
                .containsExactly(2, 2, 2);
        assertThat(topic.intAt("ledHere")).isEqualTo(1);
        assertThat(admin.api("/topics/t/records?limit=6").objectsAt("records"))
                .extracting(record -> record.objectAt("value").stringAt("text"))
                .containsExactlyInAnyOrder("read 0", "read 1", "read 2", "waits 0", "waits 1", "waits 2");
    }

    private static boolean coordinates(AdminClient admin, String group) {
        try {
            for (JsonObject listed : admin.api("/groups").objectsAt("groups")) {
                if (listed.stringAt("group").equals(group)) {
                    JsonObject described = admin.api("/groups/" + group);
                    assertThat(described.intAt("lag")).isEqualTo(3);
                    assertThat((Double) described.fields().get("lagSeconds")).isBetween(3_600.0, 4_000.0);
                    return true;
                }
            }
            return false;
        } catch (Exception failed) {
            throw new AssertionError(failed);
        }
    }
}
