package io.odradek.storage.manager;

import java.io.IOException;
import java.nio.file.Path;

/** A log folder cannot be used; the message names it, says what is wrong and what to do. */
public final class LogFolderException extends IOException {
    private static final long serialVersionUID = 1L;

    LogFolderException(Path folder, String what) {
        super("Cannot use log folder " + folder + ": " + what);
    }

    LogFolderException(Path folder, IOException cause) {
        super("Cannot use log folder " + folder + ": " + cause.getMessage(), cause);
    }

    LogFolderException(String message, IOException cause) {
        super(message, cause);
    }
}
