package io.odradek.server.net.socket;

import io.netty.channel.ChannelConfig;
import io.netty.channel.ChannelId;
import io.netty.channel.ChannelMetadata;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.ServerChannel;
import io.netty.channel.nio.AbstractNioMessageChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import java.io.IOException;
import java.net.SocketAddress;
import java.nio.channels.SelectionKey;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.List;

/**
 * A listening socket of the JDK's. Netty's own brings along, with its settings, two allocators of buffers, the list of the
 * machine's network interfaces and a hundred classes, none of which listening needs, and all of which a cold start pays for.
 * Its channels, and those it accepts, are numbered for the same reason: Netty's numbers begin with the machine's hardware
 * address, and looking for one costs more than the rest of an embedded broker's network.
 */
public final class NioListeningChannel extends AbstractNioMessageChannel implements ServerChannel {
    /** As Netty's own. */
    private static final int ACCEPTED_AT_A_TIME = 16;

    private static final ChannelMetadata METADATA = new ChannelMetadata(false, ACCEPTED_AT_A_TIME);

    private final ListeningConfig config = new ListeningConfig(this);

    NioListeningChannel() throws IOException {
        super(null, ServerSocketChannel.open(), SelectionKey.OP_ACCEPT);
    }

    @Override
    protected ChannelId newId() {
        return new NumberedChannelId();
    }

    @Override
    public ChannelMetadata metadata() {
        return METADATA;
    }

    @Override
    public ChannelConfig config() {
        return config;
    }

    @Override
    public boolean isActive() {
        return isOpen() && javaChannel().socket().isBound();
    }

    @Override
    protected ServerSocketChannel javaChannel() {
        return (ServerSocketChannel) super.javaChannel();
    }

    @Override
    protected SocketAddress localAddress0() {
        return javaChannel().socket().getLocalSocketAddress();
    }

    @Override
    protected SocketAddress remoteAddress0() {
        return null;
    }

    @Override
    protected void doBind(SocketAddress address) throws IOException {
        javaChannel().bind(address, config.backlog());
    }

    @Override
    protected void doClose() throws IOException {
        javaChannel().close();
    }

    @Override
    protected int doReadMessages(List<Object> accepted) throws IOException {
        SocketChannel socket = javaChannel().accept();
        if (socket == null) {
            return 0;
        }
        accepted.add(new Accepted(this, socket));
        return 1;
    }

    /** Reads no more, although it has asked for the next connection. */
    void doNotAccept() {
        clearReadPending();
    }

    @Override
    protected boolean doConnect(SocketAddress remote, SocketAddress local) {
        throw new UnsupportedOperationException("A listening socket does not connect");
    }

    @Override
    protected void doFinishConnect() {
        throw new UnsupportedOperationException("A listening socket does not connect");
    }

    @Override
    protected void doDisconnect() {
        throw new UnsupportedOperationException("A listening socket is not connected");
    }

    @Override
    protected boolean doWriteMessage(Object message, ChannelOutboundBuffer buffer) {
        throw new UnsupportedOperationException("Nothing is written to a listening socket");
    }

    @Override
    protected Object filterOutboundMessage(Object message) {
        throw new UnsupportedOperationException("Nothing is written to a listening socket");
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
