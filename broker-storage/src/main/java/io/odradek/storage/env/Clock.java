package io.odradek.storage.env;

/** Time, as a guest: the production clock reads the system's, the simulator's moves when told to. */
public interface Clock {
    /** {@return milliseconds since the epoch, for record timestamps and retention; may jump} */
    long wallMs();

    /** {@return nanoseconds from an arbitrary origin, for durations; never goes back} */
    long monotonicNs();
}
