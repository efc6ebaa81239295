package io.odradek.core.request.cluster;

import io.odradek.core.transport.Peer;
import java.util.Set;

/** Tells the brokers of the cluster from its clients. */
public interface ClusterPeers {
    /** For a broker that is alone. */
    ClusterPeers NOBODY = peer -> false;

    /** Where an authorizer has asked already who may act for the cluster. */
    ClusterPeers ANYBODY = peer -> true;

    /** {@return whether the other end of a connection is a broker, as far as that can be told} */
    boolean isBroker(Peer peer);

    /**
     * {@return what can be told without authentication: brokers come by their own listeners only}
     *
     * @param listeners the names of the listeners over which brokers talk
     */
    static ClusterPeers by(Set<String> listeners) {
        return peer -> listeners.contains(peer.listenerName());
    }
}
