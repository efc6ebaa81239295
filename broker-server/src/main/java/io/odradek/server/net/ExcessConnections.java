package io.odradek.server.net;

import io.odradek.core.config.BrokerConfig;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Connections that have become too many, as {@code max.connections} is less than before, or a broker has come. */
final class ExcessConnections {
    private final Collection<Connection> connections;
    private final BrokerConfig config;

    /** @param connections those that there are */
    ExcessConnections(Collection<Connection> connections, BrokerConfig config) {
        this.connections = connections;
        this.config = config;
    }

    /** Closes so many, as far as there are that may be closed. @param most how many there may be now */
    void close(int tooMany, int most) {
        boolean brokersApart = config.listeners().listeners().size() > 1;
        List<Connection> closable = new ArrayList<>();
        Map<Connection, Long> lastActive = new HashMap<>();
        for (Connection connection : connections) {
            String listener = connection.context().peer().listenerName();
            if (!brokersApart || !listener.equals(config.listeners().interBrokerName())) {
                closable.add(connection);
                lastActive.put(connection, connection.lastActivityNs());
            }
        }
        closable.sort(Comparator.comparing(lastActive::get));
        for (Connection connection : closable.subList(0, Math.min(tooMany, closable.size()))) {
            connection.closeSoon("there are more than max.connections, which is now " + most);
        }
    }
}
