package io.odradek.server.inspect;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.odradek.core.config.BrokerConfig;
import io.odradek.core.coordination.InProcessHome;
import io.odradek.core.coordination.JournalSettings;
import io.odradek.protocol.TopicPartition;
import io.odradek.protocol.errors.ErrorCode;
import io.odradek.server.Broker;
import io.odradek.server.BrokerOptions;
import io.odradek.server.net.socket.Transport;
import io.odradek.storage.env.Meters;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class InspectorTest {
    @TempDir
    private Path folder;

    private Broker broker;
    private Inspector inspector;

    @BeforeEach
    void start() throws Exception {
        BrokerConfig config = BrokerConfig.of(Map.of(
                "listeners", "PLAINTEXT://127.0.0.1:0",
                "log.dirs", folder.toString(),
                "num.io.threads", "2",
                "offsets.topic.num.partitions", "3",
                "offsets.topic.replication.factor", "1",
                "transaction.state.log.num.partitions", "3",
                "transaction.state.log.replication.factor", "1",
                "transaction.state.log.min.isr", "1",
                "group.initial.rebalance.delay.ms", "0"));
        broker = Broker.start(
                config,
                new BrokerOptions(
                        Transport.NIO,
                        true,
                        Meters.NONE,
                        InProcessHome.journalled(JournalSettings.EMBEDDED),
                        (failed, cause) -> {}));
        inspector = Inspector.of(broker);
    }

    @AfterEach
    void stop() throws Exception {
        broker.close();
    }

    @Test
    void recordsAreToldAsTheyWereWritten() throws Exception {
        topic("t", 1);
        try (KafkaProducer<String, String> producer = producer(Map.of("compression.type", "lz4", "linger.ms", "50"))) {
            producer.send(new ProducerRecord<>("t", 0, 1234L, "k", "v", List.of(new RecordHeader("h", bytes("x")))));
            producer.send(new ProducerRecord<>("t", 0, 1235L, null, null, List.of()));
            producer.flush();
        }

        List<StoredRecord> records = inspector.records("t");
        assertThat(records)
                .extracting(StoredRecord::offset, StoredRecord::timestampMs, StoredRecord::key, StoredRecord::value)
                .containsExactly(tuple(0L, 1234L, "k", "v"), tuple(1L, 1235L, null, null));
        assertThat(records.get(0).headers()).containsExactly(StoredHeader.of("h", "x"));
        assertThat(records.get(0).header("h")).isEqualTo("x");
        assertThat(records.get(0).header("i")).isNull();
        assertThat(records).extracting(StoredRecord::transaction).containsOnly(TransactionState.NONE);
        assertThat(records.get(0)).hasToString("0@0 k: v [h=x]");
    }

    @Test
    void recordsOfTransactionsAreCommittedAbortedOrStillOpen() throws Exception {
        topic("t", 1);
        try (KafkaProducer<String, String> first = transactional("first");
                KafkaProducer<String, String> second = transactional("second");
                KafkaProducer<String, String> plain = producer(Map.of())) {
            commit(first, "a");
            second.beginTransaction();
            second.send(new ProducerRecord<>("t", "b")).get(30, SECONDS);
            commit(first, "c");
            second.abortTransaction();
            first.beginTransaction();
            first.send(new ProducerRecord<>("t", "d")).get(30, SECONDS);
            plain.send(new ProducerRecord<>("t", "e")).get(30, SECONDS);
            commit(second, "f");

            assertThat(inspector.records("t"))
                    .extracting(StoredRecord::value, StoredRecord::transaction)
                    .filteredOn(found -> !((TransactionState) found.toList().get(1)).isMarker())
                    .containsExactly(
                            tuple("a", TransactionState.COMMITTED),
                            tuple("b", TransactionState.ABORTED),
                            tuple("c", TransactionState.COMMITTED),
                            tuple("d", TransactionState.OPEN),
                            tuple("e", TransactionState.NONE),
                            tuple("f", TransactionState.COMMITTED));
            assertThat(inspector.records("t"))
                    .extracting(StoredRecord::transaction)
                    .filteredOn(TransactionState::isMarker)
                    .containsExactly(
                            TransactionState.COMMIT_MARKER,
                            TransactionState.COMMIT_MARKER,
                            TransactionState.ABORT_MARKER,
                            TransactionState.COMMIT_MARKER);
            assertThat(inspector.readStable("t", 0, 0, 100, 100_000).records())
                    .extracting(StoredRecord::value)
                    .contains("c")
                    .doesNotContain("d");
        }
    }

    @Test
    void aPageThatEndsWithinATransactionKnowsHowThatEnds() throws Exception {
        topic("t", 1);
        try (KafkaProducer<String, String> hanging = transactional("hanging");
                KafkaProducer<String, String> producer = transactional("id")) {
            hanging.beginTransaction();
            hanging.send(new ProducerRecord<>("t", "hangs")).get(30, SECONDS);
            producer.beginTransaction();
            producer.send(new ProducerRecord<>("t", "one"));
            producer.send(new ProducerRecord<>("t", "two"));
            producer.flush();
            producer.abortTransaction();

            RecordPage page = inspector.read("t", 0, 1, 1, 1 << 20);
            assertThat(page.records())
                    .extracting(StoredRecord::value, StoredRecord::transaction)
                    .containsExactly(tuple("one", TransactionState.ABORTED));
            assertThat(page.nextOffset()).isEqualTo(2);
            assertThat(page.span()).isEqualTo(new StoredPartition.Span(0, 0, 4));
            hanging.abortTransaction();
            assertThat(inspector.read("t", 0, 2, 1, 1 << 20).records())
                    .extracting(StoredRecord::value, StoredRecord::transaction)
                    .containsExactly(tuple("two", TransactionState.ABORTED));
        }
    }

    @Test
    void pagesFollowEachOtherToTheEnd() throws Exception {
        topic("t", 1);
        try (KafkaProducer<String, String> producer = producer(Map.of("linger.ms", "20"))) {
            for (int i = 0; i < 100; i++) {
                producer.send(new ProducerRecord<>("t", Integer.toString(i)));
            }
        }

        long next = 0;
        int read = 0;
        for (int page = 0; page < 15; page++) {
            RecordPage records = inspector.read("t", 0, next, 7, 1 << 20);
            read += records.records().size();
            next = records.nextOffset();
        }
        assertThat(read).isEqualTo(100);
        assertThat(next).isEqualTo(100);
        assertThat(inspector.read("t", 0, 100, 7, 1 << 20).records()).isEmpty();
        assertThat(inspector.read("t", 0, 0, 1000, 20).records()).hasSizeBetween(1, 10);
    }

    @Test
    void topicsTellWhoLeadsThemAndWhatTheySpan() throws Exception {
        topic("t", 2);
        try (KafkaProducer<String, String> producer = producer(Map.of())) {
            producer.send(new ProducerRecord<>("t", 1, null, "v")).get(30, SECONDS);
        }

        StoredTopic topic = inspector.topic("t");
        assertThat(topic.internal()).isFalse();
        assertThat(topic.id()).hasSize(22);
        assertThat(topic.offsets()).isEqualTo(1);
        assertThat(topic.partitions())
                .extracting(StoredPartition::leader, StoredPartition::isr, StoredPartition::span)
                .containsExactly(
                        tuple(broker.brokerId(), List.of(broker.brokerId()), new StoredPartition.Span(0, 0, 0)),
                        tuple(broker.brokerId(), List.of(broker.brokerId()), new StoredPartition.Span(0, 1, 1)));
    }

    @Test
    void groupsHaveMembersPositionsAndLag() throws Exception {
        topic("t", 1);
        assertThat(inspector.groups()).isEmpty();
        try (KafkaProducer<String, String> producer = producer(Map.of())) {
            for (String value : List.of("a", "b", "c")) {
                producer.send(new ProducerRecord<>("t", value)).get(30, SECONDS);
            }
        }
        try (KafkaConsumer<String, String> consumer = new KafkaConsumer<>(
                settings(Map.of(
                        "group.id", "g",
                        "client.id", "reader",
                        "max.poll.records", "1",
                        "auto.offset.reset", "earliest",
                        "enable.auto.commit", "false")),
                new StringDeserializer(),
                new StringDeserializer())) {
            consumer.subscribe(List.of("t"));
            Awaitility.await()
                    .atMost(Duration.ofSeconds(30))
                    .until(() -> !consumer.poll(Duration.ofMillis(100)).isEmpty());
            consumer.commitSync();

            ConsumerGroup group = inspector.groups().get(0);
            assertThat(group.id()).isEqualTo("g");
            assertThat(group.state()).isEqualTo("Stable");
            assertThat(group.protocolType()).isEqualTo("consumer");
            assertThat(group.members())
                    .extracting(GroupMember::clientId, GroupMember::host, GroupMember::assigned)
                    .containsExactly(tuple("reader", "/127.0.0.1", List.of(new TopicPartition("t", 0))));
            assertThat(group.positions()).containsExactly(new GroupPosition("t", 0, 1, 3, ""));
            assertThat(group.lag()).isEqualTo(2);
            assertThat(group.position("t", 0)).isEqualTo(1);
            assertThat(group.position("t", 1)).isEqualTo(-1);
        }
        assertThat(inspector.groups()).extracting(ConsumerGroup::state).containsExactly("Empty");
    }

    @Test
    void whatIsNotThereIsToldAsSuch() throws Exception {
        topic("t", 1);
        assertThatThrownBy(() -> inspector.records("nothing"))
                .isInstanceOf(UnknownTopicException.class)
                .hasMessage("There is no topic nothing, only [t]");
        assertThatThrownBy(() -> inspector.read("t", 3, 0, 1, 1))
                .isInstanceOf(UnknownTopicException.class)
                .hasMessage("Topic t has no partition 3: it has 1");
        assertThatThrownBy(() -> inspector.read("t", 0, 5, 1, 1))
                .isInstanceOfSatisfying(
                        InspectionException.class,
                        refused -> assertThat(refused.error()).isEqualTo(ErrorCode.OFFSET_OUT_OF_RANGE));
    }

    private void topic(String name, int partitions) throws Exception {
        try (Admin admin = Admin.create(settings(Map.of()))) {
            admin.createTopics(List.of(new NewTopic(name, partitions, (short) 1)))
                    .all()
                    .get(30, SECONDS);
        }
    }

    private Map<String, Object> settings(Map<String, Object> own) {
        Map<String, Object> settings = new HashMap<>(own);
        settings.put(
                "bootstrap.servers",
                broker.advertised().values().iterator().next().hostAndPort());
        return settings;
    }

    private KafkaProducer<String, String> producer(Map<String, Object> own) {
        return new KafkaProducer<>(settings(own), new StringSerializer(), new StringSerializer());
    }

    private KafkaProducer<String, String> transactional(String id) {
        KafkaProducer<String, String> producer = producer(Map.of("transactional.id", id));
        producer.initTransactions();
        return producer;
    }

    private static void commit(KafkaProducer<String, String> producer, String value) {
        producer.beginTransaction();
        producer.send(new ProducerRecord<>("t", value));
        producer.commitTransaction();
    }

    private static byte[] bytes(String text) {
        return text.getBytes(UTF_8);
    }
}
