package io.odradek.storage.manager;

import io.odradek.protocol.TopicPartition;
import io.odradek.storage.checkpoint.BrokerMetadataFile;
import io.odradek.storage.checkpoint.BrokerMetadataFile.BrokerMetadata;
import io.odradek.storage.io.LogFileSystem;
import io.odradek.storage.log.Log;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;

/**
 * One of the folders in {@code log.dirs}: its path, its state, its checkpoints, and which logs lie in it. Thread-safe.
 *
 * <pre>
 *   Online ── an operation of the disk fails ──▶ Offline
 * </pre>
 *
 * Offline is final: the folder is used again only after a restart of the broker, and nothing is written into it till then.
 */
public final class LogFolder {
    /** Whether a folder is used. */
    public sealed interface State {
        /** It is used. A full disk takes no folder offline. */
        record Online() implements State {}

        /**
         * It is not.
         *
         * @param cause what failed
         */
        record Offline(IOException cause) implements State {}
    }

    private static final State ONLINE = new State.Online();

    private final Path path;
    private final AtomicReference<State> state = new AtomicReference<>(ONLINE);
    private Optional<BrokerMetadata> metadata = Optional.empty();
    private LogFileSystem.FolderLock lock;
    private Collection<Log> allLogs = List.of();
    private FolderCheckpoints checkpoints;

    LogFolder(Path path) {
        this.path = path;
    }

    /** {@return its absolute path} */
    public Path path() {
        return path;
    }

    /** {@return whether it is used} */
    public State state() {
        return state.get();
    }

    /** {@return whether it is used} */
    public boolean online() {
        return state.get() == ONLINE;
    }

    /** {@return why it is offline, nothing while it is online} */
    public Optional<IOException> failure() {
        return state.get() instanceof State.Offline offline ? Optional.of(offline.cause()) : Optional.empty();
    }

    /** Takes it offline. {@return whether it was online} */
    boolean fail(IOException cause) {
        return state.compareAndSet(ONLINE, new State.Offline(cause));
    }

    /** Creates the folder if it is missing, locks it and reads whose it is. */
    void lock(LogFileSystem files) throws IOException {
        create(files);
        lock = files.lock(path);
        metadata = new BrokerMetadataFile(files, path).read();
    }

    /** What is acknowledged must not be lost with the name of a folder that was made for it. */
    private void create(LogFileSystem files) throws IOException {
        List<Path> missing = new ArrayList<>();
        for (Path folder = path; folder != null && !files.exists(folder); folder = folder.getParent()) {
            missing.add(folder);
        }
        files.createFolders(path);
        for (Path folder : missing) {
            if (folder.getParent() != null) {
                files.forceFolder(folder.getParent());
            }
        }
    }

    /** {@return whose it is, if it says so} */
    Optional<BrokerMetadata> metadata() {
        return metadata;
    }

    void claim(LogFileSystem files, BrokerMetadata ours) throws IOException {
        new BrokerMetadataFile(files, path).write(ours);
        metadata = Optional.of(ours);
    }

    /** Gives up the lock, if it has been taken. */
    void unlock() throws IOException {
        if (lock != null) {
            LogFileSystem.FolderLock held = lock;
            lock = null;
            held.close();
        }
    }

    /**
     * Reads the checkpoints; before any use of them and of the logs.
     *
     * @param logs the logs of all folders, a live view
     */
    void read(LogFileSystem files, Collection<Log> logs) throws IOException {
        allLogs = logs;
        checkpoints = new FolderCheckpoints(files, path);
    }

    FolderCheckpoints checkpoints() {
        return checkpoints;
    }

    /** {@return the logs that lie in this folder now; none once it is offline} */
    public List<Log> logs() {
        List<Log> inFolder = new ArrayList<>();
        for (Log log : allLogs) {
            if (log.folder().getParent().equals(path)) {
                inFolder.add(log);
            }
        }
        return inFolder;
    }

    /** A folder is offline before its logs are let go: if it is online after they were gathered, they are all. */
    Optional<List<Log>> served() {
        List<Log> logs = logs();
        return online() ? Optional.of(logs) : Optional.empty();
    }

    /** Saves recovery points. */
    void saveRecoveryPoints() throws IOException {
        checkpoints.saveRecoveryPoints(this::served);
    }

    /** Saves high watermarks; logs that are not named keep what was saved. */
    void saveHighWatermarks(Map<TopicPartition, Long> highWatermarks) throws IOException {
        checkpoints.saveHighWatermarks(this::served, highWatermarks);
    }

    /** Saves where the logs begin. {@return false if nothing may be written here any more} */
    boolean saveStarts() throws IOException {
        return checkpoints.saveStarts(this::served);
    }
}
