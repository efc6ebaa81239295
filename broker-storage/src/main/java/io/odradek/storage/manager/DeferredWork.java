package io.odradek.storage.manager;

import io.odradek.protocol.TopicPartition;
import io.odradek.storage.env.EventLoop;
import io.odradek.storage.io.LogFile;
import io.odradek.storage.io.LogFileSystem;
import io.odradek.storage.log.Log;
import io.odradek.storage.log.LogConfig;
import io.odradek.storage.log.LogEvents;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;

/**
 * Flushes and removals, done on the log-io loop, so that no owner waits for them. What still waits when the manager closes
 * is done then. Thread-safe.
 */
final class DeferredWork implements LogEvents {
    /** Something that may fail. */
    interface IoTask {
        void run() throws IOException;
    }

    /** Saves how far the logs of a log folder are on the disk. */
    interface Checkpoint {
        void save(Path logFolder) throws IOException;
    }

    private static final class Removal {
        private final Path logFolder;
        private final IoTask task;
        private final IoTask release;

        private Removal(Path logFolder, IoTask task, IoTask release) {
            this.logFolder = logFolder;
            this.task = task;
            this.release = release;
        }
    }

    private final EventLoop logIo;
    private final StorageEnvironment.FailureListener failures;
    private final Predicate<Log> alive;
    private final Predicate<Path> online;
    private final Checkpoint checkpoint;
    private final LoadingProgress progress;
    private final FolderCommits commits;
    /** Held while a log is forced to the disk, which may take long; never by an owner. */
    private final Object flushing = new Object();

    private final Set<Removal> waiting = new LinkedHashSet<>();

    /** Guarded by {@link #flushing}; the removals by this object's monitor. */
    private boolean closed;

    /**
     * @param alive whether a log is still one of the manager's
     * @param online whether a log folder may be written
     * @param checkpoint saves the recovery points of a log folder, at once
     * @param progress is told how far the loading of a log is
     * @param commits forces what is to be forced before it is acknowledged
     */
    DeferredWork(
            EventLoop logIo,
            StorageEnvironment.FailureListener failures,
            Predicate<Log> alive,
            Predicate<Path> online,
            Checkpoint checkpoint,
            LoadingProgress progress,
            FolderCommits commits) {
        this.commits = commits;
        this.logIo = logIo;
        this.failures = failures;
        this.alive = alive;
        this.online = online;
        this.checkpoint = checkpoint;
        this.progress = progress;
    }

    @Override
    public void loading(TopicPartition id, int segmentsLeft, long bytesLeft) {
        progress.reading(id, segmentsLeft, bytesLeft);
    }

    @Override
    public void indexesMissing(TopicPartition id, int segments) {
        progress.indexesMissing(id, segments);
    }

    @Override
    public void offsetsMissing(TopicPartition id, Path firstFile, long from, long next, boolean atEnd) {
        progress.offsetsMissing(id, firstFile, from, next, atEnd);
    }

    @Override
    public void truncated(Log log) throws IOException {
        checkpoint.save(log.folder().getParent());
    }

    @Override
    public long flushMessages(LogConfig config) {
        return commits.flushMessages(config);
    }

    @Override
    public void forceDue(Log log) {
        commits.forceDue(log);
    }

    @Override
    public void rolled(Log log, long newBaseOffset) {
        logIo.post(() -> flush(log, newBaseOffset));
    }

    /** Forces what a log has. */
    void flushSoon(Log log) {
        logIo.post(() -> flush(log, log.endOffset()));
    }

    private void flush(Log log, long offset) {
        synchronized (flushing) {
            if (!closed && alive.test(log)) {
                report(log.folder().getParent(), () -> log.flushTo(offset));
            }
        }
    }

    @Override
    public void discarded(LogFileSystem files, LogFile file, LogConfig config) {
        removeLater(
                file.path().getParent().getParent(),
                config.fileDeleteDelayMs(),
                () -> {
                    file.close();
                    files.delete(file.path());
                },
                file::close);
    }

    /**
     * Removes what is in a log folder after a delay.
     *
     * @param task closes and deletes
     * @param release only closes, for when the folder has gone offline in the meantime
     */
    void removeLater(Path logFolder, long delayMs, IoTask task, IoTask release) {
        Removal removal = new Removal(logFolder, task, release);
        synchronized (this) {
            waiting.add(removal);
        }
        logIo.schedule(delayMs, () -> run(removal));
    }

    private void run(Removal removal) {
        synchronized (this) {
            if (!waiting.remove(removal)) {
                return;
            }
        }
        report(removal.logFolder, online.test(removal.logFolder) ? removal.task : removal.release);
    }

    private void report(Path logFolder, IoTask task) {
        try {
            task.run();
        } catch (IOException e) {
            failures.folderFailed(logFolder, e);
        }
    }

    /** Flushes no more: from now on the logs are the caller's alone. */
    void stopFlushing() {
        synchronized (flushing) {
            closed = true;
        }
    }

    /** Does the removals that still wait. */
    void finishRemovals() {
        finish(removal -> true);
    }

    /** Does those that wait in a log folder: it is full. Slices of these files that are still being sent come to nothing. */
    void finishRemovals(Path logFolder) {
        finish(removal -> removal.logFolder.equals(logFolder));
    }

    private void finish(Predicate<Removal> which) {
        List<Removal> remaining;
        synchronized (this) {
            remaining = new ArrayList<>(waiting);
        }
        remaining.removeIf(which.negate());
        for (Removal removal : remaining) {
            run(removal);
        }
    }
}
