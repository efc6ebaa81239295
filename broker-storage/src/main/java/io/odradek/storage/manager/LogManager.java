package io.odradek.storage.manager;

import io.odradek.protocol.TopicPartition;
import io.odradek.protocol.errors.ApiException;
import io.odradek.protocol.errors.ErrorCode;
import io.odradek.protocol.wire.Uuid;
import io.odradek.storage.checkpoint.CleanShutdownFile;
import io.odradek.storage.env.EventLoop;
import io.odradek.storage.io.LogFileSystem;
import io.odradek.storage.log.Log;
import io.odradek.storage.log.LogConfig;
import io.odradek.storage.log.LogContext;
import io.odradek.storage.log.LogOpening;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The logs of a broker in its log folders: loads and recovers them, creates and deletes logs, saves the checkpoints and
 * leaves the clean-shutdown mark. Thread-safe.
 */
public final class LogManager implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(LogManager.class);

    private final LogFolders folders;
    private final LogFileSystem files;
    private final StorageEnvironment environment;
    private final LogManagerSettings settings;
    private final LogContext context;
    private final DeferredWork deferred;
    private final Maintenance maintenance;
    private final List<LogFolder> logFolders = new ArrayList<>();
    private final ConcurrentSkipListMap<TopicPartition, Log> logs = new ConcurrentSkipListMap<>();

    /** Guarded by this manager's monitor, as are creation and deletion. */
    private boolean closed;

    private LogManager(LogFolders folders, StorageEnvironment environment, LogManagerSettings settings) {
        this.folders = folders;
        this.files = folders.files();
        this.environment = environment;
        this.settings = settings;
        EventLoop logIo = environment.loops().logIo();
        this.maintenance = new Maintenance(logIo);
        this.deferred = new DeferredWork(logIo, environment.failures(), log -> logs.get(log.id()) == log);
        this.context =
                new LogContext(files, environment.clock(), environment.randoms(), deferred, settings.producers());
    }

    /**
     * Loads the logs of the folders and recovers those that were not closed. Returns when all are loaded.
     *
     * @param folders the locked folders; closed with the manager, but left open if this fails
     * @param topicConfigs the settings of a topic, by its name; may be called on any recovery loop
     * @throws IOException if a folder cannot be read, holds a partition that another folder holds too, or a log cannot be
     *     loaded; no log is left open then
     */
    public static LogManager open(
            LogFolders folders,
            StorageEnvironment environment,
            LogManagerSettings settings,
            Function<String, LogConfig> topicConfigs)
            throws IOException {
        LogManager manager = new LogManager(folders, environment, settings);
        manager.load(topicConfigs);
        manager.maintenance.every(settings.checkpointIntervalMs(), manager::saveOffsets);
        return manager;
    }

    private void load(Function<String, LogConfig> topicConfigs) throws IOException {
        SortedMap<TopicPartition, LogOpening> openings = new TreeMap<>();
        for (Path folder : folders.paths()) {
            LogFolder logFolder = new LogFolder(files, folder, logs.values());
            logFolders.add(logFolder);
            FolderScan scan = FolderScan.of(files, folder);
            CleanShutdownFile mark = new CleanShutdownFile(files, folder);
            boolean clean = mark.exists();
            if (!clean && !scan.partitions().isEmpty()) {
                LOG.info(
                        "Recovering {} logs in {}: the last stop was not clean",
                        scan.partitions().size(),
                        folder);
            }
            for (Map.Entry<TopicPartition, Path> found : scan.partitions().entrySet()) {
                addOpening(openings, found.getKey(), found.getValue(), clean, logFolder.checkpoints());
            }
            for (Path deleted : scan.deleted()) {
                deferred.removeLater(folder, 0, () -> FolderScan.remove(files, deleted));
            }
        }
        for (Path folder : folders.paths()) {
            new CleanShutdownFile(files, folder).delete();
        }
        ParallelLoading loading = new ParallelLoading(context, topicConfigs, List.copyOf(openings.values()));
        for (Log log : loading.load(environment.loops().recovery())) {
            logs.put(log.id(), log);
        }
    }

    private static void addOpening(
            SortedMap<TopicPartition, LogOpening> openings,
            TopicPartition id,
            Path path,
            boolean clean,
            FolderCheckpoints saved)
            throws LogFolderException {
        LogOpening opening = new LogOpening(path, id, Uuid.ZERO, clean, saved.recoveryPoint(id), saved.logStart(id));
        LogOpening other = openings.put(id, opening);
        if (other != null) {
            throw new LogFolderException(
                    saved.folder(),
                    "partition " + id + " is in it and in " + other.folder().getParent()
                            + " too; move away the folder that is out of date");
        }
    }

    /** {@return every log that is open, sorted by partition; a live view} */
    public Collection<Log> logs() {
        return Collections.unmodifiableCollection(logs.values());
    }

    /** {@return the log of a partition, if this broker has one} */
    public Optional<Log> log(TopicPartition id) {
        return Optional.ofNullable(logs.get(id));
    }

    /**
     * Opens the log of a partition, creating it in the folder with the fewest partitions if there is none.
     *
     * @param topicId the topic's identifier, {@link Uuid#ZERO} if it is not known
     * @param config the settings in force from now on
     * @throws ApiException INCONSISTENT_TOPIC_ID if there is a log of another topic of that name
     */
    public synchronized Log getOrCreate(TopicPartition id, Uuid topicId, LogConfig config) throws IOException {
        checkOpen();
        Log existing = logs.get(id);
        if (existing != null) {
            checkTopicId(existing, topicId);
            existing.updateConfig(config);
            return existing;
        }
        Path folder = emptiestFolder().resolve(id.toString());
        Log created = Log.open(context, LogOpening.create(folder, id, topicId), config);
        logs.put(id, created);
        return created;
    }

    private static void checkTopicId(Log log, Uuid topicId) {
        boolean known = !topicId.equals(Uuid.ZERO) && !log.topicId().equals(Uuid.ZERO);
        if (known && !topicId.equals(log.topicId())) {
            throw new ApiException(
                    ErrorCode.INCONSISTENT_TOPIC_ID,
                    "The log in " + log.folder() + " belongs to topic id " + log.topicId() + ", not to " + topicId);
        }
    }

    private Path emptiestFolder() {
        Path emptiest = null;
        int fewest = Integer.MAX_VALUE;
        for (LogFolder folder : logFolders) {
            int count = logFolders.size() == 1 ? 0 : folder.logs().size();
            if (count < fewest) {
                fewest = count;
                emptiest = folder.path();
            }
        }
        return emptiest;
    }

    /**
     * Removes a log: its folder is renamed at once, for good, and deleted after {@code file.delete.delay.ms}. Does nothing
     * if there is none. The owner must have stopped writing it; fetched slices may still be in flight.
     */
    public synchronized void delete(TopicPartition id) throws IOException {
        checkOpen();
        Log log = logs.remove(id);
        if (log == null) {
            return;
        }
        Path logFolder = log.folder().getParent();
        log.renameFolder(logFolder.resolve(
                PartitionFolderName.deleted(id, environment.randoms().nextUuid())));
        files.forceFolder(logFolder);
        deferred.removeLater(logFolder, log.config().fileDeleteDelayMs(), log::delete);
    }

    /** {@return the saved high watermarks of all folders} */
    public SortedMap<TopicPartition, Long> highWatermarks() {
        SortedMap<TopicPartition, Long> all = new TreeMap<>();
        for (LogFolder folder : logFolders) {
            all.putAll(folder.checkpoints().highWatermarks());
        }
        return all;
    }

    /** Saves high watermarks in the folders of their logs; logs that are not named keep what was saved. */
    public void saveHighWatermarks(Map<TopicPartition, Long> highWatermarks) {
        for (LogFolder folder : logFolders) {
            try {
                folder.checkpoints().saveHighWatermarks(folder.logs(), highWatermarks);
            } catch (IOException e) {
                environment.failures().folderFailed(folder.path(), e);
            }
        }
    }

    /** Saves recovery points and log starts now. */
    public void saveOffsets() {
        for (LogFolder folder : logFolders) {
            try {
                folder.saveOffsets();
            } catch (IOException e) {
                environment.failures().folderFailed(folder.path(), e);
            }
        }
    }

    private void checkOpen() {
        if (closed) {
            throw new IllegalStateException("The log manager is closed");
        }
    }

    /**
     * Flushes and closes all logs, saves their offsets, leaves the clean-shutdown marks, and gives up the locks. The owners
     * must have stopped. A folder with a log that cannot be closed is left without a mark.
     */
    @Override
    public synchronized void close() throws IOException {
        if (closed) {
            return;
        }
        closed = true;
        maintenance.close();
        deferred.stopFlushing();
        IOException failure = null;
        for (LogFolder folder : logFolders) {
            try {
                closeFolder(folder);
            } catch (IOException e) {
                failure = merged(failure, e);
            } finally {
                folder.checkpoints().finish();
            }
        }
        deferred.finishRemovals();
        logs.clear();
        try {
            folders.close();
        } catch (IOException e) {
            failure = merged(failure, e);
        }
        if (failure != null) {
            throw failure;
        }
    }

    private void closeFolder(LogFolder folder) throws IOException {
        IOException failure = null;
        for (Log log : folder.logs()) {
            try (log) {
                log.flush();
            } catch (IOException e) {
                failure = merged(failure, e);
            }
        }
        if (failure != null) {
            throw failure;
        }
        folder.saveOffsets();
        new CleanShutdownFile(files, folder.path()).write();
    }

    private static IOException merged(IOException first, IOException next) {
        if (first == null) {
            return next;
        }
        first.addSuppressed(next);
        return first;
    }
}
