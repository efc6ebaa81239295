package io.odradek.server.logging;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Instant;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class LineFormatterTest {
    private final LineFormatter formatter = new LineFormatter();
    private long nowMs = 1_000_000_000;

    private String format(Level level, String message, Throwable thrown) {
        LogRecord entry = new LogRecord(level, message);
        entry.setLoggerName("io.odradek.room.Place");
        entry.setInstant(Instant.ofEpochMilli(nowMs));
        entry.setThrown(thrown);
        return formatter.format(entry);
    }

    @Test
    void aLineIsAsKafkaHasItWithTheThread() {
        String thread = Pattern.quote("[" + Thread.currentThread().getName() + "]");

        assertThat(format(Level.INFO, "A broker serves", null))
                .matches("\\[\\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d:\\d\\d,000] INFO " + thread + " A broker serves"
                        + " \\(io\\.odradek\\.room\\.Place\\)\\n");
        assertThat(format(Level.SEVERE, "one", null)).contains("] ERROR [");
        assertThat(format(Level.WARNING, "two", null)).contains("] WARN [");
        assertThat(format(Level.FINE, "three", null)).contains("] DEBUG [");
        assertThat(format(Level.FINEST, "four", null)).contains("] TRACE [");
    }

    @Test
    void aWarningIsWrittenOnceInAMinuteAndTheNextOneCountsTheOthers() {
        assertThat(format(Level.WARNING, "The disk is away", null))
                .contains("] The disk is away (io.odradek.room.Place)\n");
        for (int i = 0; i < 59; i++) {
            nowMs += 1_000;
            assertThat(format(Level.WARNING, "The disk is away", null)).isEmpty();
        }
        assertThat(format(Level.WARNING, "Another disk is away", null)).isNotEmpty();
        nowMs += 1_000;
        assertThat(format(Level.WARNING, "The disk is away", null))
                .contains("The disk is away (and 59 times since the last line like this) (io.odradek");
        nowMs += 60_000;
        assertThat(format(Level.WARNING, "The disk is away", null)).contains("] The disk is away (io.odradek");
    }

    @Test
    void whatWasThrownIsPartOfWhatIsSaid() {
        assertThat(format(Level.SEVERE, "It failed", new IOException("one way")))
                .contains("IOException: one way\n\tat ");
        assertThat(format(Level.SEVERE, "It failed", new IOException("another way")))
                .contains("another way");
        assertThat(format(Level.SEVERE, "It failed", new IOException("one way")))
                .isEmpty();
    }

    @Test
    void connectionsOfOneHostAreAsOne() {
        String refused = "Closing connection 10.0.0.1:9092-%s-%d: it sent no request";
        assertThat(format(Level.WARNING, String.format(refused, "10.0.0.7:4000", 1), null))
                .contains("10.0.0.7:4000-1");
        assertThat(format(Level.WARNING, String.format(refused, "10.0.0.7:4001", 22), null))
                .isEmpty();
        assertThat(format(Level.WARNING, String.format(refused, "10.0.0.8:4000", 23), null))
                .contains("10.0.0.8:4000-23");
        assertThat(format(Level.WARNING, String.format(refused, "[0:0:0:0:0:0:0:1]:4000", 24), null))
                .isNotEmpty();
    }

    @Test
    void eventsThatAreNoWarningsAreAllWritten() {
        for (int i = 0; i < 3; i++) {
            assertThat(format(Level.INFO, "A broker has gone", null)).isNotEmpty();
        }
    }

    @Test
    void aClockThatWasPutBackHidesNothing() {
        format(Level.WARNING, "The disk is away", null);
        nowMs -= 3_600_000;
        assertThat(format(Level.WARNING, "The disk is away", null)).isNotEmpty();
    }
}
