package io.odradek.server.logging;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Collections;
import java.util.Map;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The loggers of a process, by the names of Kafka's levels. */
class ProcessLoggersTest {
    private static final Logger ROOM = Logger.getLogger("io.odradek.loggers.room");
    private static final Logger CORNER = Logger.getLogger("io.odradek.loggers.room.corner");

    private final ProcessLoggers loggers = new ProcessLoggers();

    @AfterEach
    void forget() {
        ROOM.setLevel(null);
        CORNER.setLevel(null);
    }

    @Test
    void aLevelIsOfALoggerAndOfAllBelowItThatHaveNone() {
        loggers.take(Map.of("io.odradek.loggers.room", "TRACE"));
        assertThat(CORNER.isLoggable(Level.FINEST)).isTrue();
        assertThat(loggers.levels())
                .containsEntry("io.odradek.loggers.room", "TRACE")
                .containsEntry("io.odradek.loggers.room.corner", "TRACE")
                .containsKey("root");

        loggers.take(Map.of("io.odradek.loggers.room.corner", "ERROR"));
        assertThat(CORNER.isLoggable(Level.WARNING)).isFalse();
        assertThat(loggers.levels()).containsEntry("io.odradek.loggers.room.corner", "ERROR");

        loggers.take(Collections.singletonMap("io.odradek.loggers.room.corner", null));
        assertThat(CORNER.isLoggable(Level.FINEST)).isTrue();
    }

    @Test
    void packagesOfLoggersAreKnown() {
        assertThat(loggers.knows("root")).isTrue();
        assertThat(loggers.knows("io.odradek.loggers")).isTrue();
        assertThat(loggers.knows("io.odradek.loggers.room.corner")).isTrue();
        assertThat(loggers.knows("io.odradek.loggers.ro")).isFalse();
        assertThat(loggers.knows("")).isFalse();
    }
}
