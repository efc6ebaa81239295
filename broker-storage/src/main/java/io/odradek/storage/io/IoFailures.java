package io.odradek.storage.io;

import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;

/** Words for what the operating system refuses: which path, what is wrong with it, and what the operator can do. */
final class IoFailures {
    private IoFailures() {}

    /**
     * Names the path and the remedy.
     *
     * @param doing what was attempted, as in "write to"
     * @param path the file or folder
     * @param cause what the system said
     * @return a {@link NoSuchFileException} for a missing file, which callers tell apart; otherwise an {@link IOException}
     */
    static IOException describe(String doing, Path path, IOException cause) {
        if (cause instanceof NoSuchFileException) {
            NoSuchFileException missing =
                    new NoSuchFileException(path.toString(), null, "Cannot " + doing + " it: it does not exist");
            missing.initCause(cause);
            return missing;
        }
        return new IOException(sentence(doing, path, cause), cause);
    }

    private static String sentence(String doing, Path path, IOException cause) {
        if (cause instanceof AccessDeniedException) {
            return "No permission to " + doing + " " + path
                    + ": grant it to the user that runs the broker, or choose another folder";
        }
        if (cause instanceof DirectoryNotEmptyException) {
            return "Cannot " + doing + " " + path + ": the folder is not empty";
        }
        if (cause instanceof NotDirectoryException) {
            return "Cannot " + doing + " " + path + ": it is not a folder";
        }
        if (cause instanceof ClosedByInterruptException) {
            return "Cannot " + doing + " " + path
                    + ": the thread was interrupted, which closes the file; threads that do storage work must not be"
                    + " interrupted";
        }
        return "Cannot " + doing + " " + path + ": " + reason(cause);
    }

    private static String reason(IOException cause) {
        String said = cause instanceof FileSystemException system ? system.getReason() : cause.getMessage();
        if (said == null) {
            return cause.getClass().getSimpleName();
        }
        if (said.contains("No space left")) {
            return said + "; free some space or move partitions away, then restart the broker";
        }
        if (said.contains("Too many open files")) {
            return said + "; raise the limit of open files (ulimit -n) of the user that runs the broker";
        }
        if (said.contains("Read-only file system")) {
            return said + "; mount it for writing, or choose another folder";
        }
        return said;
    }
}
