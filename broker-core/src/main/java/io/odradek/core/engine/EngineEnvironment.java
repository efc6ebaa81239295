package io.odradek.core.engine;

import io.odradek.core.coordination.CoordinationHome;
import io.odradek.core.memory.MemoryAccount;
import io.odradek.core.transport.BrokerClient;
import io.odradek.storage.env.Clock;
import io.odradek.storage.env.Guests;
import io.odradek.storage.env.Randoms;
import io.odradek.storage.io.LogFileSystem;
import io.odradek.storage.manager.StorageEnvironment.FailureListener;

/**
 * All that a broker does not bring itself.
 *
 * @param files the disk
 * @param guests time, chance and counting
 * @param loops its loops
 * @param memory what clients may make it use
 * @param coordination opens the way to the cluster's tree
 * @param brokers the way to other brokers
 * @param failures is told, on any thread, of the last log folder that failed: the broker can do nothing any more
 */
public record EngineEnvironment(
        LogFileSystem files,
        Guests guests,
        EngineLoops loops,
        MemoryAccount memory,
        CoordinationHome.Opener coordination,
        BrokerClient brokers,
        FailureListener failures) {
    /** {@return the time} */
    Clock clock() {
        return guests.clock();
    }

    /** {@return chance} */
    Randoms randoms() {
        return guests.randoms();
    }
}
