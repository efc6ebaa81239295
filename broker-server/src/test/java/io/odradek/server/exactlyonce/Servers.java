package io.odradek.server.exactlyonce;

import java.util.Random;

/** The brokers of a test, any of which may be killed and come back. */
interface Servers extends AutoCloseable {
    /** {@return what to give a client, also while some of them are down} */
    String bootstrapServers();

    /** {@return on how many of them each partition is} */
    short replicas();

    /** Kills one as a crash does. {@return which, to be started again by {@link #restart}} */
    int kill(Random random) throws Exception;

    /** Starts the one that was killed; returns when it serves. */
    void restart(int broker) throws Exception;

    /** {@return whether clients are served while one of them is down} */
    default boolean servesWithoutOne() {
        return replicas() > 1;
    }

    @Override
    void close();
}
