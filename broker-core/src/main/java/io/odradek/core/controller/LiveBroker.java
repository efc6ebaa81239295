package io.odradek.core.controller;

import io.odradek.core.coordination.node.BrokerNode;

/**
 * A broker that is registered.
 *
 * @param node what it says of itself
 * @param epoch tells one life of it from another, and grows from one to the next (KIP-380)
 */
public record LiveBroker(BrokerNode node, long epoch) {}
