package io.odradek.server.tools;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.odradek.core.coordination.json.JsonObject;
import io.odradek.core.coordination.json.JsonReader;
import io.odradek.server.embedded.EmbeddedBroker;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What the performance tools have beyond Kafka's, and what becomes of them when they are asked for what cannot be. */
@Timeout(120)
class PerformanceToolsTest {
    private static EmbeddedBroker broker;

    @TempDir
    private Path folder;

    @BeforeAll
    static void start() {
        broker = EmbeddedBroker.builder()
                .setting("auto.create.topics.enable", "false")
                .topic("there", 1)
                .start();
    }

    @AfterAll
    static void stop() {
        broker.close();
    }

    @Test
    void noRecordIsSentBeforeItsTime() {
        JsonObject total = total(ToolCall.at(
                        broker,
                        "producer-perf-test",
                        "--topic",
                        "there",
                        "--num-records",
                        "101",
                        "--payload-monotonic",
                        "--throughput",
                        "100",
                        "--json")
                .output());
        assertThat(total.longAt("records")).isEqualTo(101);
        assertThat((double) total.fields().get("recordsPerSecond")).isLessThanOrEqualTo(101);
    }

    @Test
    void aTerminalShowsHowFarItIsAndHowLongRecordsTookAndResultsStayKafkas() {
        System.setProperty(Terminal.FOLLOWED, "true");
        try {
            ToolCall sent = ToolCall.at(
                    broker,
                    "producer-perf-test",
                    "--topic",
                    "there",
                    "--num-records",
                    "1200",
                    "--record-size",
                    "10",
                    "--throughput",
                    "1000");
            assertThat(sent.out().lines()).singleElement().asString().startsWith("1200 records sent, ");
            assertThat(sent.err())
                    .containsPattern(
                            "\r\u001b\\[K *[\\d.]+ % of 1,200 records, [\\d,]+ a second, [\\d.]+ MB/s, p99 [\\d.]+ ms")
                    .contains("\r\u001b[KRecords by latency: 1,200, on average ")
                    .containsPattern("below +\\d+ ms +[\\d,]+ +[\\d.]+ %  #+\n")
                    .endsWith(" ms\n");
            ToolCall read = ToolCall.at(broker, "consumer-perf-test", "--topic", "there", "--num-records", "1200");
            assertThat(read.out().lines()).hasSize(2);
            assertThat(read.err()).contains("Waits for records: ");
        } finally {
            System.clearProperty(Terminal.FOLLOWED);
        }
    }

    @Test
    void aHistogramIsAResultWhereItIsAskedFor() {
        ToolCall sent = ToolCall.at(
                broker,
                "producer-perf-test",
                "--topic",
                "there",
                "--num-records",
                "50",
                "--record-size",
                "10",
                "--histogram");
        assertThat(sent.output().lines().toList().get(1)).startsWith("Records by latency: 50, ");
        JsonObject read =
                total(ToolCall.at(broker, "consumer-perf-test", "--topic", "there", "--num-records", "50", "--json")
                        .output());
        assertThat(read.longAt("records")).isGreaterThanOrEqualTo(50);
        assertThat(read.objectAt("wait").longAt("count")).isPositive();
    }

    @Test
    void recordsThatAreRefusedAreCountedAndSaidInALine() {
        ToolCall sent = ToolCall.at(
                broker, "producer-perf-test", "--topic", "there", "--num-records", "3", "--record-size", "2000000");
        assertThat(sent.failure()).startsWith("3 records have not been sent: The message is 20000");
        assertThat(sent.out()).startsWith("0 records sent, ");
    }

    @Test
    void aBrokerThatGoesAwayForGoodEndsIt() {
        EmbeddedBroker going = EmbeddedBroker.builder().topic("t", 1).start();
        CompletableFuture<Void> gone = CompletableFuture.runAsync(() -> {
            await().atMost(Duration.ofSeconds(60))
                    .until(() -> !going.records("t").isEmpty());
            going.close();
        });

        ToolCall sent = ToolCall.at(
                going,
                "producer-perf-test",
                "--topic",
                "t",
                "--num-records",
                "1000000",
                "--payload-monotonic",
                "--throughput",
                "100",
                "--producer-props",
                "max.block.ms=5000",
                "delivery.timeout.ms=2000",
                "request.timeout.ms=1000",
                "linger.ms=0");

        gone.join();
        assertThat(sent.failure()).containsPattern("^\\d+ records? ha(s|ve) not been sent, \\d+ more not tried: ");
        assertThat(sent.out()).contains(" records sent, ");
    }

