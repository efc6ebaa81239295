package io.odradek.storage.io;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Path;

/**
 * An open file. Reads and transfers are positional and may run on any thread while its owner, the only one who writes,
 * appends. It stays usable after its file has been renamed or deleted. Every operation fails with an {@link IOException}
 * that names the path.
 */
public interface LogFile extends Closeable {
    /** Whether the system's handle is closed while the file is not in use, to be opened again at the next use. */
    enum Handle {
        /** It stays open. */
        KEPT,
        /**
         * It stays open unless too many files are: then it may be closed, forced or not. That the system could not write
         * something, it tells whoever opens the file next and forces it: Linux does since 4.17.
         */
        KEPT_WHILE_FEW,
        /** It may be closed once everything that was written through it has been forced. */
        SPARE_ONCE_FORCED,
        /** It may be closed. */
        SPARE
    }

    /**
     * Says what becomes of the handle; kept until this is said. Files with another one are many, and the file system bounds
     * how many of them are open. They must not be deleted before they are closed.
     */
    default void handle(Handle handle) {}

    /** {@return the path it was opened under, or renamed to} */
    Path path();

    /** {@return its length in bytes} */
    long sizeBytes() throws IOException;

    /** {@return its length in bytes as the system knows it, whoever has changed it} */
    default long storedBytes() throws IOException {
        return sizeBytes();
    }

    /** Reads into the buffer until it is full or the file ends. {@return the bytes read, 0 at the end} */
    int read(ByteBuffer into, long position) throws IOException;

    /**
     * Writes all of the buffers at the end of the file, in one gathering write where the system allows. After a failure a
     * part may have been written; {@link #sizeBytes} then says how much.
     */
    void append(ByteBuffer... buffers) throws IOException;

    /** Writes all of the buffer at a position; a gap beyond the end reads as zeros. */
    void write(ByteBuffer from, long position) throws IOException;

    /** Cuts the file to a length; does nothing if it is not longer. */
    void truncate(long sizeBytes) throws IOException;

    /** Forces the file's bytes and length to the disk. */
    void force() throws IOException;

    /**
     * Hands bytes to a channel without passing through the heap where the system allows.
     *
     * @return the bytes handed over: fewer than asked for where the file ends or the channel takes no more
     */
    long transferTo(long position, long count, WritableByteChannel target) throws IOException;
}
