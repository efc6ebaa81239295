package io.odradek.server.tools;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.odradek.server.embedded.EmbeddedBroker;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What the console producer and consumer do beside what Kafka's do: bytes, ends, and failures in a line. */
@Timeout(120)
class ConsoleToolsTest {
    private static EmbeddedBroker broker;

    @BeforeAll
    static void start() {
        broker = EmbeddedBroker.builder()
                .setting("auto.create.topics.enable", "false")
                .start();
    }

    @AfterAll
    static void stop() {
        broker.close();
    }

    @Test
    void bytesThatAreNoTextPassUnchangedBothWays() {
        broker.createTopic("bytes", 1);
        byte[] input = new byte[256 * 1024];
        for (int i = 0; i < input.length; i++) {
            input[i] = (byte) (i % 256 == '\r' ? ' ' : i);
        }
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        assertThat(run(new ByteArrayInputStream(input), OutputStream.nullOutputStream(), "produce", "--topic", "bytes"))
                .isZero();
        assertThat(run(
                        InputStream.nullInputStream(),
                        out,
                        "consume",
                        "--topic",
                        "bytes",
                        "--from-beginning",
                        "--max-messages",
                        "1025"))
                .isZero();
        assertThat(out.toString(ISO_8859_1)).isEqualTo(new String(input, ISO_8859_1) + "\n");
    }

    @Test
    void aLineThatIsTooLongIsOneLineOfFailureAndAllOthersAreSent() {
        broker.createTopic("long", 1);
        String large = "x".repeat(1_000_000);
        ToolCall call = ToolCall.typed(
                large + "\n" + large + large + "\nlast\n", 0, ToolCall.with(broker, "produce", "--topic", "long"));
        assertThat(call.failure())
                .isEqualTo(
                        "Line 2 has not been sent: it has 2000000 bytes, which is more than the producer's max.request.size");
        assertThat(consumed("--topic", "long", "--from-beginning", "--max-messages", "2")
                        .out())
                .isEqualTo(large + "\nlast\n");
    }

    @Test
    void whatTheBrokerRefusesIsOneLineOfFailureForEachRecord() {
        ToolCall.at(broker, "topics", "--create", "--topic", "small", "--config", "max.message.bytes=1000");
        ToolCall call = ToolCall.typed(
                "x".repeat(2000) + "\n",
                0,
                ToolCall.with(broker, "produce", "--topic", "small", "--timeout", "0", "--batch-size", "0"));
        assertThat(call.failure()).startsWith("Line 1 has not been sent: ").contains("1000");
    }

    @Test
    void aLineWithoutASeparatorEndsItWhenAllBeforeItHasBeenSent() {
        broker.createTopic("keyed", 1);
        ToolCall call = ToolCall.typed(
                "k\tv\nnothing\nk\tw\n",
                0,
                ToolCall.with(broker, "produce", "--topic", "keyed", "--property", "parse.key=true"));
        assertThat(call.failure()).isEqualTo("No key separator found on line number 2: 'nothing'");
        assertThat(consumed("--topic", "keyed", "--from-beginning", "--max-messages", "1")
                        .out())
                .isEqualTo("v\n");
    }

    @Test
    void aGroupGoesOnBehindTheLastRecordPrinted() {
        broker.createTopic("grouped", 1);
        ToolCall.typed("1\n2\n3\n", 0, ToolCall.with(broker, "produce", "--topic", "grouped"));
        ToolCall first = consumed("--topic", "grouped", "--group", "g", "--from-beginning", "--max-messages", "2");
        assertThat(first.out()).isEqualTo("1\n2\n");
        assertThat(first.err()).isEqualTo("Processed a total of 2 messages\n");
        assertThat(consumed("--topic", "grouped", "--group", "g", "--max-messages", "1")
                        .out())
                .isEqualTo("3\n");
    }

    @Test
    void allTopicsOfAPatternAreRead() {
        broker.createTopic("pattern-a", 1);
        broker.createTopic("pattern-b", 1);
        broker.produce("pattern-a", "k", "a");
        broker.produce("pattern-b", "k", "b");
        assertThat(consumed("--include", "pattern-.*", "--from-beginning", "--max-messages", "2")
                        .out()
                        .lines())
                .containsExactlyInAnyOrder("a", "b");
    }

    @Test
    void aRecordThatCannotBePrintedEndsItUnlessItIsSkipped() {
        broker.createTopic("numbers", 1);
        ToolCall.typed("12345678\nx\n", 0, ToolCall.with(broker, "produce", "--topic", "numbers"));
        String[] options = {
            "--topic",
            "numbers",
            "--from-beginning",
            "--max-messages",
            "2",
            "--value-deserializer",
            "org.apache.kafka.common.serialization.LongDeserializer"
        };
        ToolCall failed = consumed(options);
        assertThat(failed.failure())
                .startsWith(
                        "The record numbers-0 at offset 1 cannot be printed: Size of data received by LongDeserializer");
        assertThat(failed.out()).isEqualTo("3544952156018063160\n");
        ToolCall skipped = consumed(Stream.concat(Stream.of("--skip-message-on-error"), Stream.of(options))
                .toArray(String[]::new));
        assertThat(skipped.status()).isZero();
        assertThat(skipped.err()).contains("at offset 1 cannot be printed").endsWith("total of 2 messages\n");
    }

