package io.odradek.server.tools;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.InputStream;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

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
        return !Set.of("dump-log", "storage").contains(tool.name());
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
                "delete-records --offset-json-file FILE",
                "reassign-partitions --list",
                "transactions list",
                "transactions find-hanging --topic t",
                "api-versions"
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

    @Test
    void whoDoesNotAnswerIsNotSaidToLackATopic() throws Exception {
        try (ServerSocket silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            String at = "127.0.0.1:" + silent.getLocalPort();
            String[] call = {"produce", "--topic", "t", "--max-block-ms", "300", "--bootstrap-server", at};
            assertThat(ToolCall.typed("line\n", 0, call).failure())
                    .startsWith("The broker at " + at + " took the connection and has not answered");
        }
    }

    @Test
    void aFileOfSettingsIsInUtf8OrInLatin1() throws Exception {
        Path utf8 = Files.writeString(folder.resolve("utf8"), "ssl.key.password=größe\r\n");
        Path latin1 = Files.writeString(folder.resolve("latin1"), "ssl.key.password=größe", ISO_8859_1);
        assertThat(PropertiesFile.read(utf8.toString())).containsExactly(entry("ssl.key.password", "größe"));
        assertThat(PropertiesFile.read(latin1.toString())).containsExactly(entry("ssl.key.password", "größe"));
    }

    @Test
    void anArgumentThatBeginsWithAnAtIsTakenAsItIs() throws Exception {
        Path file = Files.writeString(folder.resolve("file"), "nowhere.invalid:1");
        assertThat(list("@" + file).failure()).startsWith("\"@" + file + "\" is not HOST:PORT");
    }

    @Test
    void resultsThatCannotBeWrittenAreAFailure() throws Exception {
        assumeThat(Path.of("/dev/full")).exists();
        Process tool = new ProcessBuilder(
                        ProcessHandle.current().info().command().orElseThrow(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Odradek.class.getName(),
                        "--help")
                .redirectOutput(new File("/dev/full"))
                .start();
        String said = new String(tool.getErrorStream().readAllBytes(), UTF_8);
        assertThat(said).isEqualTo("Standard output cannot be written: No space left on device\n");
        assertThat(tool.waitFor()).isOne();
    }

    @Command
    private static final class Greedy implements Tool {
        @Mixin
        private Connection connection;

        @Override
        public int run(Terminal terminal) {
            throw new OutOfMemoryError("Java heap space");
        }
    }

    @Test
    void anAnswerThatThereIsNoMemoryForIsOneLine() {
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        PrintStream stream = new PrintStream(err, true, UTF_8);
        Terminal terminal = new Terminal(InputStream.nullInputStream(), stream, stream, 0);
        assertThat(ToolRun.run(new Greedy(), "greedy", terminal)).isOne();
        assertThat(err.toString(UTF_8))
                .startsWith(
                        "The broker at localhost:9092 has sent more than there is memory for: is it a broker's port,")
                .hasLineCount(1);
    }

    private static ToolCall list(String servers) {
        return ToolCall.of("topics", "--list", "--bootstrap-server", servers);
    }
}
