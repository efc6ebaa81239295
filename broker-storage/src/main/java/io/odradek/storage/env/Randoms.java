package io.odradek.storage.env;

import io.odradek.protocol.wire.Uuid;

/** Chance, as a guest: production draws from the system's secure source, the simulator from its seed. */
public interface Randoms {
    /** {@return 64 random bits} */
    long nextLong();

    /**
     * @param bound the exclusive upper bound, positive
     * @return a number from 0 to {@code bound - 1}
     */
    int nextInt(int bound);

    /** {@return a random identifier, never {@link Uuid#ZERO} and never one whose text starts with a dash} */
    default Uuid nextUuid() {
        Uuid candidate;
        do {
            candidate = new Uuid(
                    (nextLong() & ~0xF000L) | 0x4000L, (nextLong() & 0x3FFFFFFFFFFFFFFFL) | 0x8000000000000000L);
        } while (candidate.toString().startsWith("-"));
        return candidate;
    }
}
