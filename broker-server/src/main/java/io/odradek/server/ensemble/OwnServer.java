package io.odradek.server.ensemble;

import java.io.IOException;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import javax.security.sasl.SaslException;
import org.apache.zookeeper.server.DatadirCleanupManager;
import org.apache.zookeeper.server.ServerConfig;
import org.apache.zookeeper.server.ZooKeeperServerMain;
import org.apache.zookeeper.server.admin.AdminServer.AdminServerException;
import org.apache.zookeeper.server.quorum.QuorumPeer;
import org.apache.zookeeper.server.quorum.QuorumPeerConfig;
import org.apache.zookeeper.server.quorum.QuorumPeerMain;

/** ZooKeeper's own server, alone or one of an ensemble, for a process of its own: it keeps state in static fields. */
public final class OwnServer {
    private final QuorumPeerConfig settings;
    private final Consumer<String> listening;

    /** @param listening told once the server listens, with what it is and where */
    public OwnServer(ServerSettings settings, Consumer<String> listening) {
        this.settings = settings.parsed();
        this.listening = listening;
    }

    /**
     * Runs until the server ends by itself, which it does only if it fails.
     *
     * @throws IOException if it cannot be started, with a line that says why
     */
    public void run() throws IOException {
        new DatadirCleanupManager(
                        settings.getDataDir(),
                        settings.getDataLogDir(),
                        settings.getSnapRetainCount(),
                        settings.getPurgeInterval())
                .start();
        try {
            if (settings.isDistributed()) {
                checkElectionPort();
                new Member().runFromConfig(settings);
            } else {
                ServerConfig config = new ServerConfig();
                config.readFrom(settings);
                new Alone().runFromConfig(config);
            }
        } catch (BindException taken) {
            throw cannotListen(taken(), taken);
        } catch (AdminServerException | RuntimeException failure) {
            Throwable reason = failure.getCause() == null ? failure : failure.getCause();
            throw new IOException("The ZooKeeper server cannot run: " + reason.getMessage(), failure);
        }
    }

    /** ZooKeeper itself tries it in the background, and ends later. */
    private void checkElectionPort() throws IOException {
        if (settings.getQuorumListenOnAllIPs()) {
            return;
        }
        QuorumPeer.QuorumServer self = settings.getServers().get(settings.getServerId());
        for (InetSocketAddress address : self.electionAddr.getAllAddresses()) {
            try (ServerSocket socket = new ServerSocket()) {
                socket.setReuseAddress(true);
                socket.bind(new InetSocketAddress(address.getHostString(), address.getPort()));
            } catch (IOException failure) {
                throw cannotListen(address, failure);
            }
        }
    }

    private static IOException cannotListen(InetSocketAddress address, IOException failure) {
        return new IOException("Cannot listen on " + text(address) + ": " + failure.getMessage(), failure);
    }

    private InetSocketAddress clientAddress() {
        InetSocketAddress address = settings.getClientPortAddress();
        return address == null ? settings.getSecureClientPortAddress() : address;
    }

    /** {@return the one of its addresses that somebody else has} */
    private InetSocketAddress taken() {
        InetSocketAddress secure = settings.getSecureClientPortAddress();
        if (secure != null) {
            try (ServerSocket socket = new ServerSocket()) {
                socket.setReuseAddress(true);
                socket.bind(secure);
            } catch (IOException itIs) {
                return secure;
            }
        }
        return clientAddress();
    }

    private static String text(InetSocketAddress address) {
        return address.getHostString() + ":" + address.getPort();
    }

    private String where() {
        List<String> addresses = new ArrayList<>();
        if (settings.getClientPortAddress() != null) {
            addresses.add(text(settings.getClientPortAddress()));
        }
        if (settings.getSecureClientPortAddress() != null) {
            addresses.add(text(settings.getSecureClientPortAddress()) + " over TLS");
        }
        return String.join(" and ", addresses) + ", data in "
                + settings.getDataDir().getAbsolutePath();
    }

    private final class Alone extends ZooKeeperServerMain {
        @Override
        protected void serverStarted() {
            listening.accept("ZooKeeper serves " + where());
        }
    }

    private final class Member extends QuorumPeerMain {
        @Override
        protected QuorumPeer getQuorumPeer() throws SaslException {
            return new QuorumPeer() {
                @Override
                public synchronized void start() {
                    super.start();
                    listening.accept("ZooKeeper server " + getMyId() + " of "
                            + settings.getServers().size() + " serves " + where() + " once most of them run");
                }
            };
        }
    }
}
