package io.odradek.core.config;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * The listeners of a broker and what clients are told of them.
 *
 * @param listeners where to listen
 * @param advertised what clients are told, for each listener in the same order; an empty host stands for this machine's
 *     name, port 0 for the port that was bound
 * @param interBrokerName the listener over which brokers talk
 */
public record ListenerConfig(List<Listener> listeners, List<Listener> advertised, String interBrokerName) {
    private static final Pattern IPV4 = Pattern.compile("[0-9]{1,3}(\\.[0-9]{1,3}){3}");

    static ListenerConfig of(BrokerConfig config) {
        Map<String, String> protocols = ListenerParser.protocols(config.list("listener.security.protocol.map"));
        List<Listener> listeners = config.isSet("listeners")
                ? ListenerParser.listeners("listeners", config.list("listeners"), protocols)
                : List.of(new Listener(
                        "PLAINTEXT", config.text("host.name"), config.int32("port"), protocol("PLAINTEXT", protocols)));
        refuseSharedPorts(listeners);
        List<Listener> advertised = new ArrayList<>();
        List<Listener> told = told(config, protocols, listeners);
        for (Listener listener : listeners) {
            advertised.add(advertisedOf(listener, told));
        }
        String interBrokerName = interBrokerName(config, listeners);
        checkControlPlane(config, listeners, interBrokerName);
        return new ListenerConfig(listeners, List.copyOf(advertised), interBrokerName);
    }

    /** {@return whether there is a listener where one has to log in, or whose bytes are encrypted} */
    public boolean areGuarded() {
        for (Listener listener : listeners) {
            if (listener.needsLogin() || listener.isEncrypted()) {
                return true;
            }
        }
        return false;
    }

    private static void checkControlPlane(BrokerConfig config, List<Listener> listeners, String interBrokerName) {
        if (!config.isSet("control.plane.listener.name")) {
            return;
        }
        String name = config.text("control.plane.listener.name").toUpperCase(Locale.ROOT);
        if (find(name, listeners) == null || name.equals(interBrokerName)) {
            throw new ConfigException(
                    "control.plane.listener.name",
                    name,
                    "one of the names in listeners, and not the one over which brokers talk: " + interBrokerName);
        }
    }

    private static String protocol(String name, Map<String, String> protocols) {
        return protocols.getOrDefault(name, name);
    }

    /** A port may be shared by an IPv4 and an IPv6 address (KIP-797), and by nobody else. */
    private static void refuseSharedPorts(List<Listener> listeners) {
        for (Listener listener : listeners) {
            List<Listener> sharing = new ArrayList<>();
            for (Listener other : listeners) {
                if (other.port() != 0 && other.port() == listener.port()) {
                    sharing.add(other);
                }
            }
            boolean may = sharing.size() < 2 || sharing.size() == 2 && areOfBothKinds(sharing.get(0), sharing.get(1));
            if (!may) {
                throw new ConfigException(
                        "listeners",
                        sharing.get(0) + "," + sharing.get(1),
                        "a port of its own for each listener, or one for an IPv4 and an IPv6 address");
            }
        }
    }

    private static boolean areOfBothKinds(Listener one, Listener other) {
        return isIpv4(one.host()) && isIpv6(other.host()) || isIpv6(one.host()) && isIpv4(other.host());
    }

    private static boolean isIpv4(String host) {
        return IPV4.matcher(host).matches();
    }

    private static boolean isIpv6(String host) {
        return host.indexOf(':') >= 0;
    }

    private static List<Listener> told(BrokerConfig config, Map<String, String> protocols, List<Listener> listeners) {
        if (!config.isSet("advertised.listeners")) {
            if (!config.isSet("advertised.host.name") && !config.isSet("advertised.port")) {
                return List.of();
            }
            Listener first = listeners.get(0);
            String host = config.isSet("advertised.host.name") ? config.text("advertised.host.name") : first.host();
            int port = config.isSet("advertised.port") ? config.int32("advertised.port") : first.port();
            return List.of(new Listener(first.name(), host, port, first.protocol()));
        }
        List<Listener> told =
                ListenerParser.listeners("advertised.listeners", config.list("advertised.listeners"), protocols);
        for (Listener one : told) {
            if (find(one.name(), listeners) == null) {
                throw new ConfigException(
                        "advertised.listeners", one.toString(), "only names that are in listeners: " + listeners);
            }
        }
        return told;
    }

    private static Listener advertisedOf(Listener listener, List<Listener> told) {
        Listener explicit = find(listener.name(), told);
        Listener advertised = explicit == null ? listener : explicit;
        if (advertised.host().equals("0.0.0.0") || advertised.host().equals("::")) {
            throw new ConfigException(
                    "advertised.listeners",
                    advertised.toString(),
                    "an address that clients can reach (name one in advertised.listeners, or leave the host of the"
                            + " listener empty)");
        }
        return advertised;
    }

    private static String interBrokerName(BrokerConfig config, List<Listener> listeners) {
        if (config.isSet("inter.broker.listener.name")) {
            String name = config.text("inter.broker.listener.name").toUpperCase(Locale.ROOT);
            if (find(name, listeners) == null) {
                throw new ConfigException("inter.broker.listener.name", name, "one of the names in listeners");
            }
            return name;
        }
        String protocol = config.text("security.inter.broker.protocol");
        for (Listener listener : listeners) {
            if (listener.protocol().equals(protocol)) {
                return listener.name();
            }
        }
        throw new ConfigException(
                "security.inter.broker.protocol", protocol, "the protocol of one of the listeners: " + listeners);
    }

    private static Listener find(String name, List<Listener> listeners) {
        for (Listener listener : listeners) {
            if (listener.name().equals(name)) {
                return listener;
            }
        }
        return null;
    }
}
