package io.odradek.server.clients;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.odradek.server.embedded.EmbeddedBroker;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.consumer.OffsetAndTimestamp;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.InvalidTopicException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The Java client against the broker. The build runs this class once for each of the released versions 2.5.0, 3.9.2 and
 * 4.4.0, so it uses only what all of them have.
 */
@Timeout(120)
class KafkaClientsTest {
    private static final Duration POLL = Duration.ofMillis(100);
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @TempDir
    Path folder;

    private EmbeddedBroker broker;
    private final List<AutoCloseable> clients = new ArrayList<>();

    @BeforeEach
    void start() {
        broker = EmbeddedBroker.builder().logFolder(folder.resolve("data")).start();
    }

    @AfterEach
    void stop() throws Exception {
        for (AutoCloseable client : clients) {
            client.close();
        }
        broker.close();
    }

    @Test
    void theVersionUnderTestIsTheOneTheBuildAskedFor() throws IOException {
        Properties actual = new Properties();
        try (InputStream file = KafkaProducer.class.getResourceAsStream("/kafka/kafka-version.properties")) {
            actual.load(file);
        }
        String asked = System.getProperty("kafka.clients.version", "4.4.0");
        assertThat(actual).containsEntry("version", asked);
    }

    static Stream<Arguments> acksAndCodecs() {
        return Stream.of("0", "1", "all")
                .flatMap(acks ->
                        Stream.of("none", "gzip", "snappy", "lz4", "zstd").map(codec -> Arguments.of(acks, codec)));
    }

    @ParameterizedTest(name = "acks={0}, {1}")
    @MethodSource("acksAndCodecs")
    void recordsComeBackAsTheyWereSent(String acks, String codec) throws Exception {
        String topic = "sent-" + acks + "-" + codec;
        createTopic(topic, 1);
        List<ProducerRecord<byte[], byte[]>> sent = new ArrayList<>();
        KafkaProducer<byte[], byte[]> producer =
                bytesProducer(Map.of("acks", acks, "compression.type", codec, "linger.ms", 5, "batch.size", 4096));
        for (int i = 0; i < 500; i++) {
            byte[] key = i % 7 == 0 ? null : ("key-" + i).getBytes(UTF_8);
            byte[] value = i % 11 == 0 ? null : ("value-" + i + "-".repeat(i)).getBytes(UTF_8);
            ProducerRecord<byte[], byte[]> record = new ProducerRecord<>(topic, 0, 1_600_000_000_000L + i, key, value);
            if (i % 3 == 0) {
                record.headers()
                        .add("trace", ("t" + i).getBytes(UTF_8))
                        .add("empty", new byte[0])
                        .add("none", null);
            }
            sent.add(record);
            producer.send(record);
        }
        producer.flush();

        List<ConsumerRecord<byte[], byte[]>> received = readAll(topic, 1, sent.size());

        for (int i = 0; i < sent.size(); i++) {
            ProducerRecord<byte[], byte[]> expected = sent.get(i);
            ConsumerRecord<byte[], byte[]> actual = received.get(i);
            assertThat(actual.offset()).isEqualTo(i);
            assertThat(actual.timestamp()).isEqualTo(expected.timestamp());
            assertThat(actual.key()).isEqualTo(expected.key());
            assertThat(actual.value()).isEqualTo(expected.value());
            assertThat(actual.headers().toArray()).isEqualTo(expected.headers().toArray());
        }
    }

    @Test
    void theCallbackTellsWhereARecordWent() throws Exception {
        createTopic("where", 3);
        KafkaProducer<String, String> producer = producer(Map.of("acks", "1"));
        for (int i = 0; i < 9; i++) {
            RecordMetadata metadata = producer.send(new ProducerRecord<>("where", i % 3, null, "v" + i))
                    .get();
            assertThat(metadata.partition()).isEqualTo(i % 3);
            assertThat(metadata.offset()).isEqualTo(i / 3);
        }
    }

    @Test
    void anIdempotentProducerWritesEachRecordOnce() throws Exception {
        createTopic("once", 2);
        KafkaProducer<String, String> producer =
                producer(Map.of("enable.idempotence", true, "acks", "all", "max.in.flight.requests.per.connection", 5));
        for (int i = 0; i < 2_000; i++) {
            producer.send(new ProducerRecord<>("once", i % 2, null, Integer.toString(i)));
        }
        producer.flush();
        List<ConsumerRecord<byte[], byte[]>> received = readAll("once", 2, 2_000);
        int[] next = {0, 1};
        for (ConsumerRecord<byte[], byte[]> record : received) {
            assertThat(new String(record.value(), UTF_8)).isEqualTo(Integer.toString(next[record.partition()]));
            next[record.partition()] += 2;
        }
    }

