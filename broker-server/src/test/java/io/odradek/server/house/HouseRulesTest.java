package io.odradek.server.house;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Keeps the plan of CONTRIBUTING.md: who may know whom, and what is a guest below the server. */
class HouseRulesTest {
    private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
    private static final List<String> DETERMINISTIC = List.of("broker-protocol", "broker-storage", "broker-core");
    private static final int LONGEST_FILE_LINES = 500;

    private static final Pattern BANNED = Pattern.compile(
            "System\\.(currentTimeMillis|nanoTime)|Thread\\.sleep|new Thread\\(|UUID\\.randomUUID|ThreadLocalRandom|"
                    + "Math\\.random|new (java\\.util\\.)?Random\\(|SecureRandom|parallelStream|\\.parallel\\(\\)|"
                    + "supplyAsync|runAsync|Instant\\.now|LocalDateTime\\.now|Clock\\.system|java\\.util\\.Timer|"
                    + "Executors\\.new|java\\.net\\.(Socket|ServerSocket)|System\\.exit|Runtime\\.getRuntime\\(\\)\\.halt");

    @Test
    void belowTheServerTimeChanceThreadsAndSocketsAreGuests() throws IOException {
        List<String> broken = new ArrayList<>();
        for (String module : DETERMINISTIC) {
            forEachLine(module, (file, line) -> {
                if (BANNED.matcher(line).find() && !isComment(line)) {
                    broken.add(file + ": " + line.strip());
                }
            });
        }
        assertThat(broken).isEmpty();
    }

    @Test
    void onlyTheFileSystemSeamOpensFiles() throws IOException {
        Pattern files =
                Pattern.compile("\\bFiles\\.|FileChannel\\.open|RandomAccessFile|FileInputStream|FileOutputStream");
        List<String> broken = new ArrayList<>();
        for (String module : DETERMINISTIC) {
            forEachLine(module, (file, line) -> {
                if (files.matcher(line).find() && !isComment(line) && !file.contains("/storage/io/")) {
                    broken.add(file + ": " + line.strip());
                }
            });
        }
        assertThat(broken).isEmpty();
    }

    @Test
    void dependenciesRunOneWay() throws IOException {
        List<String> packages =
                List.of("io.odradek.protocol", "io.odradek.storage", "io.odradek.core", "io.odradek.server");
        List<String> modules = List.of("broker-protocol", "broker-storage", "broker-core", "broker-server");
        List<String> broken = new ArrayList<>();
        for (int i = 0; i < modules.size(); i++) {
            List<String> above = packages.subList(i + 1, packages.size());
            forEachLine(modules.get(i), (file, line) -> {
                for (String name : above) {
                    if (line.contains(name + ".") && !isComment(line)) {
                        broken.add(file + ": " + line.strip());
                    }
                }
            });
        }
        for (String module : DETERMINISTIC) {
            forEachLine(module, (file, line) -> {
                if (line.startsWith("import io.netty") || line.startsWith("import org.apache.")) {
                    broken.add(file + ": " + line.strip());
                }
            });
        }
        forEachLine("broker-protocol", (file, line) -> {
            if (line.startsWith("import java.nio.channels") || line.startsWith("import java.nio.file")) {
                broken.add(file + ": " + line.strip());
            }
        });
        assertThat(broken).isEmpty();
    }

    @Test
    void noFileHoldsTwoIdeas() throws IOException {
        List<String> broken = new ArrayList<>();
        for (String module :
                List.of("broker-protocol", "broker-storage", "broker-core", "broker-server", "benchmarks")) {
            for (Path file : sources(module)) {
                int lines = Files.readAllLines(file).size();
                if (lines > LONGEST_FILE_LINES) {
                    broken.add(ROOT.relativize(file) + ": " + lines + " lines");
                }
            }
        }
        assertThat(broken).isEmpty();
    }

    @Test
    void thePackagesOfTheCoreHaveNoCircle() throws IOException {
        Pattern imported = Pattern.compile("^import (?:static )?(io\\.odradek\\.core(?:\\.[a-z]+)*)\\.[A-Z].*");
        Map<String, Set<String>> known = new TreeMap<>();
        forEachLine("broker-core", (file, line) -> {
            Matcher match = imported.matcher(line);
            if (match.matches() && !match.group(1).equals(packageOf(file))) {
                known.computeIfAbsent(packageOf(file), name -> new TreeSet<>()).add(match.group(1));
            }
        });
        assertThat(known).isNotEmpty();
        // Whatever knows nobody that is left stands at the bottom; what cannot be taken away so is in a circle, or
        // above one.
        while (known.values().removeIf(others -> Collections.disjoint(others, known.keySet()))) {}
        assertThat(known).isEmpty();
    }

    private static String packageOf(String file) {
        return file.substring(file.indexOf("io/odradek"), file.lastIndexOf('/')).replace('/', '.');
    }

    private interface LineCheck {
        void check(String file, String line);
    }

    private static void forEachLine(String module, LineCheck check) throws IOException {
        for (Path file : sources(module)) {
            String name = ROOT.relativize(file).toString().replace('\\', '/');
            Files.readAllLines(file).forEach(line -> check.check(name, line));
        }
    }

    private static List<Path> sources(String module) throws IOException {
        try (Stream<Path> all = Files.walk(ROOT.resolve(module).resolve("src/main/java"))) {
            List<Path> files = all.filter(file -> file.toString().endsWith(".java"))
                    .sorted()
                    .toList();
            assertThat(files).isNotEmpty();
            return files;
        }
    }

    private static boolean isComment(String line) {
        String text = line.strip();
        return text.startsWith("*") || text.startsWith("/*") || text.startsWith("//");
    }
}
