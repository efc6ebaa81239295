package io.odradek.storage.producer;

import io.odradek.protocol.errors.ApiException;
import io.odradek.protocol.errors.ErrorCode;
import io.odradek.protocol.record.ControlRecord;
import io.odradek.protocol.record.RecordBatch;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The idempotent and transactional producers of one log (KIP-98): who wrote which sequences at which offsets, and whose
 * transactions are open. It is a function of the log's batches, kept in snapshots so that not all of them must be read at
 * start. Belongs to the log's owner.
 *
 * <p>UNKNOWN_PRODUCER_ID is never answered, as by Kafka 3.9: of a producer that is not known, the batches may have been
 * deleted.
 */
public final class ProducerState {
    /** The answer of {@link #check} for batches that are new. */
    public static final long NEW = -1;
    /** The answer of {@link #check} for batches of a producer of which nothing is known. */
    public static final long STRANGER = -2;
    /** The answer of {@link #check} for batches of a producer of which nothing of its epoch is known but a marker. */
    public static final long MARKED = -3;

    private final Map<Long, ProducerEntry> producers = new LinkedHashMap<>(4, 0.75f, true);
    private final UnstableTransactions transactions = new UnstableTransactions();
    private final MarkerReader markers = new MarkerReader();
    private final int maxCount;
    private ProducerEntry lastUsed;
    private long largestForgottenId = ProducerEntry.NONE;

    /** @param maxCount beyond it the producer that wrote longest ago is forgotten, unless it has a transaction open */
    public ProducerState(int maxCount) {
        this.maxCount = maxCount;
    }

    /** {@return how many producers are known} */
    public int size() {
        return producers.size();
    }

    /** {@return the largest producer id that is known, or -1} */
    public long largestId() {
        long largest = ProducerEntry.NONE;
        for (Long id : producers.keySet()) {
            largest = Math.max(largest, id);
        }
        return largest;
    }

    /** {@return the first offset of the oldest transaction that is open, or -1} */
    public long firstOpenTransactionOffset() {
        return transactions.firstOpenOffset();
    }

    /**
     * {@return the first offset of the oldest transaction that is open, or whose marker is not below the high watermark, or
     * -1}
     *
     * @param highWatermark the high watermark, which only grows: what is below it is forgotten
     */
    public long firstUnstableOffset(long highWatermark) {
        return transactions.firstUnstableOffset(highWatermark);
    }

    /**
     * Checks whether a batch that a producer sent may be appended.
     *
     * @param buffer holds the batch, at
     * @param at this index; it has a producer id
     * @return {@link #NEW}, or {@link #STRANGER} or {@link #MARKED} if that is for the caller to say, or the last offset of the batch
     *     that was stored when this one came for the first time
     * @throws ApiException OUT_OF_ORDER_SEQUENCE_NUMBER, INVALID_PRODUCER_EPOCH; INVALID_TXN_STATE for a batch outside the
     *     producer's open transaction
     */
    public long check(ByteBuffer buffer, int at) {
        ProducerEntry entry = find(RecordBatch.producerId(buffer, at));
        if (entry == null) {
            return STRANGER;
        }
        short epoch = RecordBatch.producerEpoch(buffer, at);
        int baseSequence = RecordBatch.baseSequence(buffer, at);
        if (epoch == entry.epoch()) {
            long stored = entry.lastOffsetOf(baseSequence, RecordBatch.lastSequence(buffer, at));
            if (stored != ProducerEntry.NONE) {
                return stored;
            }
            if (!entry.hasBatches()) {
                requireTransaction(entry, buffer, at);
                return MARKED;
            }
            if (baseSequence != next(entry.lastSequence())) {
                throw outOfOrder(entry, epoch, baseSequence, next(entry.lastSequence()));
            }
        } else {
            requireEpoch(entry, epoch);
            if (baseSequence != 0) {
                throw outOfOrder(entry, epoch, baseSequence, 0);
            }
        }
        requireTransaction(entry, buffer, at);
        return NEW;
    }

    /**
     * Checks whether a batch of a coordinator may be appended: a marker, or records it writes in a producer's name, which
     * have no sequence.
     *
     * @throws ApiException INVALID_PRODUCER_EPOCH; TRANSACTION_COORDINATOR_FENCED for a marker of a coordinator that is no
     *     longer; INVALID_TXN_STATE as {@link #check}; INVALID_RECORD for a marker that cannot be read
     */
    public void checkCoordinated(ByteBuffer buffer, int at) {
        boolean control = RecordBatch.isControl(buffer, at);
        ControlRecord marker = control ? markers.read(buffer, at) : null;
        ProducerEntry entry = find(RecordBatch.producerId(buffer, at));
        if (entry == null) {
            return;
        }
        requireEpoch(entry, RecordBatch.producerEpoch(buffer, at));
        if (marker != null && marker.coordinatorEpoch() < entry.coordinatorEpoch()) {
            throw new ApiException(
                    ErrorCode.TRANSACTION_COORDINATOR_FENCED,
                    "Producer " + entry.producerId() + " was coordinated in epoch " + entry.coordinatorEpoch()
                            + ", the marker is of epoch " + marker.coordinatorEpoch());
        }
        if (!control) {
            requireTransaction(entry, buffer, at);
        }
    }

