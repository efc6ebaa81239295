package io.odradek.core.controller;

import io.odradek.core.coordination.node.BrokerNode;

/**
 * A broker that is registered.
 *
 * @param node what it says of itself
 * @param epoch tells one life of it from another, and grows from one to the next (KIP-380)
 */
public record LiveBroker(BrokerNode node, long epoch) {
    // Written out: a record's own are linked when first called, which costs a cold JVM tens of milliseconds.
    @Override
    public boolean equals(Object other) {
        return other instanceof LiveBroker that && epoch == that.epoch && node.equals(that.node);
    }

    @Override
    public int hashCode() {
        return Long.hashCode(epoch);
    }
}
