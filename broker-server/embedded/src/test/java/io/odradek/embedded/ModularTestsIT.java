package io.odradek.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The extension of JUnit on the module path, for tests that are a module themselves, under an old JUnit and a new one. */
class ModularTestsIT {
    private static final String OLDEST = "5.10";

    @ParameterizedTest
    @ValueSource(strings = {OLDEST, "6"})
    void testsInAModuleHaveTheirBrokersAndClients(String version, @TempDir Path module) throws Exception {
        List<Path> path = new ArrayList<>(OneJar.neighbours("3.9.2"));
        path.add(OneJar.JAR);
        path.addAll(junit(version));
        compile(path, module);
        path.add(module);

        List<String> options = List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-p", OneJar.path(path));
        List<String> command = new ArrayList<>(options);
        command.addAll(List.of("-m", "shop.tests/shop.Tests"));
        assertThat(OneJar.run("java", command)).contains("passed in module shop.tests: 5");
    }

    private static void compile(List<Path> path, Path module) throws Exception {
        List<String> arguments = new ArrayList<>(List.of("-d", module.toString(), "-p", OneJar.path(path)));
        try (Stream<Path> files = Files.walk(OneJar.sources().resolve("test/modules/junit"))) {
            files.map(Path::toString).filter(name -> name.endsWith(".java")).forEach(arguments::add);
        }
        OneJar.run("javac", arguments);
    }

    /** {@return the jars of JUnit: those of this test, or in their place older ones} */
    private static List<Path> junit(String version) throws Exception {
        List<Path> jars = new ArrayList<>();
        for (String entry : System.getProperty("java.class.path").split(File.pathSeparator)) {
            String name = Path.of(entry).getFileName().toString();
            boolean ofJUnit = name.startsWith("junit-") && !name.matches("junit-jupiter-\\d.*");
            if (ofJUnit && !version.equals(OLDEST) || name.matches("(opentest4j|apiguardian|jspecify).*")) {
                jars.add(Path.of(entry));
            }
        }
        if (version.equals(OLDEST)) {
            try (Stream<Path> old = Files.list(OneJar.sources().resolve("../../target/junit-" + version))) {
                old.sorted().forEach(jars::add);
            }
        }
        return jars;
    }
}
