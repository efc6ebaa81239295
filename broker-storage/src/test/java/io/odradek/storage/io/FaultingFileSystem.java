package io.odradek.storage.io;

import io.odradek.storage.env.Clock;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * A disk in memory that fails on demand, the same way each time for the same seed. It knows what the operating system has
 * and what has been forced: {@link #kill} keeps the first, {@link #powerLoss} only the second for certain. Closing it fails
 * the test if files or locks are still open.
 *
 * <p>To crash between any two operations: run the scenario once, read {@link #operations}, then run it again for each
 * number below that with {@link #haltAfter}, followed by {@link #kill} or {@link #powerLoss} and a restart.
 */
public final class FaultingFileSystem implements LogFileSystem, AutoCloseable {
    private static final int MAX_SPARE_FILES = 2;

    private final SimulatedNames names = new SimulatedNames();
    private final FaultPlan faults;
    private final List<FaultingLogFile> openFiles = new ArrayList<>();
    private final List<Lock> locks = new ArrayList<>();
    private final OpenFileBound spare;
    private final OpenFileBound inUse;
    private Clock clock;
    private String hookedUse;
    private Runnable beforeUse;

    /**
     * A disk with very few handles of files that need not be open.
     *
     * @param seed decides where a failing write is cut
     */
    public FaultingFileSystem(long seed) {
        this(seed, MAX_SPARE_FILES, OpenFileBound.UNBOUNDED);
    }

    /**
     * A disk with few handles.
     *
     * @param seed decides where a failing write is cut
     * @param maxSpareFiles how many files may be open that need not be
     * @param maxFewFiles how many that are kept open while they are few
     */
    public FaultingFileSystem(long seed, int maxSpareFiles, int maxFewFiles) {
        spare = new OpenFileBound(maxSpareFiles);
        inUse = new OpenFileBound(maxFewFiles);
        faults = new FaultPlan(new Random(seed), folder -> used(find(folder)));
    }

    /** Lets files show when they were written by this clock; without one they are as old as can be. */
    public synchronized void useClock(Clock newClock) {
        clock = newClock;
    }

    long nowMs() {
        return clock == null ? 0 : clock.wallMs();
    }

    /** {@return how many operations have been tried so far} */
    public synchronized long operations() {
        return faults.operations();
    }

    /** Lets one operation fail, the next one being 1. A failing write stores a part of its bytes. */
    public synchronized void failOperation(long fromNow) {
        faults.failOperation(fromNow, false);
    }

    /** As {@link #failOperation}, for want of room. */
    public synchronized void fillAtOperation(long fromNow) {
        faults.failOperation(fromNow, true);
    }

    /** Lets every operation fail after so many more have been done, until {@link #kill} or {@link #powerLoss}. */
    public synchronized void haltAfter(long moreOperations) {
        faults.haltAfter(moreOperations);
    }

    /** {@return how many times files were forced whose names end so} */
    public synchronized long forces(String suffix) {
        return faults.forces(suffix);
    }

    /**
     * Lets the next force of a file fail whose name ends so. As with real systems, what was to be written is dropped: a later
     * force of the file succeeds, and writes nothing of it.
     */
    public synchronized void failForceOf(String suffix) {
        faults.failForceOf(suffix);
    }

    /** Runs something at the end of each force of a file, before it returns; the file system may be used there. */
    public synchronized void afterForce(Runnable hook) {
        faults.afterForce(hook);
    }

    /** Runs something before a file whose name ends so is next opened or renamed; all threads may use the file system there. */
    public synchronized void beforeUseOf(String suffix, Runnable hook) {
        hookedUse = suffix;
        beforeUse = hook;
    }

    private synchronized Runnable takeHookOf(Path used) {
        if (beforeUse == null || !used.toString().endsWith(hookedUse)) {
            return () -> {};
        }
        Runnable hook = beforeUse;
        beforeUse = null;
        return hook;
    }

    /** Lets the disk be full once so many more bytes have been written. */
    public synchronized void diskFullAfter(long bytes) {
        faults.freeBytes(bytes);
    }

    /** Lets a folder be a disk of its own with so many bytes; may be called again with more or fewer. */
    public synchronized void capacity(Path folder, long bytes) {
        faults.capacity(folder, bytes);
    }

    /** {@return the bytes of the files in a folder and below} */
    public synchronized long usedBytes(Path folder) {
        return used(find(folder));
    }

    /** Lets every operation in a folder and below fail, until {@link #mend}. */
    public synchronized void breakBelow(Path folder) {
        faults.breakBelow(folder);
    }

    /** Lets broken folders work again. */
    public synchronized void mend() {
        faults.mend();
    }

    private static long used(Object entry) {
        if (entry instanceof SimulatedFile file) {
            return file.sizeBytes();
        }
        long sum = 0;
        if (entry instanceof SimulatedNames.Folder folder) {
            for (Object child : folder.entries.values()) {
                sum += used(child);
            }
        }
        return sum;
    }

    /** Gives the disk room again. */
    public synchronized void freeSpace() {
        faults.freeBytes(Long.MAX_VALUE);
    }

    /** Ends the process: handles and locks are dead, what was written is there. The next one may start. */
    public synchronized void kill() {
        openFiles.forEach(FaultingLogFile::die);
        openFiles.clear();
        locks.clear();
        faults.resume();
    }

    /**
     * Cuts the power: as {@link #kill}, and what was not forced is kept, lost or torn, page by page and name by name.
     *
     * @param random decides which
     */
    public synchronized void powerLoss(Random random) {
        kill();
        // The first draws of generators with small seeds are much alike.
        names.losePower(new Random(random.nextLong() * 0x9E3779B97F4A7C15L));
    }

    synchronized void closed(FaultingLogFile file) {
        openFiles.remove(file);
    }

    OpenFileBound bound(LogFile.Handle handle) {
        return handle == LogFile.Handle.KEPT_WHILE_FEW ? inUse : spare;
    }

    /** Lets the process have so many files open at a time, and no more. */
    public synchronized void descriptors(long most) {
        faults.descriptors(most);
    }

    private long openNow() {
        return openFiles.stream().filter(FaultingLogFile::hasHandle).count();
    }

    private void beforeOpening(String doing, Path path) throws IOException {
        faults.beforeOpening(doing, path, openNow());
    }

    /** {@return what a handle finds that was given up} */
    synchronized Object openedAgain(Path path) throws IOException {
        beforeOpening("open again", path);
        return existing(path);
    }

    FaultPlan faults() {
        return faults;
    }

    @Override
    public LogFile open(Path path) throws IOException {
        takeHookOf(path).run();
        return openNow(path);
    }

    private synchronized LogFile openNow(Path path) throws IOException {
        beforeOpening("open or create", path);
        SimulatedNames.Folder folder = folder(path.getParent());
        String name = path.getFileName().toString();
        if (!folder.entries.containsKey(name)) {
            SimulatedFile created = new SimulatedFile();
            created.modifiedAt(nowMs());
            names.add(folder, name, created);
        }
        return handle(path, folder.entries.get(name), true);
    }

    @Override
    public synchronized LogFile openExisting(Path path) throws IOException {
        beforeOpening("open", path);
        return handle(path, existing(path), true);
    }

    @Override
    public synchronized LogFile openForRead(Path path) throws IOException {
        beforeOpening("open", path);
        return handle(path, existing(path), false);
    }

    private FaultingLogFile handle(Path path, Object entry, boolean writable) throws IOException {
        if (!(entry instanceof SimulatedFile file)) {
            throw new IOException("Cannot open " + path + ": it is a folder");
        }
        FaultingLogFile handle = new FaultingLogFile(this, file, path, writable);
        openFiles.add(handle);
        return handle;
    }

    @Override
    public synchronized boolean exists(Path path) throws IOException {
        faults.before("look up", path);
        return find(path) != null;
    }

    @Override
    public synchronized boolean isFolder(Path path) throws IOException {
        faults.before("look up", path);
        return find(path) instanceof SimulatedNames.Folder;
    }

    @Override
    public synchronized long lastModifiedMs(Path path) throws IOException {
        faults.before("read the time of", path);
        if (existing(path) instanceof SimulatedFile file) {
            return file.modifiedMs();
        }
        throw new IOException("Cannot read the time of " + path + ": it is a folder");
    }

    @Override
    public synchronized List<String> list(Path folder) throws IOException {
        beforeOpening("list", folder);
        return List.copyOf(folder(folder).entries.keySet());
    }

    @Override
    public synchronized void createFolders(Path path) throws IOException {
        faults.before("create folder", path);
        SimulatedNames.Folder folder = names.root();
        for (Path element : path.toAbsolutePath().normalize()) {
            String name = element.toString();
            if (!folder.entries.containsKey(name)) {
                faults.beforeCreation(path);
                names.add(folder, name, new SimulatedNames.Folder());
            }
            if (!(folder.entries.get(name) instanceof SimulatedNames.Folder child)) {
                throw new IOException("Cannot create folder " + path + ": there is a file of that name");
            }
            folder = child;
        }
    }

    @Override
    public void rename(Path from, Path to) throws IOException {
        takeHookOf(from).run();
        renameNow(from, to);
    }

    private synchronized void renameNow(Path from, Path to) throws IOException {
        faults.before("rename to " + to.getFileName(), from);
        Object entry = existing(from);
        Object replaced = find(to);
        boolean folders = entry instanceof SimulatedNames.Folder && replaced instanceof SimulatedNames.Folder;
        boolean files = entry instanceof SimulatedFile && replaced instanceof SimulatedFile;
        if (replaced != null && !files && !(folders && isEmpty(replaced))) {
            throw new IOException(
                    "Cannot rename to " + to.getFileName() + " " + from + ": there is a folder in the way");
        }
        names.rename(
                folder(from.getParent()),
                from.getFileName().toString(),
                folder(to.getParent()),
                to.getFileName().toString());
        openFiles.forEach(file -> file.renamed(from, to));
    }

    @Override
    public synchronized void delete(Path path) throws IOException {
        faults.before("delete", path);
        Object entry = find(path);
        if (entry instanceof SimulatedNames.Folder && !isEmpty(entry)) {
            throw new IOException("Cannot delete " + path + ": the folder is not empty");
        }
        if (entry != null) {
            names.remove(folder(path.getParent()), path.getFileName().toString());
        }
    }

    @Override
    public synchronized void forceFolder(Path folder) throws IOException {
        beforeOpening("force", folder);
        names.force(folder(folder));
    }

    @Override
    public synchronized FolderLock lock(Path folder) throws IOException {
        beforeOpening("lock", folder);
        Path held = folder.toAbsolutePath().normalize();
        if (locks.stream().anyMatch(lock -> lock.folder.equals(held))) {
            throw new FolderLockedException(folder);
        }
        SimulatedNames.Folder entries = folder(folder);
        if (!entries.entries.containsKey(".lock")) {
            names.add(entries, ".lock", new SimulatedFile());
        }
        Lock lock = new Lock(held);
        locks.add(lock);
        return lock;
    }

    /** Fails if a file or a lock has been left open. */
    @Override
    public synchronized void close() {
        if (!openFiles.isEmpty()) {
            throw new AssertionError("Files left open: " + openFiles);
        }
        if (!locks.isEmpty()) {
            throw new AssertionError("Folders left locked: "
                    + locks.stream().map(lock -> lock.folder).toList());
        }
    }

    private SimulatedNames.Folder folder(Path path) throws IOException {
        if (existing(path) instanceof SimulatedNames.Folder folder) {
            return folder;
        }
        throw new IOException("Cannot use " + path + " as a folder: it is not a folder");
    }

    private Object existing(Path path) throws IOException {
        Object entry = find(path);
        if (entry == null) {
            throw new NoSuchFileException(path.toString(), null, "it does not exist");
        }
        return entry;
    }

    private Object find(Path path) {
        Object entry = names.root();
        for (Path element : path.toAbsolutePath().normalize()) {
            if (!(entry instanceof SimulatedNames.Folder folder)) {
                return null;
            }
            entry = folder.entries.get(element.toString());
        }
        return entry;
    }

    private static boolean isEmpty(Object folder) {
        return ((SimulatedNames.Folder) folder).entries.isEmpty();
    }

    private final class Lock implements FolderLock {
        private final Path folder;

        private Lock(Path folder) {
            this.folder = folder;
        }

        @Override
        public void close() {
            synchronized (FaultingFileSystem.this) {
                locks.remove(this);
            }
        }
    }
}
