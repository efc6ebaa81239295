package io.odradek.core.purgatory;

import io.odradek.storage.env.EventLoop;

/**
 * The operations parked on one owner's loop. An operation that completes here leaves at once. One that was completed on
 * another loop (a fetch that spans owners) is not worth waking this loop for: it leaves when a watched partition changes,
 * or in a sweep, which runs whenever the number of operations has doubled since the last; so what is abandoned is never
 * more than what is alive, plus a constant.
 */
public final class Purgatory {
    private static final int SMALLEST_SWEEP = 256;

    private final EventLoop loop;
    private DelayedOperation first;
    private int size;
    private int sweepAtSize = SMALLEST_SWEEP;

    /** @param loop the owner's loop */
    public Purgatory(EventLoop loop) {
        this.loop = loop;
    }

    /** {@return how many operations are parked, abandoned ones included} */
    public int size() {
        return size;
    }

    /** Parks an operation until it unparks itself. Does nothing if it is parked. */
    public void park(DelayedOperation operation) {
        if (operation.purgatory != null) {
            return;
        }
        if (size >= sweepAtSize) {
            sweep();
            sweepAtSize = Math.max(SMALLEST_SWEEP, size * 2);
        }
        operation.purgatory = this;
        operation.previous = null;
        operation.next = first;
        if (first != null) {
            first.previous = operation;
        }
        first = operation;
        size++;
    }

    /** Limits the time that a parked operation waits, in milliseconds from now. */
    public void expireAfter(DelayedOperation operation, long delayMs) {
        operation.timeout = loop.schedule(delayMs, () -> {
            operation.unpark();
            operation.onTimeout();
        });
    }

    void remove(DelayedOperation operation) {
        if (operation.previous == null) {
            first = operation.next;
        } else {
            operation.previous.next = operation.next;
        }
        if (operation.next != null) {
            operation.next.previous = operation.previous;
        }
        operation.previous = null;
        operation.next = null;
        operation.purgatory = null;
        size--;
    }

    private void sweep() {
        for (DelayedOperation operation = first; operation != null; ) {
            DelayedOperation following = operation.next;
            if (operation.abandoned()) {
                operation.unpark();
            }
            operation = following;
        }
    }
}
