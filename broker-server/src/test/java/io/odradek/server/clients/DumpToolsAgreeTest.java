package io.odradek.server.clients;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.odradek.core.coordination.json.JsonObject;
import io.odradek.core.coordination.json.JsonReader;
import io.odradek.server.embedded.EmbeddedBroker;
import io.odradek.server.tools.ToolCall;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Kafka 3.9.2's tool and ours, on the same folders: every batch, record, index entry and producer. */
@Timeout(300)
class DumpToolsAgreeTest {
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final Pattern FIELD = Pattern.compile("(\\w+): (\\[[^\\]]*\\]|\\S+)");
    private static final Pattern BASE64 = Pattern.compile("base64:([A-Za-z0-9+/=]*)");
    private static final Pattern PARTITIONS = Pattern.compile("partitions=\\[([^\\]]*)\\]");
    private static final String PAYLOAD = " payload: ";
    private static final List<String> STATES =
            List.of("Empty", "Ongoing", "PrepareCommit", "PrepareAbort", "CompleteCommit", "CompleteAbort");

    @TempDir
    Path folder;

    private Peer kafka;

    @Test
    void onAFolderThatThisBrokerWrote() throws Exception {
        kafka = new Peer("3.9.2", folder.resolve("peer"));
        Path data = folder.resolve("ours");
        try (EmbeddedBroker broker = EmbeddedBroker.builder()
                .logFolder(data)
                .setting("log.segment.bytes", "4096")
                .setting("log.index.interval.bytes", "256")
                .setting("transaction.state.log.num.partitions", "1")
                .start()) {
            DumpSamples samples = new DumpSamples(broker.bootstrapServers());
            samples.write(Map.of());
            samples.writeTransactions();
        }

        assertToolsAgree(data);
        List<String> transactions = files(data, name -> name.contains("__transaction_state") && name.endsWith(".log"));
        assertThat(assertSameText(transactions, "--transaction-log-decoder"))
                .anyMatch(line -> line.contains("state=CompleteCommit"))
                .anyMatch(line -> line.contains("state=CompleteAbort"));
        assertSameFieldsAsKafka4(transactions);
    }

    @Test
    void onAFolderThatKafkaWroteWithTransactions() throws Exception {
        kafka = new Peer("3.9.2", folder.resolve("peer"));
        Path data = folder.resolve("kafkas");
        try (RunningKafka running = RunningKafka.start(
                kafka,
                folder.resolve("peer"),
                data,
                "log.segment.bytes=4096",
                "log.index.interval.bytes=256",
                "group.initial.rebalance.delay.ms=0",
                "transaction.state.log.replication.factor=1",
                "transaction.state.log.min.isr=1",
                "transaction.state.log.num.partitions=1")) {
            DumpSamples samples = new DumpSamples(running.bootstrapServers());
            samples.write(Map.of("message.timestamp.type", "LogAppendTime"));
            samples.writeTransactions();
        }

        assertToolsAgree(data);
        assertSameText(
                files(data, name -> name.contains("__transaction_state") && name.endsWith(".log")),
                "--transaction-log-decoder");
        assertThat(ours("--print-data-log", files(data, name -> name.endsWith(".log"))))
                .contains("endTxnMarker: COMMIT coordinatorEpoch: 0")
                .contains("endTxnMarker: ABORT coordinatorEpoch: 0")
                .contains("LogAppendTime: ");
    }

    /** Kafka 4.3.1's tool shows tagged fields, too, and all of it as JSON. */
    private void assertSameFieldsAsKafka4(List<String> transactions) throws Exception {
        ProcessBuilder command = new Peer("4.3.1", folder.resolve("newer"))
                .java(
                        "org.apache.kafka.tools.DumpLogSegments",
                        arguments("--transaction-log-decoder", transactions).toArray(String[]::new));
        Finished finished = Finished.run(command, "", LIMIT);
        assertThat(finished.status()).as(finished.errors()).isZero();
        List<Map<String, Object>> theirs = finished.output()
                .lines()
                .filter(line -> line.contains(PAYLOAD))
                .map(line -> line.substring(line.indexOf(PAYLOAD) + PAYLOAD.length()))
                .map(payload -> asOursShowsIt(JsonReader.readObject(payload.getBytes(UTF_8))))
                .toList();
        List<Map<String, Object>> ours = ours("--json --transaction-log-decoder", transactions)
                .lines()
                .map(line ->
                        JsonReader.readObject(line.getBytes(UTF_8)).fields().get("decodedValue"))
                .filter(JsonObject.class::isInstance)
                .<Map<String, Object>>map(value -> new TreeMap<>(((JsonObject) value).fields()))
                .toList();
        assertThat(ours).isEqualTo(theirs);
        assertThat(ours).anyMatch(value -> value.containsKey("clientTransactionVersion"));
        assertThat(ours).anyMatch(value -> value.containsKey("previousProducerId"));
    }

