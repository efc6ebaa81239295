package io.odradek.server.storm;

import io.odradek.storage.io.DiskFullException;
import io.odradek.storage.io.LogFile;
import io.odradek.storage.io.LogFileSystem;
import io.odradek.storage.io.NioLogFileSystem;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The operating system's disk, which can be full for a while, and of which folders can fail for good. A full disk takes no
 * new name and no byte beyond the end of a file, but may take the first part of what is appended, as real ones do.
 */
final class StormDisk implements LogFileSystem {
    private static final int MOST_TORN_BYTES = 100;

    private final LogFileSystem files = new NioLogFileSystem();
    private final Set<Path> failed = ConcurrentHashMap.newKeySet();
    private volatile boolean full;

    /** Takes the room away, or gives it back. */
    void full(boolean isFull) {
        full = isFull;
    }

    /** Lets everything below a folder fail from now on. */
    void fail(Path folder) {
        failed.add(folder);
    }

    private void sound(Path path) throws IOException {
        for (Path folder : failed) {
            if (path.startsWith(folder)) {
                throw new IOException("Cannot reach " + path + ": the disk has failed");
            }
        }
    }

    private void room(String doing, Path path) throws IOException {
        sound(path);
        if (full) {
            throw noRoom(doing, path);
        }
    }

    private static DiskFullException noRoom(String doing, Path path) {
        return new DiskFullException("Cannot " + doing + " " + path + ": No space left on device");
    }

    @Override
    public LogFile open(Path path) throws IOException {
        sound(path);
        if (!files.exists(path)) {
            room("create", path);
        }
        return new StormFile(files.open(path));
    }

    @Override
    public LogFile openExisting(Path path) throws IOException {
        sound(path);
        return new StormFile(files.openExisting(path));
    }

    @Override
    public LogFile openForRead(Path path) throws IOException {
        sound(path);
        return new StormFile(files.openForRead(path));
    }

    @Override
    public boolean exists(Path path) throws IOException {
        sound(path);
        return files.exists(path);
    }

    @Override
    public long sizeBytes(Path path) throws IOException {
        sound(path);
        return files.sizeBytes(path);
    }

    @Override
    public long lastModifiedMs(Path path) throws IOException {
        sound(path);
        return files.lastModifiedMs(path);
    }

    @Override
    public List<String> list(Path folder) throws IOException {
        sound(folder);
        return files.list(folder);
    }

    @Override
    public boolean isFolder(Path path) throws IOException {
        sound(path);
        return files.isFolder(path);
    }

    @Override
    public void createFolders(Path folder) throws IOException {
        sound(folder);
        if (!files.exists(folder)) {
            room("create folder", folder);
        }
        files.createFolders(folder);
    }

    @Override
    public void rename(Path from, Path to) throws IOException {
        sound(from);
        files.rename(from, to);
    }

    @Override
    public void delete(Path path) throws IOException {
        sound(path);
        files.delete(path);
    }

    @Override
    public void forceFolder(Path folder) throws IOException {
        sound(folder);
        files.forceFolder(folder);
    }

    @Override
    public Volume volume(Path folder) throws IOException {
        sound(folder);
        Volume volume = files.volume(folder);
        return full ? new Volume(volume.totalBytes(), 0) : volume;
    }

    @Override
    public FolderLock lock(Path folder) throws IOException {
        return files.lock(folder);
    }

    private final class StormFile implements LogFile {
        private final LogFile file;

        StormFile(LogFile file) {
            this.file = file;
        }

        @Override
        public void handle(Handle handle) {
            file.handle(handle);
        }

        @Override
        public Path path() {
            return file.path();
        }

        @Override
        public long sizeBytes() throws IOException {
            sound(path());
            return file.sizeBytes();
        }

        @Override
        public int read(ByteBuffer into, long position) throws IOException {
            sound(path());
            return file.read(into, position);
        }

        @Override
        public void append(ByteBuffer... buffers) throws IOException {
            sound(path());
            if (full) {
                tear(buffers[0]);
                // Though there may be room again by now: a torn write has failed.
                throw noRoom("write to", path());
            }
            file.append(buffers);
        }

        private void tear(ByteBuffer first) throws IOException {
            ByteBuffer part = first.duplicate();
            part.limit(part.position() + Math.min(part.remaining(), part.remaining() % MOST_TORN_BYTES));
            file.append(part);
        }

        @Override
        public void write(ByteBuffer from, long position) throws IOException {
            sound(path());
            if (position + from.remaining() > file.sizeBytes()) {
                room("write to", path());
            }
            file.write(from, position);
        }

        @Override
        public void truncate(long sizeBytes) throws IOException {
            sound(path());
            file.truncate(sizeBytes);
        }

        @Override
        public void force() throws IOException {
            sound(path());
            file.force();
        }

        @Override
        public long transferTo(long position, long count, WritableByteChannel target) throws IOException {
            sound(path());
            return file.transferTo(position, count, target);
        }

        @Override
        public void close() throws IOException {
            file.close();
        }
    }
}
