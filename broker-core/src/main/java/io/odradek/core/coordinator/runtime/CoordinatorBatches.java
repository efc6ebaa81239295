package io.odradek.core.coordinator.runtime;

import io.odradek.protocol.record.BatchBuilder;
import io.odradek.protocol.record.RecordBatch;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/** Coordinator records as record batches; {@link LogLoading} reads them back. */
public final class CoordinatorBatches {
    private static final int MAX_BATCH_BYTES = 16 * 1024 * 1024;

    private CoordinatorBatches() {}

    /**
     * {@return one uncompressed batch of the records, in their order}
     *
     * @param where in whose transaction they are, if in any
     * @throws io.odradek.protocol.errors.ApiException MESSAGE_TOO_LARGE beyond 16 MiB
     */
    static ByteBuffer build(List<CoordinatorRecord> records, RecordPosition where, long timestampMs) {
        BatchBuilder builder = new BatchBuilder(MAX_BATCH_BYTES);
        if (where.isTransactional()) {
            builder.producer(where.producerId(), where.producerEpoch(), RecordBatch.NO_SEQUENCE)
                    .transactional();
        }
        for (CoordinatorRecord record : records) {
            builder.append(timestampMs, record.key(), record.value());
        }
        return builder.build();
    }

    /** {@return the records in portions that are no larger than a bound, so that each fits into a batch} */
    public static List<List<CoordinatorRecord>> portions(List<CoordinatorRecord> records, int maxBytes) {
        List<List<CoordinatorRecord>> portions = new ArrayList<>();
        List<CoordinatorRecord> portion = new ArrayList<>();
        int portionBytes = 0;
        for (CoordinatorRecord record : records) {
            if (!portion.isEmpty() && portionBytes + record.sizeBytes() > maxBytes) {
                portions.add(portion);
                portion = new ArrayList<>();
                portionBytes = 0;
            }
            portion.add(record);
            portionBytes += record.sizeBytes();
        }
        if (!portion.isEmpty()) {
            portions.add(portion);
        }
        return portions;
    }
}
