package io.odradek.server.clients;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.odradek.server.embedded.EmbeddedBroker;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Log folders change hands between this broker and Apache Kafka 3.9.2. */
@Timeout(300)
class KafkaFoldersTest {
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final int RECORDS = 10_000;

    @TempDir
    Path folder;

    @Test
    void kafkasDumpToolReadsOurFolderWithoutAComplaint() throws Exception {
        Path data = folder.resolve("ours");
        try (EmbeddedBroker broker = EmbeddedBroker.builder()
                .logFolder(data)
                .setting("log.segment.bytes", "65536")
                .setting("log.index.interval.bytes", "512")
                .start()) {
            fill(broker.bootstrapServers());
        }
        Peer kafka = new Peer("3.9.2", folder.resolve("peer"));
        List<String> logs = files(data, ".log");
        assertThat(logs.size()).isGreaterThan(10);
        Finished dumped = dump(kafka, "--deep-iteration", logs);
        assertThat(dumped.errors()).isEmpty();
        assertThat(dumped.output()).contains("isvalid: true").doesNotContain("isvalid: false");
        for (String suffix : List.of(".index", ".timeindex")) {
            Finished checked = dump(kafka, "--index-sanity-check", files(data, suffix));
            assertThat(checked.errors()).isEmpty();
            Finished verified = dump(kafka, "--verify-index-only", files(data, suffix));
            assertThat(verified.errors()).isEmpty();
            assertThat(verified.output()).doesNotContain("Found").doesNotContain("mismatch");
        }
        List<String> snapshots = files(data, ".snapshot");
        assertThat(snapshots).isNotEmpty();
        assertThat(dump(kafka, "--deep-iteration", snapshots).output()).contains("producerId: ");
    }

    @Test
    void aFolderThatKafkaWroteIsServed() throws Exception {
        Path data = folder.resolve("kafkas");
        Peer peer = new Peer("3.9.2", folder.resolve("peer"));
        try (RunningKafka kafka = RunningKafka.start(peer, folder.resolve("peer"), data)) {
            fill(kafka.bootstrapServers());
        }
        try (EmbeddedBroker broker = EmbeddedBroker.builder().logFolder(data).start()) {
            assertFilled(broker.bootstrapServers());
        }
    }

    @Test
    void aFolderThatKafkaLeftWhenKilledIsServed() throws Exception {
        Path data = folder.resolve("killed");
        Peer peer = new Peer("3.9.2", folder.resolve("peer"));
        try (RunningKafka kafka = RunningKafka.start(peer, folder.resolve("peer"), data)) {
            fill(kafka.bootstrapServers());
            kafka.kill();
        }
        try (EmbeddedBroker broker = EmbeddedBroker.builder().logFolder(data).start()) {
            assertFilled(broker.bootstrapServers());
        }
    }

    private static void fill(String bootstrapServers) throws Exception {
        try (Admin admin = Admin.create(Map.<String, Object>of("bootstrap.servers", bootstrapServers))) {
            admin.createTopics(List.of(new NewTopic("moved", 2, (short) 1)))
                    .all()
                    .get();
        }
        String[] codecs = {"none", "gzip", "snappy", "lz4", "zstd"};
        for (int c = 0; c < codecs.length; c++) {
            Map<String, Object> settings = Map.of(
                    "bootstrap.servers",
                    bootstrapServers,
                    "compression.type",
                    codecs[c],
                    "batch.size",
                    1000,
                    "linger.ms",
                    2);
            try (KafkaProducer<String, String> producer =
                    new KafkaProducer<>(settings, new StringSerializer(), new StringSerializer())) {
                for (int i = c; i < RECORDS; i += codecs.length) {
                    producer.send(new ProducerRecord<>("moved", i % 2, "k" + i, "v" + i + "-".repeat(i % 200)));
                }
            }
        }
        Map<String, Object> settings = Map.of("bootstrap.servers", bootstrapServers, "group.id", "movers");
        try (KafkaConsumer<String, String> consumer =
                new KafkaConsumer<>(settings, new StringDeserializer(), new StringDeserializer())) {
            consumer.assign(List.of(new TopicPartition("moved", 0)));
            consumer.commitSync(Map.of(new TopicPartition("moved", 0), new OffsetAndMetadata(321, "note")));
        }
    }