    @Test
    void aRecordLargerThanTheTopicAllowsIsRefusedAndNothingIsStored() throws Exception {
        try (Admin admin = admin()) {
            admin.createTopics(
                            List.of(new NewTopic("small", 1, (short) 1).configs(Map.of("max.message.bytes", "10000"))))
                    .all()
                    .get();
        }
        KafkaProducer<String, String> producer = producer(Map.of("acks", "all"));
        Future<RecordMetadata> refused = producer.send(new ProducerRecord<>("small", "x".repeat(20_000)));
        assertThatThrownBy(refused::get).hasCauseInstanceOf(RecordTooLargeException.class);
        assertThat(producer.send(new ProducerRecord<>("small", "fits")).get().offset())
                .isZero();
    }

    @Test
    void illegalTopicNamesAreRefused() {
        KafkaProducer<String, String> producer = producer(Map.of("max.block.ms", 10_000));
        assertThatThrownBy(() ->
                        producer.send(new ProducerRecord<>("no spaces", "x")).get())
                .satisfiesAnyOf(
                        e -> assertThat(e).isInstanceOf(InvalidTopicException.class),
                        e -> assertThat(e).hasCauseInstanceOf(InvalidTopicException.class));
    }

    @Test
    void aConsumerThatIsClosedWaitsForNoRecords() throws Exception {
        createTopic("closed", 1);
        producer(Map.of()).send(new ProducerRecord<>("closed", "only")).get();
        KafkaConsumer<String, String> consumer = consumer(Map.of("fetch.max.wait.ms", 25_000));
        consumer.assign(List.of(new TopicPartition("closed", 0)));
        consumer.seekToBeginning(consumer.assignment());
        assertThat(pollUntilSome(consumer)).hasSize(1);
        consumer.poll(POLL);
        long start = System.nanoTime();
        consumer.close();
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(15));
    }

    @Test
    void aGroupOfThreeRebalancesAsMembersJoinLeaveAndDie() throws Exception {
        createTopic("shared", 6);
        KafkaProducer<String, String> producer = producer(Map.of("acks", "all"));
        Map<Integer, KafkaConsumer<String, String>> members = new LinkedHashMap<>();
        List<String> received = new ArrayList<>();

        members.put(1, member("three"));
        awaitAssignment(members, 6, received);
        members.put(2, member("three"));
        awaitAssignment(members, 6, received);
        assertThat(members.values()).allSatisfy(m -> assertThat(m.assignment()).hasSize(3));
        members.put(3, member("three"));
        awaitAssignment(members, 6, received);
        assertThat(members.values()).allSatisfy(m -> assertThat(m.assignment()).hasSize(2));

        for (int i = 0; i < 600; i++) {
            producer.send(new ProducerRecord<>("shared", i % 6, null, "r" + i));
        }
        producer.flush();
        awaitRecords(members, received, 600);

        members.remove(2).close();
        awaitAssignment(members, 6, received);
        assertThat(members.values()).allSatisfy(m -> assertThat(m.assignment()).hasSize(3));

        try (DyingMember dying = DyingMember.start(broker.bootstrapServers(), "three", "shared")) {
            awaitAssignment(members, 4, received);
            dying.kill();
        }
        awaitAssignment(members, 6, received);
        for (int i = 600; i < 1200; i++) {
            producer.send(new ProducerRecord<>("shared", i % 6, null, "r" + i));
        }
        producer.flush();
        awaitRecords(members, received, 1200);
        assertThat(new LinkedHashSet<>(received)).hasSize(1200);
    }

    @ParameterizedTest
    @ValueSource(strings = {"RoundRobinAssignor", "StickyAssignor", "CooperativeStickyAssignor"})
    void anAssignorMovesPartitionsWithoutLosingRecords(String assignor) throws Exception {
        createTopic("shared", 4);
        KafkaProducer<String, String> producer = producer(Map.of("acks", "all"));
        Map<Integer, KafkaConsumer<String, String>> members = new LinkedHashMap<>();
        List<String> received = new ArrayList<>();
        Map<String, Object> settings = Map.of(
                "partition.assignment.strategy",
                "org.apache.kafka.clients.consumer." + assignor,
                "group.id",
                assignor,
                "heartbeat.interval.ms",
                300);
        for (int i = 0; i < 400; i++) {
            producer.send(new ProducerRecord<>("shared", i % 4, null, "r" + i));
        }
        members.put(1, subscribed(settings));
        awaitAssignment(members, 4, received);
        members.put(2, subscribed(settings));
        awaitAssignment(members, 4, received);
        for (int i = 400; i < 800; i++) {
            producer.send(new ProducerRecord<>("shared", i % 4, null, "r" + i));
        }
        awaitRecords(members, received, 800);
        assertThat(new LinkedHashSet<>(received)).hasSize(800);
    }

    @Test
    void aStaticMemberComesBackToItsPartitionsWithoutARebalance() throws Exception {
        createTopic("shared", 4);
        Map<String, Object> one =
                Map.of("group.id", "static", "group.instance.id", "one", "heartbeat.interval.ms", 300);
        Map<String, Object> two =
                Map.of("group.id", "static", "group.instance.id", "two", "heartbeat.interval.ms", 300);
        Map<Integer, KafkaConsumer<String, String>> members = new LinkedHashMap<>();
        members.put(1, subscribed(one));
        members.put(2, subscribed(two));
        awaitAssignment(members, 4, new ArrayList<>());
        int generation = members.get(1).groupMetadata().generationId();
        Set<TopicPartition> before = members.get(2).assignment();

        members.get(2).close();
        members.put(2, subscribed(two));
        awaitAssignment(members, 4, new ArrayList<>());

        assertThat(members.get(2).assignment()).isEqualTo(before);
        assertThat(members.get(1).groupMetadata().generationId()).isEqualTo(generation);
    }

    @Test
    void committedPositionsSurviveARestartOfTheBroker() throws Exception {
        createTopic("kept", 1);
        KafkaProducer<String, String> producer = producer(Map.of("acks", "all"));
        for (int i = 0; i < 100; i++) {
            producer.send(new ProducerRecord<>("kept", 0, null, "r" + i));
        }
        producer.flush();
        TopicPartition partition = new TopicPartition("kept", 0);
        KafkaConsumer<String, String> first = consumer(Map.of("group.id", "keeper", "enable.auto.commit", false));
        first.subscribe(List.of("kept"));
        List<String> seen = new ArrayList<>();
        await("the first records", () -> {
            first.poll(POLL).forEach(r -> seen.add(r.value()));
            return seen.size() >= 40;
        });
        first.commitSync(Map.of(partition, new OffsetAndMetadata(40, "half way")));
        first.close();
        producer.close();
        clients.clear();

        int port = Integer.parseInt(broker.bootstrapServers().replaceAll(".*:", ""));
        broker.close();
        broker = EmbeddedBroker.builder()
                .logFolder(folder.resolve("data"))
                .port(port)
                .start();

        KafkaConsumer<String, String> second = consumer(Map.of("group.id", "keeper", "enable.auto.commit", false));
        OffsetAndMetadata committed = second.committed(Set.of(partition)).get(partition);
        assertThat(committed.offset()).isEqualTo(40);
        assertThat(committed.metadata()).isEqualTo("half way");
        second.subscribe(List.of("kept"));
        List<ConsumerRecord<String, String>> rest = new ArrayList<>();
        await("the rest", () -> {
            second.poll(POLL).forEach(rest::add);
            return rest.size() >= 60;
        });
        assertThat(rest).hasSize(60);
        assertThat(rest.get(0).offset()).isEqualTo(40);
    }

    @Test
    void positionsAreFoundByTime() throws Exception {
        createTopic("timed", 1);
        KafkaProducer<String, String> producer = producer(Map.of("acks", "1", "batch.size", 200));
        long base = 1_700_000_000_000L;
        for (int i = 0; i < 1_000; i++) {
            producer.send(new ProducerRecord<>("timed", 0, base + i * 10L, null, "v" + i));
        }
        producer.flush();
        TopicPartition partition = new TopicPartition("timed", 0);
        KafkaConsumer<String, String> consumer = consumer(Map.of());
        for (int i : new int[] {0, 1, 499, 500, 999}) {
            OffsetAndTimestamp found = consumer.offsetsForTimes(Map.of(partition, base + i * 10L - 5))
                    .get(partition);
            assertThat(found.offset()).isEqualTo(i);
            assertThat(found.timestamp()).isEqualTo(base + i * 10L);
        }
        assertThat(consumer.offsetsForTimes(Map.of(partition, base + 10_000L)).get(partition))
                .isNull();
        assertThat(consumer.beginningOffsets(List.of(partition))).containsEntry(partition, 0L);
        assertThat(consumer.endOffsets(List.of(partition))).containsEntry(partition, 1000L);

        consumer.assign(List.of(partition));
        consumer.seek(partition, 700);
        ConsumerRecords<String, String> records = pollUntilSome(consumer);
        assertThat(records.iterator().next().value()).isEqualTo("v700");
    }

    @Test
    void aConsumerOutOfRangeIsResetAsItAskedFor() throws Exception {
        createTopic("reset", 1);
        producer(Map.of()).send(new ProducerRecord<>("reset", "only")).get();
        TopicPartition partition = new TopicPartition("reset", 0);
        KafkaConsumer<String, String> consumer = consumer(Map.of("auto.offset.reset", "earliest"));
        consumer.assign(List.of(partition));
        consumer.seek(partition, 1_000_000);
        assertThat(pollUntilSome(consumer).iterator().next().offset()).isZero();
    }

    @Test
    void aPatternSubscriptionSeesNewTopics() throws Exception {
        createTopic("events-1", 1);
        KafkaConsumer<String, String> consumer = consumer(Map.of("group.id", "pattern", "metadata.max.age.ms", 200));
        Set<String> assigned = new LinkedHashSet<>();
        consumer.subscribe(Pattern.compile("events-.*"), new ConsumerRebalanceListener() {
            @Override
            public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
                partitions.forEach(p -> assigned.remove(p.topic()));
            }

            @Override
            public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
                partitions.forEach(p -> assigned.add(p.topic()));
            }
        });
        await("the first topic", () -> {
            consumer.poll(POLL);
            return assigned.equals(Set.of("events-1"));
        });
        createTopic("events-2", 1);
        await("the second topic", () -> {
            consumer.poll(POLL);
            return assigned.equals(Set.of("events-1", "events-2"));
        });
    }

    @Test
    void anUnknownTopicIsCreatedByTheFirstRecord() throws Exception {
        producer(Map.of()).send(new ProducerRecord<>("by-itself", "hello")).get();
        assertThat(readAll("by-itself", 1, 1)).hasSize(1);
    }

    @Test
    void topicsAreAdministered() throws Exception {
        try (Admin admin = admin()) {
            admin.createTopics(
                            List.of(new NewTopic("managed", 4, (short) 1).configs(Map.of("segment.bytes", "1048576"))))
                    .all()
                    .get();
            assertThat(admin.listTopics().names().get()).contains("managed");
            List<PartitionInfo> partitions = producer(Map.of()).partitionsFor("managed");
            assertThat(partitions)
                    .hasSize(4)
                    .allSatisfy(p -> assertThat(p.leader()).isNotNull());
            ConfigResource resource = new ConfigResource(ConfigResource.Type.TOPIC, "managed");
            assertThat(admin.describeConfigs(List.of(resource))
                            .all()
                            .get()
                            .get(resource)
                            .get("segment.bytes")
                            .value())
                    .isEqualTo("1048576");
            assertThat(admin.describeCluster().nodes().get()).hasSize(1);
            assertThat(admin.describeCluster().controller().get().id())
                    .isEqualTo(partitions.get(0).leader().id());
            assertThatThrownBy(() -> admin.createTopics(List.of(new NewTopic("managed", 1, (short) 1)))
                            .all()
                            .get())
                    .isInstanceOf(ExecutionException.class)
                    .hasCauseInstanceOf(TopicExistsException.class);
            admin.deleteTopics(List.of("managed")).all().get();
            await(
                    "the topic to be gone",
                    () -> !admin.listTopics().names().get().contains("managed"));
            admin.createTopics(List.of(new NewTopic("managed", 1, (short) 1)))
                    .all()
                    .get();
        }
        assertThat(producer(Map.of())
                        .send(new ProducerRecord<>("managed", "again"))
                        .get()
                        .offset())
                .isZero();
    }

    @Test
    @SuppressWarnings("removal") // The newer way to list groups is not in the older clients.
    void groupsAreListedDescribedAndDeleted() throws Exception {
        createTopic("watched", 2);
        KafkaConsumer<String, String> consumer = consumer(Map.of("group.id", "watchers"));
        consumer.subscribe(List.of("watched"));
        await("an assignment", () -> {
            consumer.poll(POLL);
            return consumer.assignment().size() == 2;
        });
        consumer.assignment().forEach(consumer::position);
        consumer.commitSync();
        try (Admin admin = admin()) {
            assertThat(admin.listConsumerGroups().all().get())
                    .anySatisfy(g -> assertThat(g.groupId()).isEqualTo("watchers"));
            assertThat(admin.describeConsumerGroups(List.of("watchers"))
                            .all()
                            .get()
                            .get("watchers")
                            .members())
                    .hasSize(1);
            assertThat(admin.listConsumerGroupOffsets("watchers")
                            .partitionsToOffsetAndMetadata()
                            .get())
                    .hasSize(2);
            consumer.close();
            admin.deleteConsumerGroups(List.of("watchers")).all().get();
            assertThat(admin.listConsumerGroups().all().get())
                    .noneSatisfy(g -> assertThat(g.groupId()).isEqualTo("watchers"));
        }
    }

    private void createTopic(String name, int partitions) throws Exception {
        try (Admin admin = admin()) {
            admin.createTopics(List.of(new NewTopic(name, partitions, (short) 1)))
                    .all()
                    .get();
        }
    }

    private List<ConsumerRecord<byte[], byte[]>> readAll(String topic, int partitions, int expected) throws Exception {
        KafkaConsumer<byte[], byte[]> consumer = kept(new KafkaConsumer<>(
                properties(Map.of("auto.offset.reset", "earliest")),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer()));
        List<TopicPartition> all = new ArrayList<>();
        for (int i = 0; i < partitions; i++) {
            all.add(new TopicPartition(topic, i));
        }
        consumer.assign(all);
        consumer.seekToBeginning(all);
        List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
        await(expected + " records of " + topic, () -> {
            consumer.poll(POLL).forEach(records::add);
            return records.size() >= expected;
        });
        assertThat(records).hasSize(expected);
        return records;
    }

    private KafkaConsumer<String, String> member(String group) {
        return subscribed(Map.of("group.id", group, "session.timeout.ms", 6_000, "heartbeat.interval.ms", 300));
    }

    private KafkaConsumer<String, String> subscribed(Map<String, Object> settings) {
        KafkaConsumer<String, String> consumer = consumer(settings);
        consumer.subscribe(List.of("shared"));
        return consumer;
    }

    private static void awaitAssignment(
            Map<Integer, KafkaConsumer<String, String>> members, int partitions, List<String> received)
            throws Exception {
        int[] stableRounds = {0};
        await(partitions + " partitions over " + members.size() + " members", () -> {
            int assigned = 0;
            boolean fair = true;
            for (KafkaConsumer<String, String> member : members.values()) {
                member.poll(POLL).forEach(r -> received.add(r.value()));
                assigned += member.assignment().size();
                fair &= member.assignment().size() == partitions / members.size();
            }
            stableRounds[0] = assigned == partitions && fair ? stableRounds[0] + 1 : 0;
            return stableRounds[0] >= 3;
        });
    }

    private static void awaitRecords(
            Map<Integer, KafkaConsumer<String, String>> members, List<String> received, int count) throws Exception {
        await(count + " records", () -> {
            for (KafkaConsumer<String, String> member : members.values()) {
                member.poll(POLL).forEach(r -> received.add(r.value()));
            }
            return new LinkedHashSet<>(received).size() >= count;
        });
    }

    private static ConsumerRecords<String, String> pollUntilSome(KafkaConsumer<String, String> consumer)
            throws Exception {
        List<ConsumerRecords<String, String>> found = new ArrayList<>();
        await("records", () -> {
            ConsumerRecords<String, String> records = consumer.poll(POLL);
            if (!records.isEmpty()) {
                found.add(records);
            }
            return !found.isEmpty();
        });
        return found.get(0);
    }

    private interface Condition {
        boolean holds() throws Exception;
    }

    private static void await(String what, Condition condition) throws Exception {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (!condition.holds()) {
            if (System.nanoTime() > deadline) {
                throw new AssertionError("Waited " + PATIENCE + " in vain for " + what);
            }
        }
    }

    private Admin admin() {
        return Admin.create(properties(Map.of()));
    }

    private KafkaProducer<String, String> producer(Map<String, Object> settings) {
        return kept(new KafkaProducer<>(properties(settings), new StringSerializer(), new StringSerializer()));
    }

    private KafkaProducer<byte[], byte[]> bytesProducer(Map<String, Object> settings) {
        return kept(new KafkaProducer<>(properties(settings), new ByteArraySerializer(), new ByteArraySerializer()));
    }

    private KafkaConsumer<String, String> consumer(Map<String, Object> settings) {
        Map<String, Object> all = new HashMap<>(Map.of("auto.offset.reset", "earliest"));
        all.putAll(settings);
        return kept(new KafkaConsumer<>(properties(all), new StringDeserializer(), new StringDeserializer()));
    }

    private Map<String, Object> properties(Map<String, Object> settings) {
        Map<String, Object> all = new HashMap<>(settings);
        all.put("bootstrap.servers", broker.bootstrapServers());
        return all;
    }

    private <T extends AutoCloseable> T kept(T client) {
        clients.add(client);
        return client;
    }
}
