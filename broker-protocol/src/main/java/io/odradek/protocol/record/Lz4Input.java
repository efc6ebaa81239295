package io.odradek.protocol.record;

import java.io.IOException;
import java.nio.ByteBuffer;
import net.jpountz.lz4.LZ4Exception;
import net.jpountz.lz4.LZ4Factory;
import net.jpountz.lz4.LZ4SafeDecompressor;

/**
 * Inflates one LZ4 frame of independent blocks, which is what Kafka's clients write. The header checksum and, where
 * present, the checksums of blocks are verified; the checksum of the content is stepped over, since the batch has its own.
 */
final class Lz4Input extends BlockInput {
    /** A block cannot hold more than 255 times its size, and some bytes. */
    private static final int MAX_RATIO = 255;

    private static final int SLACK_BYTES = 64;

    private final int maxBlockBytes;
    private final boolean blockChecksums;
    private final boolean contentChecksum;
    private boolean ended;

    /** @param checksHeader whether the header's checksum must be right */
    Lz4Input(ByteBuffer source, int position, int sizeBytes, int maxInflatedBytes, boolean checksHeader)
            throws IOException {
        super(source, position, sizeBytes, maxInflatedBytes);
        if (littleEndianInt() != Lz4Frame.MAGIC) {
            throw new IOException("the compressed bytes are not an lz4 frame");
        }
        int descriptor = sourcePosition();
        int flags = source.get(take(1)) & 0xff;
        int blockDescriptor = source.get(take(1)) & 0xff;
        if ((flags & Lz4Frame.CONTENT_SIZE) != 0) {
            take(Long.BYTES);
        }
        int descriptorSize = sourcePosition() - descriptor;
        byte checksum = source.get(take(1));
        byte[] bytes = array(descriptor, descriptorSize);
        if (checksHeader && checksum != Lz4Frame.headerChecksum(bytes, arrayOffset(descriptor), descriptorSize)) {
            throw new IOException("the header of the lz4 frame has a wrong checksum");
        }
        int blockCode = blockDescriptor >> 4;
        if ((flags & Lz4Frame.VERSION_MASK) != Lz4Frame.VERSION
                || (flags & Lz4Frame.INDEPENDENT_BLOCKS) == 0
                || (flags & Lz4Frame.RESERVED_OR_DICTIONARY) != 0
                || (blockDescriptor & 0x0f) != 0
                || blockCode < Lz4Frame.SMALLEST_BLOCK_CODE
                || blockCode > 7) {
            throw new IOException("the lz4 frame is not of version 1 with independent blocks of up to 4 MiB");
        }
        maxBlockBytes = Lz4Frame.maxBlockBytes(blockCode);
        blockChecksums = (flags & Lz4Frame.BLOCK_CHECKSUMS) != 0;
        contentChecksum = (flags & Lz4Frame.CONTENT_CHECKSUM) != 0;
    }

    @Override
    int inflateBlock() throws IOException {
        if (ended) {
            return -1;
        }
        int sizeField = littleEndianInt();
        if (sizeField == 0) {
            ended = true;
            take(contentChecksum ? Integer.BYTES : 0);
            return -1;
        }
        int size = sizeField & ~Lz4Frame.STORED_BLOCK;
        if (size > maxBlockBytes) {
            throw new IOException("an lz4 block is larger than its frame allows");
        }
        int start = take(size);
        byte[] bytes = array(start, size);
        int offset = arrayOffset(start);
        if (blockChecksums && Lz4Frame.blockChecksum(bytes, offset, size) != littleEndianInt()) {
            throw new IOException("an lz4 block has a wrong checksum");
        }
        if ((sizeField & Lz4Frame.STORED_BLOCK) != 0) {
            System.arraycopy(bytes, offset, block(size), 0, size);
            return size;
        }
        return decompress(bytes, offset, size);
    }

    private int decompress(byte[] bytes, int offset, int size) throws IOException {
        long possible = Math.min((long) size * MAX_RATIO + SLACK_BYTES, maxBlockBytes);
        byte[] target = block(Math.min(possible, maxInflatedBytes()));
        try {
            return Native.DECOMPRESSOR.decompress(
                    bytes, offset, size, target, 0, (int) Math.min(possible, target.length));
        } catch (LZ4Exception e) {
            throw new IOException("an lz4 block cannot be inflated", e);
        }
    }

    private int littleEndianInt() throws IOException {
        return Integer.reverseBytes(source().getInt(take(Integer.BYTES)));
    }

    private static final class Native {
        static final LZ4SafeDecompressor DECOMPRESSOR =
                LZ4Factory.fastestInstance().safeDecompressor();
    }
}
