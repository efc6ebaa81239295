package io.odradek.protocol.record;

import java.nio.ByteBuffer;

/** What a leader checks of the records that a Produce request brings for one partition. */
public final class RecordValidator {
    private RecordValidator() {}

    /**
     * Checks the records, and makes of them what is to be appended. May write into the buffer (timestamp type, max timestamp,
     * checksum). The buffer's position does not move.
     *
     * @param records the bytes between position and limit: exactly one batch
     * @param rules what the partition asks
     * @param nowMs the wall clock
     * @throws io.odradek.protocol.errors.ApiException CORRUPT_MESSAGE, INVALID_RECORD, MESSAGE_TOO_LARGE, INVALID_TIMESTAMP,
     *     UNSUPPORTED_COMPRESSION_TYPE; as {@link io.odradek.protocol.errors.InvalidRecordsException} where single records
     *     are at fault
     */
    public static ValidatedRecords validate(ByteBuffer records, RecordRules rules, long nowMs) {
        throw new UnsupportedOperationException();
    }
}
