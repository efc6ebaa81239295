package io.odradek.storage.io;

import java.io.File;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;

/** The operating system's disk. */
public final class NioLogFileSystem implements LogFileSystem {
    private static final boolean WINDOWS = File.separatorChar == '\\';
    private static final OpenOption[] READ_WRITE = {
        StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE
    };
    private static final OpenOption[] READ_WRITE_EXISTING = {StandardOpenOption.READ, StandardOpenOption.WRITE};
    private static final OpenOption[] READ_ONLY = {StandardOpenOption.READ};

    /** Of files whose handles are spare; a broker's other files are not among them. */
    public static final int DEFAULT_MAX_SPARE_FILES = 512;

    private final OpenFiles openFiles = new OpenFiles();
    private final OpenFileBound spare;
    private final OpenFileBound inUse;
    /** No file is opened again by a path that is just being given to another one. */
    private final ReadWriteLock names = new ReentrantReadWriteLock();
    /** Set by tests. */
    private volatile boolean full;

    /** A disk with {@value #DEFAULT_MAX_SPARE_FILES} files that may be open and need not. */
    public NioLogFileSystem() {
        this(DEFAULT_MAX_SPARE_FILES);
    }

    /** @param maxSpareFiles how many files may be open, apart from those in use, whose {@link LogFile.Handle} is spare */
    public NioLogFileSystem(int maxSpareFiles) {
        this(maxSpareFiles, OpenFileBound.UNBOUNDED);
    }

    /**
     * A disk where the files that are kept open while they are few are bounded too.
     *
     * @param maxSpareFiles how many files may be open, apart from those in use, whose {@link LogFile.Handle} is spare
     * @param maxFewFiles how many may be open whose handle is {@link LogFile.Handle#KEPT_WHILE_FEW}
     */
    public NioLogFileSystem(int maxSpareFiles, int maxFewFiles) {
        this.spare = new OpenFileBound(maxSpareFiles);
        this.inUse = new OpenFileBound(maxFewFiles);
    }

    /**
     * Has the disk behave as one that is full, or not any more: nothing is written or created, what is there is read, renamed,
     * cut and deleted. For tests of who uses it.
     */
    public void full(boolean isFull) {
        full = isFull;
    }

    /** Fails if the disk is said to be full. */
    void checkRoom(String doing, Path path) throws DiskFullException {
        if (full) {
            throw new DiskFullException("Cannot " + doing + " " + path + ": no space left, as a test wants it");
        }
    }

    /** {@return what bounds the open files of a handle that is not {@link LogFile.Handle#KEPT}} */
    OpenFileBound bound(LogFile.Handle handle) {
        return handle == LogFile.Handle.KEPT_WHILE_FEW ? inUse : spare;
    }

    /** {@return a channel of a file that has given up its own} */
    FileChannel openAgain(NioLogFile file) throws IOException {
        names.readLock().lock();
        try {
            return FileChannel.open(file.path(), file.writable() ? READ_WRITE_EXISTING : READ_ONLY);
        } finally {
            names.readLock().unlock();
        }
    }

    /** Says that a file is closed for good. */
    void closed(NioLogFile file) {
        openFiles.remove(file);
        spare.remove(file);
        inUse.remove(file);
    }

    @Override
    public LogFile open(Path path) throws IOException {
        return open(path, READ_WRITE, true);
    }

    @Override
    public LogFile openExisting(Path path) throws IOException {
        return open(path, READ_WRITE_EXISTING, true);
    }

    @Override
    public LogFile openForRead(Path path) throws IOException {
        return open(path, READ_ONLY, false);
    }

    private LogFile open(Path path, OpenOption[] options, boolean writable) throws IOException {
        if (options == READ_WRITE && full && !Files.exists(path)) {
            checkRoom("create", path);
        }
        FileChannel channel = null;
        try {
            channel = FileChannel.open(path, options);
            NioLogFile file = new NioLogFile(this, channel, path, writable);
            openFiles.add(file);
            return file;
        } catch (IOException e) {
            if (channel != null) {
                channel.close();
            }
            throw IoFailures.describe(writable ? "open or create" : "open", path, e);
        }
    }

    @Override
    public boolean exists(Path path) {
        return Files.exists(path);
    }

    @Override
    public long sizeBytes(Path path) throws IOException {
        try {
            return Files.size(path);
        } catch (IOException e) {
            throw IoFailures.describe("read the length of", path, e);
        }
    }

    @Override
    public long lastModifiedMs(Path path) throws IOException {
        try {
            return Files.getLastModifiedTime(path).toMillis();
        } catch (IOException e) {
            throw IoFailures.describe("read the time of", path, e);
        }
    }

    @Override
    public Volume volume(Path folder) throws IOException {
        try {
            FileStore store = Files.getFileStore(folder);
            return new Volume(store.getTotalSpace(), full ? 0 : store.getUsableSpace());
        } catch (IOException e) {
            throw IoFailures.describe("read the space of", folder, e);
        }
    }

    @Override
    public List<String> list(Path folder) throws IOException {
        List<String> names = new ArrayList<>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder)) {
            for (Path entry : entries) {
                names.add(entry.getFileName().toString());
            }
        } catch (java.nio.file.DirectoryIteratorException e) {
            throw IoFailures.describe("list", folder, e.getCause());
        } catch (IOException e) {
            throw IoFailures.describe("list", folder, e);
        }
        names.sort(null);
        return names;
    }

    @Override
    public boolean isFolder(Path path) {
        return Files.isDirectory(path);
    }

    @Override
    public void createFolders(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            checkRoom("create folder", folder);
        }
        try {
            Files.createDirectories(folder);
        } catch (java.nio.file.FileAlreadyExistsException e) {
            throw new IOException("Cannot create folder " + folder + ": there is a file of that name", e);
        } catch (java.nio.file.NoSuchFileException e) {
            throw new IOException(
                    "Cannot create folder " + folder + ": no folder can be made in " + folder.getParent(), e);
        } catch (IOException e) {
            throw IoFailures.describe("create folder", folder, e);
        }
    }

    @Override
    public void rename(Path from, Path to) throws IOException {
        names.writeLock().lock();
        try {
            Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
            openFiles.renamed(from, to);
        } catch (IOException e) {
            throw IoFailures.describe("rename to " + to.getFileName(), from, e);
        } finally {
            names.writeLock().unlock();
        }
    }

    @Override
    public void delete(Path path) throws IOException {
        try {
            Files.deleteIfExists(path);
        } catch (IOException e) {
            throw IoFailures.describe("delete", path, e);
        }
    }

    @Override
    public void forceFolder(Path folder) throws IOException {
        if (WINDOWS) {
            // Windows cannot open a folder as a file, and its file systems journal names themselves.
            return;
        }
        try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
            channel.force(true);
        } catch (IOException e) {
            throw IoFailures.describeForce(folder, e);
        }
    }

    @Override
    public FolderLock lock(Path folder) throws IOException {
        return NioFolderLock.take(folder);
    }
}
