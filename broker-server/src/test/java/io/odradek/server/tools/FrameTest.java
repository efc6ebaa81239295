package io.odradek.server.tools;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What all tools have in common: help, version, and what bad input comes to. */
class FrameTest {
    private static final Path BIN = Path.of("../bin");

    @TempDir
    private Path folder;

    static List<Tools.Entry> tools() {
        return Tools.all();
    }

    static List<Tools.Entry> toolsOfBrokers() {
        return Tools.all().stream().filter(FrameTest::speaksWithBrokers).toList();
    }

    /** The others read files. */
    private static boolean speaksWithBrokers(Tools.Entry tool) {
        return !tool.name().equals("dump-log");
    }

    @Test
    void theCommandWithoutAToolOrWithAnUnknownOneSaysWhatThereIs() {
        ToolCall bare = ToolCall.of();
        assertThat(bare.status()).isEqualTo(1);
        assertThat(bare.out()).isEmpty();
        assertThat(ToolCall.of("--help").output()).isEqualTo(bare.err()).contains("  topics ");
        assertThat(ToolCall.of("topic").failure())
                .isEqualTo("There is no tool \"topic\" (odradek --help names them all)");
        assertThat(ToolCall.of("--version").output()).startsWith("odradek ").contains("kafka-clients 4.4.0");
    }

    @ParameterizedTest
    @MethodSource("tools")
    void eachToolHasHelpWithExamplesAVersionAndAScript(Tools.Entry tool) throws Exception {
        assertThat(ToolCall.of(tool.name(), "--help").output())
                .startsWith("Usage: odradek " + tool.name() + " ")
                .contains(speaksWithBrokers(tool) ? "--bootstrap-server" : "FILE")
                .contains("\nExamples:\n  ")
                .contains("\n  odradek " + tool.name() + " ");
        assertThat(ToolCall.of(tool.name(), "--version").output()).startsWith("odradek ");
        assertThat(Files.readString(BIN.resolve(tool.script()))).contains("\nrun_tool " + tool.name() + " \"$@\"");
        assertThat(BIN.resolve(tool.script())).isExecutable();
    }

    @Test
    void eachScriptOfAToolIsInTheTable() throws Exception {
        try (Stream<Path> scripts = Files.list(BIN)) {
            for (Path script : scripts.filter(Files::isExecutable).toList()) {
                String name = script.getFileName().toString();
                if (Files.readString(script).contains("run_tool ") && !name.equals("odradek")) {
                    assertThat(Tools.all()).extracting(Tools.Entry::script).contains(name);
                }
            }
        }
    }

    @ParameterizedTest
    @MethodSource("toolsOfBrokers")
    void badOptionsAreOneLineAndStatusOne(Tools.Entry tool) {
        assertThat(ToolCall.of(tool.name(), "--nonsense").failure())
                .contains("--nonsense")
                .endsWith(" (--help shows how it is used)");
        assertThat(ToolCall.of(tool.name(), "--bootstrap-server").failure())
                .contains("--bootstrap-server")
                .endsWith(" (--help shows how it is used)");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "topics --list",
                "groups --list",
                "groups --describe --all-groups",
                "groups --reset-offsets --group g --topic t --to-latest",
                "configs --describe --entity-type topics",
                "configs --alter --topic t --add-config retention.ms=1",
                "offsets",
                "delete-records --offset-json-file FILE"
            })
    void noToolWaitsForABrokerThatIsNotThere(String call) throws Exception {
        Path file = Files.writeString(folder.resolve("delete.json"), "{\"partitions\":[]}");
        String[] arguments =
                (call.replace("FILE", file.toString()) + " --bootstrap-server nowhere.invalid:9092").split(" ");

        ToolCall done = ToolCall.of(arguments);

        assertThat(done.failure()).isEqualTo("Broker at nowhere.invalid:9092 cannot be reached: there is no such host");
        assertThat(done.out()).isEmpty();
    }

    @Test
    void somethingThatTakesConnectionsAndDoesNotAnswerIsNotWaitedForLong() throws Exception {
        Path settings = Files.writeString(
                folder.resolve("client.properties"), "request.timeout.ms=300\ndefault.api.timeout.ms=700\n");
        try (ServerSocket silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            String at = "127.0.0.1:" + silent.getLocalPort();
            assertThat(ToolCall.of(
                                    "topics",
                                    "--list",
                                    "--bootstrap-server",
                                    at,
                                    "--command-config",
                                    settings.toString())
                            .failure())
                    .startsWith("The broker at " + at
                            + " took the connection and has not answered: is it a broker's port,");
        }
    }

    @Test
    void aBrokerThatCannotBeReachedIsNamedWithTheReason() throws Exception {
        int unused;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            unused = socket.getLocalPort();
        }
        assertThat(list("127.0.0.1:" + unused).failure())
                .isEqualTo("Broker at 127.0.0.1:" + unused + " cannot be reached: connection refused");
        assertThat(list("nowhere.invalid:9092,127.0.0.1:" + unused).failure())
                .isEqualTo(
                        "Broker at nowhere.invalid:9092 cannot be reached: there is no such host; Broker at 127.0.0.1:"
                                + unused + " cannot be reached: connection refused");
        for (String wrong : List.of("localhost", "localhost:", ":9092", "localhost:x", "localhost:70000", "")) {
            assertThat(list(wrong).failure())
                    .isEqualTo("\"" + wrong + "\" is not HOST:PORT (--help shows how it is used)");
        }
    }

    @Test
    void oldWaysOfReachingAClusterAreNotMistakenForNewOnes() {
        assertThat(ToolCall.of("topics", "--list", "--zookeeper", "localhost:2181")
                        .failure())
                .startsWith("Tools speak with brokers, not with ZooKeeper");
        assertThat(ToolCall.of("topics", "--list", "--bootstrap-controller", "localhost:9093")
                        .failure())
                .startsWith("Brokers pass on what is for the controller");
        assertThat(ToolCall.of("topics", "--list", "--broker-list", "nowhere.invalid:1")
                        .failure())
                .startsWith("Broker at nowhere.invalid:1 cannot be reached");
    }

    @Test
    void aFileOfSettingsThatIsNotThereIsNamed() {
        assertThat(ToolCall.of("topics", "--list", "--command-config", "no-such-file")
                        .failure())
                .isEqualTo("There is no file no-such-file");
    }

    private static ToolCall list(String servers) {
        return ToolCall.of("topics", "--list", "--bootstrap-server", servers);
    }
}
