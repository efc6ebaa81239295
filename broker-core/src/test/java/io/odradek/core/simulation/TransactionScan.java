package io.odradek.core.simulation;

import io.odradek.protocol.TopicPartition;
import io.odradek.protocol.record.ControlRecord;
import io.odradek.protocol.record.RecordBatch;
import io.odradek.protocol.record.RecordCursor;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Goes through all of a log in which no transaction is open, and tells what its markers say became of each record. */
final class TransactionScan {
    private final TopicPartition id;
    private final TransactionLedger ledger;
    private final Map<Long, List<Long>> open = new TreeMap<>();

    TransactionScan(TopicPartition id, TransactionLedger ledger) {
        this.id = id;
        this.ledger = ledger;
    }

    /** @param cursor stands at a record of the batch at a position */
    void record(ByteBuffer content, int position, RecordCursor cursor) {
        long producer = RecordBatch.producerId(content, position);
        if (RecordBatch.isControl(content, position)) {
            boolean commit = ControlRecord.read(cursor).type() == ControlRecord.Type.COMMIT;
            List<Long> ended = open.remove(producer);
            if (ended != null) {
                ended.forEach(commit ? ledger::found : ledger::hidden);
            }
        } else if (RecordBatch.isTransactional(content, position)) {
            open.computeIfAbsent(producer, any -> new ArrayList<>())
                    .add(cursor.value().getLong());
        } else {
            ledger.found(cursor.value().getLong());
        }
    }

    /** The log is at its end. */
    void end() {
        Violation.unless(open.isEmpty(), "%s has open transactions, of producers %s", id, open.keySet());
    }
}
