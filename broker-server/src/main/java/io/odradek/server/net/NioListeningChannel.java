package io.odradek.server.net;

import io.netty.channel.ChannelId;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.util.internal.SocketUtils;
import java.nio.channels.SocketChannel;
import java.util.List;

/**
 * A listening socket whose channels, and those it accepts, are numbered. Netty's own numbers begin with the machine's
 * hardware address, and looking for one costs more than the rest of an embedded broker's network.
 */
final class NioListeningChannel extends NioServerSocketChannel {
    @Override
    protected ChannelId newId() {
        return new NumberedChannelId();
    }

    @Override
    protected int doReadMessages(List<Object> accepted) throws Exception {
        SocketChannel socket = SocketUtils.accept(javaChannel());
        if (socket == null) {
            return 0;
        }
        accepted.add(new Accepted(this, socket));
        return 1;
    }

    private static final class Accepted extends NioSocketChannel {
        Accepted(NioListeningChannel parent, SocketChannel socket) {
            super(parent, socket);
        }

        @Override
        protected ChannelId newId() {
            return new NumberedChannelId();
        }
    }
}
