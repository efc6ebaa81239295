package io.odradek.server.embedded;

import io.odradek.storage.io.LogFile;
import io.odradek.storage.io.LogFileSystem;
import io.odradek.storage.io.NioLogFileSystem;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * The disk of a broker that may be killed: from then on nothing is created, renamed or deleted any more, so that what the
 * broker would tidy up on its way out stays as it was. What stands in its files stays, as with a process that is killed.
 */
final class KillableDisk implements LogFileSystem {
    private final NioLogFileSystem files;
    private volatile boolean killed;

    /** @param mostOpen {@code odradek.closed.segments.max.open.files} */
    KillableDisk(int mostOpen) {
        files = new NioLogFileSystem(mostOpen);
    }

    /** {@return the disk as it is while the broker lives} */
    NioLogFileSystem files() {
        return files;
    }

    /** Nothing is done any more. */
    void kill() {
        killed = true;
    }

    private LogFileSystem alive() throws IOException {
        if (killed) {
            throw new IOException("the broker has been killed");
        }
        return files;
    }

    @Override
    public LogFile open(Path path) throws IOException {
        return alive().open(path);
    }

    @Override
    public LogFile openExisting(Path path) throws IOException {
        return alive().openExisting(path);
    }

    @Override
    public LogFile openForRead(Path path) throws IOException {
        return alive().openForRead(path);
    }

    @Override
    public boolean exists(Path path) throws IOException {
        return alive().exists(path);
    }

    @Override
    public long sizeBytes(Path path) throws IOException {
        return alive().sizeBytes(path);
    }

    @Override
    public long lastModifiedMs(Path path) throws IOException {
        return alive().lastModifiedMs(path);
    }

    @Override
    public List<String> list(Path folder) throws IOException {
        return alive().list(folder);
    }

    @Override
    public boolean isFolder(Path path) throws IOException {
        return alive().isFolder(path);
    }

    @Override
    public void createFolders(Path folder) throws IOException {
        alive().createFolders(folder);
    }

    @Override
    public void rename(Path from, Path to) throws IOException {
        alive().rename(from, to);
    }

    @Override
    public void delete(Path path) throws IOException {
        alive().delete(path);
    }

    @Override
    public void forceFolder(Path folder) throws IOException {
        alive().forceFolder(folder);
    }

    @Override
    public Volume volume(Path folder) throws IOException {
        return alive().volume(folder);
    }

    @Override
    public FolderLock lock(Path folder) throws IOException {
        return alive().lock(folder);
    }
}
