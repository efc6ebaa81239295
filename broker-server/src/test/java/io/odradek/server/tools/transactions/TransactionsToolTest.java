package io.odradek.server.tools.transactions;

import static java.util.concurrent.TimeUnit.MINUTES;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.odradek.server.clients.HungTransactions;
import io.odradek.server.embedded.EmbeddedBroker;
import io.odradek.server.tools.KafkaTool;
import io.odradek.server.tools.ToolCall;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** {@code broker-transactions}, alone and beside that of Kafka 3.9.2. */
@Timeout(300)
class TransactionsToolTest {
    private static final String KAFKAS = "org.apache.kafka.tools.TransactionsCommand";

    private static final TopicPartition HUNG = new TopicPartition("orders", 1);

    @TempDir
    private static Path folder;

    private static KafkaTool kafka;
    private static EmbeddedBroker broker;

    private final List<KafkaProducer<String, String>> producers = new ArrayList<>();

    @BeforeAll
    static void start() throws Exception {
        kafka = new KafkaTool("3.9.2", folder);
        // Without verification, so that records of a transaction that no coordinator knows can be written.
        broker = EmbeddedBroker.builder()
                .setting("transaction.partition.verification.enable", "false")
                .start();
    }

    @AfterAll
    static void stop() throws Exception {
        broker.close();
        kafka.close();
    }

    @BeforeEach
    void reset() {
        broker.reset();
        broker.createTopic("orders", 2);
    }

    @AfterEach
    void closeProducers() {
        producers.forEach(each -> each.close(Duration.ZERO));
    }

    @Test
    void itPrintsWhatKafkasOwnToolPrints() throws Exception {
        begin("a-transactional-id-that-is-longer-than-its-column").commitTransaction();
        begin("open");
        same("list");
        same("list", "--duration-filter", "-1");
        same("list", "--duration-filter", "3600000");
        same("describe-producers", "--topic", "orders", "--partition", "0");
        same("describe-producers", "--topic", "orders", "--partition", "1", "--broker-id", "0");
        same("find-hanging", "--topic", "orders");
        same("find-hanging", "--broker-id", "0", "--max-transaction-timeout", "0");

        for (String id : List.of("a-transactional-id-that-is-longer-than-its-column", "open")) {
            // One value tells for how long it has been open.
            String[] ours = ours("describe", "--transactional-id", id).split("\t", -1);
            String[] theirs = theirs("describe", "--transactional-id", id).split("\t", -1);
            assertThat(ours).hasSize(19).contains("60000               ");
            assertThat(ours[16]).matches("\\d+ +").hasSameSizeAs(theirs[16]);
            ours[16] = theirs[16];
            assertThat(ours).isEqualTo(theirs);
        }
    }

    @Test
    void whatHangsIsFoundAndAborted() throws Exception {
        begin("open");
        HungTransactions.leave(broker, HUNG, 4711);
        String[] find = {"find-hanging", "--topic", "orders", "--max-transaction-timeout", "0"};
        same(find);
        same("find-hanging", "--broker-id", "0", "--max-transaction-timeout", "0");
        // The other one is open as long, and its coordinator will end it.
        assertThat(rows(find))
                .singleElement()
                .satisfies(row -> assertThat(row).startsWith("orders", "1", "4711", "0", "-1", "0"));
        assertThat(rows("find-hanging", "--topic", "orders", "--partition", "1"))
                .isEmpty();

        String[] abort = {"abort", "--topic", "orders", "--partition", "1", "--start-offset", "0"};
        assertThat(ours(abort)).isEmpty();
        assertThat(failure(abort)).isEqualTo("No open transaction begins at offset 0 of orders-1");
        assertThat(rows(find)).isEmpty();

        HungTransactions.leave(broker, HUNG, 4712);
        assertThat(ours(
                        "abort",
                        "--topic",
                        "orders",
                        "--partition",
                        "1",
                        "--producer-id",
                        "4712",
                        "--producer-epoch",
                        "0",
                        "--coordinator-epoch",
                        "-1"))
                .isEmpty();
        assertThat(rows(find)).isEmpty();
    }

    @Test
    void aProducerAtWorkIsStopped() {
        KafkaProducer<String, String> open = begin("open");
        assertThat(ours("forceTerminateTransaction", "--transactionalId", "open"))
                .isEmpty();
        assertThatThrownBy(open::commitTransaction).isInstanceOf(KafkaException.class);
        assertThat(failure("forceTerminateTransaction", "--transactionalId", "nobody"))
                .isEqualTo("There is no producer with the transactional id \"nobody\"");
    }

