package io.odradek.server.login.jwt;

import io.odradek.core.config.ConfigException;
import io.odradek.core.config.ListenerSettings;
import io.odradek.server.tls.ClientSockets;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import javax.net.ssl.SSLSocketFactory;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where keys or tokens come from: a file or a server.
 *
 * @param address which may have a password in it
 */
record Endpoint(URI address) {
    private static final Logger LOG = LoggerFactory.getLogger(Endpoint.class);

    /**
     * {@return what a setting names}
     *
     * @param what it is the place of, in the plural, for messages
     * @throws ConfigException if it names none; its message is one line without the value
     */
    static Endpoint of(ListenerSettings settings, String setting, String what) {
        String text = settings.text(setting);
        if (text == null || text.isBlank()) {
            throw new ConfigException("No value for " + settings.strongest(setting) + ", expected the address of "
                    + what + ", as file:, https: or http:");
        }
        Endpoint endpoint;
        try {
            endpoint = new Endpoint(new URI(text.strip()));
        } catch (URISyntaxException bad) {
            throw bad(settings, setting);
        }
        if (!endpoint.isUsable()) {
            throw bad(settings, setting);
        }
        if (endpoint.scheme().equals("http")) {
            LOG.warn(
                    "{} fetches {} without TLS: whoever is between this broker and {} can read and change them",
                    settings,
                    what,
                    endpoint);
        }
        return endpoint;
    }

    private static ConfigException bad(ListenerSettings settings, String setting) {
        return new ConfigException("Bad value for " + settings.strongest(setting)
                + ", expected the address of a file or a server, such as file:///etc/keys.json or https://host/keys");
    }

    private boolean isUsable() {
        if (!isFile()) {
            return (scheme().equals("https") || scheme().equals("http")) && address.getHost() != null;
        }
        try {
            Path.of(address);
            return true;
        } catch (IllegalArgumentException noPath) {
            return false;
        }
    }

    private String scheme() {
        return address.getScheme() == null ? "" : address.getScheme().toLowerCase(Locale.ROOT);
    }

    boolean isFile() {
        return scheme().equals("file");
    }

    Path file() {
        return Path.of(address);
    }

    /** {@return what speaks TLS with it by the options of a login module that begin with {@code ssl.}; null for what the JVM has} */
    SSLSocketFactory sockets(Map<String, String> options) {
        return scheme().equals("https") ? ClientSockets.of(options) : null;
    }

    /** Without what may be secret. */
    @Override
    public String toString() {
        return isFile()
                ? file().toString()
                : scheme() + "://" + address.getHost() + (address.getPort() < 0 ? "" : ":" + address.getPort())
                        + address.getPath();
    }
}
