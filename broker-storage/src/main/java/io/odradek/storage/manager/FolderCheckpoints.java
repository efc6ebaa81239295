package io.odradek.storage.manager;

import io.odradek.protocol.TopicPartition;
import io.odradek.storage.checkpoint.MalformedFileException;
import io.odradek.storage.checkpoint.OffsetCheckpointFile;
import io.odradek.storage.io.LogFileSystem;
import io.odradek.storage.log.Log;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
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
    /** Where logs begin that are about to come to this folder. */
    private final SortedMap<TopicPartition, Long> expected = new TreeMap<>();

    /** Logs that lie here and could not be opened. */
    private final SortedSet<TopicPartition> unopened = new TreeSet<>();

    private boolean finished;

    /** Tells which logs lie in the folder at the time at which they are asked for, so that none is saved that has gone. */
    interface Served {
        /** {@return the logs; nothing once the folder is offline, as all of them may have been let go then} */
        Optional<List<Log>> now();
    }

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

    /** {@return all of them as they were saved last; a copy} */
    synchronized SortedMap<TopicPartition, Long> recoveryPoints() {
        return new TreeMap<>(recoveryPoints.offsets);
    }

    synchronized long logStart(TopicPartition id) {
        return logStarts.offsets.getOrDefault(id, 0L);
    }

    synchronized SortedMap<TopicPartition, Long> highWatermarks() {
        return highWatermarks.offsets;
    }

    /** Saves how far the logs of this folder are on the disk; nothing once finished. */
    synchronized void saveRecoveryPoints(Served served) throws IOException {
        Optional<List<Log>> logs = writable(served);
        if (logs.isEmpty()) {
            return;
        }
        SortedMap<TopicPartition, Long> points = ofUnopened(recoveryPoints);
        for (Log log : logs.get()) {
            points.put(log.id(), log.recoveryPoint());
        }
        recoveryPoints.write(points);
    }

    private Optional<List<Log>> writable(Served served) {
        return finished ? Optional.empty() : served.now();
    }

    private SortedMap<TopicPartition, Long> ofUnopened(Saved saved) {
        SortedMap<TopicPartition, Long> kept = new TreeMap<>(saved.offsets);
        kept.keySet().retainAll(unopened);
        return kept;
    }

    /** A log here could not be opened: what is saved of it stays, for the time when it can be. */
    synchronized void unopened(TopicPartition id) {
        unopened.add(id);
    }

    /** A log that could not be opened is gone. */
    synchronized void gone(TopicPartition id) {
        unopened.remove(id);
    }

    /** {@return whether there is a log here that could not be opened} */
    synchronized boolean hasUnopened() {
        return !unopened.isEmpty();
    }

    /** Saves where the logs of this folder begin. {@return false once finished or offline: nothing was saved} */
    synchronized boolean saveStarts(Served served) throws IOException {
        Optional<List<Log>> logs = writable(served);
        if (logs.isEmpty()) {
            return false;
        }
        SortedMap<TopicPartition, Long> starts = ofUnopened(logStarts);
        starts.putAll(expected);
        for (Log log : logs.get()) {
            if (log.startOffset() > 0) {
                starts.put(log.id(), log.startOffset());
            }
        }
        logStarts.write(starts);
        return true;
    }

    /**
     * Saves where a log begins that is about to come to this folder, and keeps that until it has {@link #arrived}. What is
     * saved of a former log of that name is forgotten.
     */
    synchronized void expect(TopicPartition id, long startOffset) throws IOException {
        recoveryPoints.remove(id);
        highWatermarks.remove(id);
        expected.put(id, startOffset);
        SortedMap<TopicPartition, Long> starts = new TreeMap<>(logStarts.offsets);
        starts.put(id, startOffset);
        logStarts.write(starts);
    }

    /** A log that was expected is here, or does not come. */
    synchronized void arrived(TopicPartition id) {
        expected.remove(id);
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
    synchronized void saveHighWatermarks(Served served, Map<TopicPartition, Long> newHighWatermarks)
            throws IOException {
        Optional<List<Log>> logs = writable(served);
        if (logs.isEmpty()) {
            return;
        }
        SortedMap<TopicPartition, Long> merged = ofUnopened(highWatermarks);
        for (Log log : logs.get()) {
            Long highWatermark = newHighWatermarks.getOrDefault(log.id(), highWatermarks.offsets.get(log.id()));
            if (highWatermark != null) {
                merged.put(log.id(), highWatermark);
            }
        }
        highWatermarks.write(merged);
    }
}
