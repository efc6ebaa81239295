package io.odradek.storage.io;

import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** Words for what the operating system refuses: which path, what is wrong with it, and what the operator can do. */
final class IoFailures {
    private static final String[] FULL = {
        "No space left", "Disk quota exceeded", "not enough space on the disk", "disk is full"
    };

    private static final String TOO_MANY = "Too many open files";

    /** A file that can always be opened, where there is one. */
    private static final Path NOTHING = Path.of("/dev/null");

    private IoFailures() {}

    /**
     * Names the path and the remedy.
     *
     * @param doing what was attempted, as in "write to"
     * @param path the file or folder
     * @param cause what the system said
     * @return a {@link NoSuchFileException} for a missing file, a {@link DiskFullException} for a full disk and an {@link
     *     OutOfDescriptorsException} where no more files may be opened, which callers tell apart; otherwise an {@link
     *     IOException}
     */
    static IOException describe(String doing, Path path, IOException cause) {
        if (cause instanceof NoSuchFileException) {
            NoSuchFileException missing =
                    new NoSuchFileException(path.toString(), null, "Cannot " + doing + " it: it does not exist");
            missing.initCause(cause);
            return missing;
        }
        if (PassingFailure.isOfDescriptors(cause) || isOutOfDescriptors(cause)) {
            return new OutOfDescriptorsException(sentence(doing, path, cause), cause);
        }
        String sentence = sentence(doing, path, cause);
        return isFull(path, cause) ? new DiskFullException(sentence, cause) : new IOException(sentence, cause);
    }

    /**
     * As {@link #describe}, for a force: that the disk is full says then that pages are lost, which no freed space brings
     * back.
     */
    static IOException describeForce(Path path, IOException cause) {
        IOException described = describe("force to disk", path, cause);
        return described instanceof DiskFullException ? new IOException(described.getMessage(), cause) : described;
    }

    /** Of the process (EMFILE) or of the system (ENFILE). */
    private static boolean isOutOfDescriptors(IOException cause) {
        String said = said(cause);
        // The system may speak another language than English.
        return said != null && said.contains(TOO_MANY)
                || cause.getClass() == FileSystemException.class && !canOpen(NOTHING);
    }

    private static boolean canOpen(Path path) {
        if (!Files.exists(path)) {
            return true;
        }
        try (FileChannel opened = FileChannel.open(path, StandardOpenOption.READ)) {
            return opened.isOpen();
        } catch (IOException e) {
            return false;
        }
    }

    private static boolean isFull(Path path, IOException cause) {
        String said = said(cause);
        if (said == null) {
            return false;
        }
        for (String words : FULL) {
            if (said.contains(words)) {
                return true;
            }
        }
        // The system may speak another language than English.
        Path folder = path.getParent();
        return folder != null
                && !(cause instanceof ClosedChannelException)
                && Files.isDirectory(folder)
                && folder.toFile().getUsableSpace() == 0
                && folder.toFile().getTotalSpace() > 0;
    }

    private static String said(IOException cause) {
        return cause instanceof FileSystemException system ? system.getReason() : cause.getMessage();
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
        String said = said(cause);
        if (said == null) {
            return cause.getClass().getSimpleName();
        }
        if (said.contains("No space left")) {
            return said + "; free some space or move partitions away";
        }
        if (said.contains(TOO_MANY)) {
            return said + "; raise the limit of open files (ulimit -n) of the user that runs the broker";
        }
        if (said.contains("Read-only file system")) {
            return said + "; mount it for writing, or choose another folder";
        }
        return said;
    }
}
