package io.odradek.protocol.record;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * A header of a record to be built.
 *
 * @param key the name, UTF-8, between position and limit
 * @param value the bytes between position and limit, or null
 */
public record RecordHeader(ByteBuffer key, ByteBuffer value) {
    /** {@return a header of this name; the value may be null} */
    public static RecordHeader of(String key, byte[] value) {
        return new RecordHeader(
                ByteBuffer.wrap(key.getBytes(StandardCharsets.UTF_8)), value == null ? null : ByteBuffer.wrap(value));
    }
}
