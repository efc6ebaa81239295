package io.odradek.server.clients;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.odradek.server.cluster.ForeignProcess;
import io.odradek.server.embedded.EmbeddedBroker;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListConsumerGroupOffsetsOptions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.TransactionState;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/**
 * Transactions of librdkafka, kafkajs and the first Java client that had them; a current Java client sees what came of it.
 * Each takes the same steps: commit and abort, positions of a group, a zombie, 200 partitions, a time-out, a restart.
 */
@DisabledOnOs(OS.WINDOWS)
@Timeout(300)
class ForeignTransactionsTest {
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final TopicPartition IN = new TopicPartition("in", 0);

    @TempDir
    Path folder;

    private EmbeddedBroker broker;
    private Admin admin;

    @BeforeEach
    void start() throws Exception {
        start(0);
        admin.createTopics(List.of(
                        new NewTopic("t", 3, (short) 1),
                        new NewTopic(IN.topic(), 1, (short) 1),
                        new NewTopic("wide", 200, (short) 1)))
                .all()
                .get();
    }

    private void start(int port) {
        broker = EmbeddedBroker.builder()
                .logFolder(folder.resolve("data"))
                .setting("transaction.abort.timed.out.transaction.cleanup.interval.ms", "100")
                .port(port)
                .start();
        admin = Admin.create(Map.<String, Object>of("bootstrap.servers", broker.bootstrapServers()));
    }

    @AfterEach
    void stop() {
        admin.close();
        broker.close();
    }

    private void restart() {
        String servers = broker.bootstrapServers();
        stop();
        start(Integer.parseInt(servers.substring(servers.lastIndexOf(':') + 1)));
    }

    @Test
    void librdkafkaWritesInTransactions() throws Exception {
        String python = ForeignTool.pythonWith("confluent_kafka", "python3-confluent-kafka");
        assertStepsTaken(new ProcessBuilder(
                python, "src/test/clients/confluent-kafka-transactions.py", broker.bootstrapServers()));
    }

    @Test
    void kafkajsWritesInTransactions() throws Exception {
        String node = ForeignTool.command("node", "nodejs");
        ProcessBuilder command =
                new ProcessBuilder(node, "src/test/clients/kafkajs-transactions.js", broker.bootstrapServers());
        command.environment()
                .put(
                        "NODE_PATH",
                        ForeignTool.nodeModules().resolve("node_modules").toString());
        command.environment().put("KAFKAJS_NO_PARTITIONER_WARNING", "1");
        assertStepsTaken(command);
    }

    @Test
    void theFirstJavaClientWithTransactionsWritesInThem() throws Exception {
        Peer client = new Peer("clients-0.11.0.3", folder.resolve("peer"));
        assertStepsTaken(client.java("src/test/clients/OldestTransactions.java", broker.bootstrapServers()));
    }

    private void assertStepsTaken(ProcessBuilder command) throws Exception {
        try (ForeignProcess client = new ForeignProcess(command, folder.resolve("client.out"))) {
            client.awaitLines(5);
            await().atMost(LIMIT).until(() -> isAborted("slow"));
            client.write("go on\n");
            client.awaitLines(7);
            restart();
            client.write("go on\n");

            assertThat(client.finish()).as(client.errors()).isZero();
            assertThat(client.lines())
                    .containsExactly(
                            "ended", "positions", "fenced", "wide", "open", "timed out", "restart", "restarted");
        }
        assertThat(read("t", "read_committed"))
                .containsExactlyInAnyOrder(
                        "committed 0",
                        "committed 1",
                        "committed 2",
                        "committed 3",
                        "with position 5",
                        "of its heir",
                        "before",
                        "after");
        assertThat(read("t", "read_uncommitted")).contains("aborted 0", "aborted 1", "with position 9", "of a zombie");
        assertThat(read("wide", "read_committed"))
                .containsExactlyInAnyOrderElementsOf(
                        IntStream.range(0, 200).mapToObj(i -> "wide " + i).toList());
        assertThat(admin.listConsumerGroupOffsets("copiers", new ListConsumerGroupOffsetsOptions().requireStable(true))
                        .partitionsToOffsetAndMetadata()
                        .get()
                        .get(IN)
                        .offset())
                .isEqualTo(5);
    }

    private boolean isAborted(String id) throws Exception {
        return admin.describeTransactions(List.of(id)).description(id).get().state() == TransactionState.COMPLETE_ABORT;
    }

    @Test
    void kcatCommitsWhatItHasReadAndItsNextRunAbortsWhatAKilledOneLeft() throws Exception {
        String kcat = ForeignTool.command("kcat", "kcat");
        List<String> producing = List.of(
                kcat, "-b", broker.bootstrapServers(), "-P", "-t", "t", "-p", "0", "-X", "transactional.id=kcat");
        Finished committed = Finished.run(new ProcessBuilder(producing), "one\ntwo\n", LIMIT);
        assertThat(committed.status()).as(committed.errors()).isZero();

        try (ForeignProcess aborted = new ForeignProcess(new ProcessBuilder(producing), folder.resolve("kcat.out"))) {
            // kcat reads much at once, and waits for it.
            aborted.write("aborted\n".repeat(10_000));
            await().atMost(LIMIT).until(() -> read("t", "read_uncommitted").contains("aborted"));
        }
        Finished next = Finished.run(new ProcessBuilder(producing), "three\n", LIMIT);
        assertThat(next.status()).as(next.errors()).isZero();

        Finished consumed = Finished.run(
                new ProcessBuilder(
                        kcat,
                        "-b",
                        broker.bootstrapServers(),
                        "-C",
                        "-t",
                        "t",
                        "-p",
                        "0",
                        "-o",
                        "beginning",
                        "-e",
                        "-q",
                        "-X",
                        "isolation.level=read_committed"),
                "",
                LIMIT);
        assertThat(consumed.output()).as(consumed.errors()).isEqualTo("one\ntwo\nthree\n");
    }

    /** {@return what is there of a topic, up to its end as the isolation level has it} */
    private List<String> read(String topic, String isolation) {
        List<String> values = new ArrayList<>();
        try (KafkaConsumer<String, String> consumer = new KafkaConsumer<>(
                Map.of("bootstrap.servers", broker.bootstrapServers(), "isolation.level", isolation),
                new StringDeserializer(),
                new StringDeserializer())) {
            List<TopicPartition> partitions = consumer.partitionsFor(topic).stream()
                    .map(info -> new TopicPartition(topic, info.partition()))
                    .toList();
            WholeRead.of(consumer, partitions, record -> values.add(record.value()));
        }
        return values;
    }
}
