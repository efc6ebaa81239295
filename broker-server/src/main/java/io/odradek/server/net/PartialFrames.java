package io.odradek.server.net;

import java.util.HashSet;
import java.util.Set;

/**
 * The memory of all requests that have not fully arrived. When it exceeds its bound, the connections that have sent
 * nothing for the longest time are closed until it fits. Thread-safe.
 */
final class PartialFrames {
    private final long mostBytes;
    private final Set<Holder> holders = new HashSet<>();
    private long heldBytes;

    /** @param mostBytes the bound */
    PartialFrames(long mostBytes) {
        this.mostBytes = mostBytes;
    }

    /** {@return the bytes held now} */
    synchronized long heldBytes() {
        return heldBytes;
    }

    /** A connection's part. */
    abstract static class Holder {
        private volatile long lastProgressNs;
        private long bytes;
        private boolean evicted;

        /** Closes the connection, soon; called on any thread. */
        abstract void evict();
    }

    /**
     * Says what a connection holds when it has no more to read for the time being; on the connection's loop.
     *
     * @param bytes the memory of its partial frame, 0 for none
     * @param nowNs the time of the read
     */
    void update(Holder holder, long bytes, long nowNs) {
        holder.lastProgressNs = nowNs;
        synchronized (this) {
            if (holder.evicted || bytes == holder.bytes) {
                return;
            }
            heldBytes += bytes - holder.bytes;
            holder.bytes = bytes;
            if (bytes == 0) {
                holders.remove(holder);
            } else {
                holders.add(holder);
            }
            while (heldBytes > mostBytes && !holders.isEmpty()) {
                evictLongestStalled();
            }
        }
    }

    /** Forgets a connection that is closed. */
    synchronized void remove(Holder holder) {
        if (!holder.evicted) {
            holder.evicted = true;
            holders.remove(holder);
            heldBytes -= holder.bytes;
        }
    }

    private void evictLongestStalled() {
        Holder stalled = null;
        for (Holder holder : holders) {
            if (stalled == null || holder.lastProgressNs - stalled.lastProgressNs < 0) {
                stalled = holder;
            }
        }
        if (stalled != null) {
            remove(stalled);
            stalled.evict();
        }
    }
}
