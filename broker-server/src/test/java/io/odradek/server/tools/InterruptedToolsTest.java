package io.odradek.server.tools;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import io.odradek.server.embedded.EmbeddedBroker;
import io.odradek.server.inspect.ConsumerGroup;
import io.odradek.server.inspect.StoredRecord;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** What tools do that are interrupted in the middle, as by ctrl-C, each in a process of its own. */
@EnabledOnOs(OS.LINUX)
@Timeout(600)
class InterruptedToolsTest {
    private static final Duration PATIENCE = Duration.ofSeconds(120);
    /** That of a process which this signal has ended. */
    private static final int INTERRUPTED = 130;

    @TempDir
    private Path folder;

    private EmbeddedBroker broker;
    private final List<Running> all = new ArrayList<>();

    @BeforeEach
    void start() throws Exception {
        // Whoever starts this build in the background has it ignore the signal.
        assumeThat(new ProcessBuilder("env", "--default-signal=INT", "true")
                        .start()
                        .waitFor())
                .as("env can undo that a signal is ignored")
                .isZero();
        broker = EmbeddedBroker.builder().topic("read", 1).topic("written", 1).start();
        for (String value : List.of("one", "two", "three")) {
            broker.produce("read", value);
        }
    }

    @AfterEach
    void stop() {
        all.forEach(tool -> tool.process.destroyForcibly());
        broker.close();
    }

    @Test
    void theyEndWithTheirCountsAndLeaveTheirGroups() throws Exception {
        // One after the other: a machine that is busy with all of them has them give up.
        Running consume = run("consume", "--topic", "read", "--from-beginning", "--group", "console");
        consume.awaitOutput("three\n");
        Running reader = run("verifiable-consumer", "--topic", "read", "--group-id", "verifiable");
        reader.awaitOutput("\"offsets_committed\"");
        Running slowReader = run(
                "consumer-perf-test",
                "--topic",
                "read",
                "--num-records",
                "9",
                "--timeout",
                "600000",
                "--group",
                "perf");
        slowReader.awaitOutput("start.time");
        Running writer = run("verifiable-producer", "--topic", "written", "--throughput", "50");
        writer.awaitOutput("producer_send_success");
        Running slowWriter = run(
                "producer-perf-test",
                "--topic",
                "written",
                "--num-records",
                "1000000",
                "--payload-monotonic",
                "--throughput",
                "50",
                "--reporting-interval",
                "200");
        slowWriter.awaitOutput("ms max latency.\n");
        Running produce = run("produce", "--topic", "written");
        produce.process.getOutputStream().write("typed\n".getBytes());
        produce.process.getOutputStream().flush();
        await().atMost(PATIENCE)
                .until(() -> broker.records("written").stream()
                        .map(StoredRecord::value)
                        .anyMatch("typed"::equals));
        await().atMost(PATIENCE)
                .until(() -> broker.groups().stream()
                                .filter(group -> group.members().size() == 1)
                                .count()
                        == 3);
        for (Running tool : all) {
            tool.interrupt();
        }
        for (Running tool : all) {
            assertThat(tool.end()).as(tool.toString()).isEqualTo(INTERRUPTED);
            assertThat(tool.errors()).as(tool.toString()).doesNotContain("\tat ", "Exception");
        }

        assertThat(broker.groups())
                .extracting(ConsumerGroup::members)
                .hasSize(3)
                .allMatch(List::isEmpty);
        assertThat(broker.group("console").position("read", 0)).isEqualTo(3);
        assertThat(consume.output()).isEqualTo("one\ntwo\nthree\n");
        assertThat(consume.errors()).isEqualTo("Processed a total of 3 messages\n");
        assertThat(reader.lastLine()).contains("\"shutdown_complete\"");
        assertThat(produce.output() + produce.errors()).isEmpty();
        assertThat(writer.lastLine()).containsPattern("\"sent\":(\\d+),\"acked\":\\1,");
        assertThat(slowWriter.lastLine()).matches("\\d+ records sent, .* ms 99\\.9th\\.");
        assertThat(slowReader.lastLine()).matches("[^,]+, [^,]+, 0\\.0000, 0\\.0000, [0-3], .*");
    }

    private Running run(String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                "env",
                "--default-signal=INT",
                ProcessHandle.current().info().command().orElse("java"),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-Xmx128m",
                "-cp",
                System.getProperty("java.class.path"),
                Odradek.class.getName()));
        command.addAll(List.of(ToolCall.with(broker, arguments)));
        Path output = folder.resolve(arguments[0] + ".out");
        Path errors = folder.resolve(arguments[0] + ".err");
        Process process = new ProcessBuilder(command)
                .redirectOutput(output.toFile())
                .redirectError(errors.toFile())
                .start();
        Running tool = new Running(process, output, errors);
        all.add(tool);
        return tool;
    }

    private record Running(Process process, Path out, Path err) {
        void awaitOutput(String part) throws IOException {
            await().atMost(PATIENCE).until(() -> output().contains(part) || !process.isAlive());
            assertThat(output()).as(toString()).contains(part);
        }

        void interrupt() throws Exception {
            new ProcessBuilder("kill", "-INT", Long.toString(process.pid()))
                    .start()
                    .waitFor();
        }

        int end() throws InterruptedException {
            assertThat(process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
            return process.exitValue();
        }

        String output() throws IOException {
            return Files.readString(out);
        }

        String errors() throws IOException {
            return Files.readString(err);
        }

        String lastLine() throws IOException {
            List<String> lines = Files.readAllLines(out);
            return lines.get(lines.size() - 1);
        }
    }
}
