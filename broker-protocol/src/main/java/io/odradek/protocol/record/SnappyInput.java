package io.odradek.protocol.record;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.xerial.snappy.Snappy;

/**
 * Inflates snappy: either the framing that the Java client writes (16 bytes of header, then blocks that each have their
 * size before them), or one bare block, as librdkafka writes it.
 */
final class SnappyInput extends BlockInput {
    private static final long FRAMING_MAGIC = 0x82_53_4e_41_50_50_59_00L;
    private static final int FRAMING_HEADER_SIZE = 16;
    /** No element of the format makes more than 64 bytes out of 3. */
    private static final int MAX_RATIO = 22;

    private final boolean framed;

    SnappyInput(ByteBuffer source, int position, int sizeBytes, int maxInflatedBytes) throws IOException {
        super(source, position, sizeBytes, maxInflatedBytes);
        framed = sizeBytes >= FRAMING_HEADER_SIZE && source.getLong(position) == FRAMING_MAGIC;
        if (framed) {
            take(FRAMING_HEADER_SIZE);
        }
    }

    @Override
    int inflateBlock() throws IOException {
        if (sourceRemaining() == 0) {
            return -1;
        }
        int size = framed ? source().getInt(take(Integer.BYTES)) : sourceRemaining();
        int start = take(size);
        byte[] compressed = array(start, size);
        int offset = arrayOffset(start);
        long inflatedSize = declaredSize(compressed, offset, size);
        if (inflatedSize > (long) size * MAX_RATIO) {
            throw new IOException("a snappy block of " + size + " bytes claims to hold " + inflatedSize);
        }
        // The native code writes as many bytes as the block declares, so the array is sized by the same field.
        return Snappy.uncompress(compressed, offset, size, block(inflatedSize), 0);
    }

    private static long declaredSize(byte[] bytes, int offset, int size) throws IOException {
        long value = 0;
        for (int i = 0; i < Math.min(size, 5); i++) {
            value |= (bytes[offset + i] & 0x7fL) << (7 * i);
            if (bytes[offset + i] >= 0) {
                return value;
            }
        }
        throw new IOException("a snappy block does not start with its size");
    }
}
