package io.odradek.storage.manager;

import io.odradek.protocol.TopicPartition;
import io.odradek.storage.env.EventLoop;
import io.odradek.storage.io.DiskFullException;
import io.odradek.storage.log.Log;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * What is saved of the logs beside them, each in the folder where it lies: recovery points, log starts, high watermarks. A
 * folder that is offline is left alone. Thread-safe.
 */
public final class SavedOffsets {
    private interface FolderTask {
        void run(LogFolder folder) throws IOException;
    }

    private final List<LogFolder> folders;
    private final StorageEnvironment.FailureListener failures;
    private final LogStartSaver starts;
    private FullDiskRelief relief;

    SavedOffsets(List<LogFolder> folders, EventLoop logIo, StorageEnvironment.FailureListener failures) {
        this.folders = folders;
        this.failures = failures;
        this.starts = new LogStartSaver(logIo, failures);
    }

    /** Says who makes room on a full disk; before logs are served. */
    void relief(FullDiskRelief newRelief) {
        relief = newRelief;
    }

    /** {@return the high watermarks saved of the logs that are served} */
    public SortedMap<TopicPartition, Long> highWatermarks() {
        SortedMap<TopicPartition, Long> all = new TreeMap<>();
        for (LogFolder folder : folders) {
            List<Log> served = folder.served().orElse(List.of());
            if (served.isEmpty()) {
                continue;
            }
            SortedMap<TopicPartition, Long> saved = folder.checkpoints().highWatermarks();
            for (Log log : served) {
                Long highWatermark = saved.get(log.id());
                if (highWatermark != null) {
                    all.put(log.id(), highWatermark);
                }
            }
        }
        return all;
    }

    /** Saves high watermarks; logs that are not named keep what was saved. */
    public void saveHighWatermarks(Map<TopicPartition, Long> highWatermarks) {
        inEachFolder(folder -> folder.saveHighWatermarks(highWatermarks));
    }

    /** Saves recovery points and log starts now. */
    public void save() {
        saveRecoveryPoints();
        saveStarts();
    }

    void saveRecoveryPoints() {
        inEachFolder(LogFolder::saveRecoveryPoints);
    }

    void saveStarts() {
        inEachFolder(LogFolder::saveStarts);
    }

    /** Saves recovery points and log starts of one folder now. */
    void saveIn(Path logFolder) throws IOException {
        LogFolder folder = folderAt(logFolder);
        if (folder.online()) {
            folder.saveRecoveryPoints();
            folder.saveStarts();
        }
    }

    /**
     * Saves where a log begins, so that what lies below cannot come back with a crash. Those who ask at the same time share
     * the work. Where the disk is full, what lies below goes at once, and if need be before. May be called from any thread.
     *
     * @param done is called on the log-io loop: with null when it is on the disk, else with what went wrong
     */
    public void whenStartSaved(Log log, Consumer<IOException> done) {
        LogFolder folder = folderAt(log.folder().getParent());
        starts.save(folder, failure -> {
            if (failure instanceof DiskFullException) {
                relief.relieve(log, () -> starts.save(folder, done));
            } else if (failure == null && relief.isDue(log)) {
                relief.relieve(log, () -> done.accept(null));
            } else {
                done.accept(failure);
            }
        });
    }

    private LogFolder folderAt(Path path) {
        for (LogFolder folder : folders) {
            if (folder.path().equals(path)) {
                return folder;
            }
        }
        throw new IllegalArgumentException(path + " is no log folder");
    }

    private void inEachFolder(FolderTask task) {
        for (LogFolder folder : folders) {
            if (folder.online()) {
                try {
                    task.run(folder);
                } catch (IOException e) {
                    failures.folderFailed(folder.path(), e);
                }
            }
        }
    }
}
