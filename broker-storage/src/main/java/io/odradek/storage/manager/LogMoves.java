package io.odradek.storage.manager;

import io.odradek.protocol.TopicPartition;
import io.odradek.protocol.errors.ApiException;
import io.odradek.protocol.errors.ErrorCode;
import io.odradek.protocol.wire.Uuid;
import io.odradek.storage.env.EventLoop;
import io.odradek.storage.env.FewLines;
import io.odradek.storage.io.LogFileSystem;
import io.odradek.storage.log.Log;
import io.odradek.storage.log.LogContext;
import io.odradek.storage.log.LogOpening;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The logs that are on their way to another folder. A move survives restarts: its folder is named as a future one until the
 * swap. The swap is two renames, each on the disk before the next: the current folder becomes a stray one, then the future
 * folder takes its name; {@link LeftoverMoves} finishes that after a crash. Thread-safe.
 */
public final class LogMoves implements LogMove.Keeper {
    private static final Logger LOG = LoggerFactory.getLogger(LogMoves.class);

    /** Hears of moves that are done. */
    public interface Listener {
        /** A partition's log has been replaced by an equal one in another folder. Called on the owner's loop. */
        void moved(TopicPartition id, Log log);
    }

    private final LogContext context;
    private final LogFolders folders;
    private final StorageEnvironment environment;
    private final DeferredWork deferred;
    private final FolderCommits commits;
    private final ConcurrentMap<TopicPartition, Log> logs;
    private final SortedMap<TopicPartition, LogMove> underWay = new TreeMap<>();
    private final SpareBuffer buffers = new SpareBuffer();
    private final MovePace pace;
    private final FewLines refusals;
    private Listener listener = (id, log) -> {};
    private boolean begun;

    /** @param logs the manager's */
    LogMoves(
            LogContext context,
            LogFolders folders,
            StorageEnvironment environment,
            DeferredWork deferred,
            FolderCommits commits,
            ConcurrentMap<TopicPartition, Log> logs) {
        this.context = context;
        this.folders = folders;
        this.environment = environment;
        this.deferred = deferred;
        this.commits = commits;
        this.logs = logs;
        this.refusals = new FewLines(LOG, environment.clock());
        this.pace = new MovePace(environment.clock());
    }

    /** Goes on with the moves that a stop interrupted, and takes new ones from now on. */
    public void begin(Listener movesListener) {
        List<LogMove> interrupted;
        synchronized (this) {
            listener = movesListener;
            begun = true;
            interrupted = new ArrayList<>(underWay.values());
        }
        for (LogMove move : interrupted) {
            LOG.info(
                    "Going on to move {} to {}",
                    move.current().id(),
                    move.future().folder());
            // Whether cleaning has gone on since the copy was begun is not known.
            move.start(move.current().config().compact());
        }
    }

    /** Takes over a copy that was begun before a restart; all of it is checked. */
    synchronized void resume(Log current, Path futureFolder) throws IOException {
        Log future = Log.open(
                context, new LogOpening(futureFolder, current.id(), current.topicId(), false, 0, 0), current.config());
        underWay.put(current.id(), newMove(current, future));
    }

    /**
     * Begins to move a log; blocks for the opening of the copy. Another move of it that is under way is given up, and all is
     * that if it lies in the folder already.
     *
     * @param logFolder one of the log folders, as an absolute path
     * @throws ApiException LOG_DIR_NOT_FOUND, KAFKA_STORAGE_ERROR if the folder is offline, UNKNOWN_TOPIC_OR_PARTITION if there
     *     is no such log, INVALID_TOPIC_EXCEPTION if the topic's name is too long for the name of a copy
     * @throws IOException if the copy cannot be begun; what that says of its folder has been seen to
     */
    public synchronized void move(TopicPartition id, Path logFolder) throws IOException {
        requireFolder(logFolder);
        Log current = logs.get(id);
        if (current == null || !begun) {
            throw new ApiException(ErrorCode.UNKNOWN_TOPIC_OR_PARTITION, "This broker has no log of " + id);
        }
        LogMove before = underWay.get(id);
        if (before != null && before.future().folder().getParent().equals(logFolder)) {
            return;
        }
        giveUp(id);
        if (current.folder().getParent().equals(logFolder)) {
            return;
        }
        String name = PartitionFolderName.future(id, environment.randoms().nextUuid());
        try {
            Path folder = logFolder.resolve(name);
            Log future = Log.open(context, LogOpening.create(folder, id, current.topicId()), current.config());
            LogMove move = newMove(current, future);
            underWay.put(id, move);
            LOG.info("Moving {} from {} to {}", id, current.folder(), future.folder());
            move.start(false);
        } catch (IOException e) {
            environment.failures().folderFailed(logFolder, e);
            throw e;
        }
    }

    private void requireFolder(Path logFolder) {
        for (LogFolder folder : folders.all()) {
            if (folder.path().equals(logFolder)) {
                if (!folder.online()) {
                    throw new ApiException(ErrorCode.KAFKA_STORAGE_ERROR, "Log folder " + logFolder + " is offline");
                }
                return;
            }
        }
        throw new ApiException(ErrorCode.LOG_DIR_NOT_FOUND, logFolder + " is none of the folders in log.dirs");
    }

    private LogMove newMove(Log current, Log future) {
        current.setCopied(true);
        EventLoop owner = environment.loops().owners().ownerOf(current.id());
        return new LogMove(current, future, owner, environment.loops().logIo(), this, buffers, pace);
    }

