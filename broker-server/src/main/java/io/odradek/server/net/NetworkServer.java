package io.odradek.server.net;

import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.ServerChannel;
import io.netty.util.internal.PlatformDependent;
import io.odradek.core.config.BrokerConfig;
import io.odradek.core.config.Listener;
import io.odradek.core.memory.MemoryAccount;
import io.odradek.core.transport.BrokerClient;
import io.odradek.server.net.link.NettyBrokerClient;
import io.odradek.server.net.secure.ListenerSecurity;
import io.odradek.server.net.socket.SocketFaults;
import io.odradek.server.net.socket.Transport;
import io.odradek.storage.env.Guests;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;

/**
 * The network front end of a broker: a listening socket for each listener and the processors that serve its connections.
 * It is opened in two steps: {@link #bind} takes the ports, so that a port in use is known before anything else starts and
 * a free port is known by its number; {@link #serve} begins to accept.
 */
public final class NetworkServer implements AutoCloseable {
    private static final long END_WITHIN_MS = 5_000;

    private final BrokerConfig config;
    private final Guests guests;
    private final Processors shared;
    private final EventLoop[] loops;
    private final Transport transport;
    private final ConnectionLimits limits;
    private final ListenerSecurity security;
    private final Set<Connection> connections = ConcurrentHashMap.newKeySet();
    private final List<Channel> listening = new ArrayList<>();
    private final List<Thread> threads = new CopyOnWriteArrayList<>();

    /**
     * Makes the front end, without a thread or a socket yet.
     *
     * @param daemon whether its threads let the JVM end
     * @param memory what clients may make it use
     * @param receiver takes the requests
     * @param security what connections go through before that, null for nothing
     */
    public NetworkServer(
            BrokerConfig config,
            Transport transport,
            Guests guests,
            boolean daemon,
            MemoryAccount memory,
            RequestReceiver receiver,
            ListenerSecurity security) {
        this.config = config;
        this.guests = guests;
        this.transport = transport;
        this.shared = Processors.of(config, memory, guests, receiver);
        this.limits = ConnectionLimits.of(config);
        this.security = security;
        this.loops = transport.loops(config.int32("num.network.threads"), daemon, threads::add);
        if (guests.meters().kept()) {
            new NetworkMeters(guests, loops, threads, connections, shared.permits()).show(config);
        }
    }

    /** {@return the most direct memory that sockets can be read into and written from} */
    public static long mostDirectBytes() {
        return PlatformDependent.maxDirectMemory();
    }

    /** {@return the longest request that there is memory for while it arrives, whatever is allowed} */
    public static long largestRequestHeldBytes(BrokerConfig config, MemoryAccount memory) {
        return NetworkLimits.of(config, memory).frames().partial().limitBytes();
    }

    /**
     * Takes the ports of all listeners.
     *
     * @return the addresses, in the order of the listeners
     * @throws IOException if one of them cannot be had; its message is one line that names the listener
     */
    public List<InetSocketAddress> bind() throws IOException {
        List<InetSocketAddress> bound = new ArrayList<>();
        for (Listener listener : config.listeners().listeners()) {
            bound.add(bind(listener));
        }
        return bound;
    }

    /**
     * {@return the way to other brokers, over the processors' loops; it is closed before this front end}
     *
     * @param blocking where names of hosts are looked up
     */
    public BrokerClient brokerClient(Executor blocking) {
        return new NettyBrokerClient(config, shared.limits().mostDecodedBytes(), transport, loops, blocking, security);
    }

    /**
     * Allows at most so many connections, whatever {@code max.connections} says.
     *
     * @param why which limit that is, to be put into the line of the log about a connection that is refused
     */
    public void allowAtMost(int mostConnections, String why) {
        limits.allowAtMost(mostConnections, why);
    }

    /**
     * Takes over how many connections there may be now, and closes what is too much: those first that have rested longest, and
     * those of brokers, where they have a listener of their own, never. May block, as names of hosts are looked up.
     *
     * @throws io.odradek.core.config.ConfigException if a name is not known; nothing has changed then
     */
    public void limitConnections(BrokerConfig now) {
        limits.take(ConnectionLimits.Rules.of(now));
        int tooMany = limits.tooMany();
        if (tooMany > 0) {
            new ExcessConnections(connections, now).close(tooMany, limits.most());
        }
    }

