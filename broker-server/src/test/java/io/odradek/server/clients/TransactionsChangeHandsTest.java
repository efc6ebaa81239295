package io.odradek.server.clients;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.odradek.server.embedded.EmbeddedBroker;
import io.odradek.server.zookeeper.TestEnsemble;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListConsumerGroupOffsetsOptions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * This broker and Apache Kafka 3.9.2 take turns at one log folder and one tree in ZooKeeper, each of which leaves transactions open
 * that the next one finishes: with records of both versions in {@code __transaction_state}, and positions of groups.
 */
@Timeout(300)
@SuppressWarnings("removal")
class TransactionsChangeHandsTest {
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final TopicPartition PARTITION = new TopicPartition("t", 0);
    private static final long NO_POSITION = -1;

    @TempDir
    Path folder;

    private TestEnsemble ensemble;
    private Peer peer;
    private int port;
    private final List<KafkaProducer<String, String>> producers = new ArrayList<>();

    @BeforeEach
    void start() throws Exception {
        ensemble = new TestEnsemble(Files.createDirectory(folder.resolve("zookeeper")), 3_000);
        peer = new Peer("3.9.2", folder.resolve("peer"));
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = socket.getLocalPort();
        }
    }

    @AfterEach
    void stop() {
        producers.forEach(producer -> producer.close(Duration.ZERO));
        ensemble.close();
    }

    @Test
    void whatOneLeavesOpenTheOtherFinishes() throws Exception {
        try (EmbeddedBroker broker = ours(2);
                Admin admin = admin()) {
            assertThat(broker.bootstrapServers()).isEqualTo(servers());
            admin.createTopics(List.of(new NewTopic(PARTITION.topic(), 1, (short) 1)))
                    .all()
                    .get();
            for (String group : List.of("committed", "aborted", "abandoned", "kept", "kafkas", "ours")) {
                admin.alterConsumerGroupOffsets(group, Map.of(PARTITION, new OffsetAndMetadata(10)))
                        .all()
                        .get();
            }
            KafkaProducer<String, String> twice = begin("committed");
            twice.commitTransaction();
            continued(twice, "committed again").commitTransaction();
            begin("aborted").abortTransaction();
            begin("abandoned").close(Duration.ZERO);
        }

        KafkaProducer<String, String> kafkas;
        try (KafkaBroker broker = kafka();
                Admin admin = admin()) {
            assertThat(committed()).containsExactly("committed", "committed again");
            awaitPosition(admin, "committed", 100);
            assertThat(position(admin, "aborted", true)).isEqualTo(10);
            assertThat(position(admin, "abandoned", false)).isEqualTo(10);
            assertThat(position(admin, "abandoned", true))
                    .as("the transaction has not ended")
                    .isEqualTo(NO_POSITION);
            started("abandoned");
            awaitPosition(admin, "abandoned", 10);

            kafkas = begin("kafkas");
            begin("kept").close(Duration.ZERO);
            broker.stop();
        }

        KafkaProducer<String, String> ours;
        try (EmbeddedBroker broker = ours(0);
                Admin admin = admin()) {
            assertThat(broker.bootstrapServers()).isEqualTo(servers());
            assertThat(committed()).containsExactly("committed", "committed again");
            assertThat(position(admin, "kafkas", true)).isEqualTo(NO_POSITION);
            send(kafkas, "kafkas, continued");
            kafkas.commitTransaction();
            awaitPosition(admin, "kafkas", 100);
            started("kept");
            awaitPosition(admin, "kept", 10);

            ours = begin("ours");
        }

        try (KafkaBroker broker = kafka();
                Admin admin = admin()) {
            assertThat(broker.process().isAlive()).isTrue();
            send(ours, "ours, continued");
            ours.commitTransaction();
            awaitPosition(admin, "ours", 100);
            assertThat(committed())
                    .containsExactly(
                            "committed", "committed again", "kafkas", "kafkas, continued", "ours", "ours, continued");
            assertThat(read("read_uncommitted")).contains("aborted", "abandoned", "kept");
        }
    }

    private EmbeddedBroker ours(int transactionVersion) {
        return EmbeddedBroker.builder()
                .logFolder(folder.resolve("data"))
                .port(port)
                .setting("broker.id", "0")
                .setting("zookeeper.connect", ensemble.connect())
                .setting("odradek.transaction.version", Integer.toString(transactionVersion))
                .setting("transaction.state.log.num.partitions", "2")
                .setting("offsets.topic.num.partitions", "2")
                .start();
    }

    private KafkaBroker kafka() throws IOException {
        return KafkaBroker.start(
                peer,
                folder.resolve("kafka"),
                List.of(
                        "broker.id=0",
                        "zookeeper.connect=" + ensemble.connect(),
                        "listeners=PLAINTEXT://" + servers(),
                        "log.dirs=" + folder.resolve("data")));
    }

    private String servers() {
        return "127.0.0.1:" + port;
    }

    private Admin admin() {
        return Admin.create(Map.<String, Object>of("bootstrap.servers", servers()));
    }

    private KafkaProducer<String, String> started(String id) {
        Map<String, Object> settings =
                Map.of("bootstrap.servers", servers(), "transactional.id", id, "transaction.timeout.ms", 600_000);
        KafkaProducer<String, String> producer =
                new KafkaProducer<>(settings, new StringSerializer(), new StringSerializer());
        producers.add(producer);
        producer.initTransactions();
        return producer;
    }

    /** {@return a producer in a transaction with a record and a position, whose names are that of the producer} */
    private KafkaProducer<String, String> begin(String id) throws Exception {
        KafkaProducer<String, String> producer = continued(started(id), id);
        producer.sendOffsetsToTransaction(Map.of(PARTITION, new OffsetAndMetadata(100)), new ConsumerGroupMetadata(id));
        return producer;
    }

    private static KafkaProducer<String, String> continued(KafkaProducer<String, String> producer, String value)
            throws Exception {
        producer.beginTransaction();
        send(producer, value);
        return producer;
    }

    private static void send(KafkaProducer<String, String> producer, String value) throws Exception {
        producer.send(new ProducerRecord<>(PARTITION.topic(), PARTITION.partition(), null, value))
                .get();
    }

    private static void awaitPosition(Admin admin, String group, long offset) {
        await().atMost(LIMIT)
                .ignoreExceptionsInstanceOf(ExecutionException.class)
                .until(() -> position(admin, group, true), position -> position == offset);
    }

    /** {@return the position, or -1 if there is none that may be told} */
    private static long position(Admin admin, String group, boolean stable) throws Exception {
        OffsetAndMetadata told = admin.listConsumerGroupOffsets(
                        group, new ListConsumerGroupOffsetsOptions().requireStable(stable))
                .partitionsToOffsetAndMetadata()
                .get()
                .get(PARTITION);
        return told == null ? NO_POSITION : told.offset();
    }

    private List<String> committed() {
        return read("read_committed");
    }

    private List<String> read(String isolation) {
        List<String> values = new ArrayList<>();
        try (KafkaConsumer<String, String> consumer = new KafkaConsumer<>(
                Map.of("bootstrap.servers", servers(), "isolation.level", isolation),
                new StringDeserializer(),
                new StringDeserializer())) {
            WholeRead.of(consumer, List.of(PARTITION), record -> values.add(record.value()));
        }
        return values;
    }
}
