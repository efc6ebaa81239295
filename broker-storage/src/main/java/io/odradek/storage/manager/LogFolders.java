package io.odradek.storage.manager;

import io.odradek.storage.checkpoint.BrokerMetadataFile;
import io.odradek.storage.checkpoint.BrokerMetadataFile.BrokerMetadata;
import io.odradek.storage.io.LogFileSystem;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The locked log folders of a broker ({@code log.dirs}). They are opened before anything else of the broker; then the
 * cluster's id is found out, {@link #claim} compares it with what the folders say, and {@link LogManager} loads the logs.
 */
public final class LogFolders implements AutoCloseable {
    private final LogFileSystem files;
    private final List<Path> paths;
    private final List<LogFileSystem.FolderLock> locks = new ArrayList<>();
    private final List<Optional<BrokerMetadata>> metadata = new ArrayList<>();

    private LogFolders(LogFileSystem files, List<Path> paths) {
        this.files = files;
        this.paths = paths;
    }

    /**
     * Creates folders that are missing, locks all, and reads their {@code meta.properties}.
     *
     * @param paths {@code log.dirs}, at least one
     * @throws LogFolderException if one cannot be created, written or locked, or is there twice; none is locked then
     */
    public static LogFolders open(LogFileSystem files, List<Path> paths) throws IOException {
        List<Path> absolute = new ArrayList<>(paths.size());
        for (Path path : paths) {
            absolute.add(path.toAbsolutePath().normalize());
        }
        LogFolders folders = new LogFolders(files, List.copyOf(absolute));
        try {
            folders.openAll();
        } catch (IOException | RuntimeException e) {
            folders.closeAfter(e);
            throw e;
        }
        return folders;
    }

    private void openAll() throws LogFolderException {
        for (int i = 0; i < paths.size(); i++) {
            Path path = paths.get(i);
            if (paths.indexOf(path) < i) {
                throw new LogFolderException(path, "it is in log.dirs twice; name it once");
            }
            try {
                files.createFolders(path);
                locks.add(files.lock(path));
                metadata.add(new BrokerMetadataFile(files, path).read());
            } catch (IOException e) {
                throw new LogFolderException(path, e);
            }
        }
    }

    private void closeAfter(Exception failure) {
        try {
            close();
        } catch (IOException e) {
            failure.addSuppressed(e);
        }
    }

    /** {@return the folders, in the order of the setting} */
    public List<Path> paths() {
        return paths;
    }

    LogFileSystem files() {
        return files;
    }

    /** {@return the cluster's id as the first folder that knows it says} */
    public Optional<String> clusterId() {
        return metadata.stream()
                .flatMap(Optional::stream)
                .flatMap(known -> known.clusterId().stream())
                .findFirst();
    }

    /** {@return the broker's id as the first folder that knows it says, -1 if none does} */
    public int brokerId() {
        for (Optional<BrokerMetadata> known : metadata) {
            if (known.isPresent() && known.get().brokerId() >= 0) {
                return known.get().brokerId();
            }
        }
        return -1;
    }

    /**
     * Writes {@code meta.properties} into the folders that have none.
     *
     * @throws LogFolderException if a folder belongs to another broker or another cluster; nothing is written then
     */
    public void claim(int brokerId, String clusterId) throws IOException {
        for (int i = 0; i < paths.size(); i++) {
            if (metadata.get(i).isPresent()) {
                check(paths.get(i), metadata.get(i).get(), brokerId, clusterId);
            }
        }
        for (int i = 0; i < paths.size(); i++) {
            if (metadata.get(i).isEmpty()) {
                BrokerMetadata ours = BrokerMetadata.of(brokerId, clusterId);
                new BrokerMetadataFile(files, paths.get(i)).write(ours);
                metadata.set(i, Optional.of(ours));
            }
        }
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
        for (LogFileSystem.FolderLock lock : locks) {
            try {
                lock.close();
            } catch (IOException e) {
                failure = e;
            }
        }
        locks.clear();
        if (failure != null) {
            throw failure;
        }
    }
}
