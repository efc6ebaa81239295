package io.odradek.server.clients;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.odradek.server.embedded.EmbeddedBroker;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Future;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Transactions of the Java client against one broker; the build runs it with several versions of that. */
@Timeout(120)
class KafkaClientsTransactionsTest {
    private static final Duration POLL = Duration.ofMillis(100);
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @TempDir
    Path folder;

    private EmbeddedBroker broker;
    private final List<AutoCloseable> clients = new ArrayList<>();

    @BeforeEach
    void start() throws Exception {
        broker = EmbeddedBroker.builder()
                .logFolder(folder.resolve("data"))
                .setting("transaction.abort.timed.out.transaction.cleanup.interval.ms", "100")
                .start();
        topic("t", 3);
    }

    @AfterEach
    void stop() throws Exception {
        for (AutoCloseable client : clients) {
            client.close();
        }
        broker.close();
    }

    private void topic(String name, int partitions) throws Exception {
        try (Admin admin = Admin.create(Map.<String, Object>of("bootstrap.servers", broker.bootstrapServers()))) {
            admin.createTopics(List.of(new NewTopic(name, partitions, (short) 1)))
                    .all()
                    .get();
        }
    }

    private KafkaProducer<String, String> producer(String id) {
        return producer(id, 60_000);
    }

    private KafkaProducer<String, String> producer(String id, int timeoutMs) {
        KafkaProducer<String, String> producer = new KafkaProducer<>(
                Map.of(
                        "bootstrap.servers",
                        broker.bootstrapServers(),
                        "transactional.id",
                        id,
                        "transaction.timeout.ms",
                        timeoutMs,
                        "max.block.ms",
                        30_000),
                new StringSerializer(),
                new StringSerializer());
        clients.add(() -> producer.close(Duration.ZERO));
        producer.initTransactions();
        return producer;
    }

    private KafkaConsumer<String, String> consumer(String isolation, String group) {
        KafkaConsumer<String, String> consumer = new KafkaConsumer<>(
                Map.of(
                        "bootstrap.servers",
                        broker.bootstrapServers(),
                        "isolation.level",
                        isolation,
                        "group.id",
                        group,
                        "enable.auto.commit",
                        "false",
                        "auto.offset.reset",
                        "earliest"),
                new StringDeserializer(),
                new StringDeserializer());
        clients.add(consumer);
        return consumer;
    }

    /** {@return what is there of a topic, up to its end as the isolation level has it} */
    private List<String> read(String topic, String isolation) {
        KafkaConsumer<String, String> consumer = consumer(isolation, "reader");
        List<TopicPartition> partitions = new ArrayList<>();
        consumer.partitionsFor(topic).forEach(info -> partitions.add(new TopicPartition(topic, info.partition())));
        consumer.assign(partitions);
        consumer.seekToBeginning(partitions);
        Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
        List<String> values = new ArrayList<>();
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (ends.entrySet().stream().anyMatch(end -> consumer.position(end.getKey()) < end.getValue())) {
            assertThat(System.nanoTime()).isLessThan(deadline);
            for (ConsumerRecord<String, String> record : consumer.poll(POLL)) {
                values.add(record.value());
            }
        }
        return values;
    }

    private static void send(KafkaProducer<String, String> producer, String... values) {
        for (int i = 0; i < values.length; i++) {
            producer.send(new ProducerRecord<>("t", i % 3, null, values[i]));
        }
    }

    @Test
    void whatIsCommittedIsReadAndWhatIsAbortedOrOpenIsNot() {
        KafkaProducer<String, String> producer = producer("id");
        producer.beginTransaction();
        send(producer, "a", "b", "c", "d");
        producer.commitTransaction();
        producer.beginTransaction();
        send(producer, "aborted", "aborted too");
        producer.flush();
        producer.abortTransaction();
        producer.beginTransaction();
        send(producer, "e");
        producer.commitTransaction();
        producer.beginTransaction();
        send(producer, "open");
        producer.flush();

        assertThat(read("t", "read_committed")).containsExactlyInAnyOrder("a", "b", "c", "d", "e");
        assertThat(read("t", "read_uncommitted"))
                .containsExactlyInAnyOrder("a", "b", "c", "d", "aborted", "aborted too", "e", "open");
    }

