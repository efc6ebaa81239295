package io.odradek.server.tools.apis;

import static org.assertj.core.api.Assertions.assertThat;

import io.odradek.core.coordination.json.JsonObject;
import io.odradek.core.coordination.json.JsonReader;
import io.odradek.server.embedded.EmbeddedBroker;
import io.odradek.server.tools.KafkaTool;
import io.odradek.server.tools.ToolCall;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.kafka.common.message.ApiVersionsResponseData.ApiVersion;
import org.apache.kafka.common.protocol.ApiKeys;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** {@code broker-api-versions}, alone and beside that of Kafka 3.9.2. */
@Timeout(300)
class ApiVersionsToolTest {
    private static final Pattern API =
            Pattern.compile("\\t(\\w+)\\((\\d+)\\): (\\d+(?: to \\d+)?|UNSUPPORTED)( \\[.*])?,?");

    @TempDir
    private static Path folder;

    private static EmbeddedBroker broker;

    @BeforeAll
    static void start() {
        broker = EmbeddedBroker.start();
    }

    @AfterAll
    static void stop() {
        broker.close();
    }

    @Test
    void itSaysOfABrokerWhatKafkasOwnToolSays() throws Exception {
        String theirs;
        try (KafkaTool kafka = new KafkaTool("3.9.2", folder)) {
            theirs = kafka.call("kafka.admin.BrokerApiVersionsCommand", ToolCall.with(broker))
                    .out();
        }
        String ours = ToolCall.at(broker, "api-versions").output();

        assertThat(ours.lines().findFirst()).isEqualTo(theirs.lines().findFirst());
        assertThat(ours).endsWith("\n)\n");
        assertThat(theirs).endsWith("\n)\n");
        // Each of the two speaks for its own client, of which ours is the newer one and has forgotten what was between
        // brokers.
        Map<Integer, String> served = served(ours);
        assertThat(served)
                .isEqualTo(served(theirs))
                .containsEntry(18, "ApiVersions 0 to 5")
                .hasSizeGreaterThan(40);
        assertThat(ours)
                .contains("\n\tMetadata(3): 0 to 12 [usable: 12],\n")
                .contains("\n\tConsumerGroupHeartbeat(68): UNSUPPORTED");
    }

    /** {@return the versions of the APIs that a broker serves, by their numbers} */
    private static Map<Integer, String> served(String output) {
        Map<Integer, String> served = new TreeMap<>();
        List<String> lines = output.lines().toList();
        for (String line : lines.subList(1, lines.size() - 1)) {
            Matcher api = API.matcher(line);
            assertThat(api.matches()).as(line).isTrue();
            if (!api.group(3).equals("UNSUPPORTED")) {
                String name = api.group(1).replace("ListClientMetricsResources", "ListConfigResources");
                served.put(Integer.parseInt(api.group(2)), name + " " + api.group(3));
            }
        }
        return served;
    }

    @Test
    void jsonHasTheSameForPrograms() throws Exception {
        JsonObject object = JsonReader.readObject(
                ToolCall.at(broker, "api-versions", "--json").output().getBytes(StandardCharsets.UTF_8));

        assertThat(object.intAt("broker")).isZero();
        assertThat(object.stringAt("host") + ":" + object.intAt("port")).isEqualTo(broker.bootstrapServers());
        JsonObject metadata = object.objectsAt("apis").get(3);
        assertThat(metadata.stringAt("name")).isEqualTo("Metadata");
        assertThat(metadata.intAt("key")).isEqualTo(3);
        assertThat(metadata.intAt("minVersion")).isZero();
        assertThat(metadata.intAt("maxVersion")).isEqualTo(12);
        assertThat(metadata.intAt("usableVersion")).isEqualTo(12);
    }

    @Test
    void eachApiIsALineOfItsOwnKind() {
        assertThat(line(ApiKeys.PRODUCE, 3, 3)).isEqualTo("Produce(0): 3 [usable: 3]");
        assertThat(line(ApiKeys.PRODUCE, 0, 2)).isEqualTo("Produce(0): 0 to 2 [unusable: node too old]");
        assertThat(line(ApiKeys.PRODUCE, 90, 99)).isEqualTo("Produce(0): 90 to 99 [unusable: node too new]");
        assertThat(new ServedApi(0, ApiKeys.PRODUCE, null).text()).isEqualTo("Produce(0): UNSUPPORTED");
        assertThat(new ServedApi(999, null, versions(999, 0, 1)).text()).isEqualTo("UNKNOWN(999): 0 to 1");
    }

    private static String line(ApiKeys api, int min, int max) {
        return new ServedApi(api.id, api, versions(api.id, min, max)).text();
    }

    private static ApiVersion versions(int key, int min, int max) {
        return new ApiVersion()
                .setApiKey((short) key)
                .setMinVersion((short) min)
                .setMaxVersion((short) max);
    }

    @Test
    void aBrokerThatDoesNotAnswerIsOneLine() throws Exception {
        Path settings = Files.writeString(
                folder.resolve("client.properties"), "request.timeout.ms=300\ndefault.api.timeout.ms=700\n");
        try (ServerSocket silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            String at = "127.0.0.1:" + silent.getLocalPort();
            assertThat(ToolCall.of("api-versions", "--bootstrap-server", at, "--command-config", settings.toString())
                            .failure())
                    .startsWith("The broker at " + at + " took the connection and has not answered");
        }
        assertThat(ToolCall.of("api-versions", "--bootstrap-server", "nowhere.invalid:9092")
                        .failure())
                .isEqualTo("Broker at nowhere.invalid:9092 cannot be reached: there is no such host");
    }
}
