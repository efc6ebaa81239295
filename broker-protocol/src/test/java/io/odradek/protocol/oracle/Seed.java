package io.odradek.protocol.oracle;

import java.util.Random;

/** The seed of a randomized test: the system property {@code seed} if it is set, a new one otherwise; printed either way. */
final class Seed {
    private Seed() {}

    static Random random(String test) {
        Long given = Long.getLong("seed");
        long seed = given != null ? given : System.nanoTime();
        System.out.println(test + ": run again with -Dseed=" + seed);
        return new Random(seed);
    }
}
