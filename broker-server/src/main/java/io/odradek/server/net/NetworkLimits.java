package io.odradek.server.net;

import io.netty.util.internal.PlatformDependent;
import io.odradek.core.config.BrokerConfig;

/**
 * What the front end bounds.
 *
 * @param mostFrameBytes {@code socket.request.max.bytes}
 * @param mostRequests {@code queued.max.requests}
 * @param mostRequestBytes {@code queued.max.request.bytes}, or half of the direct memory
 * @param mostConnectionRequests {@code odradek.connection.max.requests}
 * @param mostPartialBytes {@code odradek.partial.requests.max.bytes}, or half of the direct memory
 * @param mostPendingResponseBytes {@code odradek.response.max.pending.bytes}
 * @param mostIdleMs {@code connections.max.idle.ms}, negative for no bound
 */
record NetworkLimits(
        int mostFrameBytes,
        int mostRequests,
        long mostRequestBytes,
        int mostConnectionRequests,
        long mostPartialBytes,
        int mostPendingResponseBytes,
        long mostIdleMs) {

    static NetworkLimits of(BrokerConfig config) {
        long half = PlatformDependent.maxDirectMemory() / 2;
        long requestBytes = config.int64("queued.max.request.bytes");
        long partialBytes = config.int64("odradek.partial.requests.max.bytes");
        return new NetworkLimits(
                config.int32("socket.request.max.bytes"),
                config.int32("queued.max.requests"),
                requestBytes > 0 ? requestBytes : half,
                config.int32("odradek.connection.max.requests"),
                partialBytes >= 0 ? partialBytes : half,
                config.int32("odradek.response.max.pending.bytes"),
                config.int64("connections.max.idle.ms"));
    }
}
