package io.odradek.core.controller;

import io.odradek.core.coordination.CoordinationStore;
import io.odradek.core.metadata.MetadataCache;
import io.odradek.storage.env.Clock;
import io.odradek.storage.env.EventLoop;
import io.odradek.storage.env.Guests;
import io.odradek.storage.env.Randoms;

/**
 * A controller's surroundings.
 *
 * @param settings what it needs to know of its broker
 * @param clusterId the cluster's identifier
 * @param store this broker's session with the tree, opened with {@code loop}
 * @param loop the controller's loop
 * @param orders the way to the brokers, its own among them
 * @param metadata where the image is, in which it shows who governs and what topics override
 * @param guests the time, for what it registers; chance, for topic ids and placement; counting
 */
public record ControllerEnvironment(
        ControllerSettings settings,
        String clusterId,
        CoordinationStore store,
        EventLoop loop,
        BrokerOrders.Sender orders,
        MetadataCache metadata,
        Guests guests) {
    /** {@return the time} */
    Clock clock() {
        return guests.clock();
    }

    /** {@return chance} */
    Randoms randoms() {
        return guests.randoms();
    }
}
