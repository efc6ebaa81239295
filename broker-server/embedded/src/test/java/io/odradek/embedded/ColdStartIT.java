package io.odradek.embedded;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the first broker of a JVM and its first clients have it load. */
class ColdStartIT {
    private static final String LIST = "io/odradek/server/embedded/first-classes.txt";
    private static final Pattern LOADED = Pattern.compile("(\\S+) source: (.*)");

    /** Without a head start, in the order in which they are loaded: the classes of the jar, and all else. */
    private static final Set<String> NEEDED = new LinkedHashSet<>();

    private static final List<String> FROM_ELSEWHERE = new ArrayList<>();

    @BeforeAll
    static void startOneInAJvmOfItsOwn(@TempDir Path folder) throws Exception {
        Files.createDirectories(folder.resolve(LIST).getParent());
        Files.createFile(folder.resolve(LIST));
        Path log = folder.resolve("loaded");
        List<Path> path =
                new ArrayList<>(List.of(folder, OneJar.JAR, OneJar.target().resolve("test-classes")));
        path.addAll(OneJar.neighbours("4.4.0"));
        String logging = "-Xlog:class+load:file=" + log + ":none";
        OneJar.run("java", List.of(logging, "-cp", OneJar.path(path), RoundTrip.class.getName(), "none"));
        for (String line : Files.readAllLines(log, UTF_8)) {
            Matcher matcher = LOADED.matcher(line);
            if (matcher.matches()) {
                boolean own = matcher.group(2).contains("odradek-embedded");
                (own ? NEEDED : FROM_ELSEWHERE).add(matcher.group(1));
            }
        }
    }

    @Test
    void noLambdaIsLeftToBeLinked() {
        assertThat(NEEDED).anyMatch(name -> name.contains("$$Lambda"));
        assertThat(FROM_ELSEWHERE).noneMatch(name -> name.startsWith("io.odradek") && name.contains("$$Lambda"));
    }

    /** The list of what is loaded ahead. Where it has become another one, this says which file to take instead. */
    @Test
    void whatIsLoadedAheadIsWhatIsNeeded() throws Exception {
        Path fresh = OneJar.target().resolve("first-classes.txt");
        Files.write(fresh, NEEDED, UTF_8);

        Path list = OneJar.sources().resolve("main/resources").resolve(LIST);
        Set<String> listed = new LinkedHashSet<>(Files.readAllLines(list, UTF_8));
        Set<String> both = new LinkedHashSet<>(NEEDED);
        both.retainAll(listed);
        assertThat(both.size())
                .as("classes of %s that are needed; copy %s there", list, fresh)
                .isGreaterThan(listed.size() * 9 / 10)
                .isGreaterThan(NEEDED.size() * 9 / 10);
    }

    @Test
    void nothingIsLoadedAheadOnceTheBrokerIsClosed() throws Exception {
        List<URL> urls = new ArrayList<>(List.of(OneJar.JAR.toUri().toURL()));
        for (Path jar : OneJar.neighbours("4.4.0")) {
            urls.add(jar.toUri().toURL());
        }
        try (URLClassLoader cold = new URLClassLoader(urls.toArray(URL[]::new), ClassLoader.getPlatformClassLoader())) {
            Class<?> type = cold.loadClass("io.odradek.server.embedded.EmbeddedBroker");
            Object broker = type.getMethod("start").invoke(null);
            type.getMethod("close").invoke(broker);

            assertThat(Thread.getAllStackTraces().keySet())
                    .extracting(Thread::getName)
                    .noneMatch(name -> name.startsWith("odradek-"));
        }
    }
}
