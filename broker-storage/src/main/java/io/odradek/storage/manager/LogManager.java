package io.odradek.storage.manager;

import io.odradek.protocol.TopicPartition;
import io.odradek.protocol.errors.ApiException;
import io.odradek.protocol.errors.ErrorCode;
import io.odradek.protocol.wire.Uuid;
import io.odradek.storage.cleaner.LogCleaner;
import io.odradek.storage.env.EventLoop;
import io.odradek.storage.io.LogFileSystem;
import io.odradek.storage.io.LogFileSystem.Volume;
import io.odradek.storage.log.Log;
import io.odradek.storage.log.LogConfig;
import io.odradek.storage.log.LogContext;
import io.odradek.storage.log.LostPasts;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
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
    private final LostPasts lostPasts = new LostPasts();
    private final DeferredWork deferred;
    private final LoadingProgress progress;
    private final FolderCommits commits;
    private final Maintenance maintenance;
    private final SavedOffsets offsets;
    private final NewLogs newLogs;
    private final AbandonedLogs abandoned;
    private final List<LogFolder> logFolders;
    private final Optional<LogCleaner> cleaner;
    private final ConcurrentSkipListMap<TopicPartition, Log> logs = new ConcurrentSkipListMap<>();
    private final UnusableLogs unusable = new UnusableLogs();
    private final LogMoves moves;

    /** Guarded by this manager's monitor, as are creation and deletion. */
    private boolean closed;

    private LogManager(LogFolders folders, StorageEnvironment environment, LogManagerSettings settings) {
        this.folders = folders;
        this.files = folders.files();
        this.environment = environment.with(folders.failures());
        this.settings = settings;
        this.logFolders = folders.all();
        this.abandoned = new AbandonedLogs(environment.loops(), logs);
        EventLoop logIo = environment.loops().logIo();
        this.maintenance = new Maintenance(logIo);
        this.progress = new LoadingProgress(environment.clock(), settings.mostLogs());
        this.commits = new FolderCommits(folders.paths(), this.environment, settings.commitAppends());
        this.offsets = new SavedOffsets(logFolders, logIo, folders.failures());
        this.deferred = new DeferredWork(
                logIo, folders.failures(), this::isAlive, folders::isOnline, offsets::saveIn, progress, commits);
        this.offsets.relief(new FullDiskRelief(files, this.environment, this::isAlive, deferred));
        this.context = new LogContext(
                files, environment.guests(), deferred, settings.producers(), settings.recovery(), lostPasts);
        this.newLogs = new NewLogs(context, logFolders, logs, unusable, this.environment.failures());
        this.moves = new LogMoves(context, folders, this.environment, deferred, commits, logs);
        this.cleaner = CleanerOfLogs.create(files, this.environment, settings.cleaner(), logs.values(), logFolders);
    }

    /**
     * Loads the logs of the folders and recovers those that were not closed. Returns when all are loaded.
     *
     * @param folders the locked folders; closed with the manager, but left open if this fails
     * @param topicConfigs the settings of a topic, by its name; may be called on any recovery loop
     * @throws IOException if a folder holds a partition that another folder holds too, or if none can be used; no log is
     *     left open then. Other folders that cannot be used are offline, and logs that cannot be loaded are not served
     */
    public static LogManager open(
            LogFolders folders,
            StorageEnvironment environment,
            LogManagerSettings settings,
            Function<String, LogConfig> topicConfigs)
            throws IOException {
        LogManager manager = new LogManager(folders, environment, settings);
        try {
            manager.load(topicConfigs, environment.failures());
        } catch (IOException | RuntimeException e) {
            manager.letGo(e);
            throw e;
        }
        manager.startMaintenance();
        manager.cleaner.ifPresent(LogCleaner::start);
        return manager;
    }

    /** Closes what was opened by a start that failed, and writes nothing. */
    private void letGo(Exception failure) {
        moves.halt();
        moves.abandon();
        deferred.stopFlushing();
        deferred.finishRemovals();
        abandoned.closeAll();
        for (Log log : logs.values()) {
            try {
                log.abandon();
            } catch (IOException e) {
                failure.addSuppressed(e);
            }
        }
        logs.clear();
    }

    private void startMaintenance() {
        LogManagerSettings.Schedule schedule = settings.schedule();
        maintenance.every(settings.checkpointIntervalMs(), offsets::saveRecoveryPoints);
        maintenance.every(schedule.startCheckpointMs(), offsets::saveStarts);
        Retention retention = new Retention(environment, this::isAlive, offsets::whenStartSaved);
        new Housekeeping(environment, logs.values(), deferred).start(maintenance, schedule, retention);
    }

    private boolean isAlive(Log log) {
        return logs.get(log.id()) == log;
    }

    private void load(Function<String, LogConfig> topicConfigs, StorageEnvironment.FailureListener listener)
            throws IOException {
        folders.keeper(abandoned, environment.clock());
        folders.onOffline(listener);
        LogLoading loading = new LogLoading(folders, context, deferred);
        for (Log log : loading.load(logs.values(), environment.loops().recovery(), topicConfigs, unusable, progress)) {
            logs.put(log.id(), log);
        }
        unusable.folders()
                .forEach((id, path) -> folders.checkpointsAt(path.getParent()).unopened(id));
        loading.unfinishedMoves(moves, logs);
        // Recovery may have cut logs below their saved recovery points: that must be known before anything is appended.
        offsets.save();
        folders.requireOne();
    }

    /** {@return every log that is open, sorted by partition; a live view} */
    public Collection<Log> logs() {
        return Collections.unmodifiableCollection(logs.values());
    }

    /** {@return which partitions had another log before} */
    public LostPasts lostPasts() {
        return lostPasts;
    }

    /** {@return the log of a partition, if this broker has one} */
    public Optional<Log> log(TopicPartition id) {
        return Optional.ofNullable(logs.get(id));
    }

    /** As {@link #getOrCreate(TopicPartition, Uuid, LogConfig, boolean)}, of a partition that may be new. */
    public Log getOrCreate(TopicPartition id, Uuid topicId, LogConfig config) throws IOException {
        return getOrCreate(id, topicId, config, true);
    }

    /**
     * Opens the log of a partition, creating it in the folder with the fewest partitions if there is none.
     *
     * @param topicId the topic's identifier, {@link Uuid#ZERO} if it is not known
     * @param config the settings of a log that is created; one that is there keeps those it has
     * @param isNew whether the partition has never had a log: any other one whose log is missing may have it in a folder
     *     that is offline, and is not begun anew while there is such a folder
     * @throws ApiException INCONSISTENT_TOPIC_ID if there is a log of another topic of that name; KAFKA_STORAGE_ERROR if
     *     the log is on a disk that failed, or cannot be read
     * @throws IOException if the log cannot be created; what that says of its folder has been seen to
     */
    public synchronized Log getOrCreate(TopicPartition id, Uuid topicId, LogConfig config, boolean isNew)
            throws IOException {
        checkOpen();
        Log existing = logs.get(id);
        if (existing != null) {
            checkTopicId(existing, topicId);
            learnTopicId(existing, topicId);
            return existing;
        }
        unusable.refuse(id);
        return newLogs.begin(id, topicId, config, isNew);
    }

    private void learnTopicId(Log log, Uuid topicId) throws IOException {
        try {
            log.learnTopicId(topicId);
        } catch (IOException e) {
            environment.failures().folderFailed(log.folder().getParent(), e);
            throw e;
        }
    }

    private static void checkTopicId(Log log, Uuid topicId) {
        boolean known = !topicId.equals(Uuid.ZERO) && !log.topicId().equals(Uuid.ZERO);
        if (known && !topicId.equals(log.topicId())) {
            throw new ApiException(
                    ErrorCode.INCONSISTENT_TOPIC_ID,
                    "The log in " + log.folder() + " belongs to topic id " + log.topicId() + ", not to " + topicId);
        }
    }

    /**
     * Removes a log: its folder is renamed at once, for good, and deleted after {@code file.delete.delay.ms}. Does nothing
     * if there is none. The owner must have stopped writing it; fetched slices may still be in flight.
     *
     * @throws ApiException KAFKA_STORAGE_ERROR if it may be in a folder that is offline
     */
    public synchronized void delete(TopicPartition id) throws IOException {
        checkOpen();
        moves.giveUp(id);
        Log log = logs.remove(id);
        Path path = log == null ? unusable.forget(id) : log.folder();
        if (path == null) {
            requireAllOnline(id);
            return;
        }
        Path logFolder = path.getParent();
        Path renamed = logFolder.resolve(
                PartitionFolderName.deleted(id, environment.randoms().nextUuid()));
        try {
            if (log == null) {
                files.rename(path, renamed);
            } else {
                log.retire();
                log.renameFolder(renamed);
            }
            files.forceFolder(logFolder);
        } catch (NoSuchFileException e) {
            if (files.exists(path)) {
                throw e;
            }
            LOG.warn("The log in {} was to be deleted, and is missing", path);
            if (log != null) {
                commits.forget(log);
                log.abandon();
            }
            return;
        } catch (IOException e) {
            if (log != null) {
                logs.put(id, log);
            }
            environment.failures().folderFailed(logFolder, e);
            if (!folders.isOnline(logFolder)) {
                // It may have gone offline before the log was put back, and then nobody has let that go.
                abandoned.closeLater(abandoned.moveOut(logFolder));
            }
            throw e;
        }
        if (log == null) {
            folders.checkpointsAt(logFolder).gone(id);
            deferred.removeLater(logFolder, 0, () -> FolderScan.remove(files, renamed), () -> {});
        } else {
            commits.forget(log);
            deferred.removeLater(logFolder, log.config().fileDeleteDelayMs(), log::delete, log::abandon);
        }
    }

    private void requireAllOnline(TopicPartition id) {
        for (LogFolder folder : logFolders) {
            if (!folder.online()) {
                throw new ApiException(
                        ErrorCode.KAFKA_STORAGE_ERROR,
                        "The log of " + id + " may be in log folder " + folder.path() + ", which is offline");
            }
        }
    }

    /** {@return the logs that are on their way to another folder} */
    public LogMoves moves() {
        return moves;
    }

    /** {@return what is saved of the logs beside them} */
    public SavedOffsets offsets() {
        return offsets;
    }

    /** {@return what cleans compacted logs, if anything does} */
    public Optional<LogCleaner> cleaner() {
        return cleaner;
    }

    /** Changes {@code producer.id.expiration.ms}; who has been silent for longer is forgotten with the next check. */
    public void expireProducersAfterMs(long ms) {
        settings.producers().expireAfterMs(ms);
    }

    /** {@return the log folders, in the order of the setting} */
    public List<LogFolder> folders() {
        return logFolders;
    }

    /** {@return whether a log folder is in use} */
    public boolean isOnline(Path logFolder) {
        return folders.isOnline(logFolder);
    }

    /** {@return how large the volume is that a folder lies on; blocks} */
    public Volume volumeOf(LogFolder folder) throws IOException {
        return files.volume(folder.path());
    }

    /** {@return how many times logs were forced because something appended was to be acknowledged} */
    public long forcesBeforeAcknowledgement() {
        return commits.forces();
    }

    private void checkOpen() {
        if (closed) {
            throw new IllegalStateException("The log manager is closed");
        }
    }

    /**
     * Flushes and closes all logs, saves their offsets, leaves the clean-shutdown marks, and gives up the locks. The owners
     * must have stopped. A folder with a log that cannot be closed is left without a mark, one that is offline untouched.
     */
    @Override
    public synchronized void close() throws IOException {
        if (closed) {
            return;
        }
        closed = true;
        maintenance.close();
        cleaner.ifPresent(LogCleaner::close);
        commits.close();
        deferred.stopFlushing();
        moves.halt();
        IOException failure = null;
        for (LogFolder folder : logFolders) {
            if (folder.online()) {
                try {
                    moves.suspend(folder.path());
                    FolderClosing.close(files, folder);
                } catch (IOException e) {
                    failure = FolderClosing.merged(failure, e);
                } finally {
                    folder.checkpoints().finish();
                }
            }
        }
        moves.abandon();
        deferred.finishRemovals();
        abandoned.closeAll();
        logs.clear();
        try {
            folders.close();
        } catch (IOException e) {
            failure = FolderClosing.merged(failure, e);
        }
        if (failure != null) {
            throw failure;
        }
    }
}
