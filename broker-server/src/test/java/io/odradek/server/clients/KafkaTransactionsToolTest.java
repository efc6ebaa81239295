package io.odradek.server.clients;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.odradek.server.embedded.EmbeddedBroker;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListTransactionsOptions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InvalidRegularExpression;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Apache Kafka's {@code kafka-transactions.sh} of two versions, with transactions of which one hangs. */
@Timeout(300)
class KafkaTransactionsToolTest {
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final TopicPartition WRITTEN = new TopicPartition("t", 0);
    private static final TopicPartition HUNG = new TopicPartition("t", 1);
    private static final long GHOST = 4711;
    private static final long OTHER_GHOST = 4712;

    @TempDir
    Path folder;

    private EmbeddedBroker broker;
    private Peer kafka;

    @BeforeEach
    void start() throws Exception {
        // Without verification, so that records of a transaction that no coordinator knows can be written.
        broker = EmbeddedBroker.builder()
                .setting("broker.id", "0")
                .setting("transaction.partition.verification.enable", "false")
                .start();
        try (Admin admin = Admin.create(Map.<String, Object>of("bootstrap.servers", broker.bootstrapServers()))) {
            admin.createTopics(List.of(new NewTopic("t", 2, (short) 1))).all().get();
        }
    }

    @AfterEach
    void stop() {
        broker.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"3.9.2", "4.3.1"})
    void theToolShowsTransactionsAndEndsThoseThatHang(String version) throws Exception {
        kafka = new Peer(version, folder.resolve("peer"));
        try (KafkaProducer<String, String> done = begin("done");
                KafkaProducer<String, String> open = begin("open")) {
            done.commitTransaction();
            awaitStable(WRITTEN, 1);
            HungTransactions.leave(broker, HUNG, GHOST);

            assertListed();
            assertThat(row("describe", "--transactional-id", "open")).contains("open", "Ongoing", "60000", "t-0");
            assertThat(row("describe-producers", "--topic", "t", "--partition", "1"))
                    .startsWith(Long.toString(GHOST), "0")
                    .endsWith("0");
            assertThat(row("find-hanging", "--topic", "t", "--max-transaction-timeout", "0"))
                    .startsWith("t", "1", Long.toString(GHOST), "0", "-1", "0");

            tool("abort", "--topic", "t", "--partition", "1", "--start-offset", "0");
            awaitStable(HUNG, 2);
            assertNothingShown("find-hanging", "--broker-id", "0", "--max-transaction-timeout", "0");

            if (version.startsWith("3.")) {
                assertNothingShown("list", "--duration-filter", "3600000");
                HungTransactions.leave(broker, HUNG, OTHER_GHOST);
                List<String> abort = new ArrayList<>(List.of("abort", "--topic", "t", "--partition", "1"));
                abort.addAll(List.of("--producer-id", Long.toString(OTHER_GHOST)));
                abort.addAll(List.of("--producer-epoch", "0", "--coordinator-epoch", "0"));
                tool(abort.toArray(String[]::new));
                awaitStable(HUNG, 4);
            } else {
                assertThat(row("list", "--transactional-id-pattern", "d.{2}e")).startsWith("done");
                assertThat(run("list", "--transactional-id-pattern", "d(").errors())
                        .contains("Failed to list transactions");
                assertRefused("d(");
                tool("forceTerminateTransaction", "--transactionalId", "open");
                awaitStable(WRITTEN, 4);
                assertThatThrownBy(open::commitTransaction).isInstanceOf(KafkaException.class);
            }
        }
    }

    private void assertListed() throws Exception {
        List<List<String>> rows = table(tool("list"));
        assertThat(rows).hasSize(3);
        assertThat(rows.get(0)).containsExactly("TransactionalId", "Coordinator", "ProducerId", "TransactionState");
        assertThat(rows.subList(1, 3))
                .anySatisfy(row -> assertThat(row).startsWith("done", "0").endsWith("CompleteCommit"))
                .anySatisfy(row -> assertThat(row).startsWith("open", "0").endsWith("Ongoing"));
    }

    /** Of what the tool does not tell. */
    private void assertRefused(String pattern) {
        try (Admin admin = Admin.create(Map.<String, Object>of("bootstrap.servers", broker.bootstrapServers()))) {
            ListTransactionsOptions options = new ListTransactionsOptions().filterOnTransactionalIdPattern(pattern);
            assertThatThrownBy(() -> admin.listTransactions(options).all().get())
                    .hasRootCauseInstanceOf(InvalidRegularExpression.class);
        }
    }

    private void assertNothingShown(String... arguments) throws Exception {
        assertThat(table(tool(arguments)).size()).isLessThanOrEqualTo(1);
    }

    /** {@return the only row of the table that the tool shows} */
    private List<String> row(String... arguments) throws Exception {
        List<List<String>> rows = table(tool(arguments));
        assertThat(rows).hasSize(2);
        return rows.get(1);
    }

    private static List<List<String>> table(Finished finished) {
        return finished.output()
                .lines()
                .filter(line -> !line.isBlank())
                .map(line -> List.of(line.strip().split("\\s+")))
                .toList();
    }

    private Finished tool(String... arguments) throws Exception {
        Finished finished = run(arguments);
        assertThat(finished.status()).as("%s %s", List.of(arguments), finished).isZero();
        return finished;
    }

    private Finished run(String... arguments) throws Exception {
        ProcessBuilder command = kafka.java(
                "org.apache.kafka.tools.TransactionsCommand", "--bootstrap-server", broker.bootstrapServers());
        command.command().add(1, "-XX:TieredStopAtLevel=1");
        command.command().addAll(List.of(arguments));
        return Finished.run(command, "", LIMIT);
    }

    private KafkaProducer<String, String> begin(String id) throws Exception {
        KafkaProducer<String, String> producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", broker.bootstrapServers(), "transactional.id", id),
                new StringSerializer(),
                new StringSerializer());
        producer.initTransactions();
        producer.beginTransaction();
        producer.send(new ProducerRecord<>("t", 0, null, id)).get();
        return producer;
    }

    private void awaitStable(TopicPartition partition, long offset) {
        try (KafkaConsumer<String, String> consumer = new KafkaConsumer<>(
                Map.of("bootstrap.servers", broker.bootstrapServers(), "isolation.level", "read_committed"),
                new StringDeserializer(),
                new StringDeserializer())) {
            await().atMost(LIMIT)
                    .until(() -> consumer.endOffsets(List.of(partition)).get(partition), end -> end == offset);
        }
    }
}
