package io.odradek.storage.env;

import java.util.function.LongSupplier;

/**
 * Counting, as a guest: what a broker does is told to meters, which may keep it and show it. By default nothing is kept.
 *
 * <p>Meters are named in lower case with dots ({@code request.total.time}); tags are pairs of a name and a value ({@code
 * "api", "FETCH"}). They are asked for once, when what they measure is made, never where it happens: what is left there is
 * one call. All of them may be used from any thread.
 */
public interface Meters {
    /** Keeps nothing. */
    Meters NONE = new NoMeters();

    /** {@return whether anything is kept; where it is not, nobody needs to read a clock} */
    boolean kept();

    /** {@return what counts events or amounts, which only grows} @param tags names and values in turn */
    Counter counter(String name, String... tags);

    /** {@return what counts sizes in bytes, and keeps how they are distributed} @param tags names and values in turn */
    default Counter sizes(String name, String... tags) {
        return counter(name, tags);
    }

    /** {@return what takes durations} @param tags names and values in turn */
    Timer timer(String name, String... tags);

    /**
     * Shows a value that is read when somebody looks.
     *
     * @param value is called on any thread
     * @param tags names and values in turn
     * @return forgets it, when what it shows is gone
     */
    Gauge gauge(String name, LongSupplier value, String... tags);

    /** The broker whose doings these keep has ended: nothing of it is to be shown any more. */
    default void ended() {}

    /** Counts. */
    interface Counter {
        /** Counts an amount, at least 0. */
        void add(long amount);

        /** What it counts of is gone: whoever asked for it counts no more with it. */
        default void close() {}
    }

    /** Takes durations. */
    interface Timer {
        /** Takes one, in nanoseconds. */
        void took(long nanoseconds);
    }

    /** A value that is shown until it is closed. */
    interface Gauge extends AutoCloseable {
        @Override
        void close();
    }
}
