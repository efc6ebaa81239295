package io.odradek.server.junit;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The extension under the oldest JUnit that it is for, and under the newest. */
@Timeout(240)
class JUnitVersionsTest {
    private static final String NEWEST = "6";

    @ParameterizedTest
    @ValueSource(strings = {"5.10", NEWEST})
    void testsHaveTheirBrokersAndClients(String version) throws Exception {
        List<String> said = run(
                version,
                TinySuite.PerClass.class,
                TinySuite.PerMethod.class,
                TinySuite.OfRun.class,
                TinySuite.OfRunToo.class,
                TinySuite.Registered.class,
                TinySuite.RegisteredForEach.class,
                TinySuite.Failing.class,
                ShapesSuite.Heir.class,
                ShapesSuite.OtherHeir.class,
                ShapesSuite.TakingTurns.class,
                ShapesSuite.TakingTurnsWithTwo.class,
                ShapesSuite.OneInstance.class,
                ShapesSuite.FieldOfOneInstance.class,
                ShapesSuite.OwnOfEach.class,
                ShapesSuite.OfCluster.class,
                ShapesSuite.WithoutCluster.class);
        assertThat(said).noneMatch(line -> line.startsWith("left: "));
        assertThat(said)
                .contains("lives: {class=1, cluster=1, field=1, for each=2, inherited=2, instance=1, method=2, own=3,"
                        + " registered=1, run=1, turns=1, two turns=2}");
        assertThat(said).filteredOn(line -> line.startsWith("failed: ")).hasSize(3);
        assertThat(said)
                .anyMatch(line -> line.startsWith("failed: asksForACluster")
                        && line.contains("There is no EmbeddedCluster here but an EmbeddedBroker"));
        assertThat(said)
                .anyMatch(line ->
                        line.startsWith("failed: hasTypes") && line.contains("such as KafkaProducer<String, byte[]>"));
        assertThat(said).contains("succeeded: 27");
        int report = indexOf(said, "saw of fails(");
        assertThat(said.get(report)).startsWith("What the broker at 127.0.0.1:");
        assertThat(said.subList(report + 1, report + 4))
                .satisfiesExactly(
                        line -> assertThat(line).startsWith("  topic orders: offsets 0 to "),
                        line -> assertThat(line)
                                .isEqualTo("  fault PRODUCE, 1 time: fails with NOT_ENOUGH_REPLICAS, has struck 1"),
                        line -> assertThat(line)
                                .startsWith("  error ")
                                .endsWith("PRODUCE of shop: NOT_ENOUGH_REPLICAS"));
    }

    private static int indexOf(List<String> lines, String part) {
        for (int i = 0; i < lines.size(); i++) {
            if (lines.get(i).contains(part)) {
                return i;
            }
        }
        throw new AssertionError("\"" + part + "\" is in none of " + lines);
    }

    private static List<String> run(String version, Class<?>... suites) throws Exception {
        List<String> command = new ArrayList<>(List.of(
                ProcessHandle.current().info().command().orElse("java"),
                "-cp",
                classPath(version),
                JUnitRun.class.getName()));
        for (Class<?> suite : suites) {
            command.add(suite.getName());
        }
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        List<String> said = new ArrayList<>();
        try (BufferedReader output = process.inputReader(UTF_8)) {
            for (String line = output.readLine(); line != null; line = output.readLine()) {
                said.add(line);
            }
        }
        said.forEach(System.out::println);
        assertThat(process.waitFor()).isZero();
        return said;
    }

    /** That of this test, with another JUnit if need be. */
    private static String classPath(String version) throws IOException {
        List<String> path = new ArrayList<>();
        for (String entry : System.getProperty("java.class.path").split(File.pathSeparator)) {
            if (version.equals(NEWEST)
                    || !Path.of(entry).getFileName().toString().startsWith("junit-")) {
                path.add(entry);
            }
        }
        if (!version.equals(NEWEST)) {
            try (Stream<Path> jars = Files.list(Path.of("target", "junit-" + version))) {
                jars.sorted().map(Path::toString).forEach(path::add);
            }
        }
        return String.join(File.pathSeparator, path);
    }
}
