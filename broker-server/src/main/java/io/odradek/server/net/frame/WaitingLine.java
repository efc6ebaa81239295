package io.odradek.server.net.frame;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * A line of those who wait for something that is taken and given back: first come, first served. Who comes while others
 * stand in it goes behind them, so that one who needs much is not passed for ever by many who need little. Thread-safe;
 * while nobody waits it costs a look at an empty queue.
 *
 * <p>No call is lost. The first stays in the line until it has what it needs, or leaves; it is called whenever something has
 * been given back, and who goes calls the next. Who has just come tries once more: what was given back a moment before
 * has called nobody.
 */
public abstract class WaitingLine {
    private final Queue<Place> places = new ConcurrentLinkedQueue<>();

    /** Takes an amount if it is there, whoever waits; on any thread. {@return whether it was} */
    protected abstract boolean tryTake(long amount);

    /** One who may wait, in one line at a time. All but {@link #call} happens on one loop. */
    public abstract static class Place {
        private final AtomicBoolean called = new AtomicBoolean();
        private WaitingLine line;

        /** Has {@link #turn} run soon on the loop of who waits; called on any thread. */
        protected abstract void call();

        /** Says that a call has been heard; who waits tries again after that. */
        public final void turn() {
            called.set(false);
        }

        /** Leaves the line, if it stands in one. */
        public final void leave() {
            WaitingLine left = line;
            if (left != null) {
                line = null;
                left.places.remove(this);
                left.callFirst();
            }
        }
    }

    /** Takes an amount if it is there and nobody stands before. {@return whether it was; if not, the place is in the line} */
    public final boolean take(Place place, long amount) {
        if (place.line != this) {
            place.leave();
        }
        if (takeInTurn(place, amount)) {
            return true;
        }
        if (place.line == this) {
            return false;
        }
        place.line = this;
        places.add(place);
        return takeInTurn(place, amount);
    }

    /** Calls the first of the line: something was given back. */
    public final void callFirst() {
        Place first = places.peek();
        if (first != null && first.called.compareAndSet(false, true)) {
            first.call();
        }
    }

    /** {@return how many wait; takes its time} */
    public final int waiting() {
        return places.size();
    }

    private boolean takeInTurn(Place place, long amount) {
        Place first = places.peek();
        if (first != null && first != place || !tryTake(amount)) {
            return false;
        }
        place.leave();
        return true;
    }
}
