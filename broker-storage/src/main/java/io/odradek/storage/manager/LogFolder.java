package io.odradek.storage.manager;

import io.odradek.storage.io.LogFileSystem;
import io.odradek.storage.log.Log;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/** One of the folders in {@code log.dirs}, at work: its path, its checkpoints, and which logs lie in it. Thread-safe. */
final class LogFolder {
    private final Path path;
    private final Collection<Log> allLogs;
    private final FolderCheckpoints checkpoints;

    /** @param allLogs the logs of all folders, a live view */
    LogFolder(LogFileSystem files, Path path, Collection<Log> allLogs) throws IOException {
        this.path = path;
        this.allLogs = allLogs;
        this.checkpoints = new FolderCheckpoints(files, path);
    }

    Path path() {
        return path;
    }

    FolderCheckpoints checkpoints() {
        return checkpoints;
    }

    /** {@return the logs that lie in this folder now} */
    List<Log> logs() {
        List<Log> inFolder = new ArrayList<>();
        for (Log log : allLogs) {
            if (log.folder().getParent().equals(path)) {
                inFolder.add(log);
            }
        }
        return inFolder;
    }

    /** Saves recovery points and log starts. */
    void saveOffsets() throws IOException {
        checkpoints.save(logs());
    }
}
