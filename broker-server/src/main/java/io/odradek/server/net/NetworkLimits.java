package io.odradek.server.net;

import io.odradek.core.config.BrokerConfig;
import io.odradek.core.memory.MemoryAccount;
import io.odradek.core.memory.MemoryShare;
import io.odradek.server.net.frame.FrameBounds;

/**
 * What the front end bounds.
 *
 * @param frames how long requests may be
 * @param mostRequests {@code queued.max.requests}
 * @param mostRequestBytes {@code queued.max.request.bytes}, or all memory for frames
 * @param mostDecodedBytes {@code odradek.request.max.decoded.bytes}, or a quarter of the memory for decoded requests
 * @param mostConnectionRequests {@code odradek.connection.max.requests}
 * @param mostPendingResponseBytes {@code odradek.response.max.pending.bytes}
 * @param mostIdleMs {@code connections.max.idle.ms}, negative for no bound
 */
record NetworkLimits(
        FrameBounds frames,
        int mostRequests,
        long mostRequestBytes,
        long mostDecodedBytes,
        int mostConnectionRequests,
        int mostPendingResponseBytes,
        long mostIdleMs) {
    private static final int DECODED_OF_SHARE = 4;

    static NetworkLimits of(BrokerConfig config, MemoryAccount memory) {
        long requestBytes = config.int64("queued.max.request.bytes");
        long decodedBytes = config.int64("odradek.request.max.decoded.bytes");
        int frameBytes = config.int32("socket.request.max.bytes");
        return new NetworkLimits(
                new FrameBounds(
                        frameBytes,
                        "socket.request.max.bytes",
                        Math.min(frameBytes, config.int32("odradek.request.max.bytes")),
                        partial(config, memory.frames())),
                config.int32("queued.max.requests"),
                requestBytes > 0 ? requestBytes : memory.frames().limitBytes(),
                decodedBytes >= 0 ? decodedBytes : memory.requests().limitBytes() / DECODED_OF_SHARE,
                config.int32("odradek.connection.max.requests"),
                config.int32("odradek.response.max.pending.bytes"),
                config.int64("connections.max.idle.ms"));
    }

    /** Half of the frames' memory is left to whole ones: these go when they have been served, whatever the cut ones do. */
    private static MemoryShare partial(BrokerConfig config, MemoryShare frames) {
        String setting = "odradek.partial.requests.max.bytes";
        long half = frames.limitBytes() / 2;
        long given = config.int64(setting);
        return given >= 0 && given < half ? new MemoryShare(setting, given) : new MemoryShare(frames.setting(), half);
    }
}
