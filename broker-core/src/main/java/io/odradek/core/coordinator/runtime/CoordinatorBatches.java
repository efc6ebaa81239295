package io.odradek.core.coordinator.runtime;

import io.odradek.protocol.record.BatchBuilder;
import io.odradek.protocol.record.MemoryRecords;
import io.odradek.protocol.record.RecordBatch;
import io.odradek.protocol.record.RecordCursor;
import io.odradek.protocol.record.RecordRules;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** Coordinator records as record batches, and back. */
public final class CoordinatorBatches {
    private static final int MAX_BATCH_BYTES = 16 * 1024 * 1024;

    private CoordinatorBatches() {}

    /**
     * {@return one uncompressed batch of the records, in their order}
     *
     * @throws io.odradek.protocol.errors.ApiException MESSAGE_TOO_LARGE beyond 16 MiB
     */
    static ByteBuffer build(List<CoordinatorRecord> records, long timestampMs) {
        BatchBuilder builder = new BatchBuilder(MAX_BATCH_BYTES);
        for (CoordinatorRecord record : records) {
            builder.append(timestampMs, record.key(), record.value());
        }
        return builder.build();
    }

    /**
     * Hands on the records of batches that lie one after the other, those of control batches and those without key left out.
     *
     * @return the offset after the last batch, 0 if there is none
     */
    static long forEach(ByteBuffer batches, Consumer<CoordinatorRecord> consumer) {
        MemoryRecords walk = MemoryRecords.strict(batches);
        long nextOffset = 0;
        try (RecordCursor cursor = new RecordCursor()) {
            while (walk.next()) {
                nextOffset = RecordBatch.nextOffset(batches, walk.position());
                if (!RecordBatch.isControl(batches, walk.position())) {
                    cursor.open(batches, walk.position(), RecordRules.DEFAULTS.maxInflatedBytes());
                    forEach(cursor, consumer);
                }
            }
        }
        return nextOffset;
    }

    private static void forEach(RecordCursor cursor, Consumer<CoordinatorRecord> consumer) {
        while (cursor.next()) {
            if (cursor.hasKey()) {
                consumer.accept(new CoordinatorRecord(cursor.key(), cursor.value()));
            }
        }
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
