package io.odradek.storage.manager;

import io.odradek.storage.io.FaultingFileSystem;
import io.odradek.storage.io.LogFileSystem;
import java.nio.file.Path;

class MissingFilesOnFaultingDiskTest extends MissingFilesContract {
    private final FaultingFileSystem disk = new FaultingFileSystem(1);

    @Override
    LogFileSystem disk() {
        return disk;
    }

    @Override
    Path root() {
        return Path.of("/data");
    }

    @Override
    void closeDisk() {
        disk.close();
    }
}
