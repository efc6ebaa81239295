package io.odradek.storage.env;

/**
 * What every room of a broker is handed from outside.
 *
 * @param clock time
 * @param randoms chance
 * @param meters counting
 */
public record Guests(Clock clock, Randoms randoms, Meters meters) {
    /** Guests of whom nothing is counted. */
    public Guests(Clock clock, Randoms randoms) {
        this(clock, randoms, Meters.NONE);
    }
}
