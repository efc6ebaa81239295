package io.odradek.storage.io;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

class FaultingFileSystemTest extends LogFileSystemContract {
    private final FaultingFileSystem disk = new FaultingFileSystem(1, MAX_SPARE_FILES, OpenFileBound.UNBOUNDED);
    private final Path root = Path.of("/data/logs");

    @BeforeEach
    void createRoot() throws IOException {
        disk.createFolders(root);
    }

    @AfterEach
    void nothingIsLeftOpen() {
        disk.close();
    }

    @Override
    LogFileSystem disk() {
        return disk;
    }

    @Override
    Path root() {
        return root;
    }
}
