package io.odradek.server.admin;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.SingleThreadIoEventLoop;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.util.concurrent.FastThreadLocalThread;
import io.odradek.core.config.AdminListener;
import io.odradek.core.config.BrokerConfig;
import io.odradek.server.Broker;
import io.odradek.server.metrics.MetricsText;
import io.odradek.server.net.socket.SocketFaults;
import io.odradek.storage.env.Guests;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The admin listeners of a broker. They answer from before the broker starts until after it has stopped, so that it can be
 * seen to do either.
 */
public final class AdminServer implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(AdminServer.class);
    private static final int LONGEST_LINE_BYTES = 8_192;
    private static final int LONGEST_HEADERS_BYTES = 16_384;
    private static final int LONGEST_PART_BYTES = 8_192;
    private static final long LEAST_HELD_BYTES = 1 << 20;
    private static final int SHARE_OF_HEAP = 32;
    private static final long END_WITHIN_MS = 5_000;

    /** Made at the start, so that one without HTTP on its class path is noticed there. */
    private final HttpDecoderConfig limits = new HttpDecoderConfig()
            .setMaxInitialLineLength(LONGEST_LINE_BYTES)
            .setMaxHeaderSize(LONGEST_HEADERS_BYTES)
            .setMaxChunkSize(LONGEST_PART_BYTES);

    private final List<Channel> listening = new ArrayList<>();
    private final List<Channel> connected = new ArrayList<>();
    private final Routes routes;
    private final AdminConnections connections;
    private final EventLoop loop;
    private volatile Thread thread;
    private volatile Life life = new Life.Starting();

    private AdminServer(BrokerConfig config, List<AdminListener> listeners, Guests guests) {
        HostNames names = new HostNames(listeners, config.list("odradek.admin.host.names"));
        MetricsText metrics = MetricsText.of(guests.meters());
        routes = new Routes(() -> life, names, isLoopback(listeners), metrics, new AdminApi(guests.clock()));
        connections = new AdminConnections(
                routes,
                config.int32("odradek.admin.max.connections"),
                config.int32("odradek.admin.timeout.ms"),
                Math.max(LEAST_HELD_BYTES, Runtime.getRuntime().maxMemory() / SHARE_OF_HEAP));
        loop = new SingleThreadIoEventLoop(null, this::newThread, NioIoHandler.newFactory());
    }

    /**
     * Begins to listen.
     *
     * @param guests the broker's clock, and its meters, which {@code /metrics} shows if they can be written as text
     * @return null if the configuration has no admin listener
     * @throws IOException if a port cannot be had; its message is one line that names it
     */
    public static AdminServer start(BrokerConfig config, Guests guests) throws IOException {
        List<AdminListener> listeners = AdminListener.of(config);
        if (listeners.isEmpty()) {
            return null;
        }
        AdminServer server = new AdminServer(config, listeners, guests);
        try {
            for (AdminListener listener : listeners) {
                server.listen(listener);
            }
            return server;
        } catch (IOException | RuntimeException | Error failure) {
            server.close();
            throw failure;
        }
    }

    /** {@return where it listens, in the order of the setting} */
    public List<URI> addresses() {
        List<URI> addresses = new ArrayList<>();
        for (Channel channel : listening) {
            addresses.add(URI.create(place(channel)));
        }
        return addresses;
    }

    private static String place(Channel channel) {
        InetSocketAddress address = (InetSocketAddress) channel.localAddress();
        return new AdminListener(address.getAddress().getHostAddress(), address.getPort()).toString();
    }

    /** Tells that the broker serves. */
    public void serves(Broker broker) {
        life = new Life.Serving(broker);
    }

    /** Tells that the broker begins to stop. */
    public void stops() {
        life = new Life.Stopping();
    }

    private void listen(AdminListener listener) throws IOException {
        InetSocketAddress address = new InetSocketAddress(listener.host(), listener.port());
        if (address.isUnresolved()) {
            throw new IOException("Cannot listen on " + listener + ": the host is not known");
        }
        ChannelFuture bound = new ServerBootstrap()
                .group(loop)
                .channel(NioServerSocketChannel.class)
                .option(ChannelOption.SO_REUSEADDR, true)
                .childOption(ChannelOption.TCP_NODELAY, true)
                .childOption(ChannelOption.AUTO_READ, false)
                .childHandler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        AdminServer.this.open(channel);
                    }
                })
                .bind(address)
                .awaitUninterruptibly();
        if (!bound.isSuccess()) {
            throw new IOException(
                    "Cannot listen on " + listener + ": " + SocketFaults.words(bound.cause(), address), bound.cause());
        }
        listening.add(bound.channel());
        LOG.info("The broker may be looked at on {}", place(bound.channel()));
        if (!address.getAddress().isLoopbackAddress()) {
            LOG.warn(
                    "The admin listener {} is open to other machines: whoever reaches it can read all records, as there is"
                            + " no login yet",
                    listener);
        }
    }

    private void open(Channel channel) {
        connected.add(channel);
        channel.closeFuture().addListener(closed -> connected.remove(channel));
        channel.pipeline().addLast(new HttpServerCodec(limits)).addLast(new AdminConnection(connections));
    }

    private Thread newThread(Runnable task) {
        thread = new FastThreadLocalThread(task, "odradek-admin");
        thread.setDaemon(true);
        return thread;
    }

    private static boolean isLoopback(List<AdminListener> listeners) {
        for (AdminListener listener : listeners) {
            InetSocketAddress address = new InetSocketAddress(listener.host(), listener.port());
            if (address.isUnresolved() || !address.getAddress().isLoopbackAddress()) {
                return false;
            }
        }
        return true;
    }

    /** Closes all connections, and ends all threads. */
    @Override
    public void close() {
        for (Channel channel : listening) {
            channel.close().awaitUninterruptibly(END_WITHIN_MS);
        }
        routes.close();
        if (!loop.isShuttingDown()) {
            loop.submit(() -> List.copyOf(connected).forEach(Channel::close)).awaitUninterruptibly(END_WITHIN_MS);
        }
        loop.shutdownGracefully(0, END_WITHIN_MS, TimeUnit.MILLISECONDS);
        boolean interrupted = false;
        while (thread != null && thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException notNow) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
