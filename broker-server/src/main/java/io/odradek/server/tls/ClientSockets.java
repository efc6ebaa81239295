package io.odradek.server.tls;

import io.odradek.core.config.BrokerConfig;
import io.odradek.core.config.ConfigException;
import java.util.Map;
import java.util.TreeMap;
import javax.net.ssl.SSLSocketFactory;

/** TLS of what this broker asks others that are no brokers. */
public final class ClientSockets {
    private ClientSockets() {}

    /**
     * {@return what makes sockets} by those options that begin with {@code ssl.}, as in a listener's settings; null if there are
     * none, for those of the JVM.
     *
     * @throws ConfigException if stores or options cannot be used; its message is one line
     */
    public static SSLSocketFactory of(Map<String, String> options) {
        Map<String, String> settings = new TreeMap<>(options);
        settings.keySet().removeIf(name -> !name.startsWith("ssl."));
        if (settings.isEmpty()) {
            return null;
        }
        BrokerConfig config = BrokerConfig.of(settings);
        config.requireServed();
        return TlsContext.of(config.ofListener("others")).context().getSocketFactory();
    }
}
