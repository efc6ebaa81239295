package io.odradek.server.env;

import io.odradek.storage.env.Randoms;
import java.security.SecureRandom;

/** Chance from the system's secure source, which is opened when the first number is drawn. Thread-safe. */
public final class SecureRandoms implements Randoms {
    @Override
    public long nextLong() {
        return Source.RANDOM.nextLong();
    }

    @Override
    public int nextInt(int bound) {
        return Source.RANDOM.nextInt(bound);
    }

    private static final class Source {
        static final SecureRandom RANDOM = new SecureRandom();
    }
}
