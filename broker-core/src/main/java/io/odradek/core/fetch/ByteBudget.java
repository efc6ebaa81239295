package io.odradek.core.fetch;

import io.odradek.protocol.api.FetchResponse.PartitionData;
import io.odradek.protocol.errors.ErrorCode;
import io.odradek.protocol.record.RecordBatch;
import io.odradek.protocol.wire.BytesPayload;
import io.odradek.protocol.wire.Payload;
import io.odradek.storage.io.FileSlice;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Cuts the results of one fetch to its maximum, in order (KIP-74): the first partition that has records gives at least one
 * whole batch, whatever its size; a later one is cut to what is left, and left out if its first batch does not fit.
 */
public final class ByteBudget {
    private static final Logger LOG = LoggerFactory.getLogger(ByteBudget.class);

    private long remainingBytes;
    private boolean givenAny;

    /** @param maxBytes upper bound of all records */
    public ByteBudget(int maxBytes) {
        this.remainingBytes = maxBytes;
    }

    /**
     * Takes the next result.
     *
     * @param partitionMaxBytes upper bound of this partition's records
     * @return the result to send
     */
    public PartitionData take(PartitionData data, int partitionMaxBytes) {
        int size = data.records().sizeBytes();
        if (size == 0) {
            return data;
        }
        long allowed = givenAny ? Math.max(0, Math.min(partitionMaxBytes, remainingBytes)) : size;
        PartitionData taken = size <= allowed ? data : cut(data, (int) allowed);
        int takenBytes = taken.records().sizeBytes();
        remainingBytes -= takenBytes;
        givenAny |= takenBytes > 0;
        return taken;
    }

    private static PartitionData cut(PartitionData data, int allowedBytes) {
        try {
            return PartitionResults.with(data, cut(data.records(), allowedBytes));
        } catch (IOException e) {
            LOG.error("A batch header of partition index {} cannot be read", data.partitionIndex(), e);
            return PartitionResults.error(
                    data.partitionIndex(), ErrorCode.KAFKA_STORAGE_ERROR, PartitionResults.Offsets.UNKNOWN);
        }
    }

    private static Payload cut(Payload records, int allowedBytes) throws IOException {
        if (allowedBytes < RecordBatch.HEADER_SIZE || !(records instanceof FileSlice slice)) {
            return BytesPayload.EMPTY;
        }
        ByteBuffer prefix = ByteBuffer.allocate(RecordBatch.PREFIX_SIZE);
        slice.file().read(prefix, slice.position());
        return RecordBatch.sizeBytes(prefix, 0) > allowedBytes
                ? BytesPayload.EMPTY
                : new FileSlice(slice.file(), slice.position(), allowedBytes);
    }
}
