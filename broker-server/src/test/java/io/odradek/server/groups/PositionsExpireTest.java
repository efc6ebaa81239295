package io.odradek.server.groups;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.odradek.server.embedded.EmbeddedBroker;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.GroupListing;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** When committed positions go: after {@code offsets.retention.minutes}, as KIP-211 counts them, and with their topic. */
@Timeout(180)
class PositionsExpireTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Duration RETENTION = Duration.ofMinutes(10);
    private static final TopicPartition READ = new TopicPartition("read", 0);
    private static final TopicPartition LEFT = new TopicPartition("left", 0);
    private static final String GROUP = "g";

    private final EmbeddedBroker broker = EmbeddedBroker.builder()
            .setting("offsets.retention.minutes", Long.toString(RETENTION.toMinutes()))
            .setting("offsets.retention.check.interval.ms", "10000")
            .topic("read", 2)
            .topic("left", 1)
            .start();
    private Admin admin;

    @BeforeEach
    void open() {
        admin = Admin.create(broker.clientProperties());
    }

    @AfterEach
    void close() {
        admin.close();
        broker.close();
    }

    /** A member that no advance of the clock takes for dead: half an hour is the longest session. */
    private KafkaConsumer<String, String> consumer() {
        Map<String, Object> settings = new TreeMap<>(broker.consumerProperties(GROUP));
        settings.put("session.timeout.ms", 1_800_000);
        settings.put("enable.auto.commit", false);
        return new KafkaConsumer<>(settings, new StringDeserializer(), new StringDeserializer());
    }

    private static void joined(KafkaConsumer<String, String> member, int partitions) {
        await().atMost(PATIENCE).until(() -> {
            member.poll(Duration.ofMillis(50));
            return member.assignment().size() == partitions;
        });
    }

    private Set<TopicPartition> positions() throws Exception {
        return admin.listConsumerGroupOffsets(GROUP)
                .partitionsToOffsetAndMetadata()
                .get(60, TimeUnit.SECONDS)
                .keySet();
    }

    private List<String> groups() throws Exception {
        return admin.listGroups().all().get(60, TimeUnit.SECONDS).stream()
                .map(GroupListing::groupId)
                .toList();
    }

    private void commitWithoutGroup(TopicPartition partition) throws Exception {
        admin.alterConsumerGroupOffsets(GROUP, Map.of(partition, new OffsetAndMetadata(1)))
                .all()
                .get(60, TimeUnit.SECONDS);
    }

    @Test
    void ofAGroupThatLivesThoseOfTopicsThatNobodyReadsAnyMore() throws Exception {
        try (KafkaConsumer<String, String> member = consumer()) {
            member.subscribe(List.of("read", "left"));
            joined(member, 3);
            member.commitSync(Map.of(READ, new OffsetAndMetadata(1), LEFT, new OffsetAndMetadata(1)));
            broker.advance(RETENTION.multipliedBy(2));
            assertThat(positions()).as("both are read").containsExactlyInAnyOrder(READ, LEFT);

            member.subscribe(List.of("read"));
            joined(member, 2);
            broker.advance(Duration.ofMinutes(1));

            assertThat(positions()).containsExactly(READ);
            assertThat(groups()).containsExactly(GROUP);
        }
    }

    @Test
    void ofAGroupWhoseMembersHaveGoneAllAtOnceFromThenOn() throws Exception {
        try (KafkaConsumer<String, String> member = consumer()) {
            member.subscribe(List.of("read", "left"));
            joined(member, 3);
            member.commitSync(Map.of(READ, new OffsetAndMetadata(1), LEFT, new OffsetAndMetadata(1)));
            broker.advance(RETENTION.multipliedBy(2));
            // Its connection has been idle for too long: it finds its coordinator again before it leaves.
            member.commitSync(Map.of(READ, new OffsetAndMetadata(2)));
        }
        assertThat(broker.group(GROUP).members()).isEmpty();
        broker.advance(RETENTION.minusMinutes(1));
        assertThat(positions()).containsExactlyInAnyOrder(READ, LEFT);
        broker.restart();
        reopen();
        assertThat(positions()).as("a restart begins nothing anew").containsExactlyInAnyOrder(READ, LEFT);

        broker.advance(Duration.ofMinutes(2));

        assertThat(positions()).isEmpty();
        assertThat(groups()).isEmpty();
        broker.restart();
        reopen();
        assertThat(groups()).as("it is gone for good").isEmpty();
    }

    private void reopen() {
        admin.close();
        open();
    }

    @Test
    void ofAGroupThatNeverHadMembersEachByItself() throws Exception {
        commitWithoutGroup(READ);
        broker.advance(RETENTION.dividedBy(2));
        commitWithoutGroup(LEFT);
        broker.advance(RETENTION.dividedBy(2).plusMinutes(1));
        assertThat(positions()).containsExactly(LEFT);
        commitWithoutGroup(LEFT);
        broker.advance(RETENTION.dividedBy(2).plusMinutes(1));
        assertThat(positions()).as("a commit begins anew").containsExactly(LEFT);

        broker.advance(RETENTION);

        assertThat(positions()).isEmpty();
        assertThat(groups()).isEmpty();
    }

    @Test
    void ofAConsumerThatIsInNoGroupAsItCommits() throws Exception {
        try (KafkaConsumer<String, String> simple = consumer()) {
            simple.assign(List.of(READ, LEFT));
            simple.commitSync(Map.of(LEFT, new OffsetAndMetadata(1)));
            broker.advance(RETENTION.dividedBy(2));
            simple.commitSync(Map.of(READ, new OffsetAndMetadata(2)));
            broker.advance(RETENTION.dividedBy(2).plusMinutes(1));

            assertThat(simple.committed(Set.of(READ, LEFT)))
                    .containsEntry(READ, new OffsetAndMetadata(2))
                    .containsEntry(LEFT, null);
        }
    }

    @Test
    void ofATopicThatIsDeletedAtOnceWhoeverReadsIt() throws Exception {
        commitWithoutGroup(READ);
        admin.alterConsumerGroupOffsets("other", Map.of(READ, new OffsetAndMetadata(1)))
                .all()
                .get(60, TimeUnit.SECONDS);
        try (KafkaConsumer<String, String> member = consumer()) {
            member.subscribe(List.of("read", "left"));
            joined(member, 3);
            member.commitSync(Map.of(READ, new OffsetAndMetadata(4), LEFT, new OffsetAndMetadata(4)));

            admin.deleteTopics(List.of("read")).all().get(60, TimeUnit.SECONDS);

            await().atMost(PATIENCE).untilAsserted(() -> assertThat(positions()).containsExactly(LEFT));
            await().atMost(PATIENCE).untilAsserted(() -> assertThat(groups()).containsExactly(GROUP));
            broker.createTopic("read", 2);
            assertThat(member.committed(Set.of(READ)))
                    .as("the next topic of the name")
                    .containsEntry(READ, null);
        }
    }
}