    /**
     * Checks that the marker of a control batch, if there is one, can be read.
     *
     * @throws ApiException INVALID_RECORD
     */
    public void checkMarker(ByteBuffer buffer, int at) {
        if (RecordBatch.hasProducerId(buffer, at)) {
            markers.read(buffer, at);
        }
    }

    private static void requireEpoch(ProducerEntry entry, short epoch) {
        if (epoch < entry.epoch()) {
            throw new ApiException(
                    ErrorCode.INVALID_PRODUCER_EPOCH,
                    "Producer " + entry.producerId() + " has epoch " + entry.epoch() + ", the batch has epoch "
                            + epoch);
        }
    }

    private static void requireTransaction(ProducerEntry entry, ByteBuffer buffer, int at) {
        if (entry.currentTransactionFirstOffset() != ProducerEntry.NONE && !RecordBatch.isTransactional(buffer, at)) {
            throw new ApiException(
                    ErrorCode.INVALID_TXN_STATE,
                    "Producer " + entry.producerId() + " has a transaction open, the batch is not part of it");
        }
    }

    /** Checks a batch that follows another one of the same producer in the same append; fails as {@link #check} does. */
    public void checkFollowing(ByteBuffer buffer, int before, int at) {
        short epoch = RecordBatch.producerEpoch(buffer, at);
        int expected =
                RecordBatch.producerEpoch(buffer, before) == epoch ? next(RecordBatch.lastSequence(buffer, before)) : 0;
        if (RecordBatch.producerEpoch(buffer, before) > epoch) {
            throw new ApiException(
                    ErrorCode.INVALID_PRODUCER_EPOCH, "The batches' producer epochs go back to " + epoch);
        }
        if (RecordBatch.baseSequence(buffer, at) != expected) {
            throw new ApiException(
                    ErrorCode.OUT_OF_ORDER_SEQUENCE_NUMBER,
                    "Sequence " + RecordBatch.baseSequence(buffer, at) + " follows where " + expected + " is next");
        }
    }

    private static ApiException outOfOrder(ProducerEntry entry, short epoch, int sequence, int expected) {
        return new ApiException(
                ErrorCode.OUT_OF_ORDER_SEQUENCE_NUMBER,
                "Producer " + entry.producerId() + " in epoch " + epoch + " sends sequence " + sequence + " where "
                        + expected + " is next");
    }

    private static int next(int sequence) {
        return sequence == Integer.MAX_VALUE ? 0 : sequence + 1;
    }

    /**
     * Takes in a batch that has been stored, with its offsets set.
     *
     * @param buffer holds the batch's header, and all of a control batch, at
     * @param at this index
     * @return the transaction that the batch ends, or null
     * @throws ApiException INVALID_RECORD for a marker that cannot be read; nothing has changed
     */
    public CompletedTransaction update(ByteBuffer buffer, int at) {
        if (RecordBatch.isControl(buffer, at)) {
            ControlRecord marker = markers.read(buffer, at);
            return marker == null ? null : end(buffer, at, marker);
        }
        ProducerEntry entry = inEpoch(buffer, at);
        entry.add(
                RecordBatch.lastSequence(buffer, at),
                RecordBatch.lastOffset(buffer, at),
                RecordBatch.lastOffsetDelta(buffer, at),
                RecordBatch.maxTimestamp(buffer, at));
        // A batch that cleaning has emptied is of a transaction that has ended; its marker may be gone.
        if (RecordBatch.isTransactional(buffer, at)
                && entry.currentTransactionFirstOffset() == ProducerEntry.NONE
                && RecordBatch.recordCount(buffer, at) > 0) {
            entry.transactionFrom(RecordBatch.baseOffset(buffer, at));
            transactions.begin(RecordBatch.baseOffset(buffer, at));
        }
        return null;
    }

    private ProducerEntry inEpoch(ByteBuffer buffer, int at) {
        long producerId = RecordBatch.producerId(buffer, at);
        short epoch = RecordBatch.producerEpoch(buffer, at);
        ProducerEntry entry = find(producerId);
        if (entry == null) {
            return insert(new ProducerEntry(producerId, epoch));
        }
        if (entry.epoch() != epoch) {
            entry.begin(epoch);
        }
        return entry;
    }

