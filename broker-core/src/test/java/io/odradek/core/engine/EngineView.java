package io.odradek.core.engine;

import io.odradek.core.partition.PartitionOwners;

/** Lets a simulation look into an engine, as nobody may who does not live in one thread with all of it. */
public final class EngineView {
    private EngineView() {}

    /** {@return the owners of a broker's partitions} */
    public static PartitionOwners owners(BrokerEngine engine) {
        return engine.owners();
    }
}
