package io.odradek.server.inspect;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Arrays;

/**
 * A header of a record.
 *
 * @param name its name
 * @param bytes its value, or null
 */
public record StoredHeader(String name, byte[] bytes) {
    /** {@return its value as UTF-8 text, or null} */
    public String value() {
        return StoredRecord.text(bytes);
    }

    /** {@return a header whose value is this text in UTF-8, or null} */
    public static StoredHeader of(String name, String value) {
        return new StoredHeader(name, value == null ? null : value.getBytes(UTF_8));
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof StoredHeader that && name.equals(that.name) && Arrays.equals(bytes, that.bytes);
    }

    @Override
    public int hashCode() {
        return 31 * name.hashCode() + Arrays.hashCode(bytes);
    }

    @Override
    public String toString() {
        return name + "=" + value();
    }
}
