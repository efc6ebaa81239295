package io.odradek.embedded;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Where the build has put what these tests look at, and how they run programs with it. */
final class OneJar {
    private static final Path MODULE = Path.of(System.getProperty("embedded.module"));
    private static final Path TARGET = Path.of(System.getProperty("embedded.target"));

    /** The jar of this module, as embedders get it. */
    static final Path JAR = Path.of(System.getProperty("embedded.jar"));

    /** The Java that programs run with: {@code -Dembedded.java} names another one. */
    private static final Path JAVA_HOME = Path.of(System.getProperty("embedded.java", System.getProperty("java.home")));

    private OneJar() {}

    /** {@return the folder of this module's sources} */
    static Path sources() {
        return MODULE.resolve("src");
    }

    /** {@return the README of the project} */
    static Path readme() {
        return MODULE.resolve("../../README.md");
    }

    static Path target() {
        return TARGET;
    }

    /** {@return the jars that a version of kafka-clients brings, with itself} */
    static List<Path> neighbours(String kafkaVersion) {
        return jarsIn(TARGET.resolve("neighbours").resolve(kafkaVersion));
    }

    private static List<Path> jarsIn(Path folder) {
        try (Stream<Path> files = Files.list(folder)) {
            return files.sorted().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** {@return the paths as one path of the platform} */
    static String path(List<Path> parts) {
        return String.join(
                System.getProperty("path.separator"),
                parts.stream().map(Path::toString).toList());
    }

    /**
     * Runs a program of the JDK.
     *
     * @return all that it printed
     * @throws IllegalStateException if it failed, with what it printed
     */
    static String run(String program, List<String> arguments) throws Exception {
        List<String> command = new ArrayList<>();
        command.add(JAVA_HOME.resolve("bin").resolve(program).toString());
        command.addAll(arguments);
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), UTF_8);
        if (process.waitFor() != 0) {
            throw new IllegalStateException(String.join(" ", command) + " failed:\n" + output);
        }
        return output;
    }
}
