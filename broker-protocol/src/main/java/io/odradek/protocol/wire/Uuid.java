package io.odradek.protocol.wire;

import java.nio.ByteBuffer;
import java.util.Base64;

/**
 * The protocol's 128-bit identifier (topic ids, cluster ids), written as 22 characters of URL-safe base64 without
 * padding. Random ones come from the environment's {@code Randoms}.
 *
 * @param mostSignificantBits the first eight bytes, big-endian
 * @param leastSignificantBits the last eight bytes, big-endian
 */
public record Uuid(long mostSignificantBits, long leastSignificantBits) implements Comparable<Uuid> {
    /** The identifier that stands for none. */
    public static final Uuid ZERO = new Uuid(0, 0);

    /**
     * Reads the text form.
     *
     * @param text 22 characters of URL-safe base64
     * @throws IllegalArgumentException if it is not that
     */
    public static Uuid parse(String text) {
        byte[] bytes = Base64.getUrlDecoder().decode(text);
        if (bytes.length != 16) {
            throw new IllegalArgumentException("Not a 16-byte identifier in base64: " + text);
        }
        ByteBuffer buffer = ByteBuffer.wrap(bytes);
        return new Uuid(buffer.getLong(), buffer.getLong());
    }

    // Written out: a record's own are linked when first called, which costs a cold JVM tens of milliseconds.
    @Override
    public boolean equals(Object other) {
        return other instanceof Uuid that
                && mostSignificantBits == that.mostSignificantBits
                && leastSignificantBits == that.leastSignificantBits;
    }

    @Override
    public int hashCode() {
        return Long.hashCode(31 * mostSignificantBits + leastSignificantBits);
    }

    @Override
    public int compareTo(Uuid other) {
        int byHigh = Long.compareUnsigned(mostSignificantBits, other.mostSignificantBits);
        return byHigh != 0 ? byHigh : Long.compareUnsigned(leastSignificantBits, other.leastSignificantBits);
    }

    /** {@return the text form, 22 characters} */
    @Override
    public String toString() {
        ByteBuffer buffer = ByteBuffer.allocate(16).putLong(mostSignificantBits).putLong(leastSignificantBits);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(buffer.array());
    }
}
