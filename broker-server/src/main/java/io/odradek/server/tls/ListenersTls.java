package io.odradek.server.tls;

import io.odradek.core.config.BrokerConfig;
import io.odradek.core.config.Listener;
import io.odradek.server.net.ListenerTls;
import java.util.LinkedHashMap;
import java.util.Map;

/** TLS at all listeners that have it. Thread-safe. */
public final class ListenersTls {
    private final Map<String, TlsOfListener> byListener = new LinkedHashMap<>();

    private ListenersTls() {}

    /**
     * {@return the TLS of a broker's listeners}
     *
     * @throws io.odradek.core.config.ConfigException if stores or settings cannot be used; its message is one line
     */
    public static ListenersTls of(BrokerConfig config) {
        ListenersTls tls = new ListenersTls();
        for (Listener listener : config.listeners().listeners()) {
            if (listener.isEncrypted()) {
                tls.byListener.put(listener.name(), TlsOfListener.of(config.ofListener(listener.name())));
            }
        }
        return tls;
    }

    /** {@return that of a listener, null if it has none} */
    public ListenerTls of(String listener) {
        return byListener.get(listener);
    }
}
