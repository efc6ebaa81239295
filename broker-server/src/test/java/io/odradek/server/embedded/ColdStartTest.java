package io.odradek.server.embedded;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * Keeps the start of an embedded broker short by what it makes a cold JVM load, which is most of what it costs and, unlike
 * the time, is the same on every machine.
 */
class ColdStartTest {
    private static final String BEGIN = "the start begins";
    private static final String END = "the start has ended";
    private static final int MOST_CLASSES = 715;
    private static final int MOST_LAMBDAS = 160;

    @Test
    void aStartLoadsFewClassesAndLinksFewLambdas() throws Exception {
        List<String> loaded = classesLoadedByAStart();

        // Those of the JDK are not counted: how many it takes is its own affair, and each version's.
        assertThat(loaded)
                .filteredOn(name -> name.startsWith("io.odradek.") || name.startsWith("io.netty."))
                .hasSizeBetween(100, MOST_CLASSES);
        assertThat(loaded)
                .filteredOn(name -> name.startsWith("io.odradek.") && name.contains("$$Lambda"))
                .hasSizeLessThan(MOST_LAMBDAS);
        assertThat(loaded)
                .noneMatch(name -> name.startsWith("io.netty.handler.ssl"))
                .noneMatch(name -> name.startsWith("io.netty.channel.epoll"))
                .noneMatch(name -> name.startsWith("io.netty.buffer.Adaptive"))
                .noneMatch(name -> name.startsWith("java.security.SecureRandom"))
                .noneMatch(name -> name.startsWith("java.lang.reflect.Proxy"))
                .noneMatch(name -> name.startsWith("java.lang.runtime.ObjectMethods"))
                .noneMatch(name -> name.startsWith("java.util.Formatter"));
    }

    private static List<String> classesLoadedByAStart() throws Exception {
        Process process = new ProcessBuilder(
                        ProcessHandle.current().info().command().orElse("java"),
                        "-Xlog:class+load:stdout:tags",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Starter.class.getName())
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        List<String> classes = new ArrayList<>();
        boolean begun = false;
        boolean ended = false;
        try (BufferedReader output = process.inputReader(UTF_8)) {
            for (String line = output.readLine(); line != null; line = output.readLine()) {
                begun |= line.endsWith(BEGIN);
                ended |= line.endsWith(END);
                int name = line.indexOf("] ") + 2;
                if (begun && !ended && line.contains(" source: ")) {
                    classes.add(line.substring(name, line.indexOf(' ', name)));
                }
            }
        }
        assertThat(process.waitFor()).isZero();
        assertThat(ended).isTrue();
        return classes;
    }

    /** The program that the test looks at. */
    public static final class Starter {
        /** Starts a broker and closes it. */
        public static void main(String[] arguments) {
            System.out.println(BEGIN);
            EmbeddedBroker broker = EmbeddedBroker.start();
            System.out.println(END);
            broker.close();
        }
    }
}
