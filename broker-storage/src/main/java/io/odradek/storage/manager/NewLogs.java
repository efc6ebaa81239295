package io.odradek.storage.manager;

import io.odradek.protocol.TopicPartition;
import io.odradek.protocol.errors.ApiException;
import io.odradek.protocol.errors.ErrorCode;
import io.odradek.protocol.wire.Uuid;
import io.odradek.storage.io.DiskFullException;
import io.odradek.storage.io.LogFileSystem;
import io.odradek.storage.io.PassingFailure;
import io.odradek.storage.log.Log;
import io.odradek.storage.log.LogConfig;
import io.odradek.storage.log.LogContext;
import io.odradek.storage.log.LogOpening;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;

/**
 * In which of the log folders a new log is begun: in the one with the fewest partitions that has room for it. Used under the
 * monitor of the {@link LogManager}.
 *
 * @param folders all folders, those that are offline too
 * @param logs the logs that are open, by partition; a live view, to which a new one is added
 * @param unusable where a log stays that could not be begun, or only begun
 */
record NewLogs(
        LogContext context,
        List<LogFolder> folders,
        Map<TopicPartition, Log> logs,
        UnusableLogs unusable,
        StorageEnvironment.FailureListener failures) {
    /**
     * Begins the log of a partition.
     *
     * @param isNew whether the partition has never had a log: any other one may have it in a folder that is offline
     * @throws ApiException KAFKA_STORAGE_ERROR if it has
     * @throws IOException if it cannot be begun anywhere; what that says of a folder has been seen to
     */
    Log begin(TopicPartition id, Uuid topicId, LogConfig config, boolean isNew) throws IOException {
        Path begun = unusable.begun(id);
        List<LogFolder> candidates = begun == null ? emptiestFirst() : folderOf(begun);
        if (begun == null && !isNew && candidates.size() < folders.size()) {
            throw new ApiException(
                    ErrorCode.KAFKA_STORAGE_ERROR,
                    "There is no log of " + id + " in the log folders that are online, and others are offline");
        }
        if (begun == null && !isNew) {
            context.lostPasts().missing(id);
        }
        IOException failure = null;
        for (LogFolder folder : candidates) {
            Path path = folder.path().resolve(id.toString());
            try {
                Log log = beginIn(folder, LogOpening.create(path, id, topicId), config);
                unusable.finished(id);
                return log;
            } catch (DiskFullException e) {
                failure = e;
                failures.folderFailed(folder.path(), e);
                unusable.begun(id, path);
                removeRemains(folder, path);
                unusable.finished(id);
            } catch (IOException e) {
                // Begun elsewhere too, it would be there twice. It is gone on with here, or found here at the next
                // start.
                if (PassingFailure.isOfDescriptors(e)) {
                    unusable.begun(id, path);
                } else {
                    unusable.add(id, path);
                }
                failures.folderFailed(folder.path(), e);
                throw e;
            }
        }
        throw failure == null ? new IOException("No log folder is online") : failure;
    }

    private Log beginIn(LogFolder folder, LogOpening opening, LogConfig config) throws IOException {
        folder.checkpoints().forget(opening.id());
        Log created = Log.open(context, opening, config);
        logs.put(opening.id(), created);
        if (!folder.online() && logs.remove(opening.id(), created)) {
            created.abandon();
            throw new IOException("Log folder " + folder.path() + " has gone offline");
        }
        return created;
    }

    private void removeRemains(LogFolder folder, Path path) throws IOException {
        LogFileSystem files = context.files();
        try {
            if (files.exists(path)) {
                FolderScan.remove(files, path);
            }
        } catch (IOException e) {
            failures.folderFailed(folder.path(), e);
            throw e;
        }
    }

    private List<LogFolder> folderOf(Path begun) {
        for (LogFolder folder : folders) {
            if (folder.path().equals(begun.getParent()) && folder.online()) {
                return List.of(folder);
            }
        }
        throw new ApiException(
                ErrorCode.KAFKA_STORAGE_ERROR, "The log in " + begun + " was begun, and its log folder is offline");
    }

    /** {@return the folders that are online, those with the fewest partitions first} */
    private List<LogFolder> emptiestFirst() {
        List<LogFolder> online = new ArrayList<>(folders);
        online.removeIf(folder -> !folder.online());
        if (online.size() > 1) {
            Map<LogFolder, Integer> counts = new IdentityHashMap<>();
            for (LogFolder folder : online) {
                counts.put(folder, folder.logs().size());
            }
            online.sort((a, b) -> Integer.compare(counts.get(a), counts.get(b)));
        }
        return online;
    }
}
