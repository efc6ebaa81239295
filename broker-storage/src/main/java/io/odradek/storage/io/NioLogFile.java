package io.odradek.storage.io;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A file of the operating system. The length of a file that was opened for writing is tracked here, so that an append is
 * one system call; whoever opened it is the only one who writes it.
 *
 * <p>Unless its handle is kept, the channel may be given up between two uses, and is opened again by the next one. Each use
 * is counted, by one atomic step before and after: a channel in use is never given up.
 *
 * <p>The JDK closes a file channel when a thread inside one of its operations is interrupted. The broker's loops are never
 * interrupted: they are ended by a task. Code that uses a file on a thread of its own must keep to that.
 */
public final class NioLogFile implements LogFile, OpenFileBound.Spare {
    private static final int GIVEN_UP = -1;

    private final NioLogFileSystem files;
    private final boolean writable;
    /** How many operations use the channel; or that there is none. */
    private final AtomicInteger users = new AtomicInteger();

    private volatile FileChannel channel;
    private volatile Path path;
    private volatile long sizeBytes;
    private volatile Handle handle = Handle.KEPT;
    private volatile boolean unforced;
    private volatile boolean closed;
    /** A hint: that another thread sees it late does no harm. */
    private boolean usedLately = true;

    NioLogFile(NioLogFileSystem files, FileChannel channel, Path path, boolean writable) throws IOException {
        this.files = files;
        this.channel = channel;
        this.path = path;
        this.writable = writable;
        this.sizeBytes = channel.size();
        if (writable) {
            channel.position(sizeBytes);
        }
    }

    /**
     * Keeps the file open for a zero-copy transfer, until {@link #letGo}.
     *
     * @return the channel, neither to be written nor to be closed by the caller
     */
    public FileChannel hold() throws IOException {
        try {
            return use();
        } catch (IOException e) {
            throw IoFailures.describe("open", path, e);
        }
    }

    /**
     * As {@link #hold}, unless the file would have to be opened for it and too many are in use already.
     *
     * @return the channel; null if it is not held
     */
    public FileChannel holdUnlessMany() throws IOException {
        return users.get() == GIVEN_UP && files.bound(handle).isExceeded() ? null : hold();
    }

    /** Ends what {@link #hold} began. */
    public void letGo() {
        users.decrementAndGet();
    }

    private FileChannel use() throws IOException {
        if (!usedLately) {
            usedLately = true;
        }
        int now = users.get();
        while (now != GIVEN_UP) {
            if (users.compareAndSet(now, now + 1)) {
                return channel;
            }
            now = users.get();
        }
        FileChannel opened = openAgain();
        // Not while this file is locked: giving up another one locks that.
        Handle opensAs = handle;
        if (opensAs != Handle.KEPT) {
            files.bound(opensAs).opened(this);
        }
        return opened;
    }

    private synchronized FileChannel openAgain() throws IOException {
        if (users.get() != GIVEN_UP) {
            users.incrementAndGet();
            return channel;
        }
        if (closed) {
            throw new ClosedChannelException();
        }
        FileChannel opened = files.openAgain(this);
        if (writable) {
            opened.position(sizeBytes);
        }
        channel = opened;
        users.set(1);
        return opened;
    }

    boolean writable() {
        return writable;
    }

    @Override
    public void handle(Handle newHandle) {
        OpenFileBound before;
        synchronized (this) {
            if (handle == newHandle) {
                return;
            }
            before = files.bound(handle);
            handle = newHandle;
        }
        if (newHandle == Handle.KEPT || before != files.bound(newHandle)) {
            before.remove(this);
        }
        if (newHandle != Handle.KEPT && users.get() != GIVEN_UP) {
            files.bound(newHandle).opened(this);
        }
    }

    @Override
    public boolean usedLately() {
        boolean used = usedLately;
        usedLately = false;
        return used;
    }

    @Override
    public boolean mayBeGivenUp() {
        return !closed && handle != Handle.KEPT;
    }

