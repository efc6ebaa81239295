package io.odradek.protocol.record;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import net.jpountz.lz4.LZ4Compressor;
import net.jpountz.lz4.LZ4Factory;

/** Writes one LZ4 frame as Kafka's clients do: independent blocks of 64 KiB, no checksums but the header's. */
final class Lz4Output extends OutputStream {
    private static final int BLOCK_BYTES = Lz4Frame.maxBlockBytes(Lz4Frame.SMALLEST_BLOCK_CODE);
    /** Magic and descriptor. */
    private static final int HEADER_BYTES = 6;

    private final OutputStream out;
    private final LZ4Compressor compressor;
    private final byte[] block = new byte[BLOCK_BYTES];
    private final byte[] compressed;
    private int size;

    /** @param sound whether the header's checksum is that of its descriptor; those who wrote magic 0 took the frame's magic with it */
    Lz4Output(OutputStream out, int level, boolean sound) throws IOException {
        this.out = out;
        LZ4Factory factory = LZ4Factory.fastestInstance();
        compressor = level == CompressionCodec.DEFAULT_LEVEL ? factory.fastCompressor() : factory.highCompressor(level);
        compressed = new byte[compressor.maxCompressedLength(BLOCK_BYTES)];
        byte[] header = ByteBuffer.allocate(HEADER_BYTES)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putInt(Lz4Frame.MAGIC)
                .put((byte) (Lz4Frame.VERSION | Lz4Frame.INDEPENDENT_BLOCKS))
                .put((byte) (Lz4Frame.SMALLEST_BLOCK_CODE << 4))
                .array();
        out.write(header);
        int checked = sound ? Integer.BYTES : 0;
        out.write(Lz4Frame.headerChecksum(header, checked, HEADER_BYTES - checked));
    }

    @Override
    public void write(int value) throws IOException {
        write(new byte[] {(byte) value}, 0, 1);
    }

    @Override
    public void write(byte[] source, int offset, int length) throws IOException {
        for (int done = 0; done < length; ) {
            if (size == BLOCK_BYTES) {
                writeBlock();
            }
            int count = Math.min(length - done, BLOCK_BYTES - size);
            System.arraycopy(source, offset + done, block, size, count);
            size += count;
            done += count;
        }
    }

    @Override
    public void close() throws IOException {
        writeBlock();
        writeLittleEndian(0);
        out.close();
    }

    private void writeBlock() throws IOException {
        if (size == 0) {
            return;
        }
        int compressedSize = compressor.compress(block, 0, size, compressed, 0);
        boolean stored = compressedSize >= size;
        writeLittleEndian(stored ? size | Lz4Frame.STORED_BLOCK : compressedSize);
        out.write(stored ? block : compressed, 0, stored ? size : compressedSize);
        size = 0;
    }

    private void writeLittleEndian(int value) throws IOException {
        for (int shift = 0; shift < Integer.SIZE; shift += Byte.SIZE) {
            out.write(value >>> shift);
        }
    }
}
