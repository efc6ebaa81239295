package io.odradek.storage.manager;

import io.odradek.storage.env.EventLoop;
import java.io.IOException;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Saves where the logs of a folder begin, on the log-io loop, for those who must not go on before that is on the disk. All
 * who have come by the time a save begins share it. Thread-safe.
 */
final class LogStartSaver {
    private final EventLoop logIo;
    private final StorageEnvironment.FailureListener failures;
    private final Map<LogFolder, List<Consumer<IOException>>> waiting = new IdentityHashMap<>();

    LogStartSaver(EventLoop logIo, StorageEnvironment.FailureListener failures) {
        this.logIo = logIo;
        this.failures = failures;
    }

    /**
     * Saves the beginnings that the logs of a folder have now, or later ones.
     *
     * @param done is called on the log-io loop, with null or with what went wrong, of which the folder has been told
     */
    void save(LogFolder folder, Consumer<IOException> done) {
        boolean first;
        synchronized (waiting) {
            List<Consumer<IOException>> sharing = waiting.computeIfAbsent(folder, of -> new ArrayList<>());
            first = sharing.isEmpty();
            sharing.add(done);
        }
        if (first) {
            logIo.post(() -> saveNow(folder));
        }
    }

    private void saveNow(LogFolder folder) {
        List<Consumer<IOException>> sharing;
        synchronized (waiting) {
            sharing = waiting.remove(folder);
        }
        IOException failure = null;
        try {
            if (!folder.saveStarts()) {
                failure = new IOException("Log folder " + folder.path() + " is not written any more");
            }
        } catch (IOException e) {
            failure = e;
            failures.folderFailed(folder.path(), e);
        }
        for (Consumer<IOException> done : sharing) {
            done.accept(failure);
        }
    }
}
