package io.odradek.server.embedded;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.odradek.server.inspect.StoredHeader;
import java.util.ArrayList;
import java.util.List;

/**
 * A record to be written.
 *
 * <pre>{@code
 * broker.produce("orders", NewRecord.of("key", "value").header("trace", "42").timestampMs(0).partition(1));
 * }</pre>
 *
 * @param key its key, or null
 * @param value its value, or null for a tombstone
 * @param headers its headers, in their order
 * @param timestampMs its timestamp in ms since 1970; null for now
 * @param partition the index of its partition; null for the one that Kafka's own clients choose by the key, and for each
 *     next one in turn without a key
 */
public record NewRecord(byte[] key, byte[] value, List<StoredHeader> headers, Long timestampMs, Integer partition) {
    /** {@return a record of UTF-8 texts, each of which may be null} */
    public static NewRecord of(String key, String value) {
        return of(bytes(key), bytes(value));
    }

    /** {@return a record of bytes, each of which may be null} */
    public static NewRecord of(byte[] key, byte[] value) {
        return new NewRecord(key, value, List.of(), null, null);
    }

    /** {@return this record with one header more} */
    public NewRecord header(String name, String headerValue) {
        return header(name, bytes(headerValue));
    }

    /** {@return this record with one header more} */
    public NewRecord header(String name, byte[] headerValue) {
        List<StoredHeader> more = new ArrayList<>(headers);
        more.add(new StoredHeader(name, headerValue));
        return new NewRecord(key, value, List.copyOf(more), timestampMs, partition);
    }

    /** {@return this record with a timestamp, in ms since 1970} */
    public NewRecord timestampMs(long timeMs) {
        return new NewRecord(key, value, headers, timeMs, partition);
    }

    /** {@return this record for a partition} */
    public NewRecord partition(int index) {
        return new NewRecord(key, value, headers, timestampMs, index);
    }

    private static byte[] bytes(String text) {
        return text == null ? null : text.getBytes(UTF_8);
    }
}
