package io.odradek.storage.io;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Path;
import java.util.List;

/** Another file system, of which nothing can be changed: what would change it fails with {@link WriteRefusedException}. */
public final class ReadOnlyFileSystem implements LogFileSystem {
    private final LogFileSystem files;

    /** @param files what is read */
    public ReadOnlyFileSystem(LogFileSystem files) {
        this.files = files;
    }

    /** Something was to be written that may only be read. */
    public static final class WriteRefusedException extends IOException {
        private static final long serialVersionUID = 1L;

        WriteRefusedException(Path path) {
            super(path + " is open for reading only");
        }
    }

    /** Opens a file for reading. Fails with {@link WriteRefusedException} if there is none, as it would be created. */
    @Override
    public LogFile open(Path path) throws IOException {
        if (!files.exists(path)) {
            throw new WriteRefusedException(path);
        }
        return openForRead(path);
    }

    /** Opens a file for reading. */
    @Override
    public LogFile openExisting(Path path) throws IOException {
        return openForRead(path);
    }

    @Override
    public LogFile openForRead(Path path) throws IOException {
        return new ReadOnlyFile(files.openForRead(path));
    }

    @Override
    public boolean exists(Path path) throws IOException {
        return files.exists(path);
    }

    @Override
    public long sizeBytes(Path path) throws IOException {
        return files.sizeBytes(path);
    }

    @Override
    public long lastModifiedMs(Path path) throws IOException {
        return files.lastModifiedMs(path);
    }

    @Override
    public List<String> list(Path folder) throws IOException {
        return files.list(folder);
    }

    @Override
    public boolean isFolder(Path path) throws IOException {
        return files.isFolder(path);
    }

    @Override
    public void createFolders(Path folder) throws IOException {
        throw new WriteRefusedException(folder);
    }

    @Override
    public void rename(Path from, Path to) throws IOException {
        throw new WriteRefusedException(from);
    }

    @Override
    public void delete(Path path) throws IOException {
        throw new WriteRefusedException(path);
    }

    @Override
    public void forceFolder(Path folder) throws IOException {
        throw new WriteRefusedException(folder);
    }

    @Override
    public FolderLock lock(Path folder) throws IOException {
        throw new WriteRefusedException(folder);
    }

    private record ReadOnlyFile(LogFile file) implements LogFile {
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
            return file.sizeBytes();
        }

        @Override
        public int read(ByteBuffer into, long position) throws IOException {
            return file.read(into, position);
        }

        @Override
        public void append(ByteBuffer... buffers) throws IOException {
            throw new WriteRefusedException(path());
        }

        @Override
        public void write(ByteBuffer from, long position) throws IOException {
            throw new WriteRefusedException(path());
        }

        @Override
        public void truncate(long sizeBytes) throws IOException {
            throw new WriteRefusedException(path());
        }

        @Override
        public void force() throws IOException {
            throw new WriteRefusedException(path());
        }

        @Override
        public long transferTo(long position, long count, WritableByteChannel target) throws IOException {
            return file.transferTo(position, count, target);
        }

        @Override
        public void close() throws IOException {
            file.close();
        }
    }
}
