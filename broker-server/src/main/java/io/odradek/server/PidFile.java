package io.odradek.server;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The file by which a stop script finds the process: there while the program serves. */
final class PidFile {
    private static final Logger LOG = LoggerFactory.getLogger(PidFile.class);
    private static final Path PROC_SELF = Path.of("/proc/self");

    private final Path path;

    /** @param path the file, or null for none */
    PidFile(String path) {
        this.path = path == null ? null : Path.of(path);
    }

    /** Writes it. A program serves without it, too. */
    void write() {
        if (path != null) {
            try {
                Files.writeString(path, pid() + "\n");
            } catch (IOException failure) {
                LOG.warn("The process id cannot be written: {}", failure.toString());
            }
        }
    }

    /** Removes it. */
    void remove() {
        if (path != null) {
            try {
                Files.deleteIfExists(path);
            } catch (IOException failure) {
                LOG.warn("The file of the process id cannot be removed: {}", failure.toString());
            }
        }
    }

    /** The link is much cheaper to read than {@link ProcessHandle} is to load. */
    private static String pid() throws IOException {
        return Files.isSymbolicLink(PROC_SELF)
                ? Files.readSymbolicLink(PROC_SELF).toString()
                : Long.toString(ProcessHandle.current().pid());
    }
}
