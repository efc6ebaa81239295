package io.odradek.core.coordination;

import java.io.IOException;
import java.nio.file.Path;

/** A copy of the journal does not hold what was written; the disk that it lies on may be sound. */
final class DamagedJournalException extends IOException {
    private static final long serialVersionUID = 1L;

    DamagedJournalException(Path path, String what) {
        super("The coordination journal " + path + " is damaged: " + what
                + ". Restore the file from a backup, or move it away to register the topics found in the log folders anew,"
                + " with the settings that are kept beside them");
    }
}
