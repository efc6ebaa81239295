package io.odradek.server.net.socket;

import io.netty.channel.ChannelId;
import io.netty.channel.socket.nio.NioSocketChannel;

/** A socket to another broker, numbered as those that are accepted are. */
public final class NioClientChannel extends NioSocketChannel {
    @Override
    protected ChannelId newId() {
        return new NumberedChannelId();
    }
}
