package io.odradek.core.transport;

import io.odradek.storage.env.EventLoop;

/** The way to other brokers. Thread-safe. */
public interface BrokerClient extends AutoCloseable {
    /** Reaches nobody. */
    BrokerClient NONE = new BrokerClient() {
        @Override
        public BrokerConnection connection(String host, int port, EventLoop loop) {
            throw new BrokerUnreachableException("This broker reaches no others, not " + host + ":" + port);
        }

        @Override
        public void close() {
            // It has no connections.
        }
    };

    /**
     * A connection for one purpose, made when it is first needed, and again after it was lost.
     *
     * @param host where the broker listens
     * @param port where the broker listens
     * @param loop where answers arrive, and from where the connection is used
     */
    BrokerConnection connection(String host, int port, EventLoop loop);

    /** Closes all connections; what is under way fails with {@link BrokerUnreachableException}. */
    @Override
    void close();
}
