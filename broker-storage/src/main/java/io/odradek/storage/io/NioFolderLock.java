package io.odradek.storage.io;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** The lock of a log folder: an operating system's lock on the file {@code .lock} in it, gone with the process. */
final class NioFolderLock implements LogFileSystem.FolderLock {
    private static final String FILE_NAME = ".lock";

    /**
     * The folders held by this process. POSIX locks belong to the process, and closing any descriptor of a file gives up
     * all of them; so a second attempt must be turned away before it opens the file. Empty when all locks are released.
     */
    private static final Set<Path> HELD = ConcurrentHashMap.newKeySet();

    private final Path realFolder;
    private final FileChannel channel;

    private NioFolderLock(Path realFolder, FileChannel channel) {
        this.realFolder = realFolder;
        this.channel = channel;
    }

    static NioFolderLock take(Path folder) throws IOException {
        Path realFolder = realPath(folder);
        if (!HELD.add(realFolder)) {
            throw new FolderLockedException(folder);
        }
        try {
            return new NioFolderLock(realFolder, lockFile(folder));
        } catch (IOException | RuntimeException e) {
            HELD.remove(realFolder);
            throw e;
        }
    }

    private static Path realPath(Path folder) throws IOException {
        try {
            return folder.toRealPath();
        } catch (IOException e) {
            throw IoFailures.describe("lock", folder, e);
        }
    }

    private static FileChannel lockFile(Path folder) throws IOException {
        Path path = folder.resolve(FILE_NAME);
        FileChannel channel = null;
        try {
            channel = FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            FileLock lock = channel.tryLock();
            if (lock != null) {
                return channel;
            }
        } catch (OverlappingFileLockException e) {
            channel.close();
            throw new FolderLockedException(folder);
        } catch (IOException e) {
            if (channel != null) {
                channel.close();
            }
            throw IoFailures.describe("lock", path, e);
        }
        channel.close();
        throw new FolderLockedException(folder);
    }

    @Override
    public void close() throws IOException {
        if (channel.isOpen()) {
            try {
                channel.close();
            } finally {
                HELD.remove(realFolder);
            }
        }
    }
}
