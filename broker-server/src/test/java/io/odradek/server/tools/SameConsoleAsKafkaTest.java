package io.odradek.server.tools;

import static org.assertj.core.api.Assertions.assertThat;

import io.odradek.server.embedded.EmbeddedBroker;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/** Our console tools write and print, byte for byte, what Apache Kafka 3.9.2's do with the same input and options. */
@Timeout(300)
class SameConsoleAsKafkaTest {
    private static final String PRODUCER = "kafka.tools.ConsoleProducer";
    private static final String CONSUMER = "org.apache.kafka.tools.consumer.ConsoleConsumer";
    private static final String[] ALL_OF_IT = {
        "--property",
        "print.key=true",
        "--property",
        "print.headers=true",
        "--property",
        "print.partition=true",
        "--property",
        "print.offset=true",
        "--property",
        "null.literal=<null>"
    };

    @TempDir
    private static Path folder;

    private static KafkaTool kafka;
    private static EmbeddedBroker broker;

    @BeforeAll
    static void start() throws Exception {
        kafka = new KafkaTool("3.9.2", folder);
        broker = EmbeddedBroker.start();
    }

    @AfterAll
    static void stop() throws Exception {
        broker.close();
        kafka.close();
    }

    @Test
    @EnabledIfSystemProperty(named = "console.kafka", matches = "true")
    void linesBecomeTheSameRecords() throws Exception {
        sameRecords("one\n\ntwo\r\nthree\rlast");
        sameRecords("Grüße\tаб\n漢字\t😀\n", "--property", "parse.key=true");
        sameRecords(
                "k:v\nno separator\n:\n",
                "--property",
                "parse.key=true",
                "--property",
                "key.separator=:",
                "--property",
                "ignore.error=true");
        sameRecords(
                "h:1,i:NULL,j:\tkey\tvalue\nNULL\tNULL\tNULL\na:b,\t\t\n",
                "--property",
                "parse.key=true",
                "--property",
                "parse.headers=true",
                "--property",
                "null.marker=NULL");
        sameRecords(
                "h=1;i=2|k#v\n",
                "--property",
                "parse.key=true",
                "--property",
                "parse.headers=true",
                "--property",
                "key.separator=#",
                "--property",
                "headers.delimiter=|",
                "--property",
                "headers.separator=;",
                "--property",
                "headers.key.separator==");
        sameRecords("packed\n", "--compression-codec", "--request-required-acks", "1", "--batch-size", "100");
    }

    @Test
    void recordsArePrintedAlike() throws Exception {
        broker.createTopic("printed", 1);
        ToolCall.typed(
                "h:1,i:2\tk\tv\nNULL\tNULL\tNULL\n",
                0,
                ToolCall.with(
                        broker,
                        "produce",
                        "--topic",
                        "printed",
                        "--property",
                        "parse.key=true",
                        "--property",
                        "parse.headers=true",
                        "--property",
                        "null.marker=NULL"));
        same("printed", "--max-messages", "2", "--from-beginning");
        same(
                "printed",
                "--max-messages",
                "2",
                "--from-beginning",
                "--partition",
                "0",
                "--property",
                "print.key=true",
                "--property",
                "key.separator= = ");
        same(
                "printed",
                "--max-messages",
                "2",
                "--from-beginning",
                "--partition",
                "0",
                "--property",
                "print.value=false");
        same(
                "printed",
                "--max-messages",
                "2",
                "--from-beginning",
                "--partition",
                "0",
                "--property",
                "print.timestamp=true",
                "--property",
                "print.headers=true",
                "--property",
                "headers.separator=;",
                "--property",
                "line.separator=|\n");
        same(
                "printed",
                "--partition",
                "0",
                "--offset",
                "1",
                "--max-messages",
                "1",
                "--property",
                "print.offset=true",
                "--property",
                "print.value=false");
        same(
                "printed",
                "--partition",
                "0",
                "--offset",
                "earliest",
                "--max-messages",
                "2",
                "--property",
                "print.partition=true",
                "--property",
                "print.key=true",
                "--property",
                "print.value=false");
        same(
                "printed",
                "--max-messages",
                "2",
                "--from-beginning",
                "--partition",
                "0",
                "--formatter",
                "org.apache.kafka.tools.consumer.NoOpMessageFormatter");
        same(
                "printed",
                "--max-messages",
                "2",
                "--from-beginning",
                "--partition",
                "0",
                "--key-deserializer",
                "org.apache.kafka.common.serialization.StringDeserializer",
                "--property",
                "print.key=true");
    }

    @Test
    void whatGroupsCommitIsPrintedAlike() throws Exception {
        broker.createTopic("read", 1);
        broker.produce("read", "k", "v");
        ToolCall.at(
                broker, "consume", "--topic", "read", "--group", "readers", "--from-beginning", "--max-messages", "1");
        int partition = ("readers".hashCode() & Integer.MAX_VALUE) % 3;
        long count = broker.records("__consumer_offsets").stream()
                .filter(each -> each.partition() == partition)
                .count();
        for (String formatter : List.of("OffsetsMessageFormatter", "GroupMetadataMessageFormatter")) {
            String printed = same(
                    "__consumer_offsets",
                    "--partition",
                    "" + partition,
                    "--offset",
                    "0",
                    "--max-messages",
                    "" + count,
                    "--formatter",
                    "org.apache.kafka.tools.consumer." + formatter);
            assertThat(printed).contains("\"group\":\"readers\"");
        }
    }

    /** Writes with both, each to a topic of its own, and compares what is in them. */
    private static void sameRecords(String input, String... options) throws Exception {
        int number = topics++;
        String ours = "ours" + number;
        String theirs = "theirs" + number;
        broker.createTopic(ours, 1);
        broker.createTopic(theirs, 1);
        ToolCall call = ToolCall.typed(input, 0, ToolCall.with(broker, and(options, "produce", ours)));
        assertThat(call.output()).isEmpty();
        ToolCall kafkas =
                kafka.piped(input, PRODUCER, ToolCall.with(broker, and(options, "--sync", theirs, "--timeout", "0")));
        assertThat(kafkas.status()).as(kafkas.toString()).isZero();
        String printed = printed(ours, ALL_OF_IT);
        assertThat(printed).isNotEmpty().isEqualTo(printed(theirs, ALL_OF_IT));
    }

    private static int topics;

    private static String[] and(String[] options, String first, String topic, String... more) {
        List<String> all = new ArrayList<>(List.of(first, "--topic", topic));
        all.addAll(Arrays.asList(options));
        all.addAll(Arrays.asList(more));
        return all.toArray(String[]::new);
    }

    private static String printed(String topic, String... options) {
        List<String> all = new ArrayList<>(
                List.of("consume", "--max-messages", "" + broker.records(topic).size()));
        all.addAll(List.of("--partition", "0", "--from-beginning", "--topic", topic));
        all.addAll(Arrays.asList(options));
        return ToolCall.at(broker, all.toArray(String[]::new)).out();
    }

    private static String same(String topic, String... options) throws Exception {
        List<String> all = new ArrayList<>(List.of("--topic", topic));
        all.addAll(Arrays.asList(options));
        ToolCall theirs = kafka.call(CONSUMER, ToolCall.with(broker, all.toArray(String[]::new)));
        all.add(0, "consume");
        ToolCall ours = ToolCall.at(broker, all.toArray(String[]::new));
        assertThat(ours.out()).as(String.join(" ", all)).isEqualTo(theirs.out());
        assertThat(ours.err()).isEqualTo(theirs.err());
        assertThat(ours.status()).isZero();
        return ours.out();
    }
}
