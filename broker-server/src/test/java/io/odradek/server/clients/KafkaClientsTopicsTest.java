package io.odradek.server.clients;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import io.odradek.server.embedded.EmbeddedBroker;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.DescribeTopicsOptions;
import org.apache.kafka.clients.admin.NewPartitions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.ElectionType;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicCollection;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.ElectionNotNeededException;
import org.apache.kafka.common.errors.InvalidPartitionsException;
import org.apache.kafka.common.errors.PolicyViolationException;
import org.apache.kafka.common.errors.UnknownTopicIdException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** How topics are named, created and found, with each released version of the Java client that the build runs. */
@Timeout(120)
class KafkaClientsTopicsTest {
    @TempDir
    Path folder;

    private EmbeddedBroker broker;
    private Admin admin;

    private void start(Map<String, String> settings) {
        EmbeddedBroker.Builder builder = EmbeddedBroker.builder().logFolder(folder.resolve("data"));
        settings.forEach(builder::setting);
        broker = builder.start();
        admin = Admin.create(Map.<String, Object>of("bootstrap.servers", broker.bootstrapServers()));
    }

    @AfterEach
    void stop() {
        admin.close();
        broker.close();
    }

    private KafkaProducer<String, String> producer(String acks) {
        return new KafkaProducer<>(
                Map.<String, Object>of("bootstrap.servers", broker.bootstrapServers(), "acks", acks),
                new StringSerializer(),
                new StringSerializer());
    }

    private KafkaConsumer<String, String> consumer() {
        return new KafkaConsumer<>(
                Map.<String, Object>of("bootstrap.servers", broker.bootstrapServers(), "group.id", "g"),
                new StringDeserializer(),
                new StringDeserializer());
    }

    @Test
    void topicsAreDescribedAndDeletedById() throws Exception {
        start(Map.of());
        assumeFalse(System.getProperty("kafka.clients.version", "").startsWith("2."), "this client knows no ids");
        new ByIds(admin).describeAndDelete();
    }

    /** Apart, as its classes are not there in the oldest client. */
    private record ByIds(Admin admin) {
        void describeAndDelete() throws Exception {
            admin.createTopics(List.of(new NewTopic("a", 3, (short) 1), new NewTopic("b", 1, (short) 1)))
                    .all()
                    .get();
            Map<String, TopicDescription> byName =
                    admin.describeTopics(List.of("a", "b")).allTopicNames().get();
            Uuid a = byName.get("a").topicId();
            Uuid b = byName.get("b").topicId();
            Map<Uuid, TopicDescription> byId = admin.describeTopics(TopicCollection.ofTopicIds(List.of(a, b)))
                    .allTopicIds()
                    .get();
            assertThat(byId).containsOnlyKeys(a, b);
            assertThat(byId.get(a).name()).isEqualTo("a");
            assertThat(byId.get(a).partitions())
                    .usingRecursiveComparison()
                    .as(
                            "those of newer clients ask by name for more, such as leaders that are eligible though not in sync")
                    .ignoringFields("elr", "lastKnownElr")
                    .isEqualTo(byName.get("a").partitions());
            DescribeTopicsOptions oneAtATime = new DescribeTopicsOptions().partitionSizeLimitPerResponse(1);
            assertThat(admin.describeTopics(List.of("b", "a"), oneAtATime)
                            .allTopicNames()
                            .get())
                    .as("page by page")
                    .isEqualTo(byName);
            Map<Uuid, KafkaFuture<TopicDescription>> some = admin.describeTopics(
                            TopicCollection.ofTopicIds(List.of(a, new Uuid(7, 7))))
                    .topicIdValues();
            assertThat(some.get(a).get().name()).isEqualTo("a");
            assertThatThrownBy(some.get(new Uuid(7, 7))::get).hasCauseInstanceOf(UnknownTopicIdException.class);
            admin.deleteTopics(TopicCollection.ofTopicIds(List.of(a))).all().get();
            assertThat(admin.listTopics().names().get()).containsExactly("b");
            admin.deleteTopics(TopicCollection.ofTopicNames(List.of("b"))).all().get();
            assertThat(admin.listTopics().names().get()).isEmpty();
        }
    }

