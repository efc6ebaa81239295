package io.odradek.storage.checkpoint;

import io.odradek.storage.io.LogFile;
import io.odradek.storage.io.LogFileSystem;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * A small text file that is replaced as a whole: at any moment, and after any crash, it has its old content or its new. The
 * new content goes to a neighbour with the suffix {@code .tmp}, is forced, and takes the name, which is forced too.
 */
final class ReplacedFile {
    /** Far above a checkpoint of a million partitions; a larger file is not one of these. */
    private static final long MOST_BYTES = 512L << 20;

    private ReplacedFile() {}

    /** {@return the content, empty if there is no file} */
    static Optional<String> read(LogFileSystem files, Path path) throws IOException {
        try (LogFile file = files.openForRead(path)) {
            if (file.sizeBytes() > MOST_BYTES) {
                throw new MalformedFileException(path, "it has " + file.sizeBytes() + " bytes");
            }
            ByteBuffer content = ByteBuffer.allocate((int) file.sizeBytes());
            file.read(content, 0);
            return Optional.of(StandardCharsets.UTF_8.decode(content.flip()).toString());
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
    }

    static void write(LogFileSystem files, Path path, String content) throws IOException {
        Path temporary = path.resolveSibling(path.getFileName() + ".tmp");
        try (LogFile file = files.open(temporary)) {
            file.truncate(0);
            file.append(ByteBuffer.wrap(content.getBytes(StandardCharsets.UTF_8)));
            file.force();
        }
        files.rename(temporary, path);
        files.forceFolder(path.toAbsolutePath().getParent());
    }
}
