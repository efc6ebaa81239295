package io.odradek.server.net;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * Connections of addresses that open too many: they are neither read nor written, and closed when they have rested (KIP-612), so
 * that whoever connects again at once is not served by being refused fast. Belongs to the loop of a listening socket.
 */
final class HeldConnections {
    private final ConnectionLimits limits;
    private final int most;
    private final Set<Channel> held = new HashSet<>();

    /** @param most how many there may be; others are closed at once */
    HeldConnections(ConnectionLimits limits, int most) {
        this.limits = limits;
        this.most = most;
    }

    /** Takes a connection that no loop has yet. */
    void hold(ChannelHandlerContext listening, Channel channel, long restMs) {
        if (!limits.tryHold(most)) {
            channel.unsafe().closeForcibly();
            return;
        }
        held.add(channel);
        listening.executor().schedule(() -> release(channel), restMs, TimeUnit.MILLISECONDS);
    }

    private void release(Channel channel) {
        if (held.remove(channel)) {
            channel.unsafe().closeForcibly();
            limits.released();
        }
    }

    /** Closes all of them. */
    void close() {
        for (Channel channel : Set.copyOf(held)) {
            release(channel);
        }
    }
}
