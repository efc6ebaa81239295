package io.odradek.storage.cleaner;

import java.nio.ByteBuffer;

/**
 * The 128 bits by which the cleaner knows a key: SipHash-2-4 with 128-bit output (Aumasson and Bernstein), under a key of its
 * own that is drawn for each cleaning. Two record keys with one hash would cost the older one its record, so a client must
 * not be able to make such a pair: for MD5, which Kafka uses, they can be computed; here they cannot without the secret. It
 * reads the bytes where they lie, allocates nothing, and is several times faster than MD5 on short keys. The hash is never
 * stored, so it need not be Kafka's. For one thread at a time.
 */
final class KeyHash {
    private static final int WORD_BYTES = 8;

    private final long secret0;
    private final long secret1;
    private long v0;
    private long v1;
    private long v2;
    private long v3;
    private long first;
    private long second;

    KeyHash(long secret0, long secret1) {
        this.secret0 = secret0;
        this.secret1 = secret1;
    }

    /** Hashes the bytes that lie at an index of a big-endian buffer; {@link #first} and {@link #second} have it then. */
    void hash(ByteBuffer buffer, int position, int sizeBytes) {
        v0 = secret0 ^ 0x736f6d6570736575L;
        v1 = secret1 ^ 0x646f72616e646f6dL ^ 0xee;
        v2 = secret0 ^ 0x6c7967656e657261L;
        v3 = secret1 ^ 0x7465646279746573L;
        int at = position;
        int wordsEnd = position + (sizeBytes & -WORD_BYTES);
        for (; at < wordsEnd; at += WORD_BYTES) {
            mix(Long.reverseBytes(buffer.getLong(at)));
        }
        long last = (long) sizeBytes << 56;
        for (int shift = 0; at < position + sizeBytes; at++, shift += 8) {
            last |= (buffer.get(at) & 0xffL) << shift;
        }
        mix(last);
        v2 ^= 0xee;
        rounds(4);
        first = v0 ^ v1 ^ v2 ^ v3;
        v1 ^= 0xdd;
        rounds(4);
        second = v0 ^ v1 ^ v2 ^ v3;
    }

    private void mix(long word) {
        v3 ^= word;
        rounds(2);
        v0 ^= word;
    }

    private void rounds(int count) {
        long a = v0;
        long b = v1;
        long c = v2;
        long d = v3;
        for (int i = 0; i < count; i++) {
            a += b;
            b = Long.rotateLeft(b, 13) ^ a;
            a = Long.rotateLeft(a, 32);
            c += d;
            d = Long.rotateLeft(d, 16) ^ c;
            a += d;
            d = Long.rotateLeft(d, 21) ^ a;
            c += b;
            b = Long.rotateLeft(b, 17) ^ c;
            c = Long.rotateLeft(c, 32);
        }
        v0 = a;
        v1 = b;
        v2 = c;
        v3 = d;
    }

    /** {@return the first 64 bits of the last hash} */
    long first() {
        return first;
    }

    /** {@return the other 64 bits} */
    long second() {
        return second;
    }
}
