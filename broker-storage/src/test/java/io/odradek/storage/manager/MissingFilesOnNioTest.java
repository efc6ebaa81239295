package io.odradek.storage.manager;

import io.odradek.storage.io.LogFileSystem;
import io.odradek.storage.io.NioLogFileSystem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import org.junit.jupiter.api.io.TempDir;

class MissingFilesOnNioTest extends MissingFilesContract {
    private static final int FEW_SPARE_FILES = 2;

    private final LogFileSystem disk = new NioLogFileSystem(FEW_SPARE_FILES);

    @TempDir
    private Path root;

    @Override
    LogFileSystem disk() {
        return disk;
    }

    @Override
    Path root() {
        return root;
    }

    @Override
    void age(Path path) throws IOException {
        Files.setLastModifiedTime(path, FileTime.fromMillis(1_000));
    }
}
