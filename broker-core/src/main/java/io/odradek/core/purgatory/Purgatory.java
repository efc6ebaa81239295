package io.odradek.core.purgatory;

import io.odradek.storage.env.EventLoop;
import io.odradek.storage.env.Meters;

/**
 * The operations parked on one owner's loop. An operation that completes here leaves at once. One that was completed on
 * another loop (a fetch that spans owners) is not worth waking this loop for: it leaves when a watched partition changes,
 * or in a sweep, which runs whenever the number of operations has doubled since the last; so what is abandoned is never
 * more than what is alive, plus a constant.
 */
public final class Purgatory {
    private static final int SMALLEST_SWEEP = 256;

    private final EventLoop loop;
    private final Meters.Counter parked;
    private final Meters.Counter ended;
    private final Meters.Counter expired;
    private DelayedOperation first;
    private final int[] sizes = new int[DelayedOperation.KINDS];
    private int size;
    private int sweepAtSize = SMALLEST_SWEEP;

    /** A purgatory of which nothing is counted. */
    public Purgatory(EventLoop loop) {
        this(loop, Meters.NONE);
    }

    /**
     * @param loop the owner's loop
     * @param meters count the operations that were parked, that ended, and those of them whose time ran out ({@code
     *     purgatory.parked}, {@code purgatory.ended}, {@code purgatory.expired})
     */
    public Purgatory(EventLoop loop, Meters meters) {
        this.loop = loop;
        this.parked = meters.counter("purgatory.parked");
        this.ended = meters.counter("purgatory.ended");
        this.expired = meters.counter("purgatory.expired");
    }

    /** {@return how many operations are parked, abandoned ones included} */
    public int size() {
        return size;
    }

    /** {@return how many of a kind are parked; from any thread, as it was a moment ago} */
    public int size(int kind) {
        return sizes[kind];
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
        sizes[operation.kind()]++;
        parked.add(1);
    }

    /** Limits the time that a parked operation waits, in milliseconds from now. */
    public void expireAfter(DelayedOperation operation, long delayMs) {
        operation.timeout = loop.schedule(delayMs, () -> expire(operation));
    }

    /** As {@link #expireAfter}, for one of many that may all wait a little longer ({@link EventLoop#scheduleAbout}). */
    public void expireAbout(DelayedOperation operation, long delayMs) {
        operation.timeout = loop.scheduleAbout(delayMs, () -> expire(operation));
    }

    private void expire(DelayedOperation operation) {
        expired.add(1);
        operation.unpark();
        operation.onTimeout();
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
        sizes[operation.kind()]--;
        ended.add(1);
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
