package io.odradek.server;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The file by which a stop script finds the process: there while the program serves, and nobody else's. */
final class PidFile {
    private static final Logger LOG = LoggerFactory.getLogger(PidFile.class);
    private static final Path PROC_SELF = Path.of("/proc/self");

    private final Path path;
    private boolean written;

    /** @param path the file, or null for none */
    PidFile(String path) {
        this.path = path == null ? null : Path.of(path);
    }

    /** Writes it, unless another process that runs has written it. A program serves without it, too. */
    synchronized void write() {
        if (path == null) {
            return;
        }
        try {
            create();
            written = true;
        } catch (FileAlreadyExistsException ofAnother) {
            LOG.warn("{} is of another process that runs: this one is not stopped by it", path);
        } catch (IOException failure) {
            LOG.warn("The process id cannot be written: {}", failure.toString());
        }
    }

    private void create() throws IOException {
        String line = pid() + "\n";
        try {
            Files.writeString(path, line, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        } catch (FileAlreadyExistsException there) {
            if (isOfOneThatRuns(Files.readString(path).trim())) {
                throw there;
            }
            Files.writeString(path, line);
        }
    }

    private static boolean isOfOneThatRuns(String pid) {
        try {
            return ProcessHandle.of(Long.parseLong(pid))
                    .map(ProcessHandle::isAlive)
                    .orElse(false);
        } catch (NumberFormatException none) {
            return false;
        }
    }

    /** Removes it if it was written. */
    synchronized void remove() {
        if (written) {
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
