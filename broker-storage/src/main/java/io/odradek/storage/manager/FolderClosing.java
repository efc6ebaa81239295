package io.odradek.storage.manager;

import io.odradek.storage.checkpoint.CleanShutdownFile;
import io.odradek.storage.io.LogFileSystem;
import io.odradek.storage.io.PassingFailure;
import io.odradek.storage.log.Log;
import java.io.IOException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The end of a log folder's work: its logs forced and closed, its offsets saved, its clean-shutdown mark left. */
final class FolderClosing {
    private static final Logger LOG = LoggerFactory.getLogger(FolderClosing.class);

    private FolderClosing() {}

    /**
     * Closes all logs, whatever happens. A full disk, a file that could not be opened, a damaged log and one that could not be
     * opened cost the mark, and so the next start a recovery, and nothing else.
     *
     * @throws IOException if anything else than room or a descriptor was missing; there is no mark then
     */
    static void close(LogFileSystem files, LogFolder folder) throws IOException {
        IOException failure = null;
        boolean broken = false;
        boolean damaged = false;
        for (Log log : folder.logs()) {
            try (log) {
                log.flush();
            } catch (IOException e) {
                boolean one = FolderFailures.concernsOneLog(folder.path(), e);
                if (one) {
                    LOG.warn("{} is closed without its clean-shutdown mark: {}", folder.path(), e.getMessage());
                }
                damaged |= one;
                broken |= !one && !PassingFailure.is(e);
                failure = one ? failure : merged(failure, e);
            }
        }
        if (broken) {
            throw failure;
        }
        try {
            if (failure != null) {
                throw failure;
            }
            folder.saveRecoveryPoints();
            if (folder.saveStarts() && !damaged && !folder.checkpoints().hasUnopened()) {
                new CleanShutdownFile(files, folder.path()).write();
            }
        } catch (IOException e) {
            if (!PassingFailure.is(e)) {
                throw e;
            }
            LOG.warn("{} is closed without its clean-shutdown mark: {}", folder.path(), e.getMessage());
        }
    }

    static IOException merged(IOException first, IOException next) {
        if (first == null) {
            return next;
        }
        first.addSuppressed(next);
        return first;
    }
}
