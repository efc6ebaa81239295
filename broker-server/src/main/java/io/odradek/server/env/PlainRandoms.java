package io.odradek.server.env;

import io.odradek.storage.env.Randoms;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Chance that nobody has to be unable to guess, for a broker inside a test: identifiers that do not collide. To open the
 * system's secure source costs a cold JVM ten milliseconds. Thread-safe.
 */
public final class PlainRandoms implements Randoms {
    @Override
    public long nextLong() {
        return ThreadLocalRandom.current().nextLong();
    }

    @Override
    public int nextInt(int bound) {
        return ThreadLocalRandom.current().nextInt(bound);
    }
}
