package io.odradek.server.cluster;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.odradek.server.clients.ForeignTool;
import io.odradek.server.clients.Peer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/** Every line by which README starts, uses and stops a cluster on one host, as it is written, in a distribution of its own. */
@DisabledOnOs(OS.WINDOWS)
class ReadmeClusterIT {
    private static final Path HOME = Path.of("..").toAbsolutePath().normalize();
    private static final List<Integer> PORTS = List.of(2181, 9091, 9092, 9093);
    private static final int DONE_WITHIN_SECONDS = 120;

    @TempDir(factory = InTarget.class, cleanup = CleanupMode.ON_SUCCESS)
    Path folder;

    @BeforeEach
    void prepare() throws Exception {
        for (int port : PORTS) {
            assumeFree(port);
        }
        Files.createSymbolicLink(folder.resolve("broker-server"), HOME.resolve("broker-server"));
        for (String name : List.of("bin", "config")) {
            Path copy = Files.createDirectory(folder.resolve(name));
            try (Stream<Path> files = Files.list(HOME.resolve(name))) {
                for (Path file : files.toList()) {
                    Files.copy(file, copy.resolve(file.getFileName()), StandardCopyOption.COPY_ATTRIBUTES);
                }
            }
        }
        ForeignTool.command("kcat", "kcat");
        Path tools = Files.createDirectories(folder.resolve("tools"));
        ProcessBuilder topics = new Peer("3.9.2", tools).java("org.apache.kafka.tools.TopicCommand");
        Path script = tools.resolve("kafka-topics.sh");
        Files.writeString(script, "#!/bin/sh\nexec '" + String.join("' '", topics.command()) + "' \"$@\"\n");
        assertThat(script.toFile().setExecutable(true)).isTrue();
    }

    /** As written, the lines need the ports that they name. */
    private static void assumeFree(int port) {
        try (ServerSocket free = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
            assertThat(free.isBound()).isTrue();
        } catch (IOException taken) {
            String message = "NOT TESTED: the cluster of README, because something listens on port " + port;
            System.err.println("*** " + message);
            Assumptions.assumeTrue(System.getenv("CI") != null, message);
            throw new AssertionError(message);
        }
    }

    @AfterEach
    void endWhatRuns() throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file :
                    files.filter(path -> path.toString().endsWith(".pid")).toList()) {
                ProcessHandle.of(Long.parseLong(Files.readString(file).strip())).ifPresent(process -> {
                    process.destroyForcibly();
                    process.onExit().join();
                });
            }
        }
    }

    @Test
    @Timeout(400)
    void theLinesOfTheReadmeStartUseAndStopAClusterOnOneHost() throws Exception {
        List<String> lines = linesOf("## Start three");
        assertThat(lines).anyMatch(line -> line.contains("bin/zookeeper-start.sh"));
        assertThat(lines).anyMatch(line -> line.contains("config/broker-3.properties"));
        StringBuilder shown = new StringBuilder();
        for (String line : lines) {
            shown.append("$ ").append(line).append('\n').append(run(line));
        }
        assertThat(shown.toString())
                .contains("Created topic orders", "one\n", "two\n")
                .containsPattern(
                        "Topic: orders\\s+Partition: 0\\s+Leader: [23]\\s+Replicas: \\S+\\s+Isr: [23],[23]\\s");
        for (int port : PORTS) {
            new ServerSocket(port, 1, InetAddress.getLoopbackAddress()).close();
        }
    }

    /** The lines in fences of a section. */
    private static List<String> linesOf(String heading) throws IOException {
        String text = Files.readString(HOME.resolve("README.md"));
        String section = text.substring(text.indexOf(heading) + heading.length());
        section = section.substring(0, section.indexOf("\n## "));
        StringBuilder fenced = new StringBuilder();
        String[] parts = section.split("```");
        for (int i = 1; i < parts.length; i += 2) {
            fenced.append(parts[i]);
        }
        return fenced.toString().lines().filter(line -> !line.isBlank()).toList();
    }

    private String run(String line) throws IOException, InterruptedException {
        Path output = Files.createTempFile(folder, "output", "");
        ProcessBuilder command = new ProcessBuilder("/bin/sh", "-c", line)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile());
        command.environment().put("JAVA_HOME", System.getProperty("java.home"));
        command.environment().put("ZOOKEEPER_LOG_DIR", folder.resolve("logs").toString());
        command.environment().put("BROKER_HEAP_OPTS", "-Xmx256m");
        command.environment().merge("PATH", folder.resolve("tools").toString(), (path, tools) -> tools + ":" + path);
        Process process = command.start();
        boolean ended = process.waitFor(DONE_WITHIN_SECONDS, TimeUnit.SECONDS);
        if (!ended) {
            process.destroyForcibly().waitFor();
        }
        String text = Files.readString(output, UTF_8);
        assertThat(ended && process.exitValue() == 0).as(line + "\n" + text).isTrue();
        return text;
    }
}
