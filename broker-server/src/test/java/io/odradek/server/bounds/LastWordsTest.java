package io.odradek.server.bounds;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Who runs out of heap says in the log what he was doing, as {@code bin/broker-start.sh} has Java do it. */
@EnabledOnOs(OS.LINUX)
@Timeout(120)
class LastWordsTest {
    private static final int HOGS = 7;

    @TempDir
    Path folder;

    /** Takes all the heap there is. */
    public static final class Hog {
        public static void main(String[] arguments) {
            List<byte[]> taken = new ArrayList<>();
            while (taken.size() < Integer.MAX_VALUE) {
                taken.add(new byte[1 << 20]);
            }
        }
    }

    @Test
    void theLogTellsWhatWasBeingDoneAndTheRemedy() throws Exception {
        Path logs = Files.createDirectory(folder.resolve("with a blank"));
        assertThat(end(logs)).isNotZero();
        assertThat(Files.readString(logs.resolve("broker.log0")))
                .contains("[main]", "for want of memory (Java heap space)", "-Xmx")
                .containsOnlyOnce(Hog.class.getName() + ".main");
    }

    @Test
    void ofManyReportsTheNewestFewAreKept() throws Exception {
        for (int i = 0; i < HOGS; i++) {
            Files.writeString(folder.resolve("java-error-" + i + ".log"), "of an earlier one");
        }
        end(folder);
        assertThat(folder.toFile().list((any, name) -> name.startsWith("java-error-")))
                .hasSize(5);
    }

    private static int end(Path logs) throws Exception {
        Path script = Path.of("..", "bin", "last-words.sh").toAbsolutePath().normalize();
        Process process = new ProcessBuilder(
                        ProcessHandle.current().info().command().orElse("java"),
                        "-Xmx24m",
                        "-XX:+UseSerialGC",
                        "-XX:+CrashOnOutOfMemoryError",
                        "-XX:-CreateCoredumpOnCrash",
                        "-XX:ErrorFile=" + logs + "/java-error-%p.log",
                        "-XX:OnError=BROKER_LOG_DIR='" + logs + "' '" + script + "' %p",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Hog.class.getName())
                .redirectErrorStream(true)
                .redirectOutput(logs.resolve("out").toFile())
                .start();
        assertThat(process.waitFor(1, TimeUnit.MINUTES)).isTrue();
        return process.exitValue();
    }
}
