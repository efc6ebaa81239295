package io.odradek.server.tools;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import io.odradek.server.embedded.EmbeddedBroker;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every example in the help of every tool can be typed as it stands, and those that need one broker only do what they say. */
class HelpExamplesTest {
    private static final Pattern WORD = Pattern.compile("'([^']*)'|(\\S+)");
    private static final Pattern FILE = Pattern.compile("[a-z/]+\\.(csv|json|properties)");
    /** Of those, examples are run one after the other against one broker. */
    private static final Set<String> RUN = Set.of(
            "topics",
            "groups",
            "configs",
            "offsets",
            "delete-records",
            "produce",
            "consume",
            "producer-perf-test",
            "consumer-perf-test",
            "log-dirs",
            "leader-election",
            "reassign-partitions",
            "transactions",
            "api-versions",
            "doctor");
    /** What an example does much or long of is done a little of here. */
    private static final Map<String, String> LITTLE = Map.of(
            "--num-records", "20", "--messages", "20", "--timeout-ms", "300", "--timeout", "300", "--seconds", "1");

    @TempDir
    private Path folder;

    static List<Tools.Entry> tools() {
        return Tools.all();
    }

    @ParameterizedTest
    @MethodSource("tools")
    void examplesAreRead(Tools.Entry tool) {
        List<List<String>> examples = examples(tool);
        assertThat(examples).isNotEmpty();
        for (List<String> example : examples) {
            int begin = example.indexOf("odradek");
            if (begin < 0) {
                continue;
            }
            List<String> call = example.subList(begin, end(example, begin));
            assertThat(call.get(1)).isEqualTo(tool.name());
            String[] arguments = call.subList(2, call.size()).toArray(String[]::new);
            assertThatCode(() -> ToolRun.commandLine(tool.open(), "odradek").parseArgs(arguments))
                    .as(String.join(" ", example))
                    .doesNotThrowAnyException();
        }
    }

    @ParameterizedTest
    @MethodSource("tools")
    void examplesAreRunWhereOneBrokerIsEnough(Tools.Entry tool) throws Exception {
        if (!RUN.contains(tool.name())) {
            return;
        }
        try (EmbeddedBroker broker =
                EmbeddedBroker.builder().logFolder(folder.resolve("data")).start()) {
            Runnable end = prepare(broker, tool);
            for (List<String> example : examples(tool)) {
                run(broker, example);
            }
            end.run();
        }
    }

    private void run(EmbeddedBroker broker, List<String> example) throws Exception {
        List<String> words = new ArrayList<>();
        for (String word : example) {
            String before = words.isEmpty() ? "" : words.get(words.size() - 1);
            words.add(LITTLE.getOrDefault(before, here(broker, word)));
        }
        List<String> call = new ArrayList<>(words.subList(0, end(words, 0)));
        if (call.contains("consume") && !call.contains("--timeout-ms")) {
            call.addAll(List.of("--timeout-ms", LITTLE.get("--timeout-ms")));
        }
        String output;
        if (call.get(0).equals("echo")) {
            output = String.join(" ", call.subList(1, call.size()));
        } else {
            String[] arguments = call.subList(1, call.size()).toArray(String[]::new);
            ToolCall done =
                    call.contains("--bootstrap-server") ? ToolCall.of(arguments) : ToolCall.at(broker, arguments);
            assertThat(done.status()).as(example + " " + done).isZero();
            output = done.out();
        }
        int redirected = words.indexOf(">");
        if (redirected > 0) {
            Files.writeString(Path.of(words.get(redirected + 1)), output);
        }
    }

    /** {@return a file of the folder of this test, or this broker, where an example has one of its user's} */
    private String here(EmbeddedBroker broker, String word) {
        if (word.equals("localhost:9092")) {
            return broker.bootstrapServers();
        }
        return FILE.matcher(word).matches() ? folder.resolve(word).toString() : word;
    }

    /** {@return what is to be done afterwards} */
    private Runnable prepare(EmbeddedBroker broker, Tools.Entry tool) throws Exception {
        Files.writeString(folder.resolve("topic.properties"), "retention.ms=5000\n");
        Files.createDirectory(folder.resolve("config"));
        Files.writeString(
                folder.resolve("config/broker.properties"),
                "listeners=PLAINTEXT://" + broker.bootstrapServers() + "\nlog.dirs=" + folder.resolve("data") + "\n");
        if (tool.name().equals("topics")) {
            return () -> {};
        }
        broker.createTopic("orders", 2);
        broker.createTopic("returns", 3);
        if (tool.name().equals("transactions")) {
            return openTransaction(broker);
        }
        for (int i = 0; i < 20; i++) {
            broker.produce("orders", Integer.toString(i), "v");
        }
        if (tool.name().equals("groups") || tool.name().equals("consume")) {
            try (Admin admin = Admin.create(Map.<String, Object>of("bootstrap.servers", broker.bootstrapServers()))) {
                OffsetAndMetadata position = new OffsetAndMetadata(0);
                admin.alterConsumerGroupOffsets(
                                "billing",
                                Map.of(
                                        new TopicPartition("orders", 0),
                                        position,
                                        new TopicPartition("returns", 0),
                                        position))
                        .all()
                        .get();
            }
        }
        return () -> {};
    }

    /** {@return a producer with a transaction that begins at offset 7} */
    private static Runnable openTransaction(EmbeddedBroker broker) {
        Map<String, Object> settings = new HashMap<>(broker.clientProperties());
        settings.put("transactional.id", "billing");
        KafkaProducer<String, String> producer =
                new KafkaProducer<>(settings, new StringSerializer(), new StringSerializer());
        producer.initTransactions();
        producer.beginTransaction();
        for (int i = 0; i < 6; i++) {
            producer.send(new ProducerRecord<>("orders", 1, null, "v"));
        }
        producer.commitTransaction();
        producer.beginTransaction();
        producer.send(new ProducerRecord<>("orders", 1, null, "v"));
        producer.flush();
        return () -> producer.close(Duration.ZERO);
    }

    /** {@return the words of each line below "Examples:"} */
    private static List<List<String>> examples(Tools.Entry tool) {
        String help = ToolCall.of(tool.name(), "--help").output();
        List<List<String>> examples = new ArrayList<>();
        for (String line : help.substring(help.indexOf("\nExamples:\n") + 11).split("\n")) {
            if (line.startsWith("  ")) {
                List<String> words = new ArrayList<>();
                Matcher word = WORD.matcher(line);
                while (word.find()) {
                    words.add(word.group(1) != null ? word.group(1) : word.group(2));
                }
                examples.add(words);
            }
        }
        return examples;
    }

    /** {@return where a command ends that begins there} */
    private static int end(List<String> words, int begin) {
        return Arrays.asList(">", "|", "<", "&").stream()
                .mapToInt(each -> words.subList(begin, words.size()).indexOf(each))
                .filter(each -> each >= 0)
                .map(each -> begin + each)
                .min()
                .orElse(words.size());
    }
}
