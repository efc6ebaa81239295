package io.odradek.server.logging;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.odradek.server.embedded.EmbeddedBroker;
import io.odradek.server.hostile.BrokerLog;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.AlterConfigOp.OpType;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.CreateTopicsOptions;
import org.apache.kafka.clients.admin.NewPartitions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What clients do to topics and groups is one line each, with who did it. */
class LinesForOperatorsTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final BrokerLog LOG = new BrokerLog();
    private static EmbeddedBroker broker;

    @BeforeAll
    static void start() {
        broker = EmbeddedBroker.start();
    }

    @AfterAll
    static void stop() {
        broker.close();
        LOG.close();
    }

    private static Admin admin() {
        return Admin.create(Map.of("bootstrap.servers", broker.bootstrapServers(), "client.id", "the admin"));
    }

    private static void done(KafkaFuture<Void> change) throws Exception {
        change.get(PATIENCE.toSeconds(), SECONDS);
    }

    private static void awaitLine(String text) {
        await().atMost(PATIENCE).untilAsserted(() -> assertThat(LOG.lines(text)).hasSize(1));
    }

    @Test
    void topicsAreCreatedChangedGrownAndDeletedInALineEach() throws Exception {
        try (Admin admin = admin()) {
            List<NewTopic> topics = List.of(new NewTopic("kept", 2, (short) 1).configs(Map.of("retention.ms", "-1")));
            done(admin.createTopics(topics, new CreateTopicsOptions().validateOnly(true))
                    .all());
            done(admin.createTopics(topics).all());
            awaitLine(
                    "Created kept (2 partitions with 1 replicas, {retention.ms=-1}), for client 'the admin' at 127.0.0.1");

            done(admin.createPartitions(Map.of("kept", NewPartitions.increaseTo(3)))
                    .all());
            awaitLine("Added partitions to kept (3 now), for client 'the admin' at 127.0.0.1");

            ConfigResource resource = new ConfigResource(ConfigResource.Type.TOPIC, "kept");
            List<AlterConfigOp> changes = List.of(
                    new AlterConfigOp(new ConfigEntry("retention.ms", ""), OpType.DELETE),
                    new AlterConfigOp(new ConfigEntry("segment.bytes", "1000000"), OpType.SET));
            done(admin.incrementalAlterConfigs(Map.of(resource, changes)).all());
            awaitLine("Changed settings of kept (retention.ms as by default, segment.bytes=1000000), for client");

            done(admin.deleteTopics(List.of("kept")).all());
            awaitLine("Deleted kept, for client 'the admin' at 127.0.0.1");
        }
    }

    @Test
    void manyTopicsAreOneLine() throws Exception {
        List<NewTopic> topics = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            topics.add(new NewTopic("many-" + i, 1, (short) 1));
        }
        try (Admin admin = admin()) {
            done(admin.createTopics(topics).all());
        }
        awaitLine("and 80 more, for client 'the admin'");
    }

    @Test
    void aGroupsGenerationsAreALineEachAndSoIsATopicThatIsAskedFor() {
        try (KafkaConsumer<String, String> consumer = new KafkaConsumer<>(
                Map.of("bootstrap.servers", broker.bootstrapServers(), "group.id", "readers", "client.id", "reader"),
                new StringDeserializer(),
                new StringDeserializer())) {
            consumer.subscribe(List.of("asked-for"));
            await().atMost(PATIENCE).until(() -> {
                consumer.poll(Duration.ofMillis(100));
                return !consumer.assignment().isEmpty();
            });
            awaitLine("Created topic asked-for, as client 'reader' at 127.0.0.1 asked for it");
            awaitLine("Created topic __consumer_offsets, as client 'reader' at 127.0.0.1 asked for it");
            assertThat(LOG.lines("Group readers is in generation "))
                    .isNotEmpty()
                    .doesNotHaveDuplicates()
                    .allMatch(line -> line.endsWith("with 1 members and protocol range"));
        }
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(LOG.lines("Group readers is in generation "))
                        .last()
                        .asString()
                        .endsWith("without members"));
    }
}