    private static Map<String, Object> asOursShowsIt(JsonObject payload) {
        Map<String, Object> fields =
                new TreeMap<>(((JsonObject) payload.fields().get("data")).fields());
        fields.put("version", payload.longAt("version"));
        fields.put("transactionStatus", STATES.get(((Number) fields.get("transactionStatus")).intValue()));
        List<String> partitions = new ArrayList<>();
        if (fields.get("transactionPartitions") instanceof List<?> topics) {
            for (Object topic : topics) {
                Map<String, Object> named = ((JsonObject) topic).fields();
                ((List<?>) named.get("partitionIds"))
                        .forEach(partition -> partitions.add(named.get("topic") + "-" + partition));
            }
        }
        fields.put("transactionPartitions", partitions);
        return fields;
    }

    private void assertToolsAgree(Path data) throws Exception {
        List<String> logs = files(data, name -> name.endsWith(".log") && !name.contains("__"));
        assertThat(logs.size()).isGreaterThan(6);
        List<String> lines = assertSameText(logs, "--print-data-log");
        assertThat(lines.stream().filter(line -> line.contains("isvalid: true")).count())
                .isGreaterThan(50);
        assertThat(lines).noneMatch(line -> line.contains("isvalid: false"));
        assertSameAsJson(lines, logs);

        List<String> offsets = assertSameText(
                files(data, name -> name.endsWith(".log") && name.contains("__consumer_offsets")), "--offsets-decoder");
        assertThat(String.join("\n", offsets))
                .contains("\"a note\"", "<DELETE>", "\"subscription\":{\"topics\":[\"sample\"]");

        List<String> indexes = files(data, name -> name.endsWith("index"));
        assertThat(indexes).isNotEmpty();
        List<String> small = new ArrayList<>(indexes);
        small.addAll(files(data, name -> name.endsWith(".snapshot")));
        List<String> entries = assertSameText(small);
        assertThat(entries).anyMatch(line -> line.startsWith("offset: "));
        assertThat(entries).anyMatch(line -> line.startsWith("timestamp: "));
        assertThat(entries).anyMatch(line -> line.startsWith("producerId: "));

        Finished verified = theirs("--verify-index-only", indexes);
        assertThat(verified.output())
                .doesNotContain("Found")
                .doesNotContain("ismatch")
                .doesNotContain("not found");
        assertThat(ours("--verify-index-only", indexes)).isEmpty();
        assertThat(theirs("--index-sanity-check", files(data, name -> name.endsWith(".index")))
                        .errors())
                .isEmpty();
        assertThat(ours("--index-sanity-check", List.of(data.toString()))).contains("passed sanity check.");
    }

    /** {@return Kafka's lines, which ours are like} */
    private List<String> assertSameText(List<String> files, String... options) throws Exception {
        List<String> theirs = theirs(String.join(" ", options), files)
                .output()
                .lines()
                .filter(line -> !line.endsWith(".index is empty."))
                .map(DumpToolsAgreeTest::sorted)
                .map(String::stripTrailing)
                .toList();
        List<String> ours = ours(String.join(" ", options), files)
                .lines()
                .map(DumpToolsAgreeTest::asKafkaShowsIt)
                .map(DumpToolsAgreeTest::sorted)
                .map(String::stripTrailing)
                .toList();
        assertThat(ours).isEqualTo(theirs);
        return theirs;
    }

    private static String asKafkaShowsIt(String line) {
        String without = line.replaceFirst(" headerValues: \\[[^\\]]*\\]", "");
        return BASE64.matcher(without).replaceAll(base64 -> Matcher.quoteReplacement(decoded(base64.group(1))));
    }

    private static String decoded(String base64) {
        return new String(Base64.getDecoder().decode(base64), UTF_8);
    }