    private CompletedTransaction end(ByteBuffer buffer, int at, ControlRecord marker) {
        ProducerEntry entry = inEpoch(buffer, at);
        entry.coordinatorEpoch(marker.coordinatorEpoch());
        entry.seenAt(markers.timestampMs());
        long firstOffset = entry.currentTransactionFirstOffset();
        if (firstOffset == ProducerEntry.NONE) {
            return null;
        }
        entry.transactionFrom(ProducerEntry.NONE);
        long markerOffset = RecordBatch.baseOffset(buffer, at);
        return new CompletedTransaction(
                entry.producerId(),
                firstOffset,
                markerOffset,
                marker.type() == ControlRecord.Type.ABORT,
                transactions.end(firstOffset, markerOffset));
    }

    private ProducerEntry find(long producerId) {
        ProducerEntry last = lastUsed;
        if (last != null && last.producerId() == producerId) {
            return last;
        }
        ProducerEntry entry = producers.get(producerId);
        if (entry != null) {
            lastUsed = entry;
        }
        return entry;
    }

    /** Adds a producer, making room for it. */
    ProducerEntry insert(ProducerEntry entry) {
        producers.put(entry.producerId(), entry);
        lastUsed = entry;
        if (entry.currentTransactionFirstOffset() != ProducerEntry.NONE) {
            transactions.begin(entry.currentTransactionFirstOffset());
        }
        if (producers.size() > maxCount) {
            forgetEldest(entry);
        }
        return entry;
    }

    private void forgetEldest(ProducerEntry newest) {
        Iterator<ProducerEntry> oldestFirst = producers.values().iterator();
        while (oldestFirst.hasNext()) {
            ProducerEntry entry = oldestFirst.next();
            if (entry != newest && entry.currentTransactionFirstOffset() == ProducerEntry.NONE) {
                forgotten(entry);
                oldestFirst.remove();
                return;
            }
        }
    }

    /** Forgets producers that have not written since a time and have no transaction open. */
    public void expire(long beforeMs) {
        lastUsed = null;
        producers.values().removeIf(entry -> {
            boolean expired =
                    entry.lastTimestampMs() < beforeMs && entry.currentTransactionFirstOffset() == ProducerEntry.NONE;
            if (expired) {
                forgotten(entry);
            }
            return expired;
        });
    }

    private void forgotten(ProducerEntry entry) {
        largestForgottenId = Math.max(largestForgottenId, entry.producerId());
    }

    /** {@return whether a producer may have been here and been forgotten, since there is this state, or for want of room} */
    public boolean mayHaveForgotten(long producerId) {
        return producerId <= largestForgottenId || producers.size() >= maxCount;
    }

    /** Forgets everything. */
    public void clear() {
        lastUsed = null;
        producers.clear();
        transactions.clear();
    }

    /**
     * {@return where the last batches of the producers are, by producer id}
     *
     * @param durableOffset below it all is on the disk
     */
    public Map<Long, LastBatch> lastBatches(long durableOffset) {
        Map<Long, LastBatch> last = new HashMap<>();
        for (ProducerEntry entry : producers.values()) {
            last.put(
                    entry.producerId(),
                    new LastBatch(entry.lastOffset(), entry.lastOffsetBelow(durableOffset), entry.epoch()));
        }
        return last;
    }

    /** {@return what is known of each producer, by id} */
    public List<SnapshotEntry> all() {
        List<SnapshotEntry> all = new ArrayList<>(producers.size());
        for (ProducerEntry entry : entries()) {
            all.add(new SnapshotEntry(
                    entry.producerId(),
                    entry.epoch(),
                    entry.lastSequence(),
                    entry.lastOffset(),
                    entry.lastOffsetDelta(),
                    entry.lastTimestampMs(),
                    entry.coordinatorEpoch(),
                    entry.currentTransactionFirstOffset()));
        }
        return all;
    }

    /** {@return whether a producer is in a transaction that it began in an epoch} */
    public boolean inTransaction(long producerId, short epoch) {
        ProducerEntry entry = find(producerId);
        return entry != null && entry.epoch() == epoch && entry.currentTransactionFirstOffset() != ProducerEntry.NONE;
    }

    /** {@return the producers by id, for a snapshot} */
    List<ProducerEntry> entries() {
        List<ProducerEntry> all = new ArrayList<>(producers.values());
        all.sort(Comparator.comparingLong(ProducerEntry::producerId));
        return all;
    }
}