    @Test
    void aHundredTransactionsInARowAreEachThereOnce() {
        KafkaProducer<String, String> producer = producer("id");
        List<String> committed = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            producer.beginTransaction();
            send(producer, "x" + i, "y" + i, "z" + i);
            if (i % 3 == 0) {
                producer.abortTransaction();
            } else {
                producer.commitTransaction();
                committed.addAll(List.of("x" + i, "y" + i, "z" + i));
            }
        }
        assertThat(read("t", "read_committed")).containsExactlyInAnyOrderElementsOf(committed);
    }

    @Test
    void theNextProducerOfAnIdFencesTheOneBeforeAndAbortsItsTransaction() throws Exception {
        KafkaProducer<String, String> zombie = producer("id");
        zombie.beginTransaction();
        send(zombie, "lost");
        zombie.flush();

        KafkaProducer<String, String> heir = producer("id");
        heir.beginTransaction();
        send(heir, "kept");
        heir.commitTransaction();

        Future<RecordMetadata> late = zombie.send(new ProducerRecord<>("t", 0, null, "late"));
        assertThatThrownBy(() -> {
                    late.get();
                    zombie.commitTransaction();
                })
                .satisfiesAnyOf(
                        e -> assertThat(e).isInstanceOf(KafkaException.class),
                        e -> assertThat(e).hasCauseInstanceOf(KafkaException.class));
        assertThat(read("t", "read_committed")).containsExactly("kept");
    }

    @Test
    void positionsOfAGroupMoveWithTheirTransaction() throws Exception {
        topic("in", 1);
        TopicPartition in = new TopicPartition("in", 0);
        ConsumerGroupMetadata group = consumer("read_committed", "copiers").groupMetadata();
        KafkaProducer<String, String> producer = producer("id");

        producer.beginTransaction();
        send(producer, "first");
        producer.sendOffsetsToTransaction(Map.of(in, new OffsetAndMetadata(5)), group);
        producer.commitTransaction();
        assertThat(position(in)).isEqualTo(5);

        producer.beginTransaction();
        send(producer, "second");
        producer.sendOffsetsToTransaction(Map.of(in, new OffsetAndMetadata(9)), group);
        producer.abortTransaction();
        assertThat(position(in)).isEqualTo(5);
        assertThat(read("t", "read_committed")).containsExactly("first");
    }

    @Test
    void whatTakesTooLongIsAbortedAndItsProducerFenced() {
        KafkaProducer<String, String> slow = producer("id", 1_000);
        slow.beginTransaction();
        send(slow, "too late");
        slow.flush();

        KafkaConsumer<String, String> consumer = consumer("read_committed", "reader");
        TopicPartition partition = new TopicPartition("t", 0);
        await().atMost(PATIENCE)
                .until(() -> consumer.endOffsets(List.of(partition)).get(partition) > 0);

        assertThatThrownBy(slow::commitTransaction).isInstanceOf(KafkaException.class);
        assertThat(read("t", "read_committed")).isEmpty();
    }

    private long position(TopicPartition partition) {
        // Which waits for as long as positions are in a transaction that has not ended yet.
        return consumer("read_committed", "copiers")
                .committed(Set.of(partition))
                .get(partition)
                .offset();
    }

    @Test
    void aTransactionThatIsOpenWhenTheBrokerStopsIsFinishedAfterwards() {
        KafkaProducer<String, String> producer = producer("id");
        producer.beginTransaction();
        send(producer, "before", "as well");
        producer.flush();
        String servers = broker.bootstrapServers();
        int port = Integer.parseInt(servers.substring(servers.lastIndexOf(':') + 1));
        broker.close();
        broker = EmbeddedBroker.builder()
                .logFolder(folder.resolve("data"))
                .port(port)
                .start();
        send(producer, "after");
        producer.commitTransaction();
        assertThat(read("t", "read_committed")).containsExactlyInAnyOrder("before", "as well", "after");
    }

    @Test
    void manyPartitionsAreCommittedTogether() throws Exception {
        topic("wide", 200);
        KafkaProducer<String, String> producer = producer("id");
        Map<Integer, String> sent = new HashMap<>();
        producer.beginTransaction();
        for (int i = 0; i < 200; i++) {
            sent.put(i, "wide-" + i);
            producer.send(new ProducerRecord<>("wide", i, null, sent.get(i)));
        }
        producer.commitTransaction();
        assertThat(read("wide", "read_committed")).containsExactlyInAnyOrderElementsOf(sent.values());
    }
}
