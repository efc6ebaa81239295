package io.odradek.protocol.record;

import net.jpountz.xxhash.XXHash32;
import net.jpountz.xxhash.XXHashFactory;

/** The fields of the LZ4 frame format, version 1.6. All of its integers are little-endian. */
final class Lz4Frame {
    static final int MAGIC = 0x184D2204;
    static final int VERSION = 0x40;
    static final int VERSION_MASK = 0xc0;
    static final int INDEPENDENT_BLOCKS = 0x20;
    static final int BLOCK_CHECKSUMS = 0x10;
    static final int CONTENT_SIZE = 0x08;
    static final int CONTENT_CHECKSUM = 0x04;
    static final int RESERVED_OR_DICTIONARY = 0x03;
    static final int STORED_BLOCK = 0x80000000;
    static final int SMALLEST_BLOCK_CODE = 4;

    private Lz4Frame() {}

    /** {@return the largest block for a code of the descriptor: 4 is 64 KiB, each next four times that, 7 is 4 MiB} */
    static int maxBlockBytes(int code) {
        return 1 << (2 * code + 8);
    }

    static byte headerChecksum(byte[] descriptor, int offset, int size) {
        return (byte) (Hash.XXHASH32.hash(descriptor, offset, size, 0) >> 8);
    }

    static int blockChecksum(byte[] block, int offset, int size) {
        return Hash.XXHASH32.hash(block, offset, size, 0);
    }

    private static final class Hash {
        static final XXHash32 XXHASH32 = XXHashFactory.safeInstance().hash32();
    }
}
