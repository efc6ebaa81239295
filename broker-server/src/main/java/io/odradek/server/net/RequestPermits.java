package io.odradek.server.net;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;

/**
 * How many requests, and bytes of requests, may be in work at once ({@code queued.max.requests},
 * {@code queued.max.request.bytes}). A connection that gets no permit stops reading and waits to be called back.
 * Thread-safe.
 *
 * <p>No wake-up is lost: who fails to acquire registers with {@link #await} and then tries once more; who is called back
 * and has no use for it, or has been served, hands the call on.
 */
final class RequestPermits {
    /** The bytes in work are in the low bits, the requests above them: both are taken by one exchange, or neither. */
    private static final int BYTES_BITS = 42;

    private static final long ONE_REQUEST = 1L << BYTES_BITS;
    private static final long BYTES_MASK = ONE_REQUEST - 1;
    private static final int MOST_REQUESTS = (1 << 63 - BYTES_BITS) - 1;

    private final int mostRequests;
    private final long mostBytes;
    private final Queue<Runnable> waiting = new ConcurrentLinkedQueue<>();
    private final AtomicLong inWork = new AtomicLong();

    /**
     * @param mostRequests requests in work at most
     * @param mostBytes their bytes at most; one request may exceed it when nothing else is in work
     */
    RequestPermits(int mostRequests, long mostBytes) {
        this.mostRequests = Math.min(mostRequests, MOST_REQUESTS);
        this.mostBytes = Math.min(mostBytes, BYTES_MASK - Integer.MAX_VALUE);
    }

    /** Takes a permit for a request of some bytes, if there is one. */
    boolean tryAcquire(int requestBytes) {
        long before;
        do {
            before = inWork.get();
            long bytes = before & BYTES_MASK;
            if (before >> BYTES_BITS >= mostRequests || bytes > 0 && bytes + requestBytes > mostBytes) {
                return false;
            }
        } while (!inWork.compareAndSet(before, before + ONE_REQUEST + requestBytes));
        return true;
    }

    /** Has a callback called once, from any thread, when a permit has been given back. */
    void await(Runnable callback) {
        waiting.add(callback);
    }

    /** Gives a permit back. */
    void release(int requestBytes) {
        inWork.addAndGet(-(ONE_REQUEST + requestBytes));
        callNext();
    }

    /** Calls the next one that waits. */
    void callNext() {
        Runnable next = waiting.poll();
        if (next != null) {
            next.run();
        }
    }

    /** {@return how many wait to be called; takes its time} */
    int waiting() {
        return waiting.size();
    }

    /** {@return the requests in work} */
    int inWork() {
        return (int) (inWork.get() >> BYTES_BITS);
    }
}
