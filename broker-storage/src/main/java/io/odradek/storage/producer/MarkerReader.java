package io.odradek.storage.producer;

import io.odradek.protocol.errors.ApiException;
import io.odradek.protocol.record.ControlRecord;
import io.odradek.protocol.record.RecordBatch;
import io.odradek.protocol.record.RecordCursor;
import java.nio.ByteBuffer;

/** Reads the transaction marker in a control batch where it lies. */
final class MarkerReader {
    private static final int MAX_INFLATED_BYTES = 4096;

    private final RecordCursor cursor = new RecordCursor();
    private long timestampMs;

    /**
     * {@return the marker, or null: for a batch that cleaning has emptied, and for control records of other types}
     *
     * @throws ApiException INVALID_RECORD if the record is none
     */
    ControlRecord read(ByteBuffer buffer, int at) {
        if (RecordBatch.recordCount(buffer, at) == 0) {
            return null;
        }
        try (RecordCursor open = cursor.open(buffer, at, MAX_INFLATED_BYTES)) {
            if (!open.next()) {
                return null;
            }
            timestampMs = open.timestampMs();
            return ControlRecord.read(open);
        }
    }

    /** {@return the timestamp of the marker read last} */
    long timestampMs() {
        return timestampMs;
    }
}
