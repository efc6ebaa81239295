package io.odradek.core.simulation;

import io.odradek.core.partition.Partition;
import io.odradek.core.partition.ReplicaRole;
import io.odradek.core.partition.ReplicaRole.Leading;
import io.odradek.protocol.errors.ApiException;
import io.odradek.protocol.record.MemoryRecords;
import io.odradek.protocol.record.RecordBatch;
import io.odradek.protocol.wire.BytesPayload;
import io.odradek.storage.io.FileSlice;
import io.odradek.storage.log.Log;
import java.io.IOException;
import java.nio.ByteBuffer;

/** One replica in one life of its broker, as it was when it was last looked at. */
final class ReplicaWatch {
    private static final int READ_BYTES = 1 << 16;
    private static final int NOT_LEADING = -1;

    private final BrokerProcess broker;
    private final Partition partition;
    private final CommittedLog committed;
    private Log log;
    private ReplicaRole role;
    private long endOffset = -1;
    private long highWatermark = -1;
    private long lastStable = -1;
    private long checkedTo;

    ReplicaWatch(BrokerProcess broker, Partition partition, CommittedLog committed) {
        this.broker = broker;
        this.partition = partition;
        this.committed = committed;
    }

    BrokerProcess broker() {
        return broker;
    }

    Partition partition() {
        return partition;
    }

    ReplicaRole role() {
        return role;
    }

    long endOffset() {
        return partition.log().endOffset();
    }

    /** Looks again. {@return whether anything has changed} */
    boolean look() {
        ReplicaRole newRole = partition.role();
        long newHighWatermark = partition.highWatermark();
        long newEnd = partition.log().endOffset();
        boolean changed =
                newRole != role || newHighWatermark != highWatermark || newEnd != endOffset || log != partition.log();
        if (newRole instanceof Leading) {
            committed.promise(newHighWatermark, newRole.leaderEpoch());
        } else if (role instanceof Leading) {
            committed.promise(newHighWatermark, role.leaderEpoch());
        }
        if (changed && !(newRole instanceof ReplicaRole.Offline)) {
            check(newRole, newEnd, newHighWatermark);
        }
        role = newRole;
        highWatermark = newHighWatermark;
        endOffset = newEnd;
        log = partition.log();
        return changed;
    }

    private void check(ReplicaRole newRole, long newEnd, long newHighWatermark) {
        long newLastStable = partition.lastStableOffset();
        Violation.unless(
                newLastStable <= newHighWatermark && newHighWatermark <= newEnd,
                "%s has of %s the last stable offset %d, the high watermark %d and the end %d",
                broker,
                partition.id(),
                newLastStable,
                newHighWatermark,
                newEnd);
        Violation.unless(
                role == null || newRole.leaderEpoch() >= role.leaderEpoch(),
                "%s goes back from leader epoch %d to %d in %s",
                broker,
                role == null ? -1 : role.leaderEpoch(),
                newRole.leaderEpoch(),
                partition.id());
        boolean leadsOn =
                newRole instanceof Leading && role instanceof Leading && role.leaderEpoch() == newRole.leaderEpoch();
        Violation.unless(
                !leadsOn || newHighWatermark >= highWatermark,
                "%s goes back from high watermark %d to %d in %s, which it leads",
                broker,
                highWatermark,
                newHighWatermark,
                partition.id());
        Violation.unless(
                !leadsOn || newLastStable >= lastStable,
                "%s goes back from last stable offset %d to %d in %s, which it leads",
                broker,
                lastStable,
                newLastStable,
                partition.id());
        Violation.unless(
                newEnd >= checkedTo,
                "%s has had the committed records of %s up to %d, and has only those up to %d now",
                broker,
                partition.id(),
                checkedTo,
                newEnd);
        lastStable = newLastStable;
        int leads = newRole instanceof Leading ? newRole.leaderEpoch() : NOT_LEADING;
        if (leads >= 0 && !leadsOn) {
            // One that was elected, was out of the world and hears of it late need not know what later leaders have
            // done.
            long needed = committed.end(leads);
            Violation.unless(
                    newEnd >= needed,
                    "%s begins to lead %s in epoch %d with the records up to %d; those up to %d are committed",
                    broker,
                    partition.id(),
                    leads,
                    newEnd,
                    needed);
            checkUpTo(needed, NOT_LEADING);
        }
        checkUpTo(newHighWatermark, leads);
    }

    /**
     * Compares what it has below an offset with what is committed; what a broken disk does not give is left for later.
     *
     * @param leads the epoch in which it leads, negative if it does not
     */
    void checkUpTo(long offset, int leads) {
        while (checkedTo < offset) {
            long from = Math.max(checkedTo, partition.log().startOffset());
            try {
                Log.FetchedData data = partition.log().read(from, READ_BYTES, true, offset);
                if (data.sizeBytes() == 0) {
                    return;
                }
                checkBatches(bytes(data), leads);
            } catch (IOException | ApiException e) {
                return;
            }
            if (checkedTo <= from) {
                return;
            }
        }
    }

    private void checkBatches(ByteBuffer bytes, int leads) {
        for (MemoryRecords batches = MemoryRecords.tolerant(bytes); batches.next(); ) {
            int at = batches.position();
            long print = (RecordBatch.crc(bytes, at) & 0xFFFFFFFFL) << 32
                    ^ RecordBatch.leaderEpoch(bytes, at) * 31L
                    ^ RecordBatch.sizeBytes(bytes, at);
            long end = RecordBatch.nextOffset(bytes, at);
            committed.found(RecordBatch.baseOffset(bytes, at), end, print, broker, leads);
            checkedTo = end;
        }
    }

    /** {@return bytes of a log in memory} */
    static ByteBuffer bytes(Log.FetchedData data) throws IOException {
        if (data.records() instanceof FileSlice slice) {
            ByteBuffer read = ByteBuffer.allocate(slice.sizeBytes());
            slice.file().read(read, slice.position());
            return read.flip();
        }
        return ((BytesPayload) data.records()).buffer().duplicate();
    }
}
