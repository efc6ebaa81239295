package io.odradek.storage.producer;

import io.odradek.protocol.errors.ApiException;
import io.odradek.protocol.errors.ErrorCode;
import io.odradek.protocol.record.RecordBatch;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/**
 * The idempotent producers of one log (KIP-98): who wrote which sequences at which offsets. It is a function of the log's
 * batches, kept in snapshots so that not all of them must be read at start. Belongs to the log's owner.
 *
 * <p>A producer that is not known is taken with any sequence: its batches may have been deleted. So UNKNOWN_PRODUCER_ID is
 * never answered, as by Kafka 3.9.
 */
public final class ProducerState {
    /** The answer of {@link #check} for batches that are new. */
    public static final long NEW = -1;

    private final Map<Long, ProducerEntry> producers = new LinkedHashMap<>(4, 0.75f, true);
    private final TreeSet<Long> openTransactions = new TreeSet<>();
    private final int maxCount;
    private ProducerEntry lastUsed;

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
        return openTransactions.isEmpty() ? ProducerEntry.NONE : openTransactions.first();
    }

    /**
     * Checks whether a producer's batch may be appended.
     *
     * @param buffer holds the batch, at
     * @param at this index; it has a producer id
     * @return {@link #NEW}, or the last offset of the batch that was stored when this one came for the first time
     * @throws ApiException OUT_OF_ORDER_SEQUENCE_NUMBER, INVALID_PRODUCER_EPOCH
     */
    public long check(ByteBuffer buffer, int at) {
        if (RecordBatch.isControl(buffer, at)) {
            return NEW;
        }
        ProducerEntry entry = find(RecordBatch.producerId(buffer, at));
        if (entry == null) {
            return NEW;
        }
        short epoch = RecordBatch.producerEpoch(buffer, at);
        int baseSequence = RecordBatch.baseSequence(buffer, at);
        if (epoch == entry.epoch()) {
            long stored = entry.lastOffsetOf(baseSequence, RecordBatch.lastSequence(buffer, at));
            if (stored != ProducerEntry.NONE) {
                return stored;
            }
            if (baseSequence != next(entry.lastSequence())) {
                throw outOfOrder(entry, epoch, baseSequence, next(entry.lastSequence()));
            }
        } else if (epoch < entry.epoch()) {
            throw new ApiException(
                    ErrorCode.INVALID_PRODUCER_EPOCH,
                    "Producer " + entry.producerId() + " has epoch " + entry.epoch() + ", the batch has epoch "
                            + epoch);
        } else if (baseSequence != 0) {
            throw outOfOrder(entry, epoch, baseSequence, 0);
        }
        return NEW;
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
     * @param seenMs when it came, for the expiry
     */
    public void update(ByteBuffer buffer, int at, long seenMs) {
        long producerId = RecordBatch.producerId(buffer, at);
        short epoch = RecordBatch.producerEpoch(buffer, at);
        ProducerEntry entry = find(producerId);
        if (entry == null) {
            entry = insert(new ProducerEntry(producerId, epoch));
        } else if (entry.epoch() != epoch) {
            entry.begin(epoch);
        }
        if (RecordBatch.isControl(buffer, at)) {
            endTransaction(entry);
            entry.seenAt(seenMs);
            return;
        }
        entry.add(
                RecordBatch.lastSequence(buffer, at),
                RecordBatch.lastOffset(buffer, at),
                RecordBatch.lastOffsetDelta(buffer, at),
                seenMs);
        if (RecordBatch.isTransactional(buffer, at) && entry.currentTransactionFirstOffset() == ProducerEntry.NONE) {
            entry.transactionFrom(RecordBatch.baseOffset(buffer, at));
            openTransactions.add(RecordBatch.baseOffset(buffer, at));
        }
    }

    private void endTransaction(ProducerEntry entry) {
        if (entry.currentTransactionFirstOffset() != ProducerEntry.NONE) {
            openTransactions.remove(entry.currentTransactionFirstOffset());
            entry.transactionFrom(ProducerEntry.NONE);
        }
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
            openTransactions.add(entry.currentTransactionFirstOffset());
        }
        if (producers.size() > maxCount) {
            forgetEldest();
        }
        return entry;
    }

    private void forgetEldest() {
        Iterator<ProducerEntry> oldestFirst = producers.values().iterator();
        while (oldestFirst.hasNext()) {
            if (oldestFirst.next().currentTransactionFirstOffset() == ProducerEntry.NONE) {
                oldestFirst.remove();
                return;
            }
        }
    }

    /** Forgets producers that have not written since a time and have no transaction open. */
    public void expire(long beforeMs) {
        lastUsed = null;
        producers
                .values()
                .removeIf(entry -> entry.lastTimestampMs() < beforeMs
                        && entry.currentTransactionFirstOffset() == ProducerEntry.NONE);
    }

    /** Forgets everything. */
    public void clear() {
        lastUsed = null;
        producers.clear();
        openTransactions.clear();
    }

    /** {@return the producers by id, for a snapshot} */
    List<ProducerEntry> entries() {
        List<ProducerEntry> all = new ArrayList<>(producers.values());
        all.sort(Comparator.comparingLong(ProducerEntry::producerId));
        return all;
    }
}
