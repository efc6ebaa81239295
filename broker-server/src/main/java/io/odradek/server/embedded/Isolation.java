package io.odradek.server.embedded;

/** A broker is cut off from the others until this is closed. */
public final class Isolation implements AutoCloseable {
    private final EmbeddedCluster cluster;
    private final int brokerId;

    Isolation(EmbeddedCluster cluster, int brokerId) {
        this.cluster = cluster;
        this.brokerId = brokerId;
    }

    /** {@return the broker that is cut off} */
    public int brokerId() {
        return brokerId;
    }

    /** As {@link EmbeddedCluster#rejoin}; does nothing if it is with the others already, or the cluster is closed. */
    @Override
    public void close() {
        if (cluster.isOpen()) {
            cluster.rejoin(brokerId);
        }
    }
}
