package io.odradek.storage.producer;

import java.util.TreeSet;

/**
 * The transactions of one log that hold up read_committed consumers: those that are open, and those whose marker some
 * in-sync replica may not have yet, so that the next leader may know nothing of their end. Belongs to the log's owner.
 *
 * <p>Of the latter only those are kept that can make a difference: one that began later and ended earlier than another
 * cannot. What is left has growing first and last offsets.
 */
final class UnstableTransactions {
    static final int MAX_UNREPLICATED = 1 << 16;

    private static final int FIRST_CAPACITY = 16;

    private final TreeSet<Long> open = new TreeSet<>();
    /** Rings, for one transaction the same slot in both. */
    private long[] firstOffsets = {};

    private long[] lastOffsets = {};
    private int head;
    private int count;

    /** A transaction begins. */
    void begin(long firstOffset) {
        open.add(firstOffset);
    }

    /** A transaction that was open ends with a marker. {@return the last stable offset, replication left aside} */
    long end(long firstOffset, long markerOffset) {
        open.remove(firstOffset);
        while (count > 0 && firstOffsets[slot(count - 1)] >= firstOffset) {
            count--;
        }
        add(firstOffset, markerOffset);
        return open.isEmpty() ? markerOffset + 1 : open.first();
    }

    private void add(long firstOffset, long lastOffset) {
        if (count == MAX_UNREPLICATED) {
            mergeOldest();
        } else if (count == firstOffsets.length) {
            grow();
        }
        int slot = slot(count);
        firstOffsets[slot] = firstOffset;
        lastOffsets[slot] = lastOffset;
        count++;
    }

    /** The bound of memory: two become one that holds up for as long as both would, and at times a little more. */
    private void mergeOldest() {
        firstOffsets[slot(1)] = firstOffsets[head];
        dropOldest();
    }

    private void dropOldest() {
        head = slot(1);
        count--;
    }

    private void grow() {
        long[] firsts = new long[Math.max(FIRST_CAPACITY, 2 * count)];
        long[] lasts = new long[firsts.length];
        for (int i = 0; i < count; i++) {
            firsts[i] = firstOffsets[slot(i)];
            lasts[i] = lastOffsets[slot(i)];
        }
        firstOffsets = firsts;
        lastOffsets = lasts;
        head = 0;
    }

    private int slot(int index) {
        return (head + index) & (firstOffsets.length - 1);
    }

    /** {@return the first offset of the oldest open transaction, or -1} */
    long firstOpenOffset() {
        return open.isEmpty() ? ProducerEntry.NONE : open.first();
    }

    /**
     * Forgets the transactions whose markers are below a high watermark, which never goes back.
     *
     * @return the first offset of the oldest transaction that is left, or -1
     */
    long firstUnstableOffset(long highWatermark) {
        while (count > 0 && lastOffsets[head] < highWatermark) {
            dropOldest();
        }
        long firstOpen = firstOpenOffset();
        if (count == 0) {
            return firstOpen;
        }
        return firstOpen == ProducerEntry.NONE ? firstOffsets[head] : Math.min(firstOpen, firstOffsets[head]);
    }

    void clear() {
        open.clear();
        head = 0;
        count = 0;
    }
}
