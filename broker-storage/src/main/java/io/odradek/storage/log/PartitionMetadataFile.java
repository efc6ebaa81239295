package io.odradek.storage.log;

import io.odradek.protocol.wire.Uuid;
import io.odradek.storage.io.LogFile;
import io.odradek.storage.io.LogFileSystem;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** The file {@code partition.metadata}: which topic, by identifier, a folder belongs to (KIP-516). */
public final class PartitionMetadataFile {
    private static final String VERSION_LINE = "version: 0\n";
    private static final String TOPIC_ID = "topic_id: ";
    private static final int MAX_SIZE_BYTES = 1024;

    private PartitionMetadataFile() {}

    /** {@return the identifier, {@link Uuid#ZERO} if there is no file, or one that a power loss has torn} */
    public static Uuid read(LogFileSystem files, Path path) throws IOException {
        if (!files.exists(path)) {
            return Uuid.ZERO;
        }
        String text;
        try (LogFile file = files.openForRead(path)) {
            ByteBuffer bytes = ByteBuffer.allocate(MAX_SIZE_BYTES);
            file.read(bytes, 0);
            text = new String(bytes.array(), 0, bytes.position(), StandardCharsets.UTF_8);
        }
        int at = text.indexOf(TOPIC_ID);
        if (!text.startsWith("version: 0") || at < 0) {
            return Uuid.ZERO;
        }
        try {
            return Uuid.parse(text.substring(at + TOPIC_ID.length()).trim());
        } catch (IllegalArgumentException e) {
            return Uuid.ZERO;
        }
    }

    /** Forces the file's content to the disk, if there is one. */
    static void force(LogFileSystem files, Path path) throws IOException {
        if (files.exists(path)) {
            try (LogFile file = files.open(path)) {
                file.force();
            }
        }
    }

    static void write(LogFileSystem files, Path path, Uuid topicId) throws IOException {
        Path temporary = path.resolveSibling(path.getFileName() + ".tmp");
        try (LogFile file = files.open(temporary)) {
            file.truncate(0);
            file.append(ByteBuffer.wrap((VERSION_LINE + TOPIC_ID + topicId + "\n").getBytes(StandardCharsets.UTF_8)));
        }
        files.rename(temporary, path);
    }
}
