package io.odradek.storage.manager;

import io.odradek.protocol.TopicPartition;
import io.odradek.storage.checkpoint.MalformedFileException;
import io.odradek.storage.checkpoint.OffsetCheckpointFile;
import io.odradek.storage.io.LogFileSystem;
import io.odradek.storage.log.Log;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The offset checkpoints of one log folder. They spare work and none of them is needed: one that cannot be understood is
 * taken as empty, and its logs are recovered from their start. A file is written only if it would change. Thread-safe.
 */
final class FolderCheckpoints {
    private static final Logger LOG = LoggerFactory.getLogger(FolderCheckpoints.class);

    private static final class Saved {
        private final OffsetCheckpointFile file;
        private SortedMap<TopicPartition, Long> offsets;

        private Saved(LogFileSystem files, Path folder, String name) throws IOException {
            file = new OffsetCheckpointFile(files, folder, name);
            try {
                offsets = file.read();
            } catch (MalformedFileException e) {
                LOG.warn("{}; it is taken as empty", e.getMessage());
                offsets = Collections.emptySortedMap();
            }
        }

        private void write(SortedMap<TopicPartition, Long> newOffsets) throws IOException {
            if (!newOffsets.equals(offsets)) {
                file.write(newOffsets);
                offsets = newOffsets;
            }
        }

        private void remove(TopicPartition id) throws IOException {
            if (offsets.containsKey(id)) {
                SortedMap<TopicPartition, Long> others = new TreeMap<>(offsets);
                others.remove(id);
                write(others);
            }
        }
    }

    private final Path folder;
    private final Saved recoveryPoints;
    private final Saved logStarts;
    private final Saved highWatermarks;
    private boolean finished;

    FolderCheckpoints(LogFileSystem files, Path folder) throws IOException {
        this.folder = folder;
        recoveryPoints = new Saved(files, folder, OffsetCheckpointFile.RECOVERY_POINTS);
        logStarts = new Saved(files, folder, OffsetCheckpointFile.LOG_STARTS);
        highWatermarks = new Saved(files, folder, OffsetCheckpointFile.HIGH_WATERMARKS);
    }

    Path folder() {
        return folder;
    }

    synchronized long recoveryPoint(TopicPartition id) {
        return recoveryPoints.offsets.getOrDefault(id, 0L);
    }

    synchronized long logStart(TopicPartition id) {
        return logStarts.offsets.getOrDefault(id, 0L);
    }

    synchronized SortedMap<TopicPartition, Long> highWatermarks() {
        return highWatermarks.offsets;
    }

    /** Saves how far the logs of this folder are on the disk; nothing once finished. */
    synchronized void saveRecoveryPoints(Collection<Log> logs) throws IOException {
        if (finished) {
            return;
        }
        SortedMap<TopicPartition, Long> points = new TreeMap<>();
        for (Log log : logs) {
            points.put(log.id(), log.recoveryPoint());
        }
        recoveryPoints.write(points);
    }

    /** Saves where the logs of this folder begin. {@return false once finished: nothing was saved} */
    synchronized boolean saveStarts(Collection<Log> logs) throws IOException {
        if (finished) {
            return false;
        }
        SortedMap<TopicPartition, Long> starts = new TreeMap<>();
        for (Log log : logs) {
            if (log.startOffset() > 0) {
                starts.put(log.id(), log.startOffset());
            }
        }
        logStarts.write(starts);
        return true;
    }

    /** Saves where a log begins that is about to come to this folder. */
    synchronized void saveStart(TopicPartition id, long startOffset) throws IOException {
        SortedMap<TopicPartition, Long> starts = new TreeMap<>(logStarts.offsets);
        starts.put(id, startOffset);
        logStarts.write(starts);
    }

    /** Forgets a partition that had a log here: another one of that name must not take its offsets over. */
    synchronized void forget(TopicPartition id) throws IOException {
        if (!finished) {
            recoveryPoints.remove(id);
            logStarts.remove(id);
            highWatermarks.remove(id);
        }
    }

    /** Writes no more: the folder may soon be another broker's. */
    synchronized void finish() {
        finished = true;
    }

    /** Saves high watermarks; logs of this folder that the new ones do not name keep theirs. */
    synchronized void saveHighWatermarks(Collection<Log> logs, Map<TopicPartition, Long> newHighWatermarks)
            throws IOException {
        if (finished) {
            return;
        }
        SortedMap<TopicPartition, Long> merged = new TreeMap<>();
        for (Log log : logs) {
            Long highWatermark = newHighWatermarks.getOrDefault(log.id(), highWatermarks.offsets.get(log.id()));
            if (highWatermark != null) {
                merged.put(log.id(), highWatermark);
            }
        }
        highWatermarks.write(merged);
    }
}
