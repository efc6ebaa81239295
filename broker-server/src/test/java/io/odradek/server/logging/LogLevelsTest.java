package io.odradek.server.logging;

import static org.assertj.core.api.Assertions.assertThat;

import io.odradek.server.hostile.BrokerLog;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The levels of the log while a broker runs. */
class LogLevelsTest {
    private static final Logger ROOM = Logger.getLogger("io.odradek.levels.room");
    private static final Logger CORNER = Logger.getLogger("io.odradek.levels.room.corner");

    @TempDir
    private Path folder;

    private final BrokerLog log = new BrokerLog();
    private Path file;
    private LogLevels levels;
    private long changes;

    @BeforeEach
    void start() throws IOException {
        file = folder.resolve("logging.properties");
        write("handlers=none.Such", "io.odradek.levels.room.level=WARNING");
        ROOM.setLevel(Level.WARNING);
        levels = new LogLevels(file);
    }

    @AfterEach
    void forget() {
        ROOM.setLevel(null);
        log.close();
    }

    private void write(String... lines) throws IOException {
        Files.write(file, List.of(lines));
        Files.setLastModifiedTime(file, FileTime.fromMillis(++changes * 1_000));
        if (levels != null) {
            levels.look();
        }
    }

    @Test
    void aChangedFileIsHeededAndWhatItDoesNotNameAnyMoreIsAsWhatIsAboveIt() throws IOException {
        write("io.odradek.levels.room.level=FINE", "io.odradek.levels.room.corner.level=OFF");
        assertThat(ROOM.isLoggable(Level.FINE)).isTrue();
        assertThat(CORNER.isLoggable(Level.SEVERE)).isFalse();
        assertThat(log.lines("The levels of the log are now those of " + file)).hasSize(1);

        write("io.odradek.levels.room.level=FINE");
        assertThat(CORNER.isLoggable(Level.FINE)).isTrue();

        write();
        assertThat(ROOM.getLevel()).isNull();
    }

    @Test
    void aBadFileChangesNothingAndIsALine() throws IOException {
        write("io.odradek.levels.room.level=LOUD", "io.odradek.levels.room.corner.level=FINE");
        levels.look();

        assertThat(ROOM.getLevel()).isEqualTo(Level.WARNING);
        assertThat(CORNER.getLevel()).isNull();
        assertThat(log.lines("The levels of the log stay as they are"))
                .singleElement()
                .asString()
                .contains(file.toString())
                .contains("io.odradek.levels.room.level=LOUD is no level; those are SEVERE, WARNING");

        Files.delete(file);
        levels.look();
        write("\\u12");
        assertThat(log.lines("The levels of the log stay as they are")).hasSize(3);
        assertThat(ROOM.getLevel()).isEqualTo(Level.WARNING);

        write("io.odradek.levels.room.level=FINER");
        assertThat(ROOM.getLevel()).isEqualTo(Level.FINER);
    }
}
