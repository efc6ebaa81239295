package io.odradek.storage.cleaner;

import io.odradek.protocol.TopicPartition;
import io.odradek.protocol.wire.Uuid;
import io.odradek.storage.checkpoint.MalformedFileException;
import io.odradek.storage.checkpoint.OffsetCheckpointFile;
import io.odradek.storage.io.LogFileSystem;
import io.odradek.storage.log.Log;
import io.odradek.storage.log.SegmentsView;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the cleaner remembers of each log: where its dirty part begins, saved in the {@code cleaner-offset-checkpoint} of its
 * log folder, whether it is being cleaned, and why it has been set aside. Not thread-safe.
 */
final class CleanerTable {
    private static final Logger LOG = LoggerFactory.getLogger(CleanerTable.class);

    /** A log; what is known of it ends with the log itself or is taken back when it is truncated. */
    static final class Entry {
        private Log log;
        private Uuid topicId;
        private int cuts;
        private long checkpoint;
        private final Map<Long, SegmentsView.Timestamps> timestamps = new HashMap<>();
        private boolean inProgress;
        private String setAside;

        private Entry(Log log, int cuts, long checkpoint) {
            this.log = log;
            this.topicId = log.topicId();
            this.cuts = cuts;
            this.checkpoint = checkpoint;
        }

        /** {@return the timestamps of a closed segment, read if they were not; null if they cannot be} */
        SegmentsView.Timestamps timestamps(SegmentsView view, int segment) throws IOException {
            SegmentsView.Timestamps known = timestamps.get(view.baseOffset(segment));
            if (known == null) {
                known = view.timestamps(segment);
                timestamps.put(view.baseOffset(segment), known);
            }
            return known;
        }

        long checkpoint() {
            return checkpoint;
        }

        void checkpoint(long offset) {
            checkpoint = offset;
        }

        boolean available() {
            return !inProgress && setAside == null;
        }

        void inProgress(boolean now) {
            inProgress = now;
        }

        void setAside(String why) {
            setAside = why;
        }
    }

    private final LogFileSystem files;
    private final SortedMap<TopicPartition, Entry> entries = new TreeMap<>();
    private final SortedMap<TopicPartition, Long> saved = new TreeMap<>();
    private final Map<Path, SortedMap<TopicPartition, Long>> onDisk = new HashMap<>();

    CleanerTable(LogFileSystem files) {
        this.files = files;
    }

    /** Reads the checkpoint of a log folder. */
    void load(Path logFolder) throws IOException {
        SortedMap<TopicPartition, Long> offsets = new TreeMap<>();
        try {
            offsets.putAll(file(logFolder).read());
        } catch (MalformedFileException e) {
            LOG.warn("{}; it is taken as empty, and its logs as dirty from their start", e.getMessage());
        }
        onDisk.put(logFolder, offsets);
        saved.putAll(offsets);
    }

    private OffsetCheckpointFile file(Path logFolder) {
        return new OffsetCheckpointFile(files, logFolder, OffsetCheckpointFile.CLEANER_OFFSETS);
    }

    /** {@return what is known of a log as it is now} */
    Entry entry(Log log, SegmentsView view) {
        Entry entry = entries.get(log.id());
        if (entry == null) {
            Long checkpoint = saved.remove(log.id());
            entry = new Entry(log, view.cuts(), checkpoint == null ? CleanableRange.NO_CHECKPOINT : checkpoint);
            entries.put(log.id(), entry);
        } else if (entry.log != log) {
            // Moved to another folder, or another topic of the same name.
            boolean moved = !entry.topicId.equals(Uuid.ZERO) && entry.topicId.equals(log.topicId());
            entry = new Entry(log, view.cuts(), moved ? entry.checkpoint : CleanableRange.NO_CHECKPOINT);
            entries.put(log.id(), entry);
        }
        if (entry.cuts != view.cuts()) {
            entry.cuts = view.cuts();
            entry.checkpoint = Math.min(entry.checkpoint, view.lowestCut());
            entry.setAside = null;
            entry.timestamps.clear();
        }
        return entry;
    }

    /** Forgets logs that this broker no longer has. */
    void keepOnly(Map<TopicPartition, Log> logs) {
        entries.keySet().removeIf(id -> !logs.containsKey(id));
        saved.keySet().removeIf(id -> !logs.containsKey(id));
    }

    /** {@return the entry of a log, null if it is no longer the one that was chosen or has been truncated} */
    Entry current(CleaningJob job) {
        Entry entry = entries.get(job.log().id());
        return entry != null
                        && entry.log == job.log()
                        && job.view().cuts() == job.log().segments().cuts()
                ? entry
                : null;
    }

    void release(CleaningJob job) {
        Entry entry = entries.get(job.log().id());
        if (entry != null && entry.log == job.log()) {
            entry.inProgress = false;
        }
    }

    /** Notes below which offset a log is clean. */
    void cleaned(CleaningJob job, long checkpoint) {
        Entry entry = current(job);
        if (entry != null) {
            entry.checkpoint = checkpoint;
            // A segment that was cleaned in part keeps its base offset, and has other records now.
            entry.timestamps.clear();
        }
    }

    /** Saves the checkpoint of a log folder if it has changed. */
    void save(Path logFolder, Map<TopicPartition, Log> logs) throws IOException {
        SortedMap<TopicPartition, Long> offsets = new TreeMap<>();
        for (Log log : logs.values()) {
            if (logFolder.equals(log.folder().getParent())) {
                Entry entry = entries.get(log.id());
                long checkpoint = entry != null && entry.log == log
                        ? entry.checkpoint
                        : saved.getOrDefault(log.id(), CleanableRange.NO_CHECKPOINT);
                if (checkpoint != CleanableRange.NO_CHECKPOINT) {
                    offsets.put(log.id(), checkpoint);
                }
            }
        }
        if (!offsets.equals(onDisk.get(logFolder))) {
            file(logFolder).write(offsets);
            onDisk.put(logFolder, offsets);
        }
    }

    /** {@return why logs have been set aside} */
    SortedMap<TopicPartition, String> setAside() {
        SortedMap<TopicPartition, String> reasons = new TreeMap<>();
        entries.forEach((id, entry) -> {
            if (entry.setAside != null) {
                reasons.put(id, entry.setAside);
            }
        });
        return reasons;
    }
}
