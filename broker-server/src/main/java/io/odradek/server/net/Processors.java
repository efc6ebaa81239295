package io.odradek.server.net;

import io.odradek.core.memory.MemoryAccount;
import io.odradek.storage.env.Clock;

/**
 * What all connections of a front end share.
 *
 * @param limits its bounds
 * @param permits requests in work
 * @param partialFrames memory of partial requests
 * @param memory what clients may make it use
 * @param receiver where requests go
 * @param clock its time
 * @param log its lines about peers
 */
record Processors(
        NetworkLimits limits,
        RequestPermits permits,
        PartialFrames partialFrames,
        MemoryAccount memory,
        RequestReceiver receiver,
        Clock clock,
        RateLimitedLog log) {}
