package io.odradek.server.inspect;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Arrays;
import java.util.List;
import java.util.Objects;

/**
 * A record as it is stored, decompressed.
 *
 * @param partition the index of its partition
 * @param offset its offset
 * @param timestampMs its timestamp in ms since 1970: the producer's, or the broker's where the topic says so; -1 for none
 * @param keyBytes its key, or null
 * @param valueBytes its value, or null for a tombstone
 * @param headers its headers, in their order
 * @param transaction what became of the transaction that it was written in
 * @param tooLarge what is known of a compressed record that is too large to be looked at, whose key, value and headers are
 *     left out; else null
 */
public record StoredRecord(
        int partition,
        long offset,
        long timestampMs,
        byte[] keyBytes,
        byte[] valueBytes,
        List<StoredHeader> headers,
        TransactionState transaction,
        TooLarge tooLarge) {
    /**
     * Of a record that is too large to be looked at.
     *
     * @param keyBytes the size of its key, -1 for null
     * @param valueBytes the size of its value, -1 for null
     * @param headers how many it has
     */
    public record TooLarge(int keyBytes, int valueBytes, int headers) {}

    /** One that is not too large. */
    public StoredRecord(
            int partition,
            long offset,
            long timestampMs,
            byte[] keyBytes,
            byte[] valueBytes,
            List<StoredHeader> headers,
            TransactionState transaction) {
        this(partition, offset, timestampMs, keyBytes, valueBytes, headers, transaction, null);
    }

    /** {@return its key as UTF-8 text, or null} */
    public String key() {
        return text(keyBytes);
    }

    /** {@return its value as UTF-8 text, or null} */
    public String value() {
        return text(valueBytes);
    }

    /** {@return the value of the last header of this name as UTF-8 text, null if there is none} */
    public String header(String name) {
        for (int i = headers.size() - 1; i >= 0; i--) {
            if (headers.get(i).name().equals(name)) {
                return headers.get(i).value();
            }
        }
        return null;
    }

    /** {@return whether it is a client's record, of no transaction or of one that was committed} */
    public boolean isCommitted() {
        return transaction == TransactionState.NONE || transaction == TransactionState.COMMITTED;
    }

    StoredRecord in(TransactionState state) {
        return new StoredRecord(partition, offset, timestampMs, keyBytes, valueBytes, headers, state, tooLarge);
    }

    static String text(byte[] bytes) {
        return bytes == null ? null : new String(bytes, UTF_8);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof StoredRecord that
                && partition == that.partition
                && offset == that.offset
                && timestampMs == that.timestampMs
                && Arrays.equals(keyBytes, that.keyBytes)
                && Arrays.equals(valueBytes, that.valueBytes)
                && headers.equals(that.headers)
                && transaction == that.transaction
                && Objects.equals(tooLarge, that.tooLarge);
    }

    @Override
    public int hashCode() {
        return Objects.hash(
                partition, offset, timestampMs, Arrays.hashCode(keyBytes), Arrays.hashCode(valueBytes), transaction);
    }

    /** {@return all of it in one line, keys and values as text} */
    @Override
    public String toString() {
        return partition + "@" + offset + " " + (tooLarge == null ? key() + ": " + value() : tooLarge)
                + (headers.isEmpty() ? "" : " " + headers)
                + (transaction == TransactionState.NONE ? "" : " " + transaction);
    }
}
