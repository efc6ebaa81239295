package io.odradek.server.tls;

import io.odradek.core.config.BrokerConfig;
import io.odradek.core.config.ConfigException;
import io.odradek.core.config.Listener;
import io.odradek.server.net.secure.ListenerTls;
import io.odradek.storage.env.EventLoop;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** TLS at all listeners that have it. Thread-safe. */
public final class ListenersTls {
    private static final Logger LOG = LoggerFactory.getLogger(ListenersTls.class);

    private final Map<String, TlsOfListener> byListener = new LinkedHashMap<>();

    private ListenersTls() {}

    /** {@return the TLS of a broker's listeners; what cannot be used of it, {@link #require} tells} */
    public static ListenersTls of(BrokerConfig config) {
        ListenersTls tls = new ListenersTls();
        for (Listener listener : config.listeners().listeners()) {
            if (listener.isEncrypted()) {
                tls.byListener.put(listener.name(), TlsOfListener.of(config.ofListener(listener.name())));
            }
        }
        return tls;
    }

    /** @throws ConfigException if stores or settings of a listener cannot be used; its message is one line */
    public void require() {
        byListener.values().forEach(TlsOfListener::require);
    }

    /**
     * Takes up what changes in the files of key stores and trust stores, from now on.
     *
     * @param loop where the time passes
     * @param blocking where files are read
     */
    public void watch(BrokerConfig config, EventLoop loop, Executor blocking) {
        long everyMs = config.int64("odradek.tls.stores.check.interval.ms");
        if (!byListener.isEmpty() && everyMs > 0) {
            loop.post(() -> lookSoon(everyMs, loop, blocking));
        }
    }

    private void lookSoon(long everyMs, EventLoop loop, Executor blocking) {
        loop.schedule(everyMs, () -> {
            try {
                blocking.execute(() -> {
                    refresh();
                    loop.post(() -> lookSoon(everyMs, loop, blocking));
                });
            } catch (RejectedExecutionException tooMuchToDo) {
                lookSoon(everyMs, loop, blocking);
            }
        });
    }

    /**
     * Finds out whether a configuration can take the place of the one that holds. It reads files.
     *
     * @throws ConfigException if it cannot; its message is one line
     */
    public void check(BrokerConfig next) {
        byListener.forEach((name, tls) -> tls.check(next.ofListener(name)));
    }

    /** Takes over what a listener is set to now, for new connections. It reads files; what cannot be used is a line in the log. */
    public void take(String listener, BrokerConfig now, boolean serving) {
        TlsOfListener tls = byListener.get(listener);
        if (tls != null) {
            try {
                tls.take(now.ofListener(listener), serving);
                LOG.info("Listener {} has taken up its changed settings of TLS for new connections", listener);
            } catch (ConfigException refused) {
                LOG.error("Listener {} goes on with the TLS that it has: {}", listener, refused.getMessage());
            }
        }
    }

    /** Takes up what has changed in the files of stores. */
    public void refresh() {
        byListener.forEach((name, tls) -> {
            try {
                if (tls.refresh()) {
                    LOG.info("Listener {} has taken up the changed files of its stores for new connections", name);
                }
            } catch (ConfigException refused) {
                LOG.error("Listener {} goes on with the certificates that it has: {}", name, refused.getMessage());
            }
        });
    }

    /** {@return that of a listener, null if it has none} */
    public ListenerTls of(String listener) {
        return byListener.get(listener);
    }
}
