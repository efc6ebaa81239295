package io.odradek.server.tools;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class InterruptTest {
    /** A process that is told to end before its tool has begun. */
    static final class Early {
        private Early() {}

        /** @param arguments none */
        public static void main(String[] arguments) {
            Runtime.getRuntime().addShutdownHook(new Thread(() -> {
                new Interrupt(() -> System.out.print("told"), Duration.ZERO).close();
                System.out.print(" and closed");
            }));
        }
    }

    @Test
    void whoIsToldToEndBeforeTheToolHasBegunIsNotToldOfAFault() throws Exception {
        Process early = new ProcessBuilder(
                        ProcessHandle.current().info().command().orElseThrow(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Early.class.getName())
                .redirectErrorStream(true)
                .start();
        assertThat(new String(early.getInputStream().readAllBytes(), UTF_8)).isEqualTo("told and closed");
        assertThat(early.waitFor()).isZero();
    }
}
