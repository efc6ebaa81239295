package io.odradek.server.tools;

import static org.assertj.core.api.Assertions.assertThat;

import io.odradek.server.embedded.EmbeddedBroker;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The lines of the performance tools are those of Apache Kafka's, 3.9.2 and 4.3.1, but for the numbers in them. */
@Timeout(240)
class SamePerformanceAsKafkaTest {
    private static final String PRODUCER = "org.apache.kafka.tools.ProducerPerformance";
    private static final String CONSUMER = "org.apache.kafka.tools.ConsumerPerformance";
    private static final int RECORDS = 2_000;

    @TempDir
    private static Path folder;

    private static KafkaTool old;
    private static KafkaTool current;
    private static EmbeddedBroker broker;

    @BeforeAll
    static void start() throws Exception {
        old = new KafkaTool("3.9.2", folder.resolve("old"));
        current = new KafkaTool("4.3.1", folder.resolve("current"));
        broker = EmbeddedBroker.builder().topic("written", 1).topic("read", 1).start();
        ours("producer-perf-test", "--topic", "read", "--num-records", RECORDS + "", "--record-size", "100");
    }

    @AfterAll
    static void stop() throws Exception {
        broker.close();
        old.close();
        current.close();
    }

    @Test
    void whatWasSent() throws Exception {
        String servers = "bootstrap.servers=" + broker.bootstrapServers();
        Path file = Files.writeString(folder.resolve("payloads.txt"), "one\ntwo\n\nthree\n");
        for (String[] call : new String[][] {
            {"--num-records", "3000", "--record-size", "100", "--throughput", "-1", "--producer-props", servers},
            {"--num-records", "9", "--payload-monotonic", "--throughput", "1000", "--producer-props", servers, "acks=1"
            },
            {"--num-records", "9", "--payload-file", file + "", "--throughput", "-1", "--producer-props", servers},
            {
                "--num-records",
                "50",
                "--record-size",
                "0",
                "--throughput",
                "500",
                "--transaction-duration-ms",
                "20",
                "--producer-props",
                servers
            }
        }) {
            same(old, PRODUCER, "producer-perf-test", with("written", call));
        }
        same(
                current,
                PRODUCER,
                "producer-perf-test",
                with(
                        "written",
                        "--num-records",
                        "600",
                        "--record-size",
                        "10",
                        "--throughput",
                        "1000",
                        "--warmup-records",
                        "200",
                        "--reporting-interval",
                        "50",
                        "--bootstrap-server",
                        broker.bootstrapServers(),
                        "--command-property",
                        "linger.ms=1",
                        "batch.size=20000"));
    }

    @Test
    void whatWasRead() throws Exception {
        String[] at = {"--bootstrap-server", broker.bootstrapServers()};
        String all = Integer.toString(RECORDS);
        same(old, CONSUMER, "consumer-perf-test", with("read", at, "--messages", all));
        same(old, CONSUMER, "consumer-perf-test", with("read", at, "--messages", all, "--hide-header"));
        same(old, CONSUMER, "consumer-perf-test", with("read", at, "--messages", "9", "--date-format", "HH/mm"));
        same(old, CONSUMER, "consumer-perf-test", with("read", at, "--messages", "9999", "--timeout", "1200"));
        same(
                current,
                CONSUMER,
                "consumer-perf-test",
                "--include",
                "rea.",
                at[0],
                at[1],
                "--num-records",
                all,
                "--show-detailed-stats",
                "--reporting-interval",
                "1");
        // The position that one has left is where the other goes on.
        same(
                old,
                CONSUMER,
                "consumer-perf-test",
                with("read", at, "--messages", "9", "--group", "shared", "--timeout", "5000"));
        assertThat(ToolCall.at(broker, "groups", "--describe", "--group", "shared")
                        .out())
                .containsPattern("read +0 +1000");
    }

    @Test
    void whatTheClientsCounted() throws Exception {
        String[] at = {"--bootstrap-server", broker.bootstrapServers()};
        String[] sending = with("written", at, "--num-records", "9", "--record-size", "9", "--throughput", "-1");
        sameMetrics(PRODUCER, "producer-perf-test", sending);
        sameMetrics(CONSUMER, "consumer-perf-test", with("read", at, "--num-records", "9"));
    }

    private static void sameMetrics(String kafkaClass, String tool, String... arguments) throws Exception {
        String[] call = Arrays.copyOf(arguments, arguments.length + 1);
        call[arguments.length] = "--print-metrics";
        UnaryOperator<String> bare = line -> masked(line).replaceAll(" +", " ").replaceAll("[^ ]+$", "value");
        Set<String> theirs = lines(kafka(current, kafkaClass, call), bare);
        assertThat(theirs.size()).isGreaterThan(50);
        String ours = ours(tool, call);
        // A newer client counts more.
        assertThat(lines(ours, bare)).containsAll(theirs);
        assertThat(ours.lines()
                        .dropWhile(line -> !line.startsWith("Metric Name"))
                        .skip(1)
                        .map(line -> line.indexOf(" : "))
                        .distinct())
                .hasSize(1);
    }

    private static void same(KafkaTool kafka, String kafkaClass, String tool, String... arguments) throws Exception {
        Set<String> theirs = lines(kafka(kafka, kafkaClass, arguments), SamePerformanceAsKafkaTest::masked);
        assertThat(lines(ours(tool, arguments), SamePerformanceAsKafkaTest::masked))
                .as(String.join(" ", arguments))
                .isEqualTo(theirs);
    }

    private static String ours(String tool, String... arguments) {
        List<String> call = new ArrayList<>(List.of(arguments));
        call.add(0, tool);
        String[] all = call.toArray(String[]::new);
        boolean says = call.contains("--bootstrap-server") || call.contains("--producer-props");
        return (says ? ToolCall.of(all) : ToolCall.at(broker, all)).output();
    }

    private static String kafka(KafkaTool kafka, String kafkaClass, String... arguments) throws Exception {
        ToolCall call = kafka.call(kafkaClass, arguments);
        assertThat(call.status()).as(call.toString()).isZero();
        return call.out();
    }

    /** How many lines of intervals there are is a matter of time, so each kind of line counts once. */
    private static Set<String> lines(String output, UnaryOperator<String> change) {
        Set<String> lines = new LinkedHashSet<>();
        output.lines().map(change).forEach(lines::add);
        return lines;
    }

    /** A number is its decimals only. */
    private static String masked(String line) {
        return line.replaceAll("(?<![.\\d])\\d+", "9").replaceAll("\\d", "9");
    }

    private static String[] with(String topic, String... arguments) {
        return with(topic, new String[0], arguments);
    }

    private static String[] with(String topic, String[] at, String... arguments) {
        List<String> all = new ArrayList<>(List.of("--topic", topic));
        all.addAll(List.of(at));
        all.addAll(List.of(arguments));
        return all.toArray(String[]::new);
    }
}
