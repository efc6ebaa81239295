package io.odradek.protocol.wire;

import java.nio.ByteBuffer;

/** Variable-length integers: unsigned ones of compact lengths and tags, and zig-zag ones of record fields. */
public final class Varints {
    private Varints() {}

    /**
     * Reads an unsigned 32-bit varint.
     *
     * @throws MalformedMessageException if it is longer than five bytes, overflows 32 bits, or the buffer ends inside it
     */
    public static int readUnsigned(ByteBuffer in) {
        int value = 0;
        for (int shift = 0; shift < 35; shift += 7) {
            byte next = next(in);
            if (shift == 28 && (next & 0xf0) != 0) {
                throw new MalformedMessageException("a varint does not fit into 32 bits");
            }
            value |= (next & 0x7f) << shift;
            if (next >= 0) {
                return value;
            }
        }
        throw new MalformedMessageException("a varint does not fit into 32 bits");
    }

    /** Reads a zig-zag 32-bit varint; fails as {@link #readUnsigned} does. */
    public static int readInt(ByteBuffer in) {
        int raw = readUnsigned(in);
        return (raw >>> 1) ^ -(raw & 1);
    }

    /**
     * Reads a zig-zag 64-bit varint.
     *
     * @throws MalformedMessageException if it is longer than ten bytes, overflows 64 bits, or the buffer ends inside it
     */
    public static long readLong(ByteBuffer in) {
        long raw = 0;
        for (int shift = 0; shift < 70; shift += 7) {
            byte next = next(in);
            if (shift == 63 && (next & 0xfe) != 0) {
                throw new MalformedMessageException("a varint does not fit into 64 bits");
            }
            raw |= (long) (next & 0x7f) << shift;
            if (next >= 0) {
                return (raw >>> 1) ^ -(raw & 1);
            }
        }
        throw new MalformedMessageException("a varint does not fit into 64 bits");
    }

    /** Writes an unsigned 32-bit varint. */
    public static void writeUnsigned(ByteBuffer out, int value) {
        int rest = value;
        while ((rest & ~0x7f) != 0) {
            out.put((byte) (rest | 0x80));
            rest >>>= 7;
        }
        out.put((byte) rest);
    }

    /** Writes a zig-zag 32-bit varint. */
    public static void writeInt(ByteBuffer out, int value) {
        writeUnsigned(out, (value << 1) ^ (value >> 31));
    }

    /** Writes a zig-zag 64-bit varint. */
    public static void writeLong(ByteBuffer out, long value) {
        long rest = (value << 1) ^ (value >> 63);
        while ((rest & ~0x7fL) != 0) {
            out.put((byte) (rest | 0x80));
            rest >>>= 7;
        }
        out.put((byte) rest);
    }

    /** {@return the bytes that {@link #writeUnsigned} takes, 1 to 5} */
    public static int sizeOfUnsigned(int value) {
        int bits = 32 - Integer.numberOfLeadingZeros(value | 1);
        return (bits + 6) / 7;
    }

    /** {@return the bytes that {@link #writeInt} takes, 1 to 5} */
    public static int sizeOfInt(int value) {
        return sizeOfUnsigned((value << 1) ^ (value >> 31));
    }

    /** {@return the bytes that {@link #writeLong} takes, 1 to 10} */
    public static int sizeOfLong(long value) {
        int bits = 64 - Long.numberOfLeadingZeros(((value << 1) ^ (value >> 63)) | 1);
        return (bits + 6) / 7;
    }

    private static byte next(ByteBuffer in) {
        if (!in.hasRemaining()) {
            throw new MalformedMessageException("the bytes end inside a varint");
        }
        return in.get();
    }
}
