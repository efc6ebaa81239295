package io.odradek.storage.io;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Path;

/** A handle of a {@link FaultingFileSystem}. */
final class FaultingLogFile implements LogFile, OpenFileBound.Spare {
    private static final int TRANSFER_BYTES = 64 * 1024;

    private enum State {
        OPEN,
        CLOSED,
        DEAD
    }

    private final FaultingFileSystem fileSystem;
    private final SimulatedFile file;
    private final boolean writable;
    private Path path;
    private volatile State state = State.OPEN;
    private volatile Handle handle = Handle.KEPT;
    private boolean givenUp;
    private boolean unforced;
    private boolean usedLately = true;

    FaultingLogFile(FaultingFileSystem fileSystem, SimulatedFile file, Path path, boolean writable) {
        this.fileSystem = fileSystem;
        this.file = file;
        this.path = path;
        this.writable = writable;
    }

    @Override
    public Path path() {
        synchronized (fileSystem) {
            return path;
        }
    }

    @Override
    public void handle(Handle newHandle) {
        synchronized (fileSystem) {
            fileSystem.bound(handle).remove(this);
            handle = newHandle;
            if (handle != Handle.KEPT && !givenUp) {
                fileSystem.bound(handle).opened(this);
            }
        }
    }

    @Override
    public boolean usedLately() {
        synchronized (fileSystem) {
            boolean used = usedLately;
            usedLately = false;
            return used;
        }
    }

    @Override
    public boolean mayBeGivenUp() {
        // Asked while the bound is locked, and changed while the file system is, which may be locked first only.
        return state == State.OPEN && handle != Handle.KEPT;
    }

    @Override
    public boolean giveUp() {
        synchronized (fileSystem) {
            givenUp |= mayBeGivenUp() && !(unforced && handle == Handle.SPARE_ONCE_FORCED);
            return givenUp;
        }
    }

    boolean hasHandle() {
        return !givenUp;
    }

    /** Fails the test if the name that the handle follows has become another file's. */
    private void openAgain() throws IOException {
        if (givenUp) {
            if (fileSystem.openedAgain(path) != file) {
                throw new AssertionError(path + " is another file now than the one that was given up");
            }
            givenUp = false;
            fileSystem.bound(handle).opened(this);
        }
        usedLately = true;
    }

    void renamed(Path from, Path to) {
        if (path.equals(from)) {
            path = to;
        } else if (path.startsWith(from)) {
            path = to.resolve(from.relativize(path));
        }
    }

    /** The process that held this handle is gone. */
    void die() {
        state = State.DEAD;
    }

    @Override
    public long sizeBytes() throws IOException {
        synchronized (fileSystem) {
            checkOpen("read the length of");
            return file.sizeBytes();
        }
    }

    @Override
    public int read(ByteBuffer into, long position) throws IOException {
        synchronized (fileSystem) {
            checkOpen("read");
            fileSystem.faults().before("read", path);
            return file.read(into, position);
        }
    }

    @Override
    public void append(ByteBuffer... buffers) throws IOException {
        synchronized (fileSystem) {
            checkWritable();
            unforced = true;
            int wantedBytes = 0;
            for (ByteBuffer buffer : buffers) {
                wantedBytes += buffer.remaining();
            }
            int storedBytes = fileSystem.faults().beforeWrite(wantedBytes, wantedBytes, path);
            int leftBytes = storedBytes;
            file.modifiedAt(fileSystem.nowMs());
            for (ByteBuffer buffer : buffers) {
                int count = Math.min(leftBytes, buffer.remaining());
                file.write(buffer, file.sizeBytes(), count);
                leftBytes -= count;
            }
            fileSystem.faults().afterWrite(wantedBytes, storedBytes, path);
        }
    }

    @Override
    public void write(ByteBuffer from, long position) throws IOException {
        synchronized (fileSystem) {
            checkWritable();
            unforced = true;
            int wantedBytes = from.remaining();
            long beyond = position + wantedBytes - file.sizeBytes();
            int growth = (int) Math.max(0, Math.min(wantedBytes, beyond));
            int storedBytes = fileSystem.faults().beforeWrite(wantedBytes, growth, path);
            file.write(from, position, storedBytes);
            file.modifiedAt(fileSystem.nowMs());
            fileSystem.faults().afterWrite(wantedBytes, storedBytes, path);
        }
    }

    @Override
    public void truncate(long sizeBytes) throws IOException {
        synchronized (fileSystem) {
            checkWritable();
            unforced = true;
            fileSystem.faults().before("truncate", path);
            file.truncate(sizeBytes);
            file.modifiedAt(fileSystem.nowMs());
        }
    }

    @Override
    public void force() throws IOException {
        Runnable afterForce;
        synchronized (fileSystem) {
            checkOpen("force");
            fileSystem.faults().before("force", path);
            if (fileSystem.faults().forceFails(path)) {
                file.dropUnforced();
                throw new IOException("Cannot force to disk " + path + ": simulated failure");
            }
            file.force();
            unforced = false;
            afterForce = fileSystem.faults().afterForce();
        }
        afterForce.run();
    }

    @Override
    public long transferTo(long position, long count, WritableByteChannel target) throws IOException {
        ByteBuffer chunk = ByteBuffer.allocate((int) Math.min(count, TRANSFER_BYTES));
        synchronized (fileSystem) {
            checkOpen("read");
            fileSystem.faults().before("read", path);
            file.read(chunk, position);
        }
        return target.write(chunk.flip());
    }

    @Override
    public void close() {
        synchronized (fileSystem) {
            if (state == State.OPEN) {
                state = State.CLOSED;
                fileSystem.bound(handle).remove(this);
                fileSystem.closed(this);
            }
        }
    }

    private void checkWritable() throws IOException {
        checkOpen("write to");
        if (!writable) {
            throw new IOException("Cannot write to " + path + ": it was opened for reading");
        }
    }

    private void checkOpen(String doing) throws IOException {
        if (state == State.CLOSED) {
            throw new IOException("Cannot " + doing + " " + path + ": it is closed", new ClosedChannelException());
        }
        if (state == State.DEAD) {
            throw new IOException("Cannot " + doing + " " + path + ": the simulated process is gone");
        }
        openAgain();
    }

    @Override
    public String toString() {
        return path().toString();
    }
}
