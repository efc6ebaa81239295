package io.odradek.core.controller;

import io.odradek.core.coordination.CoordinationStore;
import io.odradek.core.metadata.MetadataCache;
import io.odradek.storage.env.Clock;
import io.odradek.storage.env.EventLoop;
import io.odradek.storage.env.Randoms;

/**
 * A controller's surroundings.
 *
 * @param settings what it needs to know of its broker
 * @param clusterId the cluster's identifier
 * @param store this broker's session with the tree, opened with {@code loop}
 * @param loop the controller's loop
 * @param channel the way to the brokers
 * @param metadata where the image is published
 * @param clock the time, for what it registers
 * @param randoms chance, for topic ids and placement
 */
public record ControllerEnvironment(
        ControllerSettings settings,
        String clusterId,
        CoordinationStore store,
        EventLoop loop,
        ControllerChannel channel,
        MetadataCache metadata,
        Clock clock,
        Randoms randoms) {}
