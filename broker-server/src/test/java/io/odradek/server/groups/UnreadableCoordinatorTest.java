package io.odradek.server.groups;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.odradek.core.coordinator.group.GroupCoordinator;
import io.odradek.protocol.api.OffsetFetchResponse.OffsetFetchResponseGroup;
import io.odradek.protocol.errors.ErrorCode;
import io.odradek.server.OpenedBroker;
import io.odradek.storage.io.LogFileSystem;
import io.odradek.storage.io.NioLogFileSystem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * One of two partitions of {@code __consumer_offsets} is read slowly, fails to be read, or is damaged: nobody is told that a group of it
 * knows nothing, the groups of the other partition notice nothing, and once it is read all is there.
 */
@Timeout(180)
class UnreadableCoordinatorTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int SHARDS = 2;
    private static final TopicPartition FIRST = new TopicPartition("t", 0);
    private static final TopicPartition SECOND = new TopicPartition("t", 1);
    private static final String AFFECTED = "affected";
    private static final String OTHER = IntStream.range(0, 100)
            .mapToObj(i -> "other-" + i)
            .filter(group -> shardOf(group) != shardOf(AFFECTED))
            .findFirst()
            .orElseThrow();
    private static final String SHARD = "__consumer_offsets-" + shardOf(AFFECTED);

    @TempDir
    Path folder;

    private static int shardOf(String group) {
        return GroupCoordinator.partitionOf(group, SHARDS);
    }

    /** Both groups have read one partition up to 5 and the other one up to 6. */
    @BeforeEach
    void twoGroups() throws Exception {
        try (OpenedBroker broker = start(new NioLogFileSystem());
                Admin admin = admin(broker)) {
            admin.createTopics(List.of(new NewTopic("t", 2, (short) 1))).all().get();
            for (String group : List.of(AFFECTED, OTHER)) {
                for (int last = 3; last <= 5; last++) {
                    admin.alterConsumerGroupOffsets(
                                    group,
                                    Map.of(FIRST, new OffsetAndMetadata(last), SECOND, new OffsetAndMetadata(last + 1)))
                            .all()
                            .get();
                }
            }
        }
    }

    private OpenedBroker start(LogFileSystem disk) throws IOException {
        return OpenedBroker.start(
                Map.of(
                        "listeners",
                        "PLAINTEXT://127.0.0.1:0",
                        "log.dirs",
                        folder.resolve("data").toString(),
                        "group.initial.rebalance.delay.ms",
                        "0",
                        "offsets.topic.num.partitions",
                        Integer.toString(SHARDS)),
                disk);
    }

    private static Admin admin(OpenedBroker broker) {
        return Admin.create(Map.of("bootstrap.servers", broker.bootstrapServers()));
    }

    private static Map<TopicPartition, OffsetAndMetadata> positions(Admin admin, String group) throws Exception {
        return admin.listConsumerGroupOffsets(group)
                .partitionsToOffsetAndMetadata()
                .get(60, SECONDS);
    }

    private static void assertWhole(Admin admin, String group) throws Exception {
        assertThat(positions(admin, group))
                .isEqualTo(Map.of(FIRST, new OffsetAndMetadata(5), SECOND, new OffsetAndMetadata(6)));
    }

    @Test
    void whileACoordinatorLoadsAllAreToldSoAndThenAllIsThere() throws Exception {
        GatedDisk disk = new GatedDisk(SHARD);
        disk.hold();
        try (OpenedBroker broker = start(disk.files());
                Admin admin = admin(broker);
                GroupRequests raw = new GroupRequests(broker.address(), "t")) {
            assertThat(raw.refusals(AFFECTED))
                    .as("of all that ask for a group and are to ask again")
                    .containsOnly(ErrorCode.COORDINATOR_LOAD_IN_PROGRESS);
            assertThat(raw.heartbeat(AFFECTED)).as("no member is to go").isEqualTo(ErrorCode.NONE);
            assertThat(raw.sync(AFFECTED)).isEqualTo(ErrorCode.REBALANCE_IN_PROGRESS);
            assertThat(raw.list().errorCode()).isEqualTo(ErrorCode.COORDINATOR_LOAD_IN_PROGRESS);
            assertThat(raw.listed()).containsExactly(OTHER);
            assertThat(raw.fetch(AFFECTED, OTHER, "nobody-knows"))
                    .extracting(OffsetFetchResponseGroup::errorCode)
                    .containsExactly(
                            ErrorCode.COORDINATOR_LOAD_IN_PROGRESS,
                            ErrorCode.NONE,
                            shardOf("nobody-knows") == shardOf(AFFECTED)
                                    ? ErrorCode.COORDINATOR_LOAD_IN_PROGRESS
                                    : ErrorCode.NONE);
            assertWhole(admin, OTHER);
            var asked = admin.listConsumerGroupOffsets(AFFECTED).partitionsToOffsetAndMetadata();
            var described = admin.describeConsumerGroups(List.of(AFFECTED)).all();
            var deleted =
                    admin.deleteConsumerGroupOffsets(AFFECTED, Set.of(SECOND)).all();

            disk.heal();

            assertThat(asked.get(60, SECONDS)).containsEntry(FIRST, new OffsetAndMetadata(5));
            assertThat(described.get(60, SECONDS)).containsKey(AFFECTED);
            deleted.get(60, SECONDS);
            assertThat(positions(admin, AFFECTED)).containsOnlyKeys(FIRST);
            assertThat(raw.list().errorCode()).isEqualTo(ErrorCode.NONE);
            assertThat(raw.listed()).containsExactlyInAnyOrder(AFFECTED, OTHER);
        }
    }

    @Test
    void aCoordinatorThatCannotReadItsLogFailsAsAWholeAndComesBack() throws Exception {
        GatedDisk disk = new GatedDisk(SHARD);
        disk.hold();
        try (OpenedBroker broker = start(disk.files());
                Admin admin = admin(broker);
                GroupRequests raw = new GroupRequests(broker.address(), "t");
                KafkaConsumer<String, String> reader = reader(broker)) {
            disk.fail();
            await().atMost(PATIENCE)
                    .untilAsserted(
                            () -> assertThat(raw.refusals(AFFECTED)).containsOnly(ErrorCode.COORDINATOR_NOT_AVAILABLE));
            assertThat(raw.list().errorCode()).isNotEqualTo(ErrorCode.NONE);
            assertThat(raw.listed()).containsExactly(OTHER);
            admin.alterConsumerGroupOffsets(OTHER, Map.of(FIRST, new OffsetAndMetadata(7)))
                    .all()
                    .get(60, SECONDS);
            assertThat(positions(admin, OTHER)).containsEntry(FIRST, new OffsetAndMetadata(7));
            reader.assign(List.of(FIRST, SECOND));
            reader.poll(Duration.ofMillis(500));

            disk.heal();

            assertThat(reader.position(FIRST, PATIENCE)).isEqualTo(5);
            assertThat(reader.position(SECOND, PATIENCE)).isEqualTo(6);
            assertWhole(admin, AFFECTED);
            reader.commitSync(Map.of(SECOND, new OffsetAndMetadata(9)));
            assertThat(positions(admin, AFFECTED)).containsEntry(SECOND, new OffsetAndMetadata(9));
            assertThat(positions(admin, OTHER)).containsEntry(FIRST, new OffsetAndMetadata(7));
        }
    }

    /** Without its positions it would fail: there is nobody to say where to begin. */
    private static KafkaConsumer<String, String> reader(OpenedBroker broker) {
        return new KafkaConsumer<>(
                Map.of(
                        "bootstrap.servers",
                        broker.bootstrapServers(),
                        "group.id",
                        AFFECTED,
                        "enable.auto.commit",
                        "false",
                        "auto.offset.reset",
                        "none"),
                new StringDeserializer(),
                new StringDeserializer());
    }

    @Test
    void aDamagedBatchOfACoordinatorsLogCostsWhatItHeldAndNoMore() throws Exception {
        Path segment = folder.resolve("data").resolve(SHARD).resolve("00000000000000000000.log");
        byte[] bytes = Files.readAllBytes(segment);
        // The second of three commits, which the third one has overtaken.
        bytes[bytes.length / 2] ^= 1;
        Files.write(segment, bytes, StandardOpenOption.TRUNCATE_EXISTING);
        try (OpenedBroker broker = start(new NioLogFileSystem());
                Admin admin = admin(broker)) {
            assertWhole(admin, AFFECTED);
            assertWhole(admin, OTHER);
        }
    }
}