    private static void assertFilled(String bootstrapServers) throws Exception {
        Map<String, Object> settings =
                Map.of("bootstrap.servers", bootstrapServers, "group.id", "movers", "auto.offset.reset", "earliest");
        Map<String, String> found = new HashMap<>();
        TopicPartition first = new TopicPartition("moved", 0);
        List<TopicPartition> partitions = List.of(first, new TopicPartition("moved", 1));
        try (KafkaConsumer<String, String> consumer =
                new KafkaConsumer<>(settings, new StringDeserializer(), new StringDeserializer())) {
            assertThat(consumer.committed(Set.of(first)).get(first)).isEqualTo(new OffsetAndMetadata(321, "note"));
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            while (partitions.stream().anyMatch(p -> consumer.position(p) < ends.get(p))) {
                for (ConsumerRecord<String, String> record : consumer.poll(Duration.ofMillis(100))) {
                    assertThat(found.put(record.key(), record.value())).isNull();
                }
            }
        }
        assertThat(found).hasSize(RECORDS);
        for (int i = 0; i < RECORDS; i++) {
            assertThat(found).containsEntry("k" + i, "v" + i + "-".repeat(i % 200));
        }
        try (KafkaProducer<String, String> producer = new KafkaProducer<>(
                Map.<String, Object>of("bootstrap.servers", bootstrapServers, "acks", "all"),
                new StringSerializer(),
                new StringSerializer())) {
            assertThat(producer.send(new ProducerRecord<>("moved", 0, "next", "one"))
                            .get()
                            .offset())
                    .isEqualTo(RECORDS / 2);
        }
    }

    private static Finished dump(Peer kafka, String option, List<String> files) throws Exception {
        Finished finished = Finished.run(
                kafka.java("kafka.tools.DumpLogSegments", option, "--files", String.join(",", files)), "", LIMIT);
        assertThat(finished.status()).as(finished.errors()).isZero();
        return finished;
    }

    private static List<String> files(Path data, String suffix) throws IOException {
        try (Stream<Path> all = Files.walk(data)) {
            return all.map(Path::toString)
                    .filter(name -> name.endsWith(suffix))
                    .sorted()
                    .toList();
        }
    }

    /** Apache Kafka with its ZooKeeper. */
    private record RunningKafka(Process zooKeeper, Process kafka, int port) implements AutoCloseable {
        static RunningKafka start(Peer peer, Path folder, Path data) throws Exception {
            int zooKeeperPort = freePort();
            int port = freePort();
            Path zooKeeperSettings = folder.resolve("zookeeper.properties");
            Files.write(
                    zooKeeperSettings,
                    List.of(
                            "dataDir=" + folder.resolve("zookeeper"),
                            "clientPort=" + zooKeeperPort,
                            "clientPortAddress=127.0.0.1",
                            "admin.enableServer=false"));
            Path settings = folder.resolve("server.properties");
            Files.write(
                    settings,
                    List.of(
                            "broker.id=0",
                            "listeners=PLAINTEXT://127.0.0.1:" + port,
                            "zookeeper.connect=127.0.0.1:" + zooKeeperPort,
                            "log.dirs=" + data,
                            "log.segment.bytes=65536",
                            "offsets.topic.replication.factor=1",
                            "offsets.topic.num.partitions=3"));
            Process zooKeeper =
                    process(peer, folder, "org.apache.zookeeper.server.quorum.QuorumPeerMain", zooKeeperSettings);
            awaitPort(zooKeeperPort);
            Process kafka = process(peer, folder, "kafka.Kafka", settings);
            awaitPort(port);
            return new RunningKafka(zooKeeper, kafka, port);
        }

        String bootstrapServers() {
            return "127.0.0.1:" + port;
        }

        void kill() {
            kafka.destroyForcibly().onExit().join();
        }

        @Override
        public void close() {
            kafka.destroy();
            kafka.onExit().orTimeout(LIMIT.toSeconds(), TimeUnit.SECONDS).join();
            zooKeeper.destroyForcibly().onExit().join();
        }

        private static Process process(Peer peer, Path folder, String mainClass, Path settings) throws IOException {
            Path output = folder.resolve(mainClass + ".out");
            return peer.java(mainClass, settings.toString())
                    .redirectErrorStream(true)
                    .redirectOutput(output.toFile())
                    .start();
        }

        private static void awaitPort(int port) {
            await().atMost(LIMIT).ignoreExceptionsInstanceOf(IOException.class).until(() -> {
                new Socket(InetAddress.getLoopbackAddress(), port).close();
                return true;
            });
        }

        private static int freePort() throws IOException {
            try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
                return socket.getLocalPort();
            }
        }
    }
}
