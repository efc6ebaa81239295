package io.odradek.storage.manager;

import io.odradek.storage.checkpoint.BrokerMetadataFile;
import io.odradek.storage.checkpoint.BrokerMetadataFile.BrokerMetadata;
import io.odradek.storage.env.Clock;
import io.odradek.storage.io.FolderLockedException;
import io.odradek.storage.io.LogFileSystem;
import io.odradek.storage.io.PassingFailure;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The locked log folders of a broker ({@code log.dirs}). They are opened before anything else of the broker; then the
 * cluster's id is found out, {@link #claim} compares it with what the folders say, and {@link LogManager} loads the logs.
 * A folder that fails goes offline, at the start as later; the others are used.
 */
public final class LogFolders implements AutoCloseable {
    private final LogFileSystem files;
    private final List<Path> paths;
    private final List<LogFolder> folders;
    private final FolderFailures failures;

    private LogFolders(LogFileSystem files, List<Path> paths) {
        List<LogFolder> all = new ArrayList<>(paths.size());
        for (Path path : paths) {
            all.add(new LogFolder(path));
        }
        this.files = files;
        this.paths = paths;
        this.folders = List.copyOf(all);
        this.failures = new FolderFailures(folders);
    }

    /**
     * Creates folders that are missing, locks all, and reads their {@code meta.properties}.
     *
     * @param paths {@code log.dirs}, at least one
     * @throws LogFolderException if one is locked by another broker or is there twice, or if none can be created, read and
     *     written; none is locked then
     */
    public static LogFolders open(LogFileSystem files, List<Path> paths) throws IOException {
        List<Path> absolute = new ArrayList<>(paths.size());
        for (Path path : paths) {
            absolute.add(path.toAbsolutePath().normalize());
        }
        LogFolders folders = new LogFolders(files, List.copyOf(absolute));
        try {
            folders.lockAll();
        } catch (IOException | RuntimeException e) {
            folders.closeAfter(e);
            throw e;
        }
        return folders;
    }

    private void lockAll() throws LogFolderException {
        for (int i = 0; i < paths.size(); i++) {
            Path path = paths.get(i);
            if (paths.indexOf(path) < i) {
                throw new LogFolderException(path, "it is in log.dirs twice; name it once");
            }
            try {
                folders.get(i).lock(files);
            } catch (FolderLockedException e) {
                throw new LogFolderException(path, e);
            } catch (IOException e) {
                failAtStart(path, e);
            }
        }
        failures.requireOne();
    }

    /**
     * Takes a folder offline that cannot be used from the start on, even if its disk is only full. Where no more files may be
     * opened that is no folder's fault, and the start ends.
     */
    void failAtStart(Path path, IOException cause) throws LogFolderException {
        LogFolderException failure = new LogFolderException(path, cause);
        if (paths.size() == 1 || PassingFailure.isOfDescriptors(cause)) {
            throw failure;
        }
        failures.offline(path, failure);
    }

    private void closeAfter(Exception failure) {
        try {
            close();
        } catch (IOException e) {
            failure.addSuppressed(e);
        }
    }

    /** {@return the checkpoints of a log folder} */
    FolderCheckpoints checkpointsAt(Path logFolder) {
        for (LogFolder folder : all()) {
            if (folder.path().equals(logFolder)) {
                return folder.checkpoints();
            }
        }
        throw new IllegalArgumentException(logFolder + " is no log folder");
    }

    /** {@return the folders, in the order of the setting} */
    public List<Path> paths() {
        return paths;
    }

    /** {@return the folders that are online, in the order of the setting} */
    public List<Path> online() {
        List<Path> online = new ArrayList<>(paths.size());
        for (LogFolder folder : folders) {
            if (folder.online()) {
                online.add(folder.path());
            }
        }
        return online;
    }

    /** {@return whether a folder is one of these and online} */
    public boolean isOnline(Path path) {
        for (LogFolder folder : folders) {
            if (folder.path().equals(path)) {
                return folder.online();
            }
        }
        return false;
    }

    /** {@return the folders, in the order of the setting} */
    public List<LogFolder> all() {
        return folders;
    }

    /**
     * Where operations that fail are to be reported, from any thread: it decides whether the folder goes offline.
     */
    public StorageEnvironment.FailureListener failures() {
        return failures;
    }

    /** Adds who is told, once and on any thread, of each folder that goes offline from now on. */
    public void onOffline(StorageEnvironment.FailureListener listener) {
        failures.tell(listener);
    }

    void keeper(FolderFailures.Keeper keeper, Clock clock) {
        failures.keeper(keeper, clock);
    }

    void requireOne() throws LogFolderException {
        failures.requireOne();
    }

    LogFileSystem files() {
        return files;
    }

    /** {@return the cluster's id as the first folder that knows it says} */
    public Optional<String> clusterId() {
        for (LogFolder folder : folders) {
            Optional<String> known = folder.metadata().flatMap(BrokerMetadata::clusterId);
            if (known.isPresent()) {
                return known;
            }
        }
        return Optional.empty();
    }

    /** {@return the broker's id as the first folder that knows it says, -1 if none does} */
    public int brokerId() {
        for (LogFolder folder : folders) {
            Optional<BrokerMetadata> known = folder.metadata();
            if (known.isPresent() && known.get().brokerId() >= 0) {
                return known.get().brokerId();
            }
        }
        return -1;
    }

    /**
     * Writes {@code meta.properties} into the folders that have none.
     *
     * @throws LogFolderException if a folder belongs to another broker or another cluster, and nothing is written then; or
     *     if no folder is left that can be written
     */
    public void claim(int brokerId, String clusterId) throws IOException {
        for (LogFolder folder : folders) {
            if (folder.metadata().isPresent()) {
                check(folder.path(), folder.metadata().get(), brokerId, clusterId);
            }
        }
        for (LogFolder folder : folders) {
            if (folder.online() && folder.metadata().isEmpty()) {
                try {
                    folder.claim(files, BrokerMetadata.of(brokerId, clusterId));
                } catch (IOException e) {
                    failAtStart(folder.path(), e);
                }
            }
        }
        failures.requireOne();
    }

    private static void check(Path path, BrokerMetadata found, int brokerId, String clusterId)
            throws LogFolderException {
        if (found.brokerId() >= 0 && found.brokerId() != brokerId) {
            throw new LogFolderException(
                    path,
                    "its " + BrokerMetadataFile.NAME + " says that it belongs to broker " + found.brokerId()
                            + ", and this is broker " + brokerId + "; set broker.id or log.dirs right");
        }
        if (found.clusterId().isPresent() && !found.clusterId().get().equals(clusterId)) {
            throw new LogFolderException(
                    path,
                    "its " + BrokerMetadataFile.NAME + " says that it belongs to cluster "
                            + found.clusterId().get() + ", and this is cluster " + clusterId
                            + "; set zookeeper.connect or log.dirs right");
        }
    }

    /** Gives up the locks. */
    @Override
    public void close() throws IOException {
        IOException failure = null;
        for (LogFolder folder : folders) {
            try {
                folder.unlock();
            } catch (IOException e) {
                failure = e;
            }
        }
        if (failure != null) {
            throw failure;
        }
    }
}
