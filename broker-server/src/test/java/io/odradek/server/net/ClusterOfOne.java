package io.odradek.server.net;

import io.odradek.core.config.BrokerConfig;
import io.odradek.core.coordination.ClusterPaths;
import io.odradek.core.coordination.CoordinationHome;
import io.odradek.core.coordination.CoordinationSession;
import io.odradek.core.coordination.CoordinationStore.CreateMode;
import io.odradek.core.coordination.InProcessHome;
import io.odradek.core.coordination.JournalSettings;
import io.odradek.core.coordination.node.BrokerNode;
import io.odradek.core.metadata.MetadataImage.Endpoint;
import io.odradek.server.Broker;
import io.odradek.server.BrokerOptions;
import io.odradek.server.env.SecureRandoms;
import io.odradek.server.env.SystemClock;
import io.odradek.server.env.ThreadEventLoop;
import io.odradek.server.net.socket.Transport;
import io.odradek.storage.env.EventLoop;
import io.odradek.storage.env.Guests;
import io.odradek.storage.env.Meters;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletionStage;

/** A broker, and another that is registered beside it, where the test stands: it hears what it is told, and says nothing. */
final class ClusterOfOne implements AutoCloseable {
    private final Broker broker;
    private final ScriptedPeer guest;
    private final ThreadEventLoop loop;

    private ClusterOfOne(Broker broker, ScriptedPeer guest, ThreadEventLoop loop) {
        this.broker = broker;
        this.guest = guest;
        this.loop = loop;
    }

    static ClusterOfOne start(Map<String, String> settings, int guestId) throws IOException {
        SharedHome[] home = new SharedHome[1];
        Broker broker = Broker.start(
                BrokerConfig.of(settings),
                new BrokerOptions(
                        Transport.best(),
                        false,
                        Meters.NONE,
                        surroundings -> {
                            home[0] = new SharedHome(InProcessHome.journalled(JournalSettings.EMBEDDED)
                                    .open(surroundings));
                            return home[0];
                        },
                        (folder, cause) -> {}));
        ThreadEventLoop loop =
                new ThreadEventLoop("guest", true, new Guests(new SystemClock(), new SecureRandoms())).start();
        ScriptedPeer guest = new ScriptedPeer((connection, in, out) -> ScriptedPeer.awaitEnd(in));
        Endpoint endpoint = new Endpoint("127.0.0.1", guest.address().getPort());
        BrokerNode node = new BrokerNode(
                new TreeMap<>(Map.of("PLAINTEXT", endpoint)), Map.of("PLAINTEXT", "PLAINTEXT"), null, 1L);
        CoordinationSession session =
                home[0].openSession(loop).toCompletableFuture().join();
        session.create(ClusterPaths.broker(guestId), node.encode(), CreateMode.EPHEMERAL)
                .toCompletableFuture()
                .join();
        return new ClusterOfOne(broker, guest, loop);
    }

    /** The broker's own tree, of which it is told that it is not. */
    private record SharedHome(CoordinationHome own) implements CoordinationHome {
        @Override
        public CompletionStage<CoordinationSession> openSession(EventLoop loop) {
            return own.openSession(loop);
        }

        @Override
        public boolean isOneBrokers() {
            return false;
        }

        @Override
        public CompletionStage<Void> close() {
            return own.close();
        }
    }

    InetSocketAddress address() {
        Endpoint endpoint = broker.advertised().values().iterator().next();
        return new InetSocketAddress(endpoint.host(), endpoint.port());
    }

    @Override
    public void close() throws IOException {
        broker.close();
        guest.close();
        loop.close();
    }
}
