package io.odradek.server.embedded;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;
import static org.awaitility.Awaitility.await;

import io.odradek.protocol.errors.ErrorCode;
import io.odradek.server.inspect.GroupMember;
import io.odradek.server.inspect.InspectionException;
import io.odradek.server.inspect.StoredHeader;
import io.odradek.server.inspect.StoredRecord;
import io.odradek.server.inspect.StoredTopic;
import io.odradek.server.inspect.TransactionState;
import io.odradek.server.inspect.UnknownTopicException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a test writes, reads and makes in a broker without a client, beside what clients see of it. */
class EmbeddedRecordsTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @Test
    void asManyRecordsMayBeWrittenAtOnceAsOneLikes() {
        NewRecord[] many = new NewRecord[3000];
        for (int i = 0; i < many.length; i++) {
            many[i] = NewRecord.of("k", "v".repeat(1000) + i);
        }
        try (EmbeddedBroker broker = EmbeddedBroker.builder().topic("t").start()) {
            List<StoredRecord> written = broker.produce("t", many);
            assertThat(written)
                    .extracting(StoredRecord::offset)
                    .startsWith(0L, 1L)
                    .endsWith(2999L);
            assertThat(broker.records("t")).isEqualTo(written);
        }
    }

    @Test
    void theTopicsOfTheBuilderAreThereWithTheirPartitionsAndSettings() throws Exception {
        try (EmbeddedBroker broker = EmbeddedBroker.builder()
                        .topic("one")
                        .topic("three", 3)
                        .topic("compacted", 2, Map.of("cleanup.policy", "compact"))
                        .start();
                Admin admin = Admin.create(broker.clientProperties())) {
            assertThat(admin.listTopics().names().get(60, SECONDS))
                    .containsExactlyInAnyOrder("one", "three", "compacted");
            assertThat(broker.topics())
                    .extracting(StoredTopic::name, topic -> topic.partitions().size())
                    .containsExactly(tuple("compacted", 2), tuple("one", 1), tuple("three", 3));
            assertThatThrownBy(() -> broker.produce("compacted", "no key"))
                    .hasMessageContaining("compacted")
                    .isInstanceOfSatisfying(
                            InspectionException.class,
                            refused -> assertThat(refused.error()).isEqualTo(ErrorCode.INVALID_RECORD));
        }
    }

    @Test
    void aFolderThatIsKeptKeepsTheTopicsOfTheBuilder(@TempDir Path folder) {
        EmbeddedBroker.Builder builder =
                EmbeddedBroker.builder().logFolder(folder).topic("t", 2);
        try (EmbeddedBroker broker = builder.start()) {
            broker.produce("t", "kept");
        }
        try (EmbeddedBroker broker = builder.start()) {
            assertThat(broker.records("t")).extracting(StoredRecord::value).containsExactly("kept");
            broker.deleteTopics("t");
            assertThat(broker.topics()).isEmpty();
        }
    }

    @Test
    void aConsumerReadsWhatATestWrites() {
        try (EmbeddedBroker broker = EmbeddedBroker.builder().topic("t", 2).start();
                KafkaConsumer<String, String> consumer = consumer(broker)) {
            broker.produce(
                    "t", NewRecord.of("k", "v").header("h", "x").timestampMs(12).partition(1));
            broker.produce("t", NewRecord.of("gone", null).partition(1));
            broker.produce("t", "k".getBytes(UTF_8), new byte[] {(byte) 'b'});

            consumer.subscribe(List.of("t"));
            List<ConsumerRecord<String, String>> read = new ArrayList<>();
            await().atMost(PATIENCE).until(() -> {
                consumer.poll(Duration.ofMillis(50)).forEach(read::add);
                return read.size() == 3;
            });
            assertThat(read)
                    .extracting(ConsumerRecord::key, ConsumerRecord::value)
                    .containsExactlyInAnyOrder(tuple("k", "v"), tuple("gone", null), tuple("k", "b"));
            ConsumerRecord<String, String> first = read.stream()
                    .filter(record -> "v".equals(record.value()))
                    .findFirst()
                    .orElseThrow();
            assertThat(first.partition()).isEqualTo(1);
            assertThat(first.timestamp()).isEqualTo(12);
            assertThat(first.headers().lastHeader("h").value()).asString(UTF_8).isEqualTo("x");
        }
    }

    @Test
    void aTestWritesAKeyWhereAProducerDoes() throws Exception {
        try (EmbeddedBroker broker = EmbeddedBroker.builder().topic("t", 7).start();
                KafkaProducer<String, String> producer = producer(broker)) {
            for (int i = 0; i < 60; i++) {
                String key = "k".repeat(i % 9) + i;
                int sent = producer.send(new ProducerRecord<>("t", key, "v"))
                        .get(60, SECONDS)
                        .partition();
                assertThat(broker.produce("t", key, "v").partition()).isEqualTo(sent);
            }
        }
    }

    @Test
    void aTestReadsWhatAProducerWrites() throws Exception {
        try (EmbeddedBroker broker = EmbeddedBroker.builder().topic("t").start();
                KafkaProducer<String, String> producer = producer(broker, "compression.type", "zstd")) {
            producer.send(new ProducerRecord<>("t", 0, 5L, "k", "v")).get(60, SECONDS);

            StoredRecord record = broker.records("t").get(0);
            assertThat(record)
                    .isEqualTo(new StoredRecord(
                            0, 0, 5, "k".getBytes(UTF_8), "v".getBytes(UTF_8), List.of(), TransactionState.NONE));
            assertThat(broker.produce("t", NewRecord.of("k", "w").header("h", "x"))
                            .get(0)
                            .headers())
                    .containsExactly(StoredHeader.of("h", "x"));
        }
    }

    @Test
    void aTopicIsCreatedByWritingToItWhereClientsMayDoSo() {
        try (EmbeddedBroker broker =
                        EmbeddedBroker.builder().setting("num.partitions", "4").start();
                EmbeddedBroker strict = EmbeddedBroker.builder()
                        .setting("auto.create.topics.enable", "false")
                        .start()) {
            broker.produce("t", "v");
            assertThat(broker.topic("t").partitions()).hasSize(4);
            assertThatThrownBy(() -> strict.produce("t", "v"))
                    .isInstanceOf(UnknownTopicException.class)
                    .hasMessage("There is no topic t, only []");
        }
    }

    @Test
    void recordsAreAwaitedThatComeLater() throws Exception {
        try (EmbeddedBroker broker = EmbeddedBroker.start();
                KafkaProducer<String, String> producer = producer(broker, "transactional.id", "id")) {
            CompletableFuture<List<StoredRecord>> awaited =
                    CompletableFuture.supplyAsync(() -> broker.awaitRecords("t", 2, PATIENCE));
            producer.initTransactions();
            producer.beginTransaction();
            producer.send(new ProducerRecord<>("t", "aborted")).get(60, SECONDS);
            producer.abortTransaction();
            producer.beginTransaction();
            producer.send(new ProducerRecord<>("t", "a"));
            producer.send(new ProducerRecord<>("t", "b")).get(60, SECONDS);
            assertThat(awaited).isNotDone();
            producer.commitTransaction();

            assertThat(awaited.get(60, SECONDS)).extracting(StoredRecord::value).containsExactly("a", "b");
            assertThat(broker.records("t"))
                    .extracting(StoredRecord::value, StoredRecord::transaction)
                    .containsExactly(
                            tuple("aborted", TransactionState.ABORTED),
                            tuple("a", TransactionState.COMMITTED),
                            tuple("b", TransactionState.COMMITTED));
        }
    }

    @Test
    void whatIsMissingWhenTheTimeIsOverIsToldWithWhatWasThere() throws Exception {
        try (EmbeddedBroker broker = EmbeddedBroker.builder().topic("other").start();
                KafkaProducer<String, String> producer = producer(broker, "transactional.id", "id")) {
            broker.produce("t", "k", "there");
            producer.initTransactions();
            producer.beginTransaction();
            producer.send(new ProducerRecord<>("t", "still open")).get(60, SECONDS);

            assertThatThrownBy(() -> broker.awaitRecords("t", 2, Duration.ofMillis(50)))
                    .isInstanceOf(AssertionError.class)
                    .hasMessage("Topic t has 1 records that a read_committed consumer sees after 50 ms, not 2\n"
                            + "  0@0 k: there\n"
                            + "and 1 of transactions that are open or were aborted\n"
                            + "  0@1 null: still open OPEN\n"
                            + "Topics, with the offsets they span: other=0 t=2");
            assertThatThrownBy(() -> broker.awaitRecords("nowhere", 1, Duration.ofMillis(5)))
                    .isInstanceOf(AssertionError.class)
                    .hasMessageStartingWith("Topic nowhere is not there after 5 ms\n");
        }
    }

    @Test
    void aGroupIsSeenWithItsMembersAndItsLag() {
        try (EmbeddedBroker broker = EmbeddedBroker.builder().topic("t").start();
                KafkaConsumer<String, String> consumer = consumer(broker)) {
            broker.produce("t", "a");
            consumer.subscribe(List.of("t"));
            await().atMost(PATIENCE)
                    .until(() -> !consumer.poll(Duration.ofMillis(50)).isEmpty());
            consumer.commitSync();
            broker.produce("t", "b");

            assertThat(broker.group("group").state()).isEqualTo("Stable");
            assertThat(broker.group("group").lag()).isEqualTo(1);
            assertThat(broker.group("group").members())
                    .singleElement()
                    .extracting(GroupMember::assigned)
                    .asString()
                    .isEqualTo("[t-0]");
            assertThatThrownBy(() -> broker.group("other"))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("There is no group other, only [group]");
        }
    }

    @Test
    void whatCannotBeDoneIsToldWithTheReason() {
        EmbeddedBroker broker = EmbeddedBroker.builder().topic("t").start();
        try (broker) {
            assertThatThrownBy(() -> broker.createTopic("no blanks"))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("'no blanks' has a character other than ASCII letters");
            assertThatThrownBy(() -> EmbeddedBroker.builder().topic(""))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("Topic name is empty");
            assertThatThrownBy(() -> broker.createTopic("t"))
                    .isInstanceOf(InspectionException.class)
                    .hasMessageContaining("'t' already exists");
            assertThatThrownBy(() -> broker.createTopic("u", 1, Map.of("cleanup.policy", "nonsense")))
                    .isInstanceOf(InspectionException.class)
                    .hasMessageContaining("nonsense");
            assertThatThrownBy(() -> broker.createTopic("u", 0)).isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> broker.records("nothing")).isInstanceOf(UnknownTopicException.class);
            assertThatThrownBy(() -> broker.deleteTopics("nothing")).isInstanceOf(UnknownTopicException.class);
            assertThatThrownBy(() -> broker.produce("t", NewRecord.of("k", "v").partition(1)))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("Topic t has no partition 1: it has 1");
        }
        for (Runnable late : List.<Runnable>of(
                () -> broker.records("t"),
                () -> broker.createTopic("u"),
                () -> broker.produce("t", "v"),
                () -> broker.awaitRecords("t", 1, PATIENCE),
                broker::groups,
                broker::reset,
                broker::restart)) {
            assertThatThrownBy(late::run)
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageEndingWith(" is closed");
        }
    }

    @Test
    void aTopicForWhichThreeReplicasAreAskedGetsOneWhereThatIsAskedFor() throws Exception {
        NewTopic asked =
                new NewTopic("t", 2, (short) 3).configs(Map.of("min.insync.replicas", "2", "retention.ms", "1000"));
        try (EmbeddedBroker strict = EmbeddedBroker.start();
                EmbeddedBroker broker =
                        EmbeddedBroker.builder().clampReplication().start();
                Admin admin = Admin.create(broker.clientProperties());
                Admin refused = Admin.create(strict.clientProperties());
                KafkaProducer<String, String> producer = producer(broker, "acks", "all")) {
            assertThatThrownBy(() -> refused.createTopics(List.of(asked)).all().get(60, SECONDS))
                    .hasMessageContaining("Replication factor");

            assertThat(admin.createTopics(List.of(asked)).replicationFactor("t").get(60, SECONDS))
                    .isEqualTo(1);
            producer.send(new ProducerRecord<>("t", "v")).get(60, SECONDS);
            assertThat(broker.topic("t").partitions().get(0).replicas()).hasSize(1);
        }
    }

    @Test
    void eachOfSeveralListenersKeepsItsPortWhenTheBrokerIsRestarted() throws Exception {
        try (EmbeddedBroker broker = EmbeddedBroker.builder()
                .setting("listeners", "INNER://127.0.0.1:0,outer://127.0.0.1:0")
                .setting("listener.security.protocol.map", "INNER:PLAINTEXT,OUTER:PLAINTEXT")
                .setting("inter.broker.listener.name", "INNER")
                .topic("t")
                .start()) {
            String inner = broker.bootstrapServers("INNER");
            String outer = broker.bootstrapServers("OUTER");
            broker.produce("t", "kept");

            broker.restart();

            assertThat(broker.bootstrapServers("INNER")).isEqualTo(inner).isNotEqualTo(outer);
            assertThat(broker.bootstrapServers("OUTER")).isEqualTo(outer);
            assertThat(broker.records("t")).extracting(StoredRecord::value).containsExactly("kept");
            assertThatThrownBy(() -> broker.bootstrapServers("ELSE"))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("There is no listener ELSE, only [INNER, OUTER]");
        }
    }

    private static KafkaProducer<String, String> producer(EmbeddedBroker broker, String... settings) {
        Map<String, Object> all = broker.clientProperties();
        for (int i = 0; i < settings.length; i += 2) {
            all.put(settings[i], settings[i + 1]);
        }
        return new KafkaProducer<>(all, new StringSerializer(), new StringSerializer());
    }

    private static KafkaConsumer<String, String> consumer(EmbeddedBroker broker) {
        return new KafkaConsumer<>(
                broker.consumerProperties("group"), new StringDeserializer(), new StringDeserializer());
    }
}
