package io.odradek.storage.log;

import java.io.IOException;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Whether the names of the files in a log's folder are on the disk. Changes are counted, so that one which comes while the
 * folder is forced is not taken for forced, and names count as forced only once they are. Thread-safe; to note a change waits
 * for nobody.
 */
final class FolderNames {
    private final LogState log;
    private final AtomicLong changes = new AtomicLong();
    private volatile long forcedChanges;

    FolderNames(LogState log) {
        this.log = log;
    }

    /** Files have been created, renamed or deleted. To be called after that, not before. */
    void changed() {
        changes.incrementAndGet();
    }

    /** {@return whether the names may differ from what is on the disk} */
    boolean unforced() {
        return forcedChanges != changes.get();
    }

    /** Forces the folder to the disk if names have changed, and returns when they are there. */
    synchronized void force() throws IOException {
        long seen = changes.get();
        if (forcedChanges != seen) {
            log.context.files().forceFolder(log.folder);
            forcedChanges = seen;
        }
    }
}
