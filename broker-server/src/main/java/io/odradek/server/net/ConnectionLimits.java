package io.odradek.server.net;

import io.odradek.core.config.BrokerConfig;
import io.odradek.core.config.ConfigException;
import io.odradek.core.config.ListenerSettings;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.HashMap;
import java.util.Map;

/**
 * How many connections there may be, how many of one listener and of one address, and how many may come in a second. As with
 * Kafka, a listener that brokers have for themselves heeds only what is set for it, not what is set for all together. Thread-safe.
 */
final class ConnectionLimits {
    private static final double NANOS_PER_SECOND = 1e9;
    private static final long NANOS_PER_MS = 1_000_000;
    private static final int HELD_OF_ALL = 8;
    private static final String MOST = "max.connections";
    private static final String RATE = "max.connection.creation.rate";

    private final Map<InetAddress, Integer> byAddress = new HashMap<>();
    private final Map<String, Integer> byListener = new HashMap<>();
    private final Map<String, Long> nextOfListenerAtNs = new HashMap<>();
    private Rules rules;
    private int mostInAnyCase = Integer.MAX_VALUE;
    private String mostInAnyCaseIs;
    private int connections;
    private int held;
    private long nextAtNs = Long.MIN_VALUE;

    /**
     * What the settings say.
     *
     * @param most {@code max.connections}
     * @param mostPerAddress {@code max.connections.per.ip}
     * @param overrides {@code max.connections.per.ip.overrides}
     * @param mostPerSecond {@code max.connection.creation.rate}
     * @param listeners what is set of these for one listener, by its full name
     * @param ofBrokers the listener that only brokers use, null if there is none
     */
    record Rules(
            int most,
            int mostPerAddress,
            Map<InetAddress, Integer> overrides,
            int mostPerSecond,
            Map<String, Integer> listeners,
            String ofBrokers) {
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
            Map<String, Integer> listeners = new HashMap<>();
            for (String name : config.given().keySet()) {
                boolean limit = name.endsWith(MOST) || name.endsWith(RATE);
                if (limit && name.startsWith(ListenerSettings.PREFIX) && config.isSet(name)) {
                    listeners.put(name, config.int32(name));
                }
            }
            boolean apart = config.listeners().listeners().size() > 1;
            return new Rules(
                    config.int32(MOST),
                    config.int32("max.connections.per.ip"),
                    overrides,
                    config.int32(RATE),
                    listeners,
                    apart ? config.listeners().interBrokerName() : null);
        }

        private int ofListener(String listener, String setting) {
            return listeners.isEmpty()
                    ? Integer.MAX_VALUE
                    : listeners.getOrDefault(ListenerSettings.prefix(listener) + setting, Integer.MAX_VALUE);
        }
    }

    private ConnectionLimits(Rules rules) {
        this.rules = rules;
    }

    static ConnectionLimits of(BrokerConfig config) {
        return new ConnectionLimits(Rules.of(config));
    }

    /** Takes over what the settings say now. */
    synchronized void take(Rules now) {
        rules = now;
    }

    /** {@return {@code max.connections} as it is now} */
    synchronized int most() {
        return rules.most();
    }

    /** {@return how many connections there are too many} */
    synchronized int tooMany() {
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
    synchronized String tryAdd(String listener, InetAddress address) {
        if (connections + held >= mostInAnyCase) {
            return mostInAnyCaseIs;
        }
        if (connections >= rules.most() && !listener.equals(rules.ofBrokers())) {
            return MOST + ", which is " + rules.most();
        }
        int ofListener = byListener.getOrDefault(listener, 0);
        int mostOfListener = rules.ofListener(listener, MOST);
        if (ofListener >= mostOfListener) {
            return ListenerSettings.prefix(listener) + MOST + ", which is " + mostOfListener;
        }
        int ofAddress = byAddress.getOrDefault(address, 0);
        int mostOfAddress = rules.overrides().getOrDefault(address, rules.mostPerAddress());
        if (ofAddress >= mostOfAddress) {
            return "max.connections.per.ip, which is " + mostOfAddress;
        }
        byListener.put(listener, ofListener + 1);
        byAddress.put(address, ofAddress + 1);
        connections++;
        return null;
    }

    /**
     * Counts a connection that is not to be served. Of the room that there is, those take an eighth at most: nobody is refused
     * for the sake of one who comes too often.
     *
     * @return false if there are too many of these already
     */
    synchronized boolean tryHold(int mostHeld) {
        if (held >= Math.min(mostHeld, mostInAnyCase / HELD_OF_ALL) || connections + held >= mostInAnyCase) {
            return false;
        }
        held++;
        return true;
    }

    /** Takes a connection that was held off again. */
    synchronized void released() {
        held--;
    }

    /** Notes that a connection has come, whatever becomes of it. {@return for how long no other is to be accepted, ms} */
    synchronized long came(String listener, long nowNs) {
        long waitNs = 0;
        if (rules.mostPerSecond() != Integer.MAX_VALUE && !listener.equals(rules.ofBrokers())) {
            nextAtNs = next(nextAtNs, nowNs, rules.mostPerSecond());
            waitNs = nextAtNs - nowNs;
        }
        int ofListener = rules.ofListener(listener, RATE);
        if (ofListener != Integer.MAX_VALUE) {
            long next = next(nextOfListenerAtNs.getOrDefault(listener, Long.MIN_VALUE), nowNs, ofListener);
            nextOfListenerAtNs.put(listener, next);
            waitNs = Math.max(waitNs, next - nowNs);
        }
        return Math.max(0, (waitNs + NANOS_PER_MS - 1) / NANOS_PER_MS);
    }

    /** A second in which none came is made up for by the next ones, and no more than that. */
    private static long next(long beforeNs, long nowNs, int mostPerSecond) {
        return Math.max(beforeNs, nowNs - (long) NANOS_PER_SECOND)
                + (long) (NANOS_PER_SECOND / Math.max(1, mostPerSecond));
    }

    /** Takes a connection that was counted off again. */
    synchronized void remove(String listener, InetAddress address) {
        connections--;
        byListener.merge(listener, -1, Integer::sum);
        byAddress.computeIfPresent(address, (key, count) -> count == 1 ? null : count - 1);
    }

    /** {@return the connections there are} */
    synchronized int connections() {
        return connections;
    }

    /** {@return the connections that are held} */
    synchronized int held() {
        return held;
    }
}
