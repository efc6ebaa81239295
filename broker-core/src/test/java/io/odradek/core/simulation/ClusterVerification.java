package io.odradek.core.simulation;

import io.odradek.core.partition.Partition;
import io.odradek.protocol.TopicPartition;
import io.odradek.protocol.record.MemoryRecords;
import io.odradek.protocol.record.RecordBatch;
import io.odradek.protocol.record.RecordCursor;
import io.odradek.protocol.wire.Uuid;
import io.odradek.storage.log.Log;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;

/** Compares the replicas of a cluster at rest, byte by byte, with each other and with what clients were promised. */
final class ClusterVerification {
    private static final int READ_BYTES = 1 << 20;

    private final ClusterLedger ledger;
    private final TransactionLedger transactions;
    private final ClusterInvariants invariants;
    private final ClusterState state;
    private long records;

    ClusterVerification(ClusterClients clients, ClusterInvariants invariants, ClusterState state) {
        this.ledger = clients.records();
        this.transactions = clients.transactions();
        this.invariants = invariants;
        this.state = state;
    }

    /** {@return how many records were compared} */
    long records() {
        return records;
    }

    /** Compares all replicas of partitions of topics that are never deleted. */
    void check(List<TopicPartition> lasting, int replicas) {
        transactions.lookAnew();
        lasting.forEach(id -> check(id, replicas));
        transactions.checkWhole();
    }

    private void check(TopicPartition id, int replicas) {
        List<ReplicaWatch> found = invariants.replicas(id);
        Violation.unless(found.size() == replicas, "%s has %d replicas that run", id, found.size());
        Uuid topicId = state.topicId(id.topic());
        Partition first = found.get(0).partition();
        ByteBuffer content = content(first);
        for (ReplicaWatch other : found) {
            ByteBuffer others = content(other.partition());
            Violation.unless(
                    others.equals(content),
                    "%s and %s differ in %s at byte %d, of %d and %d",
                    found.get(0).broker(),
                    other.broker(),
                    id,
                    content.mismatch(others),
                    content.remaining(),
                    others.remaining());
        }
        Violation.unless(
                invariants.committedEnd(topicId, id.partition()) <= first.log().endOffset(),
                "%s ends at %d",
                id,
                first.log().endOffset());
        if (ClusterWorkload.carriesNumbers(id)) {
            checkRecords(ledger.records(topicId, id), content, first.log().endOffset());
        }
    }

    /** Each record is where it was found before, and no acknowledged one is missing. */
    private void checkRecords(ClusterLedger.Records known, ByteBuffer content, long endOffset) {
        long next = 0;
        TransactionScan scan = new TransactionScan(known.id(), transactions);
        try (RecordCursor cursor = new RecordCursor()) {
            for (MemoryRecords batches = MemoryRecords.strict(content); batches.next(); ) {
                cursor.open(content, batches.position(), READ_BYTES);
                while (cursor.next()) {
                    Violation.unless(cursor.offset() == next, "%s has nothing at %d", known.id(), next);
                    if (RecordBatch.isControl(content, batches.position())) {
                        Violation.unless(known.at(next) < 0, "%s has a marker at %d", known.id(), next);
                    } else {
                        ledger.read(known, cursor.offset(), cursor.value().getLong());
                        records++;
                    }
                    scan.record(content, batches.position(), cursor);
                    next++;
                }
            }
            scan.end();
        }
        Violation.unless(
                known.end() <= endOffset,
                "%s ends at %d, and records up to %d were acknowledged or read",
                known.id(),
                endOffset,
                known.end());
    }

    private static ByteBuffer content(Partition partition) {
        Log log = partition.log();
        ByteBuffer content = ByteBuffer.allocate((int) log.sizeBytes());
        try {
            for (long from = log.startOffset(); from < log.endOffset(); ) {
                ByteBuffer part = ReplicaWatch.bytes(log.read(from, READ_BYTES, true, log.endOffset()));
                MemoryRecords batches = MemoryRecords.tolerant(part);
                long before = from;
                while (batches.next()) {
                    from = RecordBatch.nextOffset(part, batches.position());
                }
                Violation.unless(from > before, "Nothing is read at %d of %s", from, partition.id());
                content.put(part.duplicate().limit(batches.validEnd()));
            }
        } catch (IOException e) {
            throw new Violation("The log of " + partition.id() + " cannot be read: " + e);
        }
        return content.flip();
    }
}
