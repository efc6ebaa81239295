package io.odradek.core.config;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** Reads {@code listeners}, {@code advertised.listeners} and {@code listener.security.protocol.map}. */
final class ListenerParser {
    private static final String FORM = "NAME://host:port, with each name once and a port from 0 to 65535";

    private ListenerParser() {}

    /** Reads {@code NAME:PROTOCOL} items into protocols by listener name. */
    static Map<String, String> protocols(List<String> items) {
        Map<String, String> byName = new TreeMap<>();
        for (String item : items) {
            int colon = item.lastIndexOf(':');
            String protocol = item.substring(colon + 1).trim().toUpperCase(Locale.ROOT);
            String name = colon < 0 ? "" : item.substring(0, colon).trim().toUpperCase(Locale.ROOT);
            boolean known = protocol.equals("PLAINTEXT")
                    || protocol.equals("SSL")
                    || protocol.equals("SASL_PLAINTEXT")
                    || protocol.equals("SASL_SSL");
            if (name.isEmpty() || !known || byName.put(name, protocol) != null) {
                throw new ConfigException(
                        "listener.security.protocol.map",
                        String.join(",", items),
                        "NAME:PROTOCOL items, each name once, of PLAINTEXT, SSL, SASL_PLAINTEXT, SASL_SSL");
            }
        }
        return byName;
    }

    /**
     * Reads listeners.
     *
     * @param setting the setting they are of, for messages
     * @param items {@code NAME://host:port}
     * @param protocols the protocols by listener name
     */
    static List<Listener> listeners(String setting, List<String> items, Map<String, String> protocols) {
        if (items.isEmpty()) {
            throw new ConfigException(setting, "", "at least one of the form " + FORM);
        }
        List<Listener> listeners = new ArrayList<>();
        for (String item : items) {
            Listener listener = listener(setting, item, protocols);
            for (Listener other : listeners) {
                if (other.name().equals(listener.name())) {
                    throw new ConfigException(setting, String.join(",", items), FORM);
                }
            }
            listeners.add(listener);
        }
        return List.copyOf(listeners);
    }

    private static Listener listener(String setting, String item, Map<String, String> protocols) {
        int slashes = item.indexOf("://");
        int colon = item.lastIndexOf(':');
        if (slashes <= 0 || colon <= slashes) {
            throw new ConfigException(setting, item, FORM);
        }
        String name = item.substring(0, slashes).toUpperCase(Locale.ROOT);
        String host = item.substring(slashes + 3, colon);
        if (host.startsWith("[") && host.endsWith("]")) {
            host = host.substring(1, host.length() - 1);
        } else if (host.indexOf(':') >= 0) {
            throw new ConfigException(setting, item, FORM + ", an IPv6 address in brackets");
        }
        String protocol = protocols.get(name);
        if (protocol == null) {
            throw new ConfigException(setting, item, "a name that listener.security.protocol.map gives a protocol");
        }
        return new Listener(name, host, port(setting, item, colon), protocol);
    }

    private static int port(String setting, String item, int colon) {
        try {
            int port = Integer.parseInt(item.substring(colon + 1));
            if (port >= 0 && port <= 65535) {
                return port;
            }
        } catch (NumberFormatException notANumber) {
            throw new ConfigException(setting, item, FORM);
        }
        throw new ConfigException(setting, item, FORM);
    }
}
