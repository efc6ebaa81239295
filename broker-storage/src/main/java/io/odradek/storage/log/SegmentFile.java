package io.odradek.storage.log;

import io.odradek.storage.io.LogFile;
import io.odradek.storage.io.LogFileSystem;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The file of a segment's batches. It is opened when it is first needed, and closed while it is not; one that somebody has
 * deleted does not come back as an empty one. Belongs to the log's owner, but for {@link #open} and {@link #force}.
 */
final class SegmentFile {
    private static final Logger LOGGER = LoggerFactory.getLogger(SegmentFile.class);

    private final LogFileSystem files;
    private Path path;
    private volatile LogFile file;
    private LogFile.Handle handle = LogFile.Handle.KEPT;
    private int users;

    SegmentFile(LogFileSystem files, Path path) {
        this.files = files;
        this.path = path;
    }

    /** Makes an empty file. */
    void create() throws IOException {
        LogFile created = files.open(path);
        file = created;
        created.truncate(0);
        created.handle(handle);
    }

    /** Undoes the creation: no segment must seem to begin where the one before goes on. */
    void uncreate() throws IOException {
        if (file != null) {
            close();
            files.delete(path);
        }
    }

    Path path() {
        return path;
    }

    /**
     * {@return the file, opened if it was not}
     *
     * @throws DamagedSegmentException if it is missing
     */
    LogFile open() throws IOException {
        LogFile open = file;
        return open != null ? open : openExisting();
    }

    /**
     * {@return how long the file is, as the system knows it}
     *
     * @throws DamagedSegmentException if it is missing
     */
    long storedBytes() throws IOException {
        try {
            return open().storedBytes();
        } catch (NoSuchFileException e) {
            // The handle had been given up.
            throw new DamagedSegmentException(path + " is missing", e);
        }
    }

    private synchronized LogFile openExisting() throws IOException {
        if (file == null) {
            try {
                LogFile opened = files.openExisting(path);
                opened.handle(handle);
                file = opened;
            } catch (NoSuchFileException e) {
                throw new DamagedSegmentException(path + " is missing", e);
            }
        }
        return file;
    }

    /** Says what becomes of the system's handle. */
    synchronized void handle(LogFile.Handle newHandle) {
        handle = newHandle;
        if (file != null) {
            file.handle(newHandle);
        }
    }

    /** Forces the file to the disk. {@link #release} closes nothing until {@link #forced} has been called. */
    void force() throws IOException {
        LogFile used;
        synchronized (this) {
            users++;
            used = openExisting();
        }
        used.force();
    }

    /** Ends what {@link #force} began, however that ended. */
    synchronized void forced() {
        users--;
    }

    /** Closes the file until it is needed again, unless it is in use just now. */
    void release() throws IOException {
        LogFile unused = null;
        synchronized (this) {
            if (users == 0) {
                unused = file;
                file = null;
            }
        }
        if (unused != null) {
            unused.close();
        }
    }

    void close() throws IOException {
        LogFile open = file;
        file = null;
        if (open != null) {
            open.close();
        }
    }

    /** Says that the folder has been renamed. */
    void movedTo(Path newPath) {
        path = newPath;
    }

    /** Gives the file another name, under which it is of this segment no more. */
    void rename(Path target) throws IOException {
        close();
        files.rename(path, target);
    }

    /** Renames the file to be deleted. {@return the file, which slices may still be sent of; null if it is missing} */
    LogFile discard() throws IOException {
        LogFile open = file;
        if (open != null) {
            open.handle(LogFile.Handle.KEPT);
        }
        Path deleted = path.resolveSibling(path.getFileName() + LogFileNames.DELETED);
        try {
            files.rename(path, deleted);
        } catch (NoSuchFileException e) {
            LOGGER.warn("{} was to be deleted, and is missing", path);
            close();
            return null;
        }
        file = null;
        return open == null ? files.openExisting(deleted) : open;
    }
}