    @Test
    void topicsGrowAndKeepTheirPreferredLeaders() throws Exception {
        start(Map.of());
        admin.createTopics(List.of(new NewTopic("growing", 1, (short) 1))).all().get();
        admin.createPartitions(Map.of("growing", NewPartitions.increaseTo(3)))
                .all()
                .get();
        try (KafkaProducer<String, String> producer = producer("all")) {
            producer.send(new ProducerRecord<>("growing", 2, "k", "v")).get();
        }
        assertThatThrownBy(() -> admin.createPartitions(Map.of("growing", NewPartitions.increaseTo(2)))
                        .all()
                        .get())
                .hasCauseInstanceOf(InvalidPartitionsException.class);
        TopicPartition last = new TopicPartition("growing", 2);
        assertThat(admin.electLeaders(ElectionType.PREFERRED, Set.of(last))
                        .partitions()
                        .get()
                        .get(last))
                .hasValueSatisfying(refusal -> assertThat(refusal).isInstanceOf(ElectionNotNeededException.class));
        assertThat(admin.electLeaders(ElectionType.UNCLEAN, null).partitions().get())
                .isEmpty();
    }

    @Test
    void whoAsksForTheTopicOfGroupsFirstFindsIt() throws Exception {
        start(Map.of("offsets.topic.num.partitions", "7"));
        try (KafkaProducer<String, String> producer = producer("1");
                KafkaConsumer<String, String> consumer = consumer()) {
            assertThat(producer.partitionsFor("__consumer_offsets")).hasSize(7);
            assertThat(consumer.partitionsFor("__consumer_offsets")).hasSize(7);
            TopicPartition partition = new TopicPartition("t", 0);
            producer.send(new ProducerRecord<>("t", "value")).get();
            consumer.commitSync(Map.of(partition, new OffsetAndMetadata(5)));
            assertThat(consumer.committed(Set.of(partition)).get(partition).offset())
                    .isEqualTo(5);
        }
    }

    @Test
    void acksAllSucceedsWhereMoreReplicasAreAskedForThanThereAre() throws Exception {
        start(Map.of("min.insync.replicas", "2"));
        try (KafkaProducer<String, String> producer = producer("all")) {
            assertThat(producer.send(new ProducerRecord<>("t", "value")).get().offset())
                    .isZero();
        }
    }

    @Test
    void aRequestThatCreatesTooMuchIsRefusedInPartWithTheReason() throws Exception {
        start(Map.of("odradek.create.topics.max.topics", "3", "odradek.create.topics.max.partitions", "100"));
        List<NewTopic> topics = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            topics.add(new NewTopic("t" + i, 1, (short) 1));
        }
        int created = 0;
        for (KafkaFuture<Void> result : admin.createTopics(topics).values().values()) {
            try {
                result.get();
                created++;
            } catch (ExecutionException e) {
                assertThat(e).hasCauseInstanceOf(PolicyViolationException.class);
                assertThat(e).hasMessageContaining("odradek.create.topics.max.topics");
            }
        }
        assertThat(created).isEqualTo(3);
        assertThatThrownBy(() -> admin.createTopics(List.of(new NewTopic("large", 101, (short) 1)))
                        .all()
                        .get())
                .hasCauseInstanceOf(PolicyViolationException.class);
    }

    @Test
    void aConsumerOfMoreNewTopicsThanOneRequestMayCreateGetsThemAll() {
        start(Map.of("odradek.create.topics.max.topics", "3"));
        Set<String> topics = new HashSet<>();
        for (int i = 0; i < 10; i++) {
            topics.add("new" + i);
        }
        try (KafkaConsumer<String, String> consumer = consumer()) {
            consumer.subscribe(topics);
            while (consumer.assignment().size() < topics.size()) {
                consumer.poll(Duration.ofMillis(100));
            }
        }
    }

    @Test
    void aNameThatIsTooLongForAMessageIsAnsweredAndTheConnectionStays() throws Exception {
        start(Map.of());
        String huge = "x".repeat(32_767);
        ConfigResource resource = new ConfigResource(ConfigResource.Type.TOPIC, huge);
        AlterConfigOp set = new AlterConfigOp(new ConfigEntry("retention.ms", "1"), AlterConfigOp.OpType.SET);
        for (int i = 0; i < 3; i++) {
            assertThatThrownBy(() -> admin.incrementalAlterConfigs(Map.of(resource, List.of(set)))
                            .all()
                            .get())
                    .hasCauseInstanceOf(UnknownTopicOrPartitionException.class);
        }
        try (KafkaProducer<String, String> producer = producer("all")) {
            assertThatThrownBy(() -> producer.send(new ProducerRecord<>("y".repeat(300), "value"))
                            .get())
                    .hasCauseInstanceOf(org.apache.kafka.common.errors.InvalidTopicException.class);
        }
    }
}
