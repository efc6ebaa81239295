package io.odradek.core.transport;

import io.odradek.storage.env.EventLoop;
import java.net.InetAddress;

/** The way to other brokers. Thread-safe. */
public interface BrokerClient extends AutoCloseable {
    /** Reaches nobody. */
    BrokerClient NONE = new BrokerClient() {
        @Override
        public BrokerConnection connection(String host, int port, Purpose purpose, EventLoop loop) {
            throw new BrokerUnreachableException("This broker reaches no others, not " + host + ":" + port);
        }

        @Override
        public InetAddress lookUp(String host) {
            return null;
        }

        @Override
        public void close() {
            // It has no connections.
        }
    };

    /**
     * A connection for one purpose. It is made when it is first sent over, and again by the next request after it was lost;
     * the host's name is looked up each time.
     *
     * @param host where the broker listens
     * @param port where the broker listens
     * @param purpose what it is for
     * @param loop where answers arrive, and from where the connection is used
     */
    BrokerConnection connection(String host, int port, Purpose purpose, EventLoop loop);

    /** {@return the address of a host, null if it cannot be looked up; blocks} */
    InetAddress lookUp(String host);

    /** Closes all connections; what is under way fails with {@link BrokerUnreachableException}. */
    @Override
    void close();
}
