package io.odradek.server.groups;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.odradek.server.cluster.LoopbackPorts;
import io.odradek.server.embedded.EmbeddedBroker;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.GroupMaxSizeReachedException;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** {@code group.max.size}, and what becomes of a group that is larger when its broker is started with less. */
@Timeout(180)
class KafkaClientsGroupSizeTest {
    private static final String TOPIC = "t";
    private static final int PARTITIONS = 6;
    private static final TopicPartition FIRST = new TopicPartition(TOPIC, 0);
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    /** How long those who do come are to wait for one that is turned away: so long that nobody could take it for soon. */
    private static final int REBALANCE_MS = 600_000;

    @TempDir
    Path folder;

    private final List<KafkaConsumer<String, String>> members = new ArrayList<>();
    private String servers;

    @AfterEach
    void close() {
        members.forEach(KafkaConsumer::close);
    }

    private EmbeddedBroker start(int port, int maxSize) {
        EmbeddedBroker broker = EmbeddedBroker.builder()
                .logFolder(folder.resolve("data"))
                .port(port)
                .setting("group.max.size", Integer.toString(maxSize))
                .topic(TOPIC, PARTITIONS)
                .start();
        servers = broker.bootstrapServers();
        return broker;
    }

    private KafkaConsumer<String, String> join() {
        KafkaConsumer<String, String> member = new KafkaConsumer<>(
                Map.of(
                        "bootstrap.servers",
                        servers,
                        "group.id",
                        "g",
                        "heartbeat.interval.ms",
                        200,
                        "max.poll.interval.ms",
                        REBALANCE_MS,
                        "enable.auto.commit",
                        false),
                new StringDeserializer(),
                new StringDeserializer());
        member.subscribe(List.of(TOPIC));
        members.add(member);
        return member;
    }

    /** Polls all in turn, until those who are left share all partitions. {@return those who are refused meanwhile} */
    private List<KafkaConsumer<String, String>> settle(int left) {
        List<KafkaConsumer<String, String>> refused = new ArrayList<>();
        await().atMost(PATIENCE).pollInterval(Duration.ofMillis(10)).until(() -> {
            for (KafkaConsumer<String, String> member : List.copyOf(members)) {
                try {
                    member.poll(Duration.ofMillis(20));
                } catch (GroupMaxSizeReachedException tooMany) {
                    members.remove(member);
                    refused.add(member);
                }
            }
            return members.size() == left && isShared();
        });
        return refused;
    }

    private boolean isShared() {
        Set<TopicPartition> owned = new HashSet<>();
        int count = 0;
        for (KafkaConsumer<String, String> member : members) {
            owned.addAll(member.assignment());
            count += member.assignment().size();
            if (member.assignment().size() != PARTITIONS / members.size()) {
                return false;
            }
        }
        return owned.size() == PARTITIONS && count == PARTITIONS;
    }

    @Test
    void theMemberBeyondItIsRefusedAndComesInOnceAnotherHasLeft() {
        try (EmbeddedBroker broker = start(0, 2)) {
            join();
            join();
            assertThat(settle(2)).isEmpty();

            KafkaConsumer<String, String> third = join();
            assertThatThrownBy(() -> {
                        for (int i = 0; i < 600; i++) {
                            third.poll(Duration.ofMillis(100));
                        }
                    })
                    .isInstanceOf(GroupMaxSizeReachedException.class);
            members.remove(third);
            third.close();
            assertThat(settle(2)).as("the others notice nothing").isEmpty();

            members.remove(0).close();
            join();
            assertThat(settle(2)).isEmpty();
            assertThat(broker.group("g").members()).hasSize(2);
        }
    }

    @Test
    void aLargerGroupIsCutToItWhenItsBrokerComesBackAndThoseWhoAreLeftDoNotWait() throws Exception {
        int port = LoopbackPorts.free();
        try (EmbeddedBroker broker = start(port, 3)) {
            join();
            join();
            join();
            assertThat(settle(3)).isEmpty();
            assertThat(broker.group("g").members()).hasSize(3);
            members.get(0).commitSync(Map.of(FIRST, new OffsetAndMetadata(7)));
        }
        long beganNs = System.nanoTime();
        try (EmbeddedBroker broker = start(port, 2)) {
            List<KafkaConsumer<String, String>> refused = settle(2);

            assertThat(refused).hasSize(1);
            assertThat(broker.group("g").members()).hasSize(2);
            assertThat(System.nanoTime() - beganNs)
                    .as("nobody waits for the one that is refused until its time to join is over")
                    .isLessThan(TimeUnit.MILLISECONDS.toNanos(REBALANCE_MS));
            assertThat(members.get(0).committed(Set.of(FIRST)).get(FIRST).offset())
                    .isEqualTo(7);
            refused.get(0).close();
            assertThat(settle(2)).as("whose going changes nothing").isEmpty();
            close();
        }
        members.clear();
    }
}
