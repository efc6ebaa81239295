package io.odradek.core.fetch;

import io.odradek.protocol.errors.ApiException;
import io.odradek.protocol.errors.ErrorCode;
import io.odradek.protocol.record.RecordBatch;
import io.odradek.protocol.record.legacy.LegacyMessage;
import io.odradek.storage.io.FileSlice;
import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * Walks the entries of a slice of a log, record batches and old messages, through a window in memory: call {@link #next}, and
 * {@link #load} where more than the header is wanted.
 */
final class EntryWindow {
    private static final int WINDOW_BYTES = 128 * 1024;

    private ByteBuffer window = emptyWindow();
    private FileSlice slice;
    private long windowStart;
    private long position;
    private long nextPosition;

    private static ByteBuffer emptyWindow() {
        return ByteBuffer.allocate(WINDOW_BYTES).limit(0);
    }

    /** Starts before the first entry of a slice. */
    void open(FileSlice opened) {
        slice = opened;
        windowStart = opened.position();
        position = windowStart;
        nextPosition = windowStart;
        window = window.capacity() > WINDOW_BYTES ? emptyWindow() : window.limit(0);
    }

    /**
     * Goes to the next entry, of which the header can be read then.
     *
     * @return false if there is none that is whole
     * @throws ApiException CORRUPT_MESSAGE for what is no entry
     */
    boolean next() throws IOException {
        position = nextPosition;
        long left = slice.position() + slice.sizeBytes() - position;
        if (left < RecordBatch.PREFIX_SIZE || !holds((int) Math.min(left, RecordBatch.HEADER_SIZE))) {
            return false;
        }
        long sizeBytes = (long) RecordBatch.length(window, at()) + RecordBatch.LOG_OVERHEAD;
        if (sizeBytes < smallestSize(RecordBatch.magic(window, at()))) {
            throw new ApiException(ErrorCode.CORRUPT_MESSAGE, "An entry claims " + sizeBytes + " bytes");
        }
        nextPosition = position + sizeBytes;
        return sizeBytes <= left;
    }

    private static int smallestSize(byte magic) {
        return switch (magic) {
            case LegacyMessage.MAGIC_0, LegacyMessage.MAGIC_1 -> LegacyMessage.smallestSize(magic);
            case RecordBatch.MAGIC -> RecordBatch.HEADER_SIZE;
            default -> throw new ApiException(ErrorCode.CORRUPT_MESSAGE, "An entry has magic " + magic);
        };
    }

    /** Has the whole entry lie in {@link #buffer}. {@return whether the file has all of it} */
    boolean load() throws IOException {
        return holds((int) (nextPosition - position));
    }

    /** {@return where the entry lies} */
    ByteBuffer buffer() {
        return window;
    }

    /** {@return the entry's index in {@link #buffer}} */
    int at() {
        return (int) (position - windowStart);
    }

    /** {@return whether so many bytes from the entry's begin on are there, read if need be} */
    private boolean holds(int count) throws IOException {
        if (position >= windowStart && position + count <= windowStart + window.limit()) {
            return true;
        }
        if (window.capacity() < count) {
            window = ByteBuffer.allocate(count);
        }
        long left = slice.position() + slice.sizeBytes() - position;
        window.clear().limit((int) Math.min(left, window.capacity()));
        int read = slice.file().read(window, position);
        window.flip();
        windowStart = position;
        return read >= count;
    }
}
