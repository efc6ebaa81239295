package io.odradek.protocol.record;

import io.odradek.protocol.errors.ApiException;
import io.odradek.protocol.errors.ErrorCode;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;

/**
 * The bytes of a batch's records, read from front to back: where they lie if they are not compressed, else through a
 * window that the codec's stream fills. Everything is counted from the first record's first byte on. For cursors, which know
 * what the bytes mean.
 */
public final class RecordBytes implements AutoCloseable {
    private static final int WINDOW_BYTES = 16 * 1024;
    /** A window that one large record made larger than this is not kept for the next batch. */
    private static final int MAX_KEPT_WINDOW_BYTES = 1024 * 1024;

    private ByteBuffer buffer;
    private int position;
    private int limit;
    /** Of the byte that stands at index 0 of the buffer, the distance from the first record. */
    private long origin;

    private InputStream stream;
    private ByteBuffer window;
    private int maxInflatedBytes;

    /** Starts at bytes that lie in a buffer. */
    public void openInPlace(ByteBuffer source, int start, int end) {
        buffer = source;
        position = start;
        limit = end;
        origin = -start;
        stream = null;
    }

    /** Starts with the first byte of a stream, which may give so many and is closed with this. */
    public void openInflated(InputStream inflated, int maxBytes) {
        if (window == null) {
            window = ByteBuffer.allocate(WINDOW_BYTES);
        }
        buffer = window;
        position = 0;
        limit = 0;
        origin = 0;
        stream = inflated;
        maxInflatedBytes = maxBytes;
    }

    /** {@return whether what is read is held once more than it lies anywhere} */
    boolean inflates() {
        return stream != null;
    }

    /** Closes the stream, if there is one; to be opened again. */
    @Override
    public void close() throws IOException {
        InputStream open = stream;
        stream = null;
        buffer = null;
        if (window != null && window.capacity() > MAX_KEPT_WINDOW_BYTES) {
            window = null;
        }
        if (open != null) {
            open.close();
        }
    }

    /** {@return the buffer in which the bytes lie that {@link #require} has asked for} */
    public ByteBuffer buffer() {
        return buffer;
    }

    /** {@return the index in the buffer of the next byte} */
    public int position() {
        return position;
    }

    /** Steps back or on within bytes that are known to be there. */
    public void position(int newPosition) {
        position = newPosition;
    }

    /** {@return how far the next byte is from the first record's first} */
    long distance() {
        return origin + position;
    }

    byte readByte() {
        if (position == limit) {
            require(1);
        }
        return buffer.get(position++);
    }

    /** Reads a zig-zag 32-bit varint. */
    int readVarint() {
        int raw = readByte();
        if (raw < 0) {
            raw = readVarintTail(raw & 0x7f);
        }
        return (raw >>> 1) ^ -(raw & 1);
    }

    private int readVarintTail(int firstBits) {
        int raw = firstBits;
        for (int shift = 7; shift < 35; shift += 7) {
            byte next = readByte();
            if (shift == 28 && (next & 0xf0) != 0) {
                break;
            }
            raw |= (next & 0x7f) << shift;
            if (next >= 0) {
                return raw;
            }
        }
        throw invalid("a length or an offset does not fit into 32 bits");
    }

    /** Reads a zig-zag 64-bit varint. */
    long readVarlong() {
        long raw = readByte();
        if (raw < 0) {
            raw = readVarlongTail(raw & 0x7f);
        }
        return (raw >>> 1) ^ -(raw & 1);
    }

    private long readVarlongTail(long firstBits) {
        long raw = firstBits;
        for (int shift = 7; shift < 70; shift += 7) {
            byte next = readByte();
            if (shift == 63 && (next & 0xfe) != 0) {
                break;
            }
            raw |= (next & 0x7fL) << shift;
            if (next >= 0) {
                return raw;
            }
        }
        throw invalid("a timestamp does not fit into 64 bits");
    }

    /** Steps over bytes; of a stream, without holding them. */
    void skip(int count) {
        int left = count;
        while (left > limit - position) {
            left -= limit - position;
            position = limit;
            require(1);
        }
        position += left;
    }

    /** Makes the next bytes lie in the buffer in one piece. */
    public void require(int count) {
        if (!has(count)) {
            throw invalid("the batch ends inside it");
        }
    }

    /** As {@link #require}. {@return whether there are so many} */
    public boolean has(int count) {
        while (limit - position < count) {
            if (!fill()) {
                return false;
            }
        }
        return true;
    }

    /** {@return whether there are no more bytes} */
    public boolean atEnd() {
        return position == limit && !fill();
    }

    /** Moves the bytes left to the window's front and reads on; the window grows only once it is full of real bytes. */
    private boolean fill() {
        if (stream == null) {
            return false;
        }
        int left = limit - position;
        if (left == window.capacity()) {
            ByteBuffer larger = ByteBuffer.allocate((int) Math.min(2L * left, largestWindow()));
            window = larger.put(0, window, 0, left);
        } else if (position > 0) {
            System.arraycopy(window.array(), position, window.array(), 0, left);
        }
        buffer = window;
        origin += position;
        position = 0;
        limit = left;
        int count = read();
        limit += Math.max(count, 0);
        if (origin + limit > maxInflatedBytes) {
            throw BlockInput.tooLarge(maxInflatedBytes);
        }
        return count > 0;
    }

    /** {@return the room in bytes that shows, when it is full, that too much comes out} */
    private long largestWindow() {
        return Math.min(maxInflatedBytes + 1L, Integer.MAX_VALUE - 8);
    }

    private int read() {
        try {
            return stream.read(window.array(), limit, window.capacity() - limit);
        } catch (IOException e) {
            throw invalid("its compressed bytes cannot be read: " + e.getMessage());
        }
    }

    /** {@return INVALID_RECORD} */
    public static ApiException invalid(String message) {
        return new ApiException(ErrorCode.INVALID_RECORD, message);
    }
}
