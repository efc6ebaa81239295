package io.odradek.server.net;

import io.odradek.core.memory.MemoryShare;
import io.odradek.server.net.frame.WaitingLine;
import java.util.concurrent.atomic.AtomicLong;

/**
 * How many requests, and bytes of requests, may be in work at once ({@code queued.max.requests},
 * {@code queued.max.request.bytes}), and the heap of those that are decoded, in work or waiting
 * ({@code odradek.memory.requests.bytes}). A connection that gets no permit stops reading and waits in a line. What a
 * request needs of the heap is known when it has been decoded: each processor may exceed the share by one. Thread-safe.
 */
final class RequestPermits extends WaitingLine {
    /** The bytes in work are in the low bits, the requests above them: both are taken by one exchange, or neither. */
    private static final int BYTES_BITS = 42;

    private static final long ONE_REQUEST = 1L << BYTES_BITS;
    private static final long BYTES_MASK = ONE_REQUEST - 1;
    private static final int MOST_REQUESTS = (1 << 63 - BYTES_BITS) - 1;

    private final int mostRequests;
    private final long mostBytes;
    private final MemoryShare heap;
    private final AtomicLong inWork = new AtomicLong();

    /**
     * @param mostRequests requests in work at most
     * @param mostBytes their bytes at most; one request may exceed it when nothing else is in work
     * @param heap of decoded requests
     */
    RequestPermits(int mostRequests, long mostBytes, MemoryShare heap) {
        this.mostRequests = Math.min(mostRequests, MOST_REQUESTS);
        this.mostBytes = Math.min(mostBytes, BYTES_MASK - Integer.MAX_VALUE);
        this.heap = heap;
    }

    @Override
    protected boolean tryTake(long requestBytes) {
        if (heap.isExhausted() && heap.usedBytes() > 0) {
            return false;
        }
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

    /** Gives a permit back. */
    void release(int requestBytes) {
        inWork.addAndGet(-(ONE_REQUEST + requestBytes));
        callFirst();
    }

    /** Charges the heap that a request has turned out to need. */
    void charge(long heapBytes) {
        heap.take(heapBytes);
    }

    /** Gives a request's heap back. */
    void discharge(long heapBytes) {
        heap.giveBack(heapBytes);
        callFirst();
    }

    /** {@return the requests in work} */
    int inWork() {
        return (int) (inWork.get() >> BYTES_BITS);
    }
}
