package io.odradek.server.net;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The heap of decoded requests that wait for something (records, other members, a time). They hold no permit, but if they
 * held all of their share nobody else's request could be decoded, for as long as they wait: when they exceed half of it, the
 * connections that hold most are closed until it fits, and those of followers last, because many of the others wait for
 * them. Thread-safe; takes no lock as long as it fits.
 */
final class ParkedRequests {
    private final long mostBytes;
    private final AtomicLong heldBytes = new AtomicLong();
    private final Set<Holder> holders = ConcurrentHashMap.newKeySet();

    /** @param mostBytes the bound */
    ParkedRequests(long mostBytes) {
        this.mostBytes = mostBytes;
    }

    /** A connection's part. */
    abstract static class Holder {
        private final AtomicLong heldBytes = new AtomicLong();
        private volatile boolean follower;
        private boolean evicted;

        /** Closes the connection, soon; called on any thread. */
        abstract void evict();

        /** Says that a fetch of a follower waits here: who is none has been refused, and does not wait. */
        final void isFollowers() {
            if (!follower) {
                follower = true;
            }
        }

        private boolean goesBefore(Holder other) {
            return follower == other.follower ? heldBytes.get() > other.heldBytes.get() : other.follower;
        }
    }

    /** Begins to count a connection. */
    void join(Holder holder) {
        holders.add(holder);
    }

    /** Forgets a connection that is closed. What it holds goes when its requests do. */
    void leave(Holder holder) {
        holders.remove(holder);
    }

    /** A request begins to wait. */
    void add(Holder holder, long heapBytes) {
        holder.heldBytes.addAndGet(heapBytes);
        if (heldBytes.addAndGet(heapBytes) > mostBytes) {
            evictSome();
        }
    }

    /** A request waits no more. */
    void remove(Holder holder, long heapBytes) {
        holder.heldBytes.addAndGet(-heapBytes);
        heldBytes.addAndGet(-heapBytes);
    }

    /** {@return what is held} */
    long heldBytes() {
        return heldBytes.get();
    }

    /** Connections that are being closed already are counted as gone. */
    private synchronized void evictSome() {
        long staysBytes = heldBytes.get();
        for (Holder holder : holders) {
            if (holder.evicted) {
                staysBytes -= holder.heldBytes.get();
            }
        }
        while (staysBytes > mostBytes) {
            Holder first = null;
            for (Holder holder : holders) {
                if (!holder.evicted && holder.heldBytes.get() > 0 && (first == null || holder.goesBefore(first))) {
                    first = holder;
                }
            }
            if (first == null) {
                return;
            }
            first.evicted = true;
            staysBytes -= first.heldBytes.get();
            first.evict();
        }
    }
}