    /** Begins to accept connections. */
    public void serve() {
        for (Channel channel : listening) {
            channel.config().setAutoRead(true);
        }
    }

    /** Closes the connections that are idle for too long now that the clock was moved. */
    public void lookAtClock() {
        for (Connection connection : connections) {
            connection.lookAtClock();
        }
        awaitLoops();
    }

    /** Takes no more connections and no more requests; when it returns, none is being handed on. Answers are still sent. */
    public void stopReading() {
        for (Channel channel : listening) {
            channel.close().awaitUninterruptibly(END_WITHIN_MS);
        }
        for (Connection connection : connections) {
            connection.stopReading();
        }
        awaitLoops();
    }

    private void awaitLoops() {
        for (EventLoop loop : loops) {
            if (!loop.isShuttingDown()) {
                loop.submit(() -> {}).awaitUninterruptibly(END_WITHIN_MS);
            }
        }
    }

    /** Closes all sockets and waits for the processors to end. */
    @Override
    public void close() {
        stopReading();
        closeConnections();
        for (EventLoop loop : loops) {
            loop.shutdownGracefully(0, END_WITHIN_MS, TimeUnit.MILLISECONDS);
        }
        boolean interrupted = false;
        for (EventLoop loop : loops) {
            boolean ended = false;
            while (!ended) {
                try {
                    ended = loop.awaitTermination(END_WITHIN_MS, TimeUnit.MILLISECONDS);
                } catch (InterruptedException notNow) {
                    interrupted = true;
                }
            }
        }
        // A loop is over somewhat earlier than its thread.
        for (Thread thread : threads) {
            while (thread.isAlive()) {
                try {
                    thread.join();
                } catch (InterruptedException notNow) {
                    interrupted = true;
                }
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** A loop that is told to end does not always close its sockets. */
    private void closeConnections() {
        List<ChannelFuture> ends = new ArrayList<>();
        for (Connection connection : connections) {
            ends.add(connection.end());
        }
        for (ChannelFuture end : ends) {
            end.awaitUninterruptibly(END_WITHIN_MS);
        }
    }

    /** {@return the open connections} */
    int connections() {
        return limits.connections();
    }

    /** {@return the connections that are held unserved, as their addresses had too many} */
    int held() {
        return limits.held();
    }

    /** {@return the requests in work} */
    int requestsInWork() {
        return shared.permits().inWork();
    }

    /** {@return the connections that wait for requests in work to end} */
    int waitingForPermits() {
        return shared.permits().waiting();
    }

    /** {@return the memory of partial requests} */
    long partialBytes() {
        return shared.memory().partial().share().usedBytes();
    }

    private ListenerGate gate(Listener listener) {
        return security == null
                ? null
                : ListenerGate.of(listener, config, security, shared, LoginMeters.of(guests, loops, listener.name()));
    }

    private InetSocketAddress bind(Listener listener) throws IOException {
        InetSocketAddress address = listener.host().isEmpty()
                ? new InetSocketAddress(listener.port())
                : new InetSocketAddress(listener.host(), listener.port());
        if (address.isUnresolved()) {
            throw new IOException("Cannot listen on " + listener + ": the host is not known");
        }
        ServerChannel channel = transport.serverChannel();
        channel.config().setAutoRead(false);
        channel.config().setOption(ChannelOption.SO_REUSEADDR, true);
        channel.config().setOption(ChannelOption.SO_BACKLOG, config.int32("socket.listen.backlog.size"));
        channel.pipeline()
                .addLast(new Acceptor(listener.name(), gate(listener), shared, loops, limits, connections, config));
        ChannelFuture done = loops[0].register(channel).awaitUninterruptibly();
        if (done.isSuccess()) {
            listening.add(channel);
            done = channel.bind(address).awaitUninterruptibly();
        }
        if (!done.isSuccess()) {
            throw new IOException(
                    "Cannot listen on " + listener + ": " + SocketFaults.words(done.cause(), address), done.cause());
        }
        return (InetSocketAddress) channel.localAddress();
    }
}
