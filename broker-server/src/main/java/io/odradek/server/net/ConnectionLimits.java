package io.odradek.server.net;

import io.odradek.core.config.BrokerConfig;
import io.odradek.core.config.ConfigException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.HashMap;
import java.util.Map;

/** How many connections there may be, and how many of one address. Thread-safe. */
final class ConnectionLimits {
    private int most;
    private String mostIs;
    private final int mostPerAddress;
    private final Map<InetAddress, Integer> overrides = new HashMap<>();
    private final Map<InetAddress, Integer> byAddress = new HashMap<>();
    private int connections;

    private ConnectionLimits(int most, int mostPerAddress) {
        this.most = most;
        this.mostIs = "max.connections, which is " + most;
        this.mostPerAddress = mostPerAddress;
    }

    static ConnectionLimits of(BrokerConfig config) {
        ConnectionLimits limits =
                new ConnectionLimits(config.int32("max.connections"), config.int32("max.connections.per.ip"));
        for (String item : config.list("max.connections.per.ip.overrides")) {
            int colon = item.lastIndexOf(':');
            try {
                InetAddress address =
                        InetAddress.getByName(item.substring(0, colon).trim());
                limits.overrides.put(
                        address, Integer.valueOf(item.substring(colon + 1).trim()));
            } catch (UnknownHostException unknown) {
                throw new ConfigException(
                        "max.connections.per.ip.overrides", item, "an address, or a host name that can be looked up");
            }
        }
        return limits;
    }

    /** Allows at most so many connections. @param why which limit that is, as part of a sentence */
    synchronized void allowAtMost(int connections, String why) {
        if (connections < most) {
            most = connections;
            mostIs = why;
        }
    }

    /** Counts a new connection. {@return null, or which limit refuses it} */
    synchronized String tryAdd(InetAddress address) {
        if (connections >= most) {
            return mostIs;
        }
        int ofAddress = byAddress.getOrDefault(address, 0);
        int mostOfAddress = overrides.getOrDefault(address, mostPerAddress);
        if (ofAddress >= mostOfAddress) {
            return "max.connections.per.ip, which is " + mostOfAddress;
        }
        byAddress.put(address, ofAddress + 1);
        connections++;
        return null;
    }

    /** Takes a connection that was counted off again. */
    synchronized void remove(InetAddress address) {
        connections--;
        byAddress.computeIfPresent(address, (key, count) -> count == 1 ? null : count - 1);
    }

    /** {@return the connections there are} */
    synchronized int connections() {
        return connections;
    }
}
