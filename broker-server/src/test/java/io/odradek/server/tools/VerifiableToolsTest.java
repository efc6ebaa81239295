package io.odradek.server.tools;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.odradek.server.clients.Peer;
import io.odradek.server.embedded.EmbeddedBroker;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The lines of the verifiable producer and consumer are those of Apache Kafka 3.9.2's, but for times and rates. */
@Timeout(120)
class VerifiableToolsTest {
    @TempDir
    private static Path folder;

    private static KafkaTool kafka;
    private static EmbeddedBroker broker;

    @BeforeAll
    static void start() throws Exception {
        kafka = new KafkaTool("3.9.2", folder);
        broker = EmbeddedBroker.builder()
                .setting("auto.create.topics.enable", "false")
                .start();
    }

    @AfterAll
    static void stop() throws Exception {
        broker.close();
        kafka.close();
    }

    @Test
    void whatWasSentAndReadIsToldInTheSameLines() throws Exception {
        broker.createTopic("ours", 1);
        broker.createTopic("theirs", 1);
        String[] sending = {"--max-messages", "3", "--repeating-keys", "2", "--value-prefix", "7"};
        // Kafka's tells of the last ones when its process ends.
        Process process = new Peer("3.9.2", folder)
                .java("org.apache.kafka.tools.VerifiableProducer", ToolCall.with(broker, bare("theirs", sending)))
                .start();
        String theirs = new String(process.getInputStream().readAllBytes(), UTF_8);
        String ours = ToolCall.at(broker, with("verifiable-producer", "ours", sending))
                .output();
        assertThat(lines(ours)).hasSize(6).isEqualTo(lines(theirs));

        String[] reading = {"--group-id", "readers", "--max-messages", "3", "--verbose"};
        List<String> read = lines(ToolCall.at(broker, with("verifiable-consumer", "ours", reading))
                .output());
        String[] others = {"--group-id", "others", "--max-messages", "3", "--verbose"};
        assertThat(read)
                .hasSize(9)
                .isEqualTo(lines(kafkas("org.apache.kafka.tools.VerifiableConsumer", "theirs", others)));
    }

    @Test
    void whatIsAskedWronglyIsSaidInALine() {
        broker.createTopic("there", 1);
        for (List<String> each : List.of(
                List.of("Say which --topic", "verifiable-producer"),
                List.of("The --acks are", "verifiable-producer", "--topic", "there", "--acks", "2"),
                List.of("above 0", "verifiable-producer", "--topic", "there", "--throughput", "0"),
                List.of("'x' is not", "verifiable-producer", "--topic", "there", "--max-messages", "x"),
                List.of("Say which --topic", "verifiable-consumer", "--group-id", "g"),
                List.of("Say which --group-id", "verifiable-consumer", "--topic", "there"),
                List.of("There is no topic", "verifiable-consumer", "--topic", "absent", "--group-id", "g"),
                List.of(
                        "auto.offset.reset",
                        "verifiable-consumer",
                        "--topic",
                        "there",
                        "--group-id",
                        "g",
                        "--reset-policy",
                        "x"))) {
            String[] arguments = each.subList(1, each.size()).toArray(String[]::new);
            assertThat(ToolCall.at(broker, arguments).failure()).contains(each.get(0));
        }
    }

    private static String kafkas(String kafkaClass, String topic, String... options) throws Exception {
        ToolCall call = kafka.call(kafkaClass, ToolCall.with(broker, bare(topic, options)));
        assertThat(call.status()).as(call.toString()).isZero();
        return call.out();
    }

    private static String[] with(String tool, String topic, String[] options) {
        String[] all = new String[options.length + 3];
        all[0] = tool;
        all[1] = "--topic";
        all[2] = topic;
        System.arraycopy(options, 0, all, 3, options.length);
        return all;
    }

    private static String[] bare(String topic, String[] options) {
        String[] all = new String[options.length + 2];
        all[0] = "--topic";
        all[1] = topic;
        System.arraycopy(options, 0, all, 2, options.length);
        return all;
    }

    private static List<String> lines(String output) {
        return output.lines()
                .map(line -> line.replaceAll("(\"timestamp\"|\"avg_throughput\"):[0-9.E-]+", "$1:T")
                        .replace("\"theirs\"", "\"ours\""))
                .map(VerifiableToolsTest::inAnyOrder)
                .toList();
    }

    /** Kafka's fields are in the order in which its JVM happens to list the methods of a class. */
    private static String inAnyOrder(String line) {
        return Stream.of(line.split("(?<=[\\[{])|,|(?=[\\]}])")).sorted().collect(Collectors.joining(" "));
    }
}
