package io.odradek.server.exactlyonce;

import io.odradek.server.clients.Peer;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.tools.ToolProvider;
import javax.xml.parsers.DocumentBuilderFactory;
import org.w3c.dom.Element;

/**
 * Integration tests of Kafka Streams as it releases them, in a process of their own: their embedded cluster of Apache Kafka is
 * replaced by a class of the same name over the embedded brokers of this project ({@code src/test/peers/streams-stand-in}).
 */
final class StreamsTests {
    /** What of this build's class path the process must not see: it has other versions of it, or no use for it. */
    private static final Pattern OURS_ALONE = Pattern.compile(".*[/\\\\](test-classes"
            + "|(kafka|junit|opentest4j|apiguardian|assertj|awaitility|hamcrest|byte-buddy)-[^/\\\\]*\\.jar)");

    private final String classpath;
    private final Path folder;

    StreamsTests(Path folder) throws IOException, InterruptedException {
        this.folder = folder;
        String streams = new Peer("streams-3.9.2", folder.resolve("peer")).classpath();
        String broker = Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
                .filter(entry -> !OURS_ALONE.matcher(entry).matches())
                .collect(Collectors.joining(File.pathSeparator));
        Path standIn = Files.createDirectories(folder.resolve("stand-in"));
        // The broker's libraries come first: those of Apache Kafka are older.
        classpath = String.join(File.pathSeparator, standIn.toString(), broker, streams);
        compile(standIn);
        Files.writeString(folder.resolve("logging.properties"), """
                handlers=java.util.logging.ConsoleHandler
                .level=WARNING
                """);
    }

    private void compile(Path into) throws IOException {
        List<String> arguments = new ArrayList<>(List.of("-d", into.toString(), "-cp", classpath, "-proc:none"));
        try (Stream<Path> files = Files.walk(Path.of("src", "test", "peers", "streams-stand-in"))) {
            files.map(Path::toString).filter(name -> name.endsWith(".java")).forEach(arguments::add);
        }
        if (ToolProvider.getSystemJavaCompiler().run(null, null, null, arguments.toArray(new String[0])) != 0) {
            throw new IOException("the stand-in does not compile");
        }
    }

    /**
     * Runs tests and returns when they have ended.
     *
     * @param selectors as JUnit's console launcher takes them
     */
    Outcome run(List<String> selectors) throws Exception {
        Path reports = folder.resolve("reports");
        List<String> command = new ArrayList<>(List.of(
                ProcessHandle.current().info().command().orElse("java"),
                "-Xmx1g",
                "-XX:TieredStopAtLevel=1",
                "-Djava.util.logging.config.file=" + folder.resolve("logging.properties"),
                "-Djava.io.tmpdir=" + Files.createDirectories(folder.resolve("tmp")),
                "-cp",
                classpath,
                "org.junit.platform.console.ConsoleLauncher",
                "execute",
                "--disable-banner",
                "--details=tree",
                "--fail-if-no-tests",
                "--reports-dir=" + reports));
        command.addAll(selectors);
        try (ClientProcess tests = ClientProcess.start(folder.resolve("tests.log"), new ProcessBuilder(command))) {
            tests.process().waitFor();
            return Outcome.read(reports);
        }
    }

    /**
     * What came of it.
     *
     * @param tests how many were run
     * @param failed those that failed, by name
     */
    record Outcome(int tests, List<String> failed) {
        private static Outcome read(Path reports) throws Exception {
            int tests = 0;
            List<String> failed = new ArrayList<>();
            try (Stream<Path> files = Files.list(reports)) {
                for (Path file : files.sorted().toList()) {
                    var cases = DocumentBuilderFactory.newInstance()
                            .newDocumentBuilder()
                            .parse(file.toFile())
                            .getElementsByTagName("testcase");
                    for (int i = 0; i < cases.getLength(); i++) {
                        Element test = (Element) cases.item(i);
                        if (test.getElementsByTagName("skipped").getLength() == 0) {
                            tests++;
                        }
                        if (test.getElementsByTagName("failure").getLength()
                                        + test.getElementsByTagName("error").getLength()
                                > 0) {
                            failed.add(test.getAttribute("classname") + "." + test.getAttribute("name"));
                        }
                    }
                }
            }
            return new Outcome(tests, failed);
        }
    }
}
