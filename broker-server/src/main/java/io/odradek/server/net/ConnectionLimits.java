package io.odradek.server.net;

import io.odradek.core.config.BrokerConfig;
import io.odradek.core.config.ConfigException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.HashMap;
import java.util.Map;

/** How many connections there may be, how many of one address, and how many may come in a second. Thread-safe. */
final class ConnectionLimits {
    private static final double NANOS_PER_SECOND = 1e9;
    private static final long NANOS_PER_MS = 1_000_000;

    private final Map<InetAddress, Integer> byAddress = new HashMap<>();
    private Rules rules;
    private int mostInAnyCase = Integer.MAX_VALUE;
    private String mostInAnyCaseIs;
    private int connections;
    private long nextAtNs = Long.MIN_VALUE;

    /**
     * What the settings say.
     *
     * @param most {@code max.connections}
     * @param mostPerAddress {@code max.connections.per.ip}
     * @param overrides {@code max.connections.per.ip.overrides}
     * @param mostPerSecond {@code max.connection.creation.rate}
     */
    record Rules(int most, int mostPerAddress, Map<InetAddress, Integer> overrides, int mostPerSecond) {
        /**
         * Reads them, and looks host names up, which blocks.
         *
         * @throws ConfigException if a name is not known
         */
        static Rules of(BrokerConfig config) {
            Map<InetAddress, Integer> overrides = new HashMap<>();
            for (String item : config.list("max.connections.per.ip.overrides")) {
                int colon = item.lastIndexOf(':');
                try {
                    overrides.put(
                            InetAddress.getByName(item.substring(0, colon).trim()),
                            Integer.valueOf(item.substring(colon + 1).trim()));
                } catch (UnknownHostException unknown) {
                    throw new ConfigException(
                            "max.connections.per.ip.overrides",
                            item,
                            "an address, or a host name that can be looked up");
                }
            }
            return new Rules(
                    config.int32("max.connections"),
                    config.int32("max.connections.per.ip"),
                    overrides,
                    config.int32("max.connection.creation.rate"));
        }
    }

    private ConnectionLimits(Rules rules) {
        this.rules = rules;
    }

    static ConnectionLimits of(BrokerConfig config) {
        return new ConnectionLimits(Rules.of(config));
    }

    /** Takes over what the settings say now. {@return how many connections there are too many} */
    synchronized int take(Rules now) {
        rules = now;
        return Math.max(0, connections - Math.min(rules.most(), mostInAnyCase));
    }

    /** Allows at most so many connections, whatever the settings say. @param why which limit that is, as part of a sentence */
    synchronized void allowAtMost(int most, String why) {
        if (most < mostInAnyCase) {
            mostInAnyCase = most;
            mostInAnyCaseIs = why;
        }
    }

    /** Counts a new connection. {@return null, or which limit refuses it} */
    synchronized String tryAdd(InetAddress address) {
        if (connections >= Math.min(rules.most(), mostInAnyCase)) {
            return mostInAnyCase < rules.most() ? mostInAnyCaseIs : "max.connections, which is " + rules.most();
        }
        int ofAddress = byAddress.getOrDefault(address, 0);
        int mostOfAddress = rules.overrides().getOrDefault(address, rules.mostPerAddress());
        if (ofAddress >= mostOfAddress) {
            return "max.connections.per.ip, which is " + mostOfAddress;
        }
        byAddress.put(address, ofAddress + 1);
        connections++;
        return null;
    }

    /** Notes that a connection has come, whatever becomes of it. {@return for how long no other is to be accepted, ms} */
    synchronized long came(long nowNs) {
        if (rules.mostPerSecond() == Integer.MAX_VALUE) {
            return 0;
        }
        // A second in which none came is made up for by the next ones, and no more than that.
        long earliestNs = nowNs - (long) NANOS_PER_SECOND;
        nextAtNs = Math.max(nextAtNs, earliestNs) + (long) (NANOS_PER_SECOND / Math.max(1, rules.mostPerSecond()));
        return Math.max(0, (nextAtNs - nowNs + NANOS_PER_MS - 1) / NANOS_PER_MS);
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
