package io.odradek.core.simulation;

/**
 * Something that goes wrong for a while.
 *
 * @param name what is written into the trace
 * @param durationMs how long it lasts
 * @param begin lets it happen
 * @param end mends it
 */
record Fault(String name, int durationMs, Runnable begin, Runnable end) {
    /** Something that happens in a moment. */
    static Fault once(String name, Runnable begin) {
        return new Fault(name, 0, begin, () -> {});
    }
}
