package io.odradek.storage.manager;

import io.odradek.storage.checkpoint.MalformedFileException;
import io.odradek.storage.env.Clock;
import io.odradek.storage.io.DiskFullException;
import io.odradek.storage.io.PassingFailure;
import io.odradek.storage.log.DamagedSegmentException;
import io.odradek.storage.log.Log;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Decides what a failed operation says of its log folder. Any {@link IOException} takes the folder offline, once, as with
 * Kafka, but for three: a full disk, because what it has is as good as before and its readers need not suffer, a process
 * that may open no more files, because that is no fault of a disk, and a log that is damaged by itself or whose files somebody
 * has taken away, because its neighbours are not. May be called on any thread; never blocks.
 */
final class FolderFailures implements StorageEnvironment.FailureListener {
    private static final Logger LOG = LoggerFactory.getLogger(FolderFailures.class);

    private static final int MOST_DAMAGES_TOLD = 1_000;

    /** Who keeps the logs. */
    interface Keeper {
        /** Lets the logs of a folder go: from now on they are nobody's. */
        List<Log> moveOut(Path logFolder);

        /** Closes such logs without writing when their owners have stopped and no slice of them can be in flight. */
        void closeLater(List<Log> logs);
    }

    private static final Keeper NOBODY = new Keeper() {
        @Override
        public List<Log> moveOut(Path logFolder) {
            return List.of();
        }

        @Override
        public void closeLater(List<Log> logs) {
            // There are none.
        }
    };

    private final List<LogFolder> folders;
    private final List<StorageEnvironment.FailureListener> listeners = new CopyOnWriteArrayList<>();
    private volatile Keeper keeper = NOBODY;
    private volatile FullDiskReports fullDisks;
    private final Set<String> damagesTold = ConcurrentHashMap.newKeySet();

    FolderFailures(List<LogFolder> folders) {
        this.folders = folders;
    }

    void keeper(Keeper newKeeper, Clock clock) {
        fullDisks = new FullDiskReports(clock);
        keeper = newKeeper;
    }

    /** Adds who is told, once, of each folder that goes offline from now on. */
    void tell(StorageEnvironment.FailureListener listener) {
        listeners.add(listener);
    }

    /** {@return whether a failure is that of one log in a log folder, and not of the disk it lies on} */
    static boolean concernsOneLog(Path logFolder, Exception failure) {
        if (failure instanceof MalformedFileException || failure instanceof RuntimeException) {
            return true;
        }
        // A force that fails for an earlier one's failure is no worse than that.
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof DamagedSegmentException
                    || (cause instanceof NoSuchFileException missing && isOfOneLog(logFolder, missing))) {
                return true;
            }
        }
        return false;
    }

    /** Files of the log folder itself, the checkpoints, are never missing while it is there. */
    private static boolean isOfOneLog(Path logFolder, NoSuchFileException missing) {
        Path path = missing.getFile() == null ? logFolder : Path.of(missing.getFile());
        if (!path.startsWith(logFolder) || path.equals(logFolder)) {
            return false;
        }
        Path inside = logFolder.relativize(path);
        return inside.getNameCount() > 1
                || PartitionFolderName.isOfPartition(inside.getName(0).toString());
    }

    @Override
    public void folderFailed(Path path, IOException cause) {
        if (PassingFailure.isOfDescriptors(cause)) {
            FullDiskReports reports = fullDisks;
            if (reports == null) {
                LOG.error("A file in {} cannot be opened: {}", path, cause.getMessage());
            } else {
                reports.outOfDescriptors(cause);
            }
        } else if (cause instanceof DiskFullException) {
            FullDiskReports reports = fullDisks;
            if (reports == null) {
                LOG.error("The disk of log folder {} is full: {}", path, cause.getMessage());
            } else {
                reports.report(path, cause);
            }
        } else if (concernsOneLog(path, cause)) {
            reportDamage(path, cause);
        } else {
            offline(path, cause);
        }
    }

    /** What goes on failing is told once. */
    private void reportDamage(Path path, IOException cause) {
        if (damagesTold.size() >= MOST_DAMAGES_TOLD) {
            damagesTold.clear();
        }
        if (damagesTold.add(String.valueOf(cause.getMessage()))) {
            LOG.error("A log in {} is damaged; the others there are served on: {}", path, cause.getMessage());
        }
        LOG.debug("A log in {} is damaged", path, cause);
    }

    /** Takes a folder offline whatever the cause says. */
    void offline(Path path, IOException cause) {
        for (LogFolder folder : folders) {
            if (folder.path().equals(path) && folder.fail(cause)) {
                List<Log> logs = keeper.moveOut(path);
                report(folder, cause, logs.size());
                for (StorageEnvironment.FailureListener listener : listeners) {
                    listener.folderFailed(path, cause);
                }
                keeper.closeLater(logs);
            }
        }
    }

    private void report(LogFolder failed, IOException cause, int partitions) {
        LOG.error(
                "Log folder {} is offline: {}. {} partitions in it are answered KAFKA_STORAGE_ERROR, and nothing more is"
                        + " written there; {} of {} log folders are left. Repair or replace the disk and restart the broker,"
                        + " or take the folder out of log.dirs",
                failed.path(),
                cause.getMessage(),
                partitions,
                online(),
                folders.size());
    }

    int online() {
        int online = 0;
        for (LogFolder folder : folders) {
            online += folder.online() ? 1 : 0;
        }
        return online;
    }

    /**
     * @throws LogFolderException if none is online; its message says why for each
     */
    void requireOne() throws LogFolderException {
        if (online() > 0) {
            return;
        }
        List<String> messages = new ArrayList<>();
        for (LogFolder folder : folders) {
            messages.add(folder.failure().orElseThrow().getMessage());
        }
        throw new LogFolderException(
                String.join("; ", messages), folders.get(0).failure().orElseThrow());
    }
}
