package io.odradek.storage.io;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

/**
 * A file of the operating system. The length of a file that was opened for writing is tracked here, so that an append is
 * one system call; whoever opened it is the only one who writes it.
 *
 * <p>The JDK closes a file channel when a thread inside one of its operations is interrupted. The broker's loops are never
 * interrupted: they are ended by a task. Code that uses a file on a thread of its own must keep to that.
 */
public final class NioLogFile implements LogFile {
    private final FileChannel channel;
    private final boolean writable;
    private final Consumer<NioLogFile> onClose;
    private final AtomicBoolean closed = new AtomicBoolean();
    private volatile Path path;
    private volatile long sizeBytes;

    NioLogFile(FileChannel channel, Path path, boolean writable, Consumer<NioLogFile> onClose) throws IOException {
        this.channel = channel;
        this.path = path;
        this.writable = writable;
        this.onClose = onClose;
        this.sizeBytes = channel.size();
        if (writable) {
            channel.position(sizeBytes);
        }
    }

    /** {@return the open channel, for zero-copy transfers; neither to be written nor to be closed by the caller} */
    public FileChannel channel() {
        return channel;
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
        if (writable) {
            return sizeBytes;
        }
        try {
            return channel.size();
        } catch (IOException e) {
            throw IoFailures.describe("read the length of", path, e);
        }
    }

    @Override
    public int read(ByteBuffer into, long position) throws IOException {
        int start = into.position();
        try {
            while (into.hasRemaining()) {
                if (channel.read(into, position + into.position() - start) < 0) {
                    break;
                }
            }
        } catch (IOException e) {
            throw IoFailures.describe("read", path, e);
        }
        return into.position() - start;
    }

    @Override
    public void append(ByteBuffer... buffers) throws IOException {
        long remaining = 0;
        for (ByteBuffer buffer : buffers) {
            remaining += buffer.remaining();
        }
        try {
            while (remaining > 0) {
                // The size follows each write, so that it is right even when a later one fails.
                long written = buffers.length == 1 ? channel.write(buffers[0]) : channel.write(buffers);
                remaining -= written;
                sizeBytes += written;
            }
        } catch (IOException e) {
            throw IoFailures.describe("write to", path, e);
        }
    }

    @Override
    public void write(ByteBuffer from, long position) throws IOException {
        long at = position;
        try {
            while (from.hasRemaining()) {
                at += channel.write(from, at);
                if (at > sizeBytes) {
                    sizeBytes = at;
                    channel.position(at);
                }
            }
        } catch (IOException e) {
            throw IoFailures.describe("write to", path, e);
        }
    }

    @Override
    public void truncate(long newSizeBytes) throws IOException {
        if (newSizeBytes >= sizeBytes) {
            return;
        }
        try {
            channel.truncate(newSizeBytes);
            channel.position(newSizeBytes);
            sizeBytes = newSizeBytes;
        } catch (IOException e) {
            throw IoFailures.describe("truncate", path, e);
        }
    }

    @Override
    public void force() throws IOException {
        try {
            // Data with what is needed to find it again (the length); times of access do not matter.
            channel.force(false);
        } catch (IOException e) {
            throw IoFailures.describeForce(path, e);
        }
    }

    @Override
    public long transferTo(long position, long count, WritableByteChannel target) throws IOException {
        return channel.transferTo(position, count, target);
    }

    @Override
    public void close() throws IOException {
        if (closed.getAndSet(true)) {
            return;
        }
        onClose.accept(this);
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
