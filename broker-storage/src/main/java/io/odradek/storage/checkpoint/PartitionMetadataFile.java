package io.odradek.storage.checkpoint;

import io.odradek.protocol.wire.Uuid;
import io.odradek.storage.io.LogFileSystem;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * The topic a partition's folder belongs to (KIP-516), in its file {@code partition.metadata}: {@code version: 0}, then
 * {@code topic_id: } and the identifier in base64.
 */
public final class PartitionMetadataFile {
    /** The file's name. */
    public static final String NAME = "partition.metadata";

    private static final String VERSION_LINE = "version: 0";
    private static final String TOPIC_ID_KEY = "topic_id: ";

    private final LogFileSystem files;
    private final Path path;

    /** @param partitionFolder the partition's folder */
    public PartitionMetadataFile(LogFileSystem files, Path partitionFolder) {
        this.files = files;
        this.path = partitionFolder.resolve(NAME);
    }

    /**
     * {@return the topic's identifier, nothing if there is no file}
     *
     * @throws MalformedFileException if there is one and it cannot be understood
     */
    public Optional<Uuid> read() throws IOException {
        Optional<String> content = ReplacedFile.read(files, path);
        return content.isEmpty() ? Optional.empty() : Optional.of(parse(content.get()));
    }

    private Uuid parse(String content) throws MalformedFileException {
        List<String> lines = content.lines().toList();
        if (lines.isEmpty() || !lines.get(0).strip().equals(VERSION_LINE)) {
            throw CheckpointText.malformed(path, 1, "it should be \"" + VERSION_LINE + "\"");
        }
        if (lines.size() < 2 || !lines.get(1).startsWith(TOPIC_ID_KEY)) {
            throw CheckpointText.malformed(path, 2, "it should begin with \"" + TOPIC_ID_KEY + "\"");
        }
        Uuid topicId;
        try {
            topicId = Uuid.parse(lines.get(1).substring(TOPIC_ID_KEY.length()).strip());
        } catch (IllegalArgumentException e) {
            throw CheckpointText.malformed(path, 2, e.getMessage());
        }
        if (topicId.equals(Uuid.ZERO)) {
            throw CheckpointText.malformed(path, 2, "the identifier of no topic");
        }
        return topicId;
    }

    /** Replaces the file; when this returns, it survives a power loss. */
    public void write(Uuid topicId) throws IOException {
        ReplacedFile.write(files, path, VERSION_LINE + "\n" + TOPIC_ID_KEY + topicId + "\n");
    }
}
