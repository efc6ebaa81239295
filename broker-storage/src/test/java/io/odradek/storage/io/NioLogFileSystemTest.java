package io.odradek.storage.io;

import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

class NioLogFileSystemTest extends LogFileSystemContract {
    private final NioLogFileSystem disk = new NioLogFileSystem();

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
}
