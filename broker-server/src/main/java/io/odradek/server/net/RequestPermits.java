package io.odradek.server.net;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
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
    private final int mostRequests;
    private final long mostBytes;
    private final Queue<Runnable> waiting = new ConcurrentLinkedQueue<>();
    private final AtomicInteger requests = new AtomicInteger();
    private final AtomicLong bytes = new AtomicLong();

    /**
     * @param mostRequests requests in work at most
     * @param mostBytes their bytes at most; one request may exceed it when nothing else is in work
     */
    RequestPermits(int mostRequests, long mostBytes) {
        this.mostRequests = mostRequests;
        this.mostBytes = mostBytes;
    }

    /** Takes a permit for a request of some bytes, if there is one. */
    boolean tryAcquire(int requestBytes) {
        int before;
        do {
            before = requests.get();
            if (before >= mostRequests) {
                return false;
            }
        } while (!requests.compareAndSet(before, before + 1));
        long total = bytes.addAndGet(requestBytes);
        if (total > mostBytes && total != requestBytes) {
            bytes.addAndGet(-requestBytes);
            requests.decrementAndGet();
            return false;
        }
        return true;
    }

    /** Has a callback called once, from any thread, when a permit has been given back. */
    void await(Runnable callback) {
        waiting.add(callback);
    }

    /** Gives a permit back. */
    void release(int requestBytes) {
        bytes.addAndGet(-requestBytes);
        requests.decrementAndGet();
        callNext();
    }

    /** Calls the next one that waits. */
    void callNext() {
        Runnable next = waiting.poll();
        if (next != null) {
            next.run();
        }
    }

    /** {@return the requests in work} */
    int inWork() {
        return requests.get();
    }
}
