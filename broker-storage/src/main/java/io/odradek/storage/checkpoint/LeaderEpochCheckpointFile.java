package io.odradek.storage.checkpoint;

import io.odradek.storage.io.LogFileSystem;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The leader epochs of one log with the offsets they began at (KIP-101), in the file {@code leader-epoch-checkpoint} of the
 * partition's folder, replaced atomically. Kafka's format: version, number of entries, then {@code epoch offset} lines.
 */
public final class LeaderEpochCheckpointFile {
    /** The file's name. */
    public static final String NAME = "leader-epoch-checkpoint";

    /**
     * One epoch.
     *
     * @param epoch the leader epoch
     * @param startOffset the offset of its first record
     */
    public record EpochStart(int epoch, long startOffset) {}

    private final LogFileSystem files;
    private final Path path;

    /** @param partitionFolder the partition's folder */
    public LeaderEpochCheckpointFile(LogFileSystem files, Path partitionFolder) {
        this.files = files;
        this.path = partitionFolder.resolve(NAME);
    }

    /**
     * {@return the epochs in the order of the file, none if there is no file}
     *
     * @throws MalformedFileException if there is one and it cannot be understood
     */
    public List<EpochStart> read() throws IOException {
        Optional<String> content = ReplacedFile.read(files, path);
        if (content.isEmpty()) {
            return List.of();
        }
        List<CheckpointText.Entry> entries = CheckpointText.parse(path, content.get(), 2);
        List<EpochStart> epochs = new ArrayList<>(entries.size());
        for (CheckpointText.Entry entry : entries) {
            epochs.add(new EpochStart(entry.nonNegativeInt(0), entry.nonNegativeLong(1)));
        }
        return epochs;
    }

    /** Replaces the file; when this returns, the epochs survive a power loss. */
    public void write(List<EpochStart> epochs) throws IOException {
        StringBuilder content = CheckpointText.start(epochs.size());
        for (EpochStart start : epochs) {
            content.append(start.epoch())
                    .append(' ')
                    .append(start.startOffset())
                    .append('\n');
        }
        ReplacedFile.write(files, path, content.toString());
    }
}
