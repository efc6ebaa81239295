package io.odradek.server;

import io.odradek.core.config.BrokerConfig;
import io.odradek.core.coordination.InProcessHome;
import io.odradek.core.coordination.JournalSettings;
import io.odradek.core.memory.MemoryAccount;
import io.odradek.core.metadata.MetadataImage.Endpoint;
import io.odradek.server.net.FrontEndFigures;
import io.odradek.server.net.socket.Transport;
import io.odradek.storage.env.Meters;
import io.odradek.storage.io.LogFileSystem;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** A broker on a disk of the test's, into which one can look. */
public final class OpenedBroker implements AutoCloseable {
    private final Broker broker;
    private final Endpoint endpoint;

    private OpenedBroker(Broker broker) {
        this.broker = broker;
        this.endpoint = broker.advertised().values().iterator().next();
    }

    /** Starts one on a free port, with the threads that a server has. */
    public static OpenedBroker start(Map<String, String> settings, LogFileSystem disk) throws IOException {
        BrokerOptions options = new BrokerOptions(
                Transport.best(),
                false,
                Meters.NONE,
                InProcessHome.journalled(JournalSettings.EMBEDDED),
                (folder, cause) -> {});
        return new OpenedBroker(Broker.start(BrokerConfig.of(settings), options, disk));
    }

    /** {@return what clients are given} */
    public String bootstrapServers() {
        return endpoint.hostAndPort();
    }

    /** {@return where it listens} */
    public InetSocketAddress address() {
        return new InetSocketAddress(endpoint.host(), endpoint.port());
    }

    /** {@return where one of its listeners is} */
    public InetSocketAddress address(String listener) {
        Endpoint one = broker.advertised().get(listener);
        return new InetSocketAddress(one.host(), one.port());
    }

    /** {@return the log folders} */
    public List<Path> logFolders() {
        return broker.logFolders();
    }

    /** {@return the state of its front end now} */
    public FrontEndFigures frontEnd() {
        return FrontEndFigures.of(broker.network());
    }

    /** {@return what clients make it use} */
    public MemoryAccount memory() {
        return broker.memory();
    }

    @Override
    public void close() throws IOException {
        broker.close();
    }
}
