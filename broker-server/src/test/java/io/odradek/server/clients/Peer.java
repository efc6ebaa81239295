package io.odradek.server.clients;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Apache Kafka, its tools and ZooKeeper, in processes of their own with a class path from Maven Central. */
public final class Peer {
    private static final long FETCH_LIMIT_SECONDS = 300;

    private final String classpath;
    private final Path folder;

    /**
     * @param version a version under {@code src/test/peers}
     * @param folder for its logging settings
     */
    public Peer(String version, Path folder) throws IOException, InterruptedException {
        this.folder = Files.createDirectories(folder);
        Path target = Path.of("target", "peers").toAbsolutePath();
        Process process = new ProcessBuilder("src/test/peers/classpath.sh", version, target.toString())
                .redirectError(ProcessBuilder.Redirect.appendTo(
                        Path.of("target", "peers.log").toFile()))
                .start();
        classpath = new String(process.getInputStream().readAllBytes(), UTF_8).strip();
        if (!process.waitFor(FETCH_LIMIT_SECONDS, TimeUnit.SECONDS) || process.exitValue() != 0) {
            throw new IOException("Could not fetch Apache Kafka " + version);
        }
        Files.writeString(folder.resolve("log4j.properties"), """
                log4j.rootLogger=WARN, err
                log4j.appender.err=org.apache.log4j.ConsoleAppender
                log4j.appender.err.target=System.err
                log4j.appender.err.layout=org.apache.log4j.PatternLayout
                log4j.appender.err.layout.ConversionPattern=[%d] %p %m (%c)%n
                """);
    }

    /** {@return its class path} */
    public String classpath() {
        return classpath;
    }

    /** A command line that runs a class of this peer. */
    public ProcessBuilder java(String mainClass, String... arguments) {
        List<String> command =
                new ArrayList<>(List.of(ProcessHandle.current().info().command().orElse("java"), "-Xmx512M"));
        if (Runtime.version().feature() >= 24) {
            command.add("--enable-native-access=ALL-UNNAMED");
            command.add("--sun-misc-unsafe-memory-access=allow");
        }
        command.addAll(List.of(
                "-Dlog4j.configuration=file:" + folder.resolve("log4j.properties"), "-cp", classpath, mainClass));
        command.addAll(List.of(arguments));
        return new ProcessBuilder(command);
    }
}
