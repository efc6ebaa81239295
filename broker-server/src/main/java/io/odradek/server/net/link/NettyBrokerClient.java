package io.odradek.server.net.link;

import io.netty.channel.EventLoop;
import io.netty.util.concurrent.Future;
import io.odradek.core.config.BrokerConfig;
import io.odradek.core.transport.BrokerClient;
import io.odradek.core.transport.BrokerConnection;
import io.odradek.core.transport.Purpose;
import io.odradek.server.net.secure.ListenerSecurity;
import io.odradek.server.net.socket.Transport;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;

/**
 * The way to other brokers, over the loops of the network front end. A broker that has no others loads nothing of it but
 * this class. Thread-safe.
 */
public final class NettyBrokerClient implements BrokerClient {
    private static final long END_WITHIN_MS = 5_000;

    private final BrokerConfig config;
    private final long mostDecodedBytes;
    private final Transport transport;
    private final EventLoop[] loops;
    private final Executor blocking;
    private final ListenerSecurity security;
    private final Set<NettyBrokerConnection> connections = ConcurrentHashMap.newKeySet();
    private LinkParts parts;
    private int nextLoop;
    private boolean closed;

    /**
     * @param mostDecodedBytes heap that an answer may take
     * @param loops of the network front end; they are ended after this client is closed
     * @param blocking where names of hosts are looked up
     * @param security how this broker logs in with others, null if it need not
     */
    public NettyBrokerClient(
            BrokerConfig config,
            long mostDecodedBytes,
            Transport transport,
            EventLoop[] loops,
            Executor blocking,
            ListenerSecurity security) {
        this.config = config;
        this.mostDecodedBytes = mostDecodedBytes;
        this.transport = transport;
        this.loops = loops;
        this.blocking = blocking;
        this.security = security;
    }

    @Override
    public synchronized BrokerConnection connection(
            String host, int port, Purpose purpose, io.odradek.storage.env.EventLoop loop) {
        if (parts == null) {
            parts = LinkParts.of(config, transport, mostDecodedBytes, blocking, security);
        }
        BrokerConnection connection = NettyBrokerConnection.open(
                parts, new Destination(host, port, purpose), loop, loops[nextLoop], connections);
        nextLoop = (nextLoop + 1) % loops.length;
        if (closed) {
            connection.close();
        }
        return connection;
    }

    @Override
    public InetAddress lookUp(String host) {
        try {
            return InetAddress.getByName(host);
        } catch (UnknownHostException unknown) {
            return null;
        }
    }

    /** Returns when all that was under way has been failed, that is, posted to the loops of the callers. */
    @Override
    public void close() {
        synchronized (this) {
            closed = true;
        }
        List<Future<?>> ends = new ArrayList<>();
        for (NettyBrokerConnection connection : connections) {
            ends.add(connection.shut());
        }
        for (Future<?> end : ends) {
            end.awaitUninterruptibly(END_WITHIN_MS, TimeUnit.MILLISECONDS);
        }
        connections.clear();
    }
}
