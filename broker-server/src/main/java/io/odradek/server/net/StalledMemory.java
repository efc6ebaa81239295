package io.odradek.server.net;

import io.odradek.core.memory.MemoryShare;
import java.util.HashSet;
import java.util.Set;

/**
 * Memory that connections hold because their peers stall: in the middle of a request, or with answers that they do not take.
 * When all of it together exceeds its share, the connections that have made no progress for the longest time are closed
 * until it fits, but for the last one. Thread-safe; who holds nothing, before and after, takes no lock and writes nothing.
 */
final class StalledMemory {
    private final MemoryShare share;
    private final Set<Holder> holders = new HashSet<>();

    StalledMemory(MemoryShare share) {
        this.share = share;
    }

    /** {@return how much is held, and may be} */
    MemoryShare share() {
        return share;
    }

    /** {@return whether more than half of the share is held} */
    boolean isHalfFull() {
        return share.usedBytes() > share.limitBytes() / 2;
    }

    /** A connection's part. */
    abstract static class Holder {
        private volatile long progressNs;
        private volatile long bytes;
        private volatile boolean heldUp;
        private boolean evicted;

        /** Closes the connection, soon; called on any thread. */
        abstract void evict();

        /** {@return what it holds} */
        final long bytes() {
            return bytes;
        }

        /** Says whether it is this broker that it waits for: then others are closed first. */
        final void heldUp(boolean byUs) {
            if (heldUp != byUs) {
                heldUp = byUs;
            }
        }
    }

    /**
     * Says what a connection holds; on its loop.
     *
     * @param bytes 0 for none
     * @param progressNs when its peer last made progress
     */
    void update(Holder holder, long bytes, long progressNs) {
        if (bytes == 0 && holder.bytes == 0) {
            return;
        }
        holder.progressNs = progressNs;
        if (bytes != holder.bytes) {
            change(holder, bytes);
        }
    }

    private synchronized void change(Holder holder, long bytes) {
        if (holder.evicted) {
            return;
        }
        share.take(bytes - holder.bytes);
        holder.bytes = bytes;
        if (bytes == 0) {
            holders.remove(holder);
        } else {
            holders.add(holder);
        }
        while (share.usedBytes() > share.limitBytes() && holders.size() > 1) {
            evictLongestStalled();
        }
    }

    /** Forgets a connection that is closed. */
    synchronized void remove(Holder holder) {
        if (!holder.evicted) {
            holder.evicted = true;
            holders.remove(holder);
            share.giveBack(holder.bytes);
            holder.bytes = 0;
        }
    }

    private void evictLongestStalled() {
        Holder stalled = null;
        for (Holder holder : holders) {
            if (stalled == null || isStalledLonger(holder, stalled)) {
                stalled = holder;
            }
        }
        if (stalled != null) {
            remove(stalled);
            stalled.evict();
        }
    }

    private static boolean isStalledLonger(Holder one, Holder other) {
        return one.heldUp == other.heldUp ? one.progressNs - other.progressNs < 0 : other.heldUp;
    }
}
