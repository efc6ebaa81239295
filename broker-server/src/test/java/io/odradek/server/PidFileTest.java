package io.odradek.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PidFileTest {
    private static final String OWN = ProcessHandle.current().pid() + "\n";

    @TempDir
    private Path folder;

    private Path path;
    private PidFile file;

    @BeforeEach
    void name() {
        path = folder.resolve("broker.pid");
        file = new PidFile(path.toString());
    }

    @Test
    void itIsThereFromWritingToRemoving() {
        file.write();
        assertThat(path).hasContent(OWN);
        file.remove();
        assertThat(path).doesNotExist();
    }

    @Test
    void thatOfAnotherProcessThatRunsIsNeitherOverwrittenNorRemoved() throws IOException {
        String other = ProcessHandle.current().parent().map(ProcessHandle::pid).orElse(1L) + "\n";
        Files.writeString(path, other);

        file.write();
        assertThat(path).hasContent(other);
        file.remove();
        assertThat(path).hasContent(other);
    }

    @Test
    void thatOfAProcessThatHasEndedIsOverwritten() throws Exception {
        Process ended = new ProcessBuilder("true").start();
        ended.waitFor();
        Files.writeString(path, ended.pid() + "\n");

        file.write();
        assertThat(path).hasContent(OWN);
    }
}
