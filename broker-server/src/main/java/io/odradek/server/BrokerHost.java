package io.odradek.server;

import io.odradek.core.config.BrokerLoggers;
import io.odradek.core.transport.BrokerClient;

/** Whoever has a broker inside their process: what they may do to it on its way up. By default, nothing. */
public interface BrokerHost {
    /** Does nothing. */
    BrokerHost NONE = new BrokerHost() {};

    /** {@return the broker's way to other brokers} @param direct the way that it has by itself */
    default BrokerClient wayToOthers(BrokerClient direct) {
        return direct;
    }

    /** {@return the loggers of its process, if the broker may change their levels; null if not} */
    default BrokerLoggers loggers() {
        return null;
    }

    /** The broker is started, and takes its first connections when this returns. */
    default void beforeServing(Broker broker) {}
}
