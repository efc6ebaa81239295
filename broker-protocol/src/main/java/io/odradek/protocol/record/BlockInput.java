package io.odradek.protocol.record;

import io.odradek.protocol.errors.ApiException;
import io.odradek.protocol.errors.ErrorCode;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;

/**
 * A stream out of a codec that works block by block: it holds one inflated block at a time. Memory follows what the
 * compressed bytes can really hold, not what they claim.
 */
abstract class BlockInput extends InputStream {
    private static final byte[] NO_BYTES = {};

    private final ByteBuffer source;
    private final int sourceEnd;
    private final int maxInflatedBytes;
    private int sourcePosition;
    private byte[] copied = NO_BYTES;
    private byte[] block = NO_BYTES;
    private int blockPosition;
    private int blockEnd;

    BlockInput(ByteBuffer source, int position, int sizeBytes, int maxInflatedBytes) {
        this.source = source;
        this.sourcePosition = position;
        this.sourceEnd = position + sizeBytes;
        this.maxInflatedBytes = maxInflatedBytes;
    }

    /**
     * Inflates the next block into {@link #block}.
     *
     * @return its size, which may be 0; -1 at the end
     */
    abstract int inflateBlock() throws IOException;

    @Override
    public final int read() throws IOException {
        return fill() ? block[blockPosition++] & 0xff : -1;
    }

    @Override
    public final int read(byte[] target, int offset, int length) throws IOException {
        if (length == 0) {
            return 0;
        }
        if (!fill()) {
            return -1;
        }
        int count = Math.min(length, blockEnd - blockPosition);
        System.arraycopy(block, blockPosition, target, offset, count);
        blockPosition += count;
        return count;
    }

    private boolean fill() throws IOException {
        while (blockPosition == blockEnd) {
            int size = inflateBlock();
            if (size < 0) {
                return false;
            }
            blockPosition = 0;
            blockEnd = size;
        }
        return true;
    }

    final ByteBuffer source() {
        return source;
    }

    final int maxInflatedBytes() {
        return maxInflatedBytes;
    }

    final int sourcePosition() {
        return sourcePosition;
    }

    final int sourceRemaining() {
        return sourceEnd - sourcePosition;
    }

    /** Steps over source bytes, and returns where they start. */
    final int take(int count) throws IOException {
        if (count < 0 || count > sourceRemaining()) {
            throw new EOFException("the compressed bytes end early");
        }
        int start = sourcePosition;
        sourcePosition += count;
        return start;
    }

    /** {@return an array that has the given source bytes from {@link #arrayOffset} on: the source's own where it has one} */
    final byte[] array(int start, int count) {
        if (source.hasArray()) {
            return source.array();
        }
        if (copied.length < count) {
            copied = new byte[count];
        }
        source.get(start, copied, 0, count);
        return copied;
    }

    final int arrayOffset(int start) {
        return source.hasArray() ? source.arrayOffset() + start : 0;
    }

    /**
     * {@return an array for a block of this size}
     *
     * @throws ApiException MESSAGE_TOO_LARGE if that alone is more than the batch may inflate to
     */
    final byte[] block(long sizeBytes) {
        if (sizeBytes > maxInflatedBytes) {
            throw tooLarge(maxInflatedBytes);
        }
        if (block.length < sizeBytes) {
            block = new byte[(int) sizeBytes];
        }
        return block;
    }

    static ApiException tooLarge(int maxInflatedBytes) {
        return new ApiException(
                ErrorCode.MESSAGE_TOO_LARGE,
                "A compressed batch may inflate to " + maxInflatedBytes + " bytes at most; this one goes beyond");
    }
}
