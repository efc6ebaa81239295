package io.odradek.storage.manager;

import io.odradek.protocol.TopicPartition;
import io.odradek.protocol.errors.ApiException;
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
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Finds out what lies in the folders when a broker starts, and opens the logs. */
final class LogLoading {
    private static final Logger LOG = LoggerFactory.getLogger(LogLoading.class);

    private static final int MOST_NAMES_TOLD = 20;

    private final LogFolders folders;
    private final LogContext context;
    private final DeferredWork deferred;
    private final LogFileSystem files;
    private final Map<LogFolder, FolderScan> scans = new LinkedHashMap<>();
    private final LeftoverMoves leftovers;

    LogLoading(LogFolders folders, LogContext context, DeferredWork deferred) {
        this.folders = folders;
        this.context = context;
        this.deferred = deferred;
        this.files = context.files();
        this.leftovers = new LeftoverMoves(files, deferred);
    }

    private interface FolderTask {
        void run(LogFolder folder) throws IOException;
    }

    /** Does something with each folder that is online; one that fails is offline then. */
    private void inEach(FolderTask task) throws IOException {
        for (LogFolder folder : folders.all()) {
            if (folder.online()) {
                try {
                    task.run(folder);
                } catch (LogFolderException e) {
                    throw e;
                } catch (IOException e) {
                    folders.failAtStart(folder.path(), e);
                }
            }
        }
    }

    /**
     * Opens the logs.
     *
     * @param live all logs of the manager, as they will be
     * @throws IOException if two folders hold the same partition; no log is open then
     */
    List<Log> load(
            Collection<Log> live,
            List<EventLoop> loops,
            Function<String, LogConfig> topicConfigs,
            UnusableLogs unusable,
            LoadingProgress progress)
            throws IOException {
        inEach(folder -> {
            folder.read(files, live);
            scans.put(folder, FolderScan.of(files, folder.path()));
        });
        scans.forEach((folder, scan) -> leftovers.add(scan));
        inEach(folder -> leftovers.finishSwaps(folder.path(), scans.get(folder), this::hasCurrent));
        SortedMap<TopicPartition, LogOpening> openings = new TreeMap<>();
        inEach(folder -> addOpenings(folder, openings));
        inEach(folder -> new CleanShutdownFile(files, folder.path()).delete());
        openings.values().removeIf(opening -> !folders.isOnline(opening.folder().getParent()));
        ParallelLoading loading = new ParallelLoading(context, topicConfigs, List.copyOf(openings.values()), progress);
        return loading.load(loops, folders::failAtStart, unusable);
    }

    private boolean hasCurrent(TopicPartition id) {
        for (Map.Entry<LogFolder, FolderScan> scanned : scans.entrySet()) {
            if (scanned.getKey().online() && scanned.getValue().partitions().containsKey(id)) {
                return true;
            }
        }
        return false;
    }

    private void addOpenings(LogFolder folder, SortedMap<TopicPartition, LogOpening> openings) throws IOException {
        FolderScan scan = scans.get(folder);
        boolean clean = new CleanShutdownFile(files, folder.path()).exists();
        if (!clean && !scan.partitions().isEmpty()) {
            LOG.info(
                    "Recovering {} logs in {}: the last stop was not clean",
                    scan.partitions().size(),
                    folder.path());
            // A killed process may have left a checkpoint whose name is not on the disk yet: what is deleted because of
            // what
            // it says must not be missed by the one before, which a power loss would bring back.
            files.forceFolder(folder.path());
        }
        for (Map.Entry<TopicPartition, Path> found : scan.partitions().entrySet()) {
            addOpening(openings, found.getKey(), found.getValue(), clean, folder.checkpoints());
        }
        tellOfMissing(folder);
        for (Path deleted : scan.deleted()) {
            deferred.removeLater(folder.path(), 0, () -> FolderScan.remove(files, deleted), () -> {});
        }
    }

    /** Partitions whose folders somebody has taken away would otherwise begin anew without a word. */
    private void tellOfMissing(LogFolder folder) {
        SortedMap<TopicPartition, Long> missing = folder.checkpoints().recoveryPoints();
        scans.values().forEach(scan -> {
            missing.keySet().removeAll(scan.partitions().keySet());
            missing.keySet().removeAll(scan.futures().keySet());
            missing.keySet()
                    .removeIf(id -> scan.deleted().stream()
                            .anyMatch(path -> path.getFileName().toString().startsWith(id + ".")));
        });
        missing.values().removeIf(recoveryPoint -> recoveryPoint == 0);
        if (!missing.isEmpty()) {
            LOG.warn(
                    "{} partitions had records in {}, and their folders are missing: {}. Stop the broker and put them back from"
                            + " a copy; one that is not begins anew, or is copied from its leader",
                    missing.size(),
                    folder.path(),
                    missing.entrySet().stream()
                            .limit(MOST_NAMES_TOLD)
                            .map(of -> of.getKey() + " (to offset " + of.getValue() + ")")
                            .collect(Collectors.joining(", ", "", missing.size() > MOST_NAMES_TOLD ? ", ..." : "")));
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

    /** Hands over the copies that are not complete yet. */
    void unfinishedMoves(LogMoves moves, Map<TopicPartition, Log> logs) throws IOException {
        for (Map.Entry<TopicPartition, Path> future : leftovers.unfinished().entrySet()) {
            Log current = logs.get(future.getKey());
            Path folder = future.getValue().getParent();
            if (current == null || !folders.isOnline(folder)) {
                continue;
            }
            try {
                moves.resume(current, future.getValue());
            } catch (ApiException e) {
                giveUp(future.getValue(), e);
            } catch (IOException e) {
                if (FolderFailures.concernsOneLog(folder, e)) {
                    giveUp(future.getValue(), e);
                } else {
                    folders.failAtStart(folder, e);
                }
            }
        }
    }

    /** A copy that is damaged, or of a former topic of that name, is no loss. */
    private void giveUp(Path copy, Exception cause) {
        LOG.error("The move to {} is given up and the copy is removed: {}", copy, cause.getMessage());
        deferred.removeLater(copy.getParent(), 0, () -> FolderScan.remove(files, copy), () -> {});
    }
}
