package io.odradek.core.config;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * A place of {@code admin.listeners}, where people and their tools look at a broker.
 *
 * @param host the host, never empty
 * @param port the port, 0 for any free one
 */
public record AdminListener(String host, int port) {
    /** The setting. */
    public static final String SETTING = "admin.listeners";

    private static final String LOOPBACK = "127.0.0.1";
    private static final String SCHEME = "http://";
    private static final String FORM = "http://host:port, each once, with a port from 0 to 65535";

    /** {@return the places of a configuration, none if there is to be no admin listener} */
    public static List<AdminListener> of(BrokerConfig config) {
        List<AdminListener> listeners = new ArrayList<>();
        for (String item : config.list(SETTING)) {
            AdminListener listener = read(item);
            if (listener.port != 0 && listeners.contains(listener)) {
                throw refuse(item);
            }
            listeners.add(listener);
        }
        return List.copyOf(listeners);
    }

    private static AdminListener read(String item) {
        String place = item.endsWith("/") ? item.substring(0, item.length() - 1) : item;
        int colon = place.lastIndexOf(':');
        if (!place.toLowerCase(Locale.ROOT).startsWith(SCHEME) || colon < SCHEME.length()) {
            throw refuse(item);
        }
        return new AdminListener(host(item, place.substring(SCHEME.length(), colon)), port(item, place, colon));
    }

    /** No host is this machine alone, where a listener of clients would take it for every address: one sees records here. */
    private static String host(String item, String host) {
        if (host.startsWith("[") && host.endsWith("]") && host.indexOf(':') > 0) {
            return host.substring(1, host.length() - 1);
        }
        for (int i = 0; i < host.length(); i++) {
            if (":/@?#[] ".indexOf(host.charAt(i)) >= 0) {
                throw refuse(item);
            }
        }
        return host.isEmpty() ? LOOPBACK : host;
    }

    private static int port(String item, String place, int colon) {
        try {
            int port = Integer.parseInt(place.substring(colon + 1));
            if (port >= 0 && port <= 65535) {
                return port;
            }
        } catch (NumberFormatException notANumber) {
            throw refuse(item);
        }
        throw refuse(item);
    }

    private static ConfigException refuse(String item) {
        return new ConfigException(SETTING, item, FORM);
    }

    /** {@return the form it has in {@code admin.listeners}} */
    @Override
    public String toString() {
        return SCHEME + (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + port;
    }
}
