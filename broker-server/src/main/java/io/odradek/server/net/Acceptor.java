package io.odradek.server.net;

import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.WriteBufferWaterMark;
import io.odradek.core.config.BrokerConfig;
import io.odradek.core.quota.AddressRates;
import io.odradek.core.transport.ConnectionContext;
import io.odradek.core.transport.Peer;
import io.odradek.server.net.frame.FrameReceiveAllocator;
import io.odradek.server.net.frame.InboundHandler;
import io.odradek.server.net.socket.SocketFaults;
import io.odradek.storage.env.FewLines;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.LoggerFactory;

/** Accepts the connections of one listener, within the limits, and deals them out to the processors. */
final class Acceptor extends InboundHandler {
    private static final long PAUSE_AFTER_FAILURE_MS = 1_000;
    private static final long BETWEEN_LINES_MS = 60_000;
    private static final AtomicLong SEQUENCE = new AtomicLong();

    private final String listenerName;
    private final ListenerGate gate;
    private final Processors shared;
    private final EventLoop[] processors;
    private final ConnectionLimits limits;
    private final Set<Connection> connections;
    private final BrokerConfig config;
    private final FewLines faults;
    private final int sendBufferBytes;
    private final int receiveBufferBytes;
    private int nextProcessor;
    private HeldConnections held;

    /** @param gate what connections go through before their requests are served, null for nothing */
    Acceptor(
            String listenerName,
            ListenerGate gate,
            Processors shared,
            EventLoop[] processors,
            ConnectionLimits limits,
            Set<Connection> connections,
            BrokerConfig config) {
        this.listenerName = listenerName;
        this.gate = gate;
        this.shared = shared;
        this.processors = processors;
        this.limits = limits;
        this.connections = connections;
        this.config = config;
        this.faults = new FewLines(LoggerFactory.getLogger(NetworkServer.class), shared.clock(), 1, BETWEEN_LINES_MS);
        this.sendBufferBytes = config.int32("socket.send.buffer.bytes");
        this.receiveBufferBytes = config.int32("socket.receive.buffer.bytes");
    }

    @Override
    public void channelRead(ChannelHandlerContext listening, Object accepted) {
        Channel channel = (Channel) accepted;
        InetSocketAddress peer = (InetSocketAddress) channel.remoteAddress();
        InetSocketAddress local = (InetSocketAddress) channel.localAddress();
        if (peer == null || local == null) {
            channel.unsafe().closeForcibly();
            return;
        }
        long nowNs = shared.clock().monotonicNs();
        InetAddress address = peer.getAddress();
        AddressRates rates = shared.receiver().addressRates();
        long restMs = rates == null ? 0 : rates.restMs(address, nowNs);
        if (restMs > 0) {
            // Nobody else waits for it.
            held().hold(listening, channel, restMs);
            return;
        }
        long waitMs = limits.came(listenerName, nowNs);
        if (waitMs > 0) {
            pause(listening, waitMs);
        }
        String refusal = limits.tryAdd(listenerName, address);
        if (refusal != null) {
            shared.log()
                    .warn("Refusing a connection of " + address.getHostAddress() + " to listener " + listenerName
                            + ": there are as many as allowed by " + refusal);
            channel.unsafe().closeForcibly();
            return;
        }
        Connection connection = new Connection(shared, contextOf(local, peer), gate == null ? null : gate.login());
        try {
            configure(channel, connection);
            if (gate != null && gate.tls() != null) {
                gate.tls().before(connection, channel);
            }
        } catch (RuntimeException gone) {
            // The peer has closed it already, so that it takes no more options.
            limits.remove(listenerName, address);
            channel.unsafe().closeForcibly();
            shared.log().warn("A connection of " + address.getHostAddress() + " ended at once: " + gone.getMessage());
            return;
        }
        connections.add(connection);
        channel.closeFuture().addListener(closed -> {
            connections.remove(connection);
            limits.remove(listenerName, address);
        });
        int tooMany = limits.tooMany();
        if (tooMany > 0) {
            // A broker's own listener takes it all the same.
            new ExcessConnections(connections, config).close(tooMany, limits.most());
        }
        channel.pipeline().addLast(connection);
        nextProcessor = (nextProcessor + 1) % processors.length;
        processors[nextProcessor].register(channel).addListener(registered -> {
            if (!registered.isSuccess()) {
                channel.unsafe().closeForcibly();
            }
        });
    }

    private HeldConnections held() {
        if (held == null) {
            held = new HeldConnections(limits, config.int32("odradek.connections.held.max"));
        }
        return held;
    }

    @Override
    public void channelInactive(ChannelHandlerContext listening) {
        if (held != null) {
            held.close();
        }
    }

    /** Out of file descriptors, most likely: an accept that fails is not tried again at once. */
    @Override
    public void exceptionCaught(ChannelHandlerContext listening, Throwable fault) {
        faults.warn("Listener " + listenerName + " cannot accept a connection: " + SocketFaults.ofAccepting(fault));
        pause(listening, PAUSE_AFTER_FAILURE_MS);
    }

    private static void pause(ChannelHandlerContext listening, long forMs) {
        if (listening.channel().config().isAutoRead()) {
            listening.channel().config().setAutoRead(false);
            listening
                    .executor()
                    .schedule(() -> listening.channel().config().setAutoRead(true), forMs, TimeUnit.MILLISECONDS);
        }
    }

    private void configure(Channel channel, Connection connection) {
        int high = shared.limits().mostPendingResponseBytes();
        channel.config().setAllocator(PooledByteBufAllocator.DEFAULT);
        channel.config().setRecvByteBufAllocator(new FrameReceiveAllocator(connection.reader()));
        channel.config().setWriteBufferWaterMark(new WriteBufferWaterMark(high / 2, high));
        channel.config().setOption(ChannelOption.TCP_NODELAY, true);
        channel.config().setOption(ChannelOption.SO_KEEPALIVE, true);
        if (sendBufferBytes > 0) {
            channel.config().setOption(ChannelOption.SO_SNDBUF, sendBufferBytes);
        }
        if (receiveBufferBytes > 0) {
            channel.config().setOption(ChannelOption.SO_RCVBUF, receiveBufferBytes);
        }
    }

    private ConnectionContext contextOf(InetSocketAddress local, InetSocketAddress peer) {
        long sequence = SEQUENCE.incrementAndGet();
        String id = local.getAddress().getHostAddress() + ":" + local.getPort() + "-"
                + peer.getAddress().getHostAddress() + ":" + peer.getPort() + "-" + sequence;
        return new ConnectionContext(id, sequence, Peer.anonymous(peer.getAddress(), listenerName));
    }
}
