package io.odradek.server.groups;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.odradek.protocol.api.OffsetFetchResponse.OffsetFetchResponseGroup;
import io.odradek.protocol.errors.ErrorCode;
import io.odradek.server.embedded.EmbeddedCluster;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListConsumerGroupOffsetsSpec;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledIfSystemProperty;

/** OffsetFetch of many groups at once, of which some are unknown, and some live with other brokers: each is answered by itself. */
@Timeout(180)
@DisabledIfSystemProperty(
        named = "kafka.clients.version",
        matches = "2.5.0",
        disabledReason = "asks for one group at a time")
class KafkaClientsOffsetFetchTest {
    private static final int GROUPS = 40;
    private static final TopicPartition FIRST = new TopicPartition("t", 0);
    private static final TopicPartition SECOND = new TopicPartition("t", 1);

    @Test
    void eachOfManyGroupsIsToldWhatItHasOrWhereItIsNot() throws Exception {
        try (EmbeddedCluster cluster = EmbeddedCluster.builder(3).topic("t", 2).start();
                Admin admin = Admin.create(cluster.clientProperties())) {
            Map<String, Integer> homes = fill(admin);
            assertThat(homes.values()).as("who coordinates them").contains(1, 2, 3);

            Map<String, ListConsumerGroupOffsetsSpec> asked = new TreeMap<>();
            homes.keySet().forEach(group -> asked.put(group, new ListConsumerGroupOffsetsSpec()));
            asked.put("group-0", new ListConsumerGroupOffsetsSpec().topicPartitions(List.of(SECOND)));
            asked.put("unknown", new ListConsumerGroupOffsetsSpec());
            asked.put("unknown too", new ListConsumerGroupOffsetsSpec().topicPartitions(List.of(FIRST)));
            Map<String, Map<TopicPartition, OffsetAndMetadata>> told =
                    admin.listConsumerGroupOffsets(asked).all().get(60, SECONDS);

            assertThat(told).hasSize(GROUPS + 2);
            assertThat(told.get("unknown")).isEmpty();
            assertThat(told.get("unknown too").get(FIRST)).isNull();
            assertThat(told.get("group-0").get(SECOND)).isNull();
            for (int i = 1; i < GROUPS; i++) {
                assertThat(told.get("group-" + i)).isEqualTo(Map.of(FIRST, new OffsetAndMetadata(i)));
            }
            for (int broker : cluster.up()) {
                assertToldByOne(cluster.broker(broker).bootstrapServers(), broker, homes);
            }
        }
    }

    /** {@return the broker that coordinates each} */
    private static Map<String, Integer> fill(Admin admin) throws Exception {
        List<String> groups = new ArrayList<>();
        for (int i = 0; i < GROUPS; i++) {
            groups.add("group-" + i);
            admin.alterConsumerGroupOffsets("group-" + i, Map.of(FIRST, new OffsetAndMetadata(i)))
                    .all()
                    .get(60, SECONDS);
        }
        Map<String, Integer> homes = new TreeMap<>();
        admin.describeConsumerGroups(groups)
                .all()
                .get(60, SECONDS)
                .forEach((id, group) -> homes.put(id, group.coordinator().id()));
        return homes;
    }

    /** A broker that does not coordinate a group says so, and answers for those that it does in the same breath. */
    private static void assertToldByOne(String server, int broker, Map<String, Integer> homes) throws Exception {
        String[] address = server.split(",")[0].split(":");
        try (GroupRequests raw =
                new GroupRequests(new InetSocketAddress(address[0], Integer.parseInt(address[1])), "t")) {
            await().atMost(Duration.ofSeconds(30)).untilAsserted(() -> {
                for (OffsetFetchResponseGroup group : raw.fetch(homes.keySet().toArray(String[]::new))) {
                    boolean here = homes.get(group.groupId()) == broker;
                    assertThat(group.errorCode()).isEqualTo(here ? ErrorCode.NONE : ErrorCode.NOT_COORDINATOR);
                    assertThat(group.topics()).hasSize(here ? 1 : 0);
                }
            });
            String elsewhere = homes.keySet().stream()
                    .filter(group -> homes.get(group) != broker)
                    .findFirst()
                    .orElseThrow();
            assertThat(raw.refusals(elsewhere)).containsOnly(ErrorCode.NOT_COORDINATOR);
        }
    }
}
