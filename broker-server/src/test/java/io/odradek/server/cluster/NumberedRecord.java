package io.odradek.server.cluster;

import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * A record of the load: which producer sent it, and as its how manieth to its partition. Its bytes follow from that, so that
 * whoever reads it sees whether it has changed.
 *
 * @param producer from 0 to 127
 * @param sequence from 0
 */
record NumberedRecord(int producer, long sequence) {
    private static final int SEQUENCE_BITS = 48;
    private static final int LONGEST_FILLING = 700;

    static NumberedRecord of(long number) {
        return new NumberedRecord((int) (number >>> SEQUENCE_BITS), number & ((1L << SEQUENCE_BITS) - 1));
    }

    /** Both in one number, which is not negative. */
    long number() {
        return (long) producer << SEQUENCE_BITS | sequence;
    }

    /** The record's value. */
    byte[] toBytes() {
        byte[] bytes = new byte[Long.BYTES + (int) (sequence * 31 % LONGEST_FILLING)];
        Arrays.fill(bytes, (byte) (sequence * 7 + producer));
        ByteBuffer.wrap(bytes).putLong(number());
        return bytes;
    }

    /** Reads a value; fails if it is none that {@link #toBytes()} made. */
    static NumberedRecord fromBytes(byte[] value) {
        if (value != null && value.length >= Long.BYTES) {
            NumberedRecord read = of(ByteBuffer.wrap(value).getLong());
            if (Arrays.equals(read.toBytes(), value)) {
                return read;
            }
        }
        throw new IllegalArgumentException("not a record of the load: " + Arrays.toString(value));
    }
}
