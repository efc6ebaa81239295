package io.odradek.storage.log;

import java.nio.ByteBuffer;

/**
 * The block of an index file that was read last; one for all indexes of a log, so that memory stays small with thousands
 * of logs while sequential reads cost no call to the system. Belongs to the log's owner.
 */
final class IndexBlock {
    static final int SIZE_BYTES = 4096;

    private ByteBuffer bytes;
    private IndexFile holder;
    private int firstSlot;
    private int slots;

    /** {@return whether the block holds this entry} */
    boolean holds(IndexFile index, int slot) {
        return holder == index && slot >= firstSlot && slot < firstSlot + slots;
    }

    /** {@return the bytes; the entry lies at {@code (slot - firstSlot) * entrySize}} */
    ByteBuffer bytes() {
        return bytes;
    }

    int firstSlot() {
        return firstSlot;
    }

    int lastSlot() {
        return firstSlot + slots - 1;
    }

    /** {@return the emptied buffer, to be filled with entries from a slot on and then given {@link #filled}} */
    ByteBuffer refill(IndexFile index, int slot) {
        if (bytes == null) {
            bytes = ByteBuffer.allocate(SIZE_BYTES);
        }
        holder = index;
        firstSlot = slot;
        slots = 0;
        return bytes.clear();
    }

    void filled(int count) {
        slots = count;
    }

    /** Forgets everything, and gives the memory back until it is needed. */
    void release() {
        bytes = null;
        holder = null;
        slots = 0;
    }

    /** Forgets entries of an index that changed in the file. */
    void forget(IndexFile index) {
        if (holder == index) {
            holder = null;
            slots = 0;
        }
    }
}
