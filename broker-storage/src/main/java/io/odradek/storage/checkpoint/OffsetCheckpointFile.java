package io.odradek.storage.checkpoint;

import io.odradek.protocol.TopicPartition;
import io.odradek.storage.io.LogFileSystem;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Offsets by partition in a text file of a log folder, replaced atomically. Kafka's format: version, number of entries,
 * then {@code topic partition offset} lines.
 */
public final class OffsetCheckpointFile {
    /** Below these offsets everything is on the disk. */
    public static final String RECOVERY_POINTS = "recovery-point-offset-checkpoint";

    /** The first offsets that may be read. */
    public static final String LOG_STARTS = "log-start-offset-checkpoint";

    /** High watermarks. */
    public static final String HIGH_WATERMARKS = "replication-offset-checkpoint";

    /** Where the dirty part of each log begins. */
    public static final String CLEANER_OFFSETS = "cleaner-offset-checkpoint";

    private final LogFileSystem files;
    private final Path path;

    /**
     * @param logFolder the log folder
     * @param name one of the names above
     */
    public OffsetCheckpointFile(LogFileSystem files, Path logFolder, String name) {
        this.files = files;
        this.path = logFolder.resolve(name);
    }

    /**
     * {@return the offsets, none if there is no file or nothing in it}
     *
     * @throws MalformedFileException if there is one and it cannot be understood
     */
    public SortedMap<TopicPartition, Long> read() throws IOException {
        Optional<String> content = ReplacedFile.read(files, path);
        // Kafka makes the file without a byte in it, and fills it when there is something to be said.
        if (content.isEmpty() || content.get().isEmpty()) {
            return Collections.emptySortedMap();
        }
        List<CheckpointText.Entry> entries = CheckpointText.parse(path, content.get(), 3);
        SortedMap<TopicPartition, Long> offsets = new TreeMap<>();
        for (CheckpointText.Entry entry : entries) {
            TopicPartition id = new TopicPartition(entry.text(0), entry.nonNegativeInt(1));
            if (offsets.put(id, entry.nonNegativeLong(2)) != null) {
                throw CheckpointText.malformed(path, entry.lineNumber(), "partition " + id + " is there twice");
            }
        }
        return offsets;
    }

    /** Replaces the file; when this returns, the offsets survive a power loss. */
    public void write(SortedMap<TopicPartition, Long> offsets) throws IOException {
        StringBuilder content = CheckpointText.start(offsets.size());
        for (Map.Entry<TopicPartition, Long> entry : offsets.entrySet()) {
            content.append(entry.getKey().topic())
                    .append(' ')
                    .append(entry.getKey().partition())
                    .append(' ')
                    .append(entry.getValue().longValue())
                    .append('\n');
        }
        ReplacedFile.write(files, path, content.toString());
    }
}