    /**
     * Copies so much in a second from now on, over all moves ({@code replica.alter.log.dirs.io.max.bytes.per.second}).
     *
     * @param mostBytesPerSecond {@code Long.MAX_VALUE} for no bound; with 0 moves wait until there is another bound
     */
    public void bound(long mostBytesPerSecond) {
        pace.bound(mostBytesPerSecond);
    }

    /** {@return the copies that will take the place of logs, sorted by partition} */
    public synchronized List<Log> futures() {
        List<Log> futures = new ArrayList<>();
        for (LogMove move : underWay.values()) {
            futures.add(move.future());
        }
        return futures;
    }

    /** Ends the move of a log, if there is one, and removes the copy. */
    synchronized void giveUp(TopicPartition id) {
        LogMove move = underWay.remove(id);
        if (move != null) {
            discard(move);
        }
    }

    private synchronized void giveUp(TopicPartition id, LogMove move) {
        if (underWay.remove(id, move)) {
            discard(move);
        }
    }

    private void discard(LogMove move) {
        move.current().setCopied(false);
        if (!move.end()) {
            return;
        }
        Log future = move.future();
        commits.forget(future);
        Path logFolder = future.folder().getParent();
        try {
            if (folders.isOnline(logFolder)) {
                future.renameFolder(logFolder.resolve(PartitionFolderName.deleted(
                        future.id(), environment.randoms().nextUuid())));
            }
        } catch (IOException e) {
            environment.failures().folderFailed(logFolder, e);
        }
        deferred.removeLater(logFolder, 0, future::delete, future::abandon);
    }

    @Override
    public synchronized boolean wanted(LogMove move) {
        TopicPartition id = move.current().id();
        if (!begun || underWay.get(id) != move) {
            return false;
        }
        if (logs.get(id) != move.current()
                || !folders.isOnline(move.future().folder().getParent())) {
            giveUp(id);
            return false;
        }
        return true;
    }

    @Override
    public void failed(LogMove move, Log failed, IOException cause) {
        TopicPartition id = move.current().id();
        refusals.error(id + " cannot be moved to " + move.future().folder() + ": " + cause.getMessage());
        environment.failures().folderFailed(failed.folder().getParent(), cause);
        giveUp(id, move);
    }

    @Override
    public void broken(LogMove move, RuntimeException fault) {
        refusals.error(
                "The move of " + move.current().id() + " to " + move.future().folder() + " is given up", fault);
        giveUp(move.current().id(), move);
    }

    @Override
    public long nowMs() {
        return environment.clock().wallMs();
    }

    @Override
    public void swap(LogMove move) {
        Log current = move.current();
        Log future = move.future();
        TopicPartition id = current.id();
        Path from = current.folder();
        Path to = future.folder().getParent().resolve(from.getFileName());
        LogFileSystem files = context.files();
        Listener told;
        synchronized (this) {
            String stray =
                    PartitionFolderName.strayFor(future.folder().getFileName().toString());
            if (!wanted(move) || !renamed(current, from.getParent(), stray)) {
                return;
            }
            FolderCheckpoints checkpoints = folders.checkpointsAt(to.getParent());
            try {
                checkpoints.expect(id, future.startOffset());
                future.renameFolder(to);
                files.forceFolder(to.getParent());
            } catch (IOException e) {
                checkpoints.arrived(id);
                undo(move, from, e);
                return;
            }
            move.end();
            underWay.remove(id);
            logs.put(id, future);
            checkpoints.arrived(id);
            told = listener;
        }
        LOG.info("Moved {} from {} to {}: {} bytes", id, from, to, future.sizeBytes());
        commits.forget(current);
        told.moved(id, future);
        if (renamed(current, from.getParent(), PartitionFolderName.deleted(id, unique()))) {
            deferred.removeLater(
                    from.getParent(), current.config().fileDeleteDelayMs(), current::delete, current::abandon);
        }
    }

    /** If the log does not get its name back either, its copy, which is complete, is kept for the next start. */
    private void undo(LogMove move, Path from, IOException cause) {
        Log future = move.future();
        Path logFolder = future.folder().getParent();
        if (renamed(move.current(), from.getParent(), from.getFileName().toString())) {
            failed(move, future, cause);
            return;
        }
        environment.failures().folderFailed(logFolder, cause);
        move.end();
        underWay.remove(move.current().id());
        commits.forget(future);
        deferred.removeLater(logFolder, 0, future::abandon, future::abandon);
    }

    private boolean renamed(Log log, Path logFolder, String name) {
        try {
            log.renameFolder(logFolder.resolve(name));
            context.files().forceFolder(logFolder);
            return true;
        } catch (IOException e) {
            environment.failures().folderFailed(logFolder, e);
            return false;
        }
    }

    private Uuid unique() {
        return environment.randoms().nextUuid();
    }

    /** Lets all moves stand where they are, before any log is closed that they read; no other is begun. */
    synchronized void halt() {
        begun = false;
        for (LogMove move : underWay.values()) {
            move.halt();
        }
    }

    /** Closes the copies that have not been suspended: their folders are offline. */
    synchronized void abandon() {
        for (LogMove move : underWay.values()) {
            if (move.end()) {
                try {
                    move.future().abandon();
                } catch (IOException e) {
                    LOG.warn("Files of {} could not be closed", move.future().folder(), e);
                }
            }
        }
    }

    /** Closes the copies in a folder, before its clean-shutdown mark is written; the owners have ended. */
    synchronized void suspend(Path logFolder) throws IOException {
        for (LogMove move : underWay.values()) {
            if (move.future().folder().getParent().equals(logFolder)) {
                move.suspend();
            }
        }
    }
}
