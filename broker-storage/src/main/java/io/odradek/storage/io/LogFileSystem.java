package io.odradek.storage.io;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * The disk, as a guest. Thread-safe. The durability of a file's bytes ({@link LogFile#force}) and of its name
 * ({@link #forceFolder}) are two promises: a file that was created, renamed or deleted may reappear under its old name, or
 * not at all, after a power loss until its folder has been forced; a single rename is all or nothing. Every operation
 * fails with an {@link IOException} that names the path, {@link java.nio.file.NoSuchFileException} where the path does not
 * exist.
 */
public interface LogFileSystem {
    /** Opens a file for reading and writing, creating an empty one if there is none; its folder must exist. */
    LogFile open(Path path) throws IOException;

    /** Opens an existing file for reading and writing; fails if there is none. */
    LogFile openExisting(Path path) throws IOException;

    /** Opens an existing file for reading; fails if there is none. */
    LogFile openForRead(Path path) throws IOException;

    /** {@return whether a file or folder of that name exists} */
    boolean exists(Path path) throws IOException;

    /** {@return the length in bytes of an existing file} */
    default long sizeBytes(Path path) throws IOException {
        try (LogFile file = openForRead(path)) {
            return file.sizeBytes();
        }
    }

    /** {@return when an existing file was last written, in milliseconds of the wall clock} */
    long lastModifiedMs(Path path) throws IOException;

    /** {@return the names (not paths) in a folder, sorted} */
    List<String> list(Path folder) throws IOException;

    /** {@return whether the path is a folder} */
    boolean isFolder(Path path) throws IOException;

    /** Creates a folder and its missing parents; does nothing if it exists. */
    void createFolders(Path folder) throws IOException;

    /** Renames a file or folder atomically, replacing a file of the new name. */
    void rename(Path from, Path to) throws IOException;

    /** Deletes a file or an empty folder; does nothing if there is none. */
    void delete(Path path) throws IOException;

    /** Forces the names in a folder to the disk: creations, renames and deletions done before are durable after. */
    void forceFolder(Path folder) throws IOException;

    /** {@return how large the volume of a folder is, and how much of it may still be written} */
    default Volume volume(Path folder) throws IOException {
        return Volume.UNKNOWN;
    }

    /**
     * A volume.
     *
     * @param totalBytes its size, -1 if it is not known
     * @param usableBytes what may still be written, -1 if it is not known
     */
    record Volume(long totalBytes, long usableBytes) {
        /** Nothing is known of it. */
        public static final Volume UNKNOWN = new Volume(-1, -1);
    }

    /**
     * Takes the exclusive lock of a log folder: the file {@code .lock} in it.
     *
     * @throws FolderLockedException at once if anyone holds it, in this process or in another
     */
    FolderLock lock(Path folder) throws IOException;

    /** A held folder lock. */
    interface FolderLock extends AutoCloseable {
        @Override
        void close() throws IOException;
    }
}
