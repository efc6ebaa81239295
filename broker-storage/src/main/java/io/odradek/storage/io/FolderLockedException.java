package io.odradek.storage.io;

import java.io.IOException;
import java.nio.file.Path;

/** A log folder is in use by another broker, in this process or in another. */
public final class FolderLockedException extends IOException {
    private static final long serialVersionUID = 1L;

    /** @param folder the folder that is taken */
    public FolderLockedException(Path folder) {
        super("Log folder " + folder
                + " is locked: another broker is using it. Stop that broker, or give this one other log.dirs");
    }
}