    /** Kafka shows the partitions of a transaction in the order of a hash. */
    private static String sorted(String line) {
        return PARTITIONS.matcher(line).replaceAll(list -> {
            String[] partitions = list.group(1).split(",");
            Arrays.sort(partitions);
            return Matcher.quoteReplacement("partitions=[" + String.join(",", partitions) + "]");
        });
    }

    private void assertSameAsJson(List<String> kafkasLines, List<String> logs) throws Exception {
        List<JsonObject> objects = ours("--json --print-data-log", logs)
                .lines()
                .map(line -> JsonReader.readObject(line.getBytes(UTF_8)))
                .filter(object -> !object.stringAt("type").equals("file"))
                .toList();
        List<String> lines = kafkasLines.stream()
                .filter(line -> line.startsWith("baseOffset") || line.startsWith("|"))
                .toList();
        assertThat(objects).hasSameSizeAs(lines);
        for (int i = 0; i < lines.size(); i++) {
            assertSame(objects.get(i), lines.get(i));
        }
    }

    private static void assertSame(JsonObject object, String line) {
        int contents = line.contains(" key: ") ? line.indexOf(" key: ") : line.indexOf(" payload: ");
        Map<String, String> fields = new TreeMap<>();
        Matcher field = FIELD.matcher(contents < 0 ? line : line.substring(0, contents));
        while (field.find()) {
            fields.put(field.group(1), field.group(2));
        }
        assertThat(object.stringAt("type")).isEqualTo(type(line));
        Map<String, String> same = new TreeMap<>();
        for (String name : fields.keySet()) {
            same.put(name, text(object, name));
        }
        assertThat(same).isEqualTo(fields);
        if (line.startsWith("|") && !line.contains("endTxnMarker")) {
            String key = content(object, "key");
            String value = content(object, "value");
            assertThat((key == null ? "" : " key: " + key) + (value == null ? "" : " payload: " + value))
                    .isEqualTo(contents < 0 ? "" : line.substring(contents));
        }
    }

    private static String type(String line) {
        return !line.startsWith("|") ? "batch" : line.contains("endTxnMarker") ? "control" : "record";
    }

    private static String text(JsonObject object, String name) {
        if (name.equals("deleteHorizonMs")) {
            return object.has(name) ? "OptionalLong[" + object.longAt(name) + "]" : "OptionalLong.empty";
        }
        if (name.equals("headerKeys")) {
            List<String> keys = new ArrayList<>();
            for (Object header : (List<?>) object.fields().get("headers")) {
                keys.add(((JsonObject) header).stringAt("key"));
            }
            return "[" + String.join(",", keys) + "]";
        }
        if (name.equals(object.fields().get("timestampType"))) {
            return String.valueOf(object.longAt(object.has("timestamp") ? "timestamp" : "maxTimestamp"));
        }
        return String.valueOf(object.fields().get(name));
    }

    private static String content(JsonObject object, String name) {
        String text = object.stringAt(name, null);
        return text != null && object.stringAt(name + "Encoding").equals("base64") ? decoded(text) : text;
    }

    private Finished theirs(String options, List<String> files) throws Exception {
        List<String> arguments = arguments(options, files);
        ProcessBuilder command = kafka.java("kafka.tools.DumpLogSegments", arguments.toArray(new String[0]));
        command.environment().put("LC_ALL", "C.UTF-8");
        Finished finished = Finished.run(command, "", LIMIT);
        assertThat(finished.status()).as(finished.errors()).isZero();
        assertThat(finished.errors()).isEmpty();
        return finished;
    }

    private static String ours(String options, List<String> files) {
        List<String> call = arguments(options, files);
        call.add(0, "dump-log");
        return ToolCall.of(call.toArray(String[]::new)).output();
    }

    private static List<String> arguments(String options, List<String> files) {
        List<String> arguments = new ArrayList<>();
        if (!options.isEmpty()) {
            arguments.addAll(List.of(options.split(" ")));
        }
        arguments.add("--files");
        arguments.add(String.join(",", files));
        return arguments;
    }

    private static List<String> files(Path data, Predicate<String> wanted) throws IOException {
        try (Stream<Path> all = Files.walk(data)) {
            return all.filter(Files::isRegularFile)
                    .map(Path::toString)
                    .filter(wanted)
                    .sorted()
                    .toList();
        }
    }
}