    @Test
    void itEndsWhenNothingComesForAsLongAsWasAsked() {
        broker.createTopic("silent", 1);
        ToolCall call = consumed("--topic", "silent", "--timeout-ms", "100");
        assertThat(call.status()).isZero();
        assertThat(call.out()).isEmpty();
        assertThat(call.err()).isEqualTo("Processed a total of 0 messages\n");
    }

    @Test
    void nobodyToReadItIsTheQuietEndOfIt() {
        broker.createTopic("piped", 1);
        broker.produce("piped", "k", "v");
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        OutputStream closed = new OutputStream() {
            @Override
            public void write(int b) throws IOException {
                throw new IOException("Broken pipe");
            }
        };
        Terminal terminal = new Terminal(
                InputStream.nullInputStream(), new PrintStream(closed), new PrintStream(err, true, UTF_8), 0);
        assertThat(Odradek.run(terminal, ToolCall.with(broker, "consume", "--topic", "piped", "--from-beginning")))
                .isZero();
        assertThat(err.toString(UTF_8)).isEmpty();
    }

    @Test
    void whatIsAskedWronglyOrOfNobodyIsSaidInALine() {
        broker.createTopic("there", 2);
        String servers = broker.bootstrapServers();
        for (List<String> each : List.of(
                List.of("--include/--topic", "consume"),
                List.of("--include/--topic", "consume", "--topic", "there", "--include", "x"),
                List.of("There is no topic \"absent\" at " + servers, "consume", "--topic", "absent"),
                List.of(
                        "There is no topic \"absent\" at " + servers,
                        "produce",
                        "--topic",
                        "absent",
                        "--max-block-ms",
                        "300"),
                List.of("has no partition 2, but 0 to 1", "consume", "--topic", "there", "--partition", "2"),
                List.of("The topic is required", "consume", "--include", "t", "--partition", "1"),
                List.of("The partition is required", "consume", "--topic", "there", "--offset", "1"),
                List.of("'-1' is incorrect", "consume", "--topic", "there", "--partition", "0", "--offset", "-1"),
                List.of(
                        "cannot be specified together",
                        "consume",
                        "--topic",
                        "there",
                        "--partition",
                        "0",
                        "--group",
                        "g"),
                List.of(
                        "Can't simultaneously",
                        "consume",
                        "--topic",
                        "there",
                        "--from-beginning",
                        "--consumer-property",
                        "auto.offset.reset=latest"),
                List.of(
                        "The group is named twice",
                        "consume",
                        "--topic",
                        "there",
                        "--group",
                        "g",
                        "--consumer-property",
                        "group.id=h"),
                List.of("\"(\" is no regular expression", "consume", "--include", "("),
                List.of("There is no formatter none.Such", "consume", "--topic", "there", "--formatter", "none.Such"),
                List.of("There is no deserializer x", "consume", "--topic", "there", "--key-deserializer", "x"),
                List.of("'x' is not", "consume", "--topic", "there", "--max-messages", "x"),
                List.of("isolation.level", "consume", "--topic", "there", "--isolation-level", "x"),
                List.of("There is no file nowhere", "consume", "--topic", "there", "--consumer.config", "nowhere"),
                List.of("--topic", "produce"),
                List.of("compression.type", "produce", "--topic", "there", "--compression-codec", "rar"),
                List.of("acks", "produce", "--topic", "there", "--request-required-acks", "many"),
                List.of("'x' is not", "produce", "--topic", "there", "--batch-size", "x"),
                List.of("may not be equal", "produce", "--topic", "there", "--property", "headers.separator=:"),
                List.of("not KEY=VALUE", "produce", "--topic", "there", "--property", "=x"),
                List.of("Lines are read by this tool only", "produce", "--topic", "there", "--line-reader", "a.B"),
                List.of("There is no file nowhere", "produce", "--topic", "there", "--reader-config", "nowhere"))) {
            String[] arguments = each.subList(1, each.size()).toArray(String[]::new);
            assertThat(ToolCall.typed("line\n", 0, ToolCall.with(broker, arguments))
                            .failure())
                    .as(String.join(" ", arguments))
                    .contains(each.get(0));
        }
    }

    private static ToolCall consumed(String... options) {
        String[] all = new String[options.length + 1];
        all[0] = "consume";
        System.arraycopy(options, 0, all, 1, options.length);
        return ToolCall.at(broker, all);
    }

    private static int run(InputStream in, OutputStream out, String... arguments) {
        Terminal terminal = new Terminal(in, new PrintStream(out, false, UTF_8), System.err, 0);
        int status = Odradek.run(terminal, ToolCall.with(broker, arguments));
        terminal.out().flush();
        return status;
    }
}