    @Test
    void whatIsAskedWronglyIsSaidInALine() throws Exception {
        String empty = Files.createFile(folder.resolve("empty.txt")).toString();
        String[][] sending = {
            {"Say which --topic", "--num-records", "1", "--record-size", "1"},
            {"Say how many --num-records", "--topic", "there", "--record-size", "1"},
            {"exactly one of --record-size", "--topic", "there", "--num-records", "1"},
            {"exactly one of", "--topic", "there", "--num-records", "1", "--record-size", "1", "--payload-monotonic"},
            {"at least 0", "--topic", "there", "--num-records", "1", "--record-size", "-1"},
            {"'x' is not", "--topic", "there", "--num-records", "x", "--record-size", "1"},
            {"above 0", "--topic", "there", "--num-records", "1", "--record-size", "1", "--throughput", "0"},
            {"fewer than", "--topic", "there", "--num-records", "1", "--record-size", "1", "--warmup-records", "1"},
            {"There is nothing in", "--topic", "there", "--num-records", "1", "--payload-file", empty},
            {"There is no file", "--topic", "there", "--num-records", "1", "--payload-file", empty + "x"},
            {folder + " cannot be read: ", "--topic", "there", "--num-records", "1", "--payload-file", folder + ""},
            {
                "A record of 2147483647 bytes does not fit into memory",
                "--topic",
                "there",
                "--num-records",
                "1",
                "--record-size",
                "2147483647"
            },
            {
                "There is no topic \"absent\"",
                "--topic",
                "absent",
                "--num-records",
                "1",
                "--record-size",
                "1",
                "--producer-props",
                "max.block.ms=500"
            },
            {"acks", "--topic", "there", "--num-records", "1", "--record-size", "1", "--producer-props", "acks=x"}
        };
        for (String[] call : sending) {
            assertThat(failure("producer-perf-test", call)).contains(call[0]);
        }
        String[][] reading = {
            {"exactly one of --topic and --include", "--num-records", "1"},
            {"exactly one of", "--num-records", "1", "--topic", "there", "--include", "there"},
            {"Say how many --num-records", "--topic", "there"},
            {"is no regular expression", "--include", "(", "--num-records", "1"},
            {"is no --date-format", "--topic", "there", "--num-records", "1", "--date-format", "brr"},
            {"at least 1 ms", "--topic", "there", "--num-records", "1", "--reporting-interval", "0"},
            {"There is no topic \"absent\"", "--topic", "absent", "--num-records", "1"}
        };
        for (String[] call : reading) {
            assertThat(failure("consumer-perf-test", call)).contains(call[0]);
        }
        assertThat(ToolCall.of(
                                "producer-perf-test",
                                "--topic",
                                "there",
                                "--num-records",
                                "1",
                                "--record-size",
                                "1",
                                "--producer-props",
                                "bootstrap.servers=127.0.0.1:1")
                        .failure())
                .startsWith("Broker at 127.0.0.1:1 cannot be reached");
    }

    @Test
    void aFileNeedNotBeTextToBeSent() throws Exception {
        Path latin =
                Files.write(folder.resolve("latin.txt"), new byte[] {'a', (byte) 0xe4, '\n', 'b', (byte) 0xff, '\n'});

        ToolCall sent = ToolCall.at(
                broker, "producer-perf-test", "--topic", "there", "--num-records", "2", "--payload-file", latin + "");

        assertThat(sent.output()).contains("Number of messages read: 2\n").contains("2 records sent, ");
    }

    @Test
    void anOptionSaysWhereBrokersAreBeforeASettingDoes() {
        ToolCall sent = ToolCall.of(
                "producer-perf-test",
                "--topic",
                "there",
                "--num-records",
                "1",
                "--record-size",
                "1",
                "--bootstrap-servers",
                broker.bootstrapServers(),
                "--producer-props",
                "bootstrap.servers=127.0.0.1:1");

        assertThat(sent.output()).startsWith("1 records sent, ");
    }

    private static String failure(String tool, String[] call) {
        String[] arguments = call.clone();
        arguments[0] = tool;
        return ToolCall.at(broker, arguments).failure();
    }

    /** {@return the last line} */
    private static JsonObject total(String output) {
        List<String> lines = output.lines().toList();
        return JsonReader.readObject(lines.get(lines.size() - 1).getBytes(UTF_8));
    }
}
