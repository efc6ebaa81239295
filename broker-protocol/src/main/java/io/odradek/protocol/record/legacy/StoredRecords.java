package io.odradek.protocol.record.legacy;

import io.odradek.protocol.errors.ApiException;
import io.odradek.protocol.errors.ErrorCode;
import io.odradek.protocol.record.RecordBatch;
import java.nio.ByteBuffer;

/** Messages and batches as they come out of a log, for who writes batches only: another replica, or the log in another folder. */
public final class StoredRecords {
    private StoredRecords() {}

    /**
     * {@return the same bytes if there are no messages of magic 0 or 1 among them; else whole batches, of all that is whole}
     *
     * @param records between position and limit, the last perhaps in part; not changed
     * @param maxInflatedBytes what a compressed message may inflate to
     * @param runBytes the size of batches to make of plain messages
     * @throws ApiException CORRUPT_MESSAGE if the checksum of a message is wrong; as {@link UpConversion}
     */
    public static ByteBuffer toBatches(ByteBuffer records, int maxInflatedBytes, int runBytes) {
        boolean anyLegacy = false;
        int at = records.position();
        while (isWhole(records, at)) {
            if (RecordBatch.magic(records, at) != RecordBatch.MAGIC && LegacyMessage.isLegacy(records, at)) {
                anyLegacy = true;
                requireChecksum(records, at);
            }
            at += RecordBatch.sizeBytes(records, at);
        }
        return anyLegacy ? UpConversion.toBatches(records.duplicate().limit(at), maxInflatedBytes, runBytes) : records;
    }

    private static boolean isWhole(ByteBuffer records, int at) {
        int remaining = records.limit() - at;
        if (remaining < LegacyMessage.SMALLEST_SIZE) {
            return false;
        }
        int length = RecordBatch.length(records, at);
        return length >= LegacyMessage.SMALLEST_SIZE - RecordBatch.LOG_OVERHEAD
                && length <= remaining - RecordBatch.LOG_OVERHEAD;
    }

    private static void requireChecksum(ByteBuffer records, int at) {
        if (!LegacyMessage.isWhole(records, at, records.limit()) || !LegacyMessage.hasValidCrc(records, at)) {
            throw new ApiException(
                    ErrorCode.CORRUPT_MESSAGE,
                    "The message of offset " + LegacyMessage.offset(records, at) + " is damaged");
        }
    }
}