    @Test
    void listsAreFiltered() {
        begin("done").commitTransaction();
        begin("open");
        await().atMost(1, MINUTES)
                .until(() -> rows("list", "--state", "completecommit").size() == 1);
        assertThat(rows("list", "--state", "Ongoing,PrepareAbort"))
                .singleElement()
                .satisfies(row -> assertThat(row).startsWith("open", "0").endsWith("Ongoing"));
        assertThat(rows("list", "--transactional-id-pattern", "o.*"))
                .singleElement()
                .satisfies(row -> assertThat(row).startsWith("open"));
        String id = rows("list", "--transactional-id-pattern", "done").get(0).get(2);
        assertThat(rows("list", "--producer-id", id + ",4711"))
                .singleElement()
                .satisfies(row -> assertThat(row).startsWith("done"));
        assertThat(ours("list", "--transactional-id-pattern", "open", "--json"))
                .matches("\\{\"transactionalId\":\"open\",\"coordinator\":0,\"producerId\":\\d+,"
                        + "\"transactionState\":\"Ongoing\"}\n");
        assertThat(ours("describe", "--transactional-id", "open", "--json"))
                .contains(
                        "\"transactionTimeoutMs\":60000,",
                        ",\"topicPartitions\":[{\"topic\":\"orders\",\"partition\":0}]}");
    }

    @Test
    void aTerminalShowsATableThatFitsOrAList() {
        begin("open");
        String[] describe = ToolCall.with(broker, "transactions", "describe", "--transactional-id", "open");
        assertThat(ToolCall.typed("", 160, describe).output().lines())
                .hasSize(2)
                .allSatisfy(line -> assertThat(line).doesNotContain("\t").hasSizeLessThanOrEqualTo(160));
        assertThat(ToolCall.typed("", 80, describe).output().lines())
                .hasSize(9)
                .contains(
                        "TransactionalId                open",
                        "TransactionState               Ongoing",
                        "TransactionTimeoutMs           60000",
                        "TopicPartitions                orders-0");
    }

    @Test
    void badCallsAreOneLine() {
        assertThat(failure()).startsWith("Say what to do: list, describe, ");
        assertThat(failure("lst")).startsWith("\"lst\" is none of list, describe, ");
        assertThat(failure("list", "--topic", "orders")).startsWith("--topic does not go with list (");
        assertThat(failure("list", "--state", "Open"))
                .startsWith("\"Open\" is no state of a transaction; there are CompleteAbort, ");
        assertThat(failure("list", "--duration-filter", "long")).contains("--duration-filter", "'long'");
        assertThat(failure("list", "--transactional-id-pattern", "d(")).isEqualTo("\"d(\" is no regular expression");
        assertThat(failure("describe")).startsWith("Say which --transactional-id");
        assertThat(failure("describe", "--transactional-id", "nobody"))
                .isEqualTo("There is no producer with the transactional id \"nobody\"");
        assertThat(failure("describe-producers", "--topic", "orders")).startsWith("Give --topic and --partition");
        assertThat(failure("describe-producers", "--topic", "none", "--partition", "0"))
                .isEqualTo("There is no topic none");
        assertThat(failure("describe-producers", "--topic", "orders", "--partition", "2"))
                .isEqualTo("There is no partition orders-2");
        assertThat(failure("describe-producers", "--topic", "orders", "--partition", "0", "--broker-id", "7"))
                .isEqualTo("There is no broker 7; there is 0");
        assertThat(failure("find-hanging")).startsWith("Say where to look");
        assertThat(failure("find-hanging", "--partition", "0", "--broker-id", "0"))
                .startsWith("--partition goes with --topic");
        assertThat(failure("find-hanging", "--topic", "orders", "--partition", "5"))
                .isEqualTo("There is no partition orders-5");
        assertThat(failure("abort", "--topic", "orders", "--partition", "0")).startsWith("Say which transaction");
        assertThat(failure("abort", "--topic", "orders", "--partition", "0", "--producer-id", "1"))
                .startsWith("Give the --producer-epoch");
    }

    private KafkaProducer<String, String> begin(String id) {
        Map<String, Object> settings = new HashMap<>(broker.clientProperties());
        settings.put("transactional.id", id);
        KafkaProducer<String, String> producer =
                new KafkaProducer<>(settings, new StringSerializer(), new StringSerializer());
        producers.add(producer);
        producer.initTransactions();
        producer.beginTransaction();
        producer.send(new ProducerRecord<>("orders", 0, null, id));
        producer.flush();
        return producer;
    }

    private static void same(String... arguments) throws Exception {
        assertThat(ours(arguments).lines().sorted())
                .as(String.join(" ", arguments))
                .isEqualTo(theirs(arguments).lines().sorted().toList());
    }

    private static ToolCall call(String... arguments) {
        List<String> all = new ArrayList<>(List.of("transactions"));
        all.addAll(Arrays.asList(arguments));
        return ToolCall.at(broker, all.toArray(String[]::new));
    }

    private static String ours(String... arguments) {
        return call(arguments).output();
    }

    private static String failure(String... arguments) {
        return call(arguments).failure();
    }

    private static String theirs(String... arguments) throws Exception {
        List<String> all = new ArrayList<>(List.of("--bootstrap-server", broker.bootstrapServers()));
        all.addAll(Arrays.asList(arguments));
        ToolCall done = kafka.call(KAFKAS, all.toArray(String[]::new));
        assertThat(done.status()).as(done.toString()).isZero();
        return done.out();
    }

    /** {@return the words of the rows below the heading} */
    private static List<List<String>> rows(String... arguments) {
        return ours(arguments)
                .lines()
                .skip(1)
                .map(line -> List.of(line.strip().split("\\s+")))
                .toList();
    }
}
