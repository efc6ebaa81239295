package io.odradek.protocol.record;

import java.io.InputStream;
import java.nio.ByteBuffer;

/** A run of a buffer's bytes as a stream, for the codecs that want one. The buffer's own position does not move. */
final class SliceInput extends InputStream {
    private final ByteBuffer buffer;
    private final int end;
    private int position;

    SliceInput(ByteBuffer buffer, int position, int sizeBytes) {
        this.buffer = buffer;
        this.position = position;
        this.end = position + sizeBytes;
    }

    @Override
    public int read() {
        return position == end ? -1 : buffer.get(position++) & 0xff;
    }

    @Override
    public int read(byte[] target, int offset, int length) {
        if (length == 0) {
            return 0;
        }
        if (position == end) {
            return -1;
        }
        int count = Math.min(length, end - position);
        buffer.get(position, target, offset, count);
        position += count;
        return count;
    }

    @Override
    public int available() {
        return end - position;
    }
}
