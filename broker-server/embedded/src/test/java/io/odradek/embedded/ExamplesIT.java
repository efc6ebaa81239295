package io.odradek.embedded;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * The example projects, built by a Maven of their own with the jar that this build made. {@code -Dexamples.options} adds options
 * of Maven, and {@code -Dembedded.java} names another JDK.
 */
class ExamplesIT {
    private static final int PATIENCE_MINUTES = 10;
    /** Of programs that live for seconds. */
    private static final String SHORT_LIVED = "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC";

    @Test
    void theTestsOfEachExamplePass() throws Exception {
        Path examples = OneJar.target().resolve("examples");
        Folders.delete(examples);
        Folders.copy(OneJar.sources().resolve("examples"), examples);
        Path log = OneJar.target().resolve("examples.log");

        ProcessBuilder builder = new ProcessBuilder(command(LocalRepository.make()))
                .directory(examples.toFile())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile());
        builder.environment().merge("MAVEN_OPTS", SHORT_LIVED, (given, more) -> given + " " + more);
        Process build = builder.start();

        assertThat(build.waitFor(PATIENCE_MINUTES, TimeUnit.MINUTES)).isTrue();
        LocalRepository.giveBack();
        assertThat(build.exitValue()).as(() -> end(log)).isZero();
        for (Path example : examplesIn(examples)) {
            assertThat(example.resolve("target/surefire-reports")).isNotEmptyDirectory();
        }
    }

    private static List<String> command(Path repository) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("maven.home"), "bin", "mvn").toString());
        command.addAll(List.of("-B", "-ntp", "-T2", "-Dmaven.repo.local=" + repository, "-DargLine=" + SHORT_LIVED));
        if ("offline=true".equals(System.getProperty("examples.mode"))) {
            command.add("-o");
        }
        if (System.getProperty("embedded.java") != null) {
            command.add("-Djvm=" + Path.of(System.getProperty("embedded.java"), "bin", "java"));
        }
        String options = System.getProperty("examples.options", "");
        if (!options.isBlank()) {
            command.addAll(List.of(options.trim().split(" +")));
        }
        command.add("test");
        return command;
    }

    private static List<Path> examplesIn(Path folder) throws Exception {
        try (Stream<Path> files = Files.list(folder)) {
            List<Path> examples = files.filter(Files::isDirectory).sorted().toList();
            assertThat(examples).hasSizeGreaterThanOrEqualTo(8);
            return examples;
        }
    }

    private static String end(Path log) {
        try {
            String text = Files.readString(log, UTF_8);
            return text.substring(Math.max(0, text.length() - 8000));
        } catch (IOException unreadable) {
            return unreadable.toString();
        }
    }
}
