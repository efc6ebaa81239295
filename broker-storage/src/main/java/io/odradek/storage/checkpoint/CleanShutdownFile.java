package io.odradek.storage.checkpoint;

import io.odradek.storage.io.LogFileSystem;
import java.io.IOException;
import java.nio.file.Path;

/**
 * The mark of a clean stop, the file {@code .kafka_cleanshutdown} of a log folder: all its logs were flushed and closed.
 * That it is there is what counts; empty ones of older lines do too. Newer ones hold the broker's epoch as JSON
 * (KIP-966).
 */
public final class CleanShutdownFile {
    /** The file's name. */
    public static final String NAME = ".kafka_cleanshutdown";

    /** The epoch of a broker that is not told one by a KRaft controller. */
    private static final String CONTENT = "{\"version\":0,\"brokerEpoch\":-1}";

    private final LogFileSystem files;
    private final Path folder;

    /** @param logFolder the log folder */
    public CleanShutdownFile(LogFileSystem files, Path logFolder) {
        this.files = files;
        this.folder = logFolder;
    }

    /** {@return whether the last stop was clean} */
    public boolean exists() throws IOException {
        return files.exists(folder.resolve(NAME));
    }

    /** Leaves the mark; when this returns, it survives a power loss. */
    public void write() throws IOException {
        ReplacedFile.write(files, folder.resolve(NAME), CONTENT);
    }

    /** Takes the mark away, for good: a crash from now on is not a clean stop. */
    public void delete() throws IOException {
        if (exists()) {
            files.delete(folder.resolve(NAME));
            files.forceFolder(folder);
        }
    }
}
