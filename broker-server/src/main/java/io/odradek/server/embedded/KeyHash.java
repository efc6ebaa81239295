package io.odradek.server.embedded;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Where Kafka's Java clients put a key: Austin Appleby's MurmurHash2 of 32 bits, with the seed they use. */
final class KeyHash {
    private static final int SEED = 0x9747b28c;
    private static final int MULTIPLIER = 0x5bd1e995;
    private static final int POSITIVE = 0x7fffffff;

    private KeyHash() {}

    /** {@return the partition of a key} */
    static int partition(byte[] key, int partitions) {
        return (murmur2(key) & POSITIVE) % partitions;
    }

    private static int murmur2(byte[] data) {
        ByteBuffer in = ByteBuffer.wrap(data).order(ByteOrder.LITTLE_ENDIAN);
        int hash = SEED ^ data.length;
        while (in.remaining() >= Integer.BYTES) {
            int word = in.getInt() * MULTIPLIER;
            word = (word ^ word >>> 24) * MULTIPLIER;
            hash = hash * MULTIPLIER ^ word;
        }
        if (in.hasRemaining()) {
            int rest = 0;
            for (int shift = 0; in.hasRemaining(); shift += Byte.SIZE) {
                rest |= (in.get() & 0xff) << shift;
            }
            hash = (hash ^ rest) * MULTIPLIER;
        }
        hash = (hash ^ hash >>> 13) * MULTIPLIER;
        return hash ^ hash >>> 15;
    }
}