    @Override
    public synchronized boolean giveUp() throws IOException {
        if (users.get() == GIVEN_UP) {
            return true;
        }
        boolean mustBeForced = unforced && handle == Handle.SPARE_ONCE_FORCED;
        if (mustBeForced || !mayBeGivenUp() || !users.compareAndSet(0, GIVEN_UP)) {
            return false;
        }
        try {
            channel.close();
        } catch (IOException e) {
            throw IoFailures.describe("close", path, e);
        }
        return true;
    }

    @Override
    public Path path() {
        return path;
    }

    void renamed(Path newPath) {
        path = newPath;
    }

    @Override
    public long sizeBytes() throws IOException {
        return writable ? sizeBytes : storedBytes();
    }

    @Override
    public long storedBytes() throws IOException {
        try {
            FileChannel used = use();
            try {
                return used.size();
            } finally {
                letGo();
            }
        } catch (IOException e) {
            throw IoFailures.describe("read the length of", path, e);
        }
    }

    @Override
    public int read(ByteBuffer into, long position) throws IOException {
        int start = into.position();
        try {
            FileChannel used = use();
            try {
                while (into.hasRemaining()) {
                    if (used.read(into, position + into.position() - start) < 0) {
                        break;
                    }
                }
            } finally {
                letGo();
            }
        } catch (IOException e) {
            throw IoFailures.describe("read", path, e);
        }
        return into.position() - start;
    }

    @Override
    public void append(ByteBuffer... buffers) throws IOException {
        files.checkRoom("write to", path);
        long remaining = 0;
        for (ByteBuffer buffer : buffers) {
            remaining += buffer.remaining();
        }
        try {
            FileChannel used = use();
            try {
                while (remaining > 0) {
                    // The size follows each write, so that it is right even when a later one fails.
                    long written = buffers.length == 1 ? used.write(buffers[0]) : used.write(buffers);
                    remaining -= written;
                    sizeBytes += written;
                }
            } finally {
                wrote();
            }
        } catch (IOException e) {
            throw IoFailures.describe("write to", path, e);
        }
    }

    @Override
    public void write(ByteBuffer from, long position) throws IOException {
        files.checkRoom("write to", path);
        long at = position;
        try {
            FileChannel used = use();
            try {
                while (from.hasRemaining()) {
                    at += used.write(from, at);
                    if (at > sizeBytes) {
                        sizeBytes = at;
                        used.position(at);
                    }
                }
            } finally {
                wrote();
            }
        } catch (IOException e) {
            throw IoFailures.describe("write to", path, e);
        }
    }

    /** Only once the bytes are there: a force that ended meanwhile may not have seen them. */
    private void wrote() {
        if (!unforced) {
            unforced = true;
        }
        letGo();
    }

    @Override
    public void truncate(long newSizeBytes) throws IOException {
        if (newSizeBytes >= sizeBytes) {
            return;
        }
        try {
            FileChannel used = use();
            try {
                used.truncate(newSizeBytes);
                used.position(newSizeBytes);
                sizeBytes = newSizeBytes;
            } finally {
                wrote();
            }
        } catch (IOException e) {
            throw IoFailures.describe("truncate", path, e);
        }
    }

    @Override
    public void force() throws IOException {
        try {
            FileChannel used = use();
            boolean forced = false;
            unforced = false;
            try {
                // Data with what is needed to find it again (the length); times of access do not matter.
                used.force(false);
                forced = true;
            } finally {
                unforced |= !forced;
                letGo();
            }
        } catch (IOException e) {
            throw IoFailures.describeForce(path, e);
        }
    }

    @Override
    public long transferTo(long position, long count, WritableByteChannel target) throws IOException {
        FileChannel used = hold();
        try {
            return used.transferTo(position, count, target);
        } finally {
            letGo();
        }
    }

    @Override
    public void close() throws IOException {
        synchronized (this) {
            if (closed) {
                return;
            }
            closed = true;
        }
        files.closed(this);
        try {
            channel.close();
        } catch (IOException e) {
            throw IoFailures.describe("close", path, e);
        }
    }

    @Override
    public String toString() {
        return path.toString();
    }
}
