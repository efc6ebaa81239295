package io.odradek.server.login.jwt;

import io.odradek.core.config.ConfigException;
import io.odradek.core.config.ListenerSettings;
import io.odradek.core.security.oauth.BearerTokens;
import io.odradek.server.tls.ClientSockets;
import io.odradek.storage.env.Clock;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Executor;
import javax.net.ssl.SSLSocketFactory;
import org.jose4j.jwk.JsonWebKeySet;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Makes the check of signed tokens that a listener's settings ask for. */
public final class TokenChecks {
    /** Where the keys are. */
    public static final String URL = "sasl.oauthbearer.jwks.endpoint.url";

    private static final Logger LOG = LoggerFactory.getLogger(TokenChecks.class);
    private static final String PREFIX = "sasl.oauthbearer.jwks.endpoint.";
    private static final String OWN_PREFIX = "odradek.oauth.jwks.";

    private TokenChecks() {}

    /**
     * {@return the check} Keys in a file are there when it returns, others are on their way: a broker does not wait for somebody
     * else's server to start.
     *
     * @param settings of the mechanism
     * @param options of its login module, of which those that begin with {@code ssl.} say how the server of the keys is spoken with
     * @param away where keys are fetched
     * @throws ConfigException if there is no such check; its message is one line
     */
    public static BearerTokens of(ListenerSettings settings, Map<String, String> options, Clock clock, Executor away) {
        requireLibrary();
        URI address = address(settings);
        boolean isFile = address.getScheme().equalsIgnoreCase("file");
        int mostBytes = settings.int32(OWN_PREFIX + "max.bytes");
        KeySource source = isFile
                ? KeySource.file(Path.of(address), mostBytes)
                : KeySource.http(
                        address,
                        new BoundedHttp(
                                sockets(address, options), settings.int32(OWN_PREFIX + "timeout.ms"), mostBytes));
        KeyRing ring = new KeyRing(source, withoutSecrets(address), pace(settings), clock, away);
        if (isFile) {
            readNow(ring, settings, address);
        } else {
            ring.keys();
        }
        warnIfAnyIsGood(settings);
        return new SignedTokens(ring, SignedTokens.Expected.of(settings), clock);
    }

    /** Or it would be missed by the first who shows a token. */
    private static void requireLibrary() {
        LOG.debug("Tokens are checked by {}", JsonWebKeySet.class);
    }

    private static void warnIfAnyIsGood(ListenerSettings settings) {
        for (String name : List.of("sasl.oauthbearer.expected.issuer", "sasl.oauthbearer.expected.audience")) {
            if (!settings.isSet(name)) {
                LOG.warn(
                        "{} has OAUTHBEARER without {}: tokens that were given out for something else with the same keys are"
                                + " good enough",
                        settings,
                        name);
            }
        }
    }

    private static void readNow(KeyRing ring, ListenerSettings settings, URI address) {
        try {
            ring.read();
        } catch (IOException bad) {
            String why = bad instanceof NoSuchFileException ? "there is no such file" : bad.getMessage();
            throw new ConfigException(
                    "Bad value for " + settings.strongest(URL) + ": " + Path.of(address) + ": " + why);
        }
    }

    private static KeyRing.Pace pace(ListenerSettings settings) {
        return new KeyRing.Pace(
                settings.int64(PREFIX + "refresh.ms"),
                settings.int64(PREFIX + "retry.backoff.ms"),
                settings.int64(PREFIX + "retry.backoff.max.ms"),
                settings.int64(OWN_PREFIX + "unknown.key.interval.ms"));
    }

    private static URI address(ListenerSettings settings) {
        String text = settings.text(URL);
        if (text == null || text.isBlank()) {
            throw new ConfigException("No value for " + settings.strongest(URL)
                    + ", expected the address of the keys that tokens are signed with, as file:, https: or http:");
        }
        try {
            URI address = new URI(text.strip());
            String scheme = address.getScheme() == null ? "" : address.getScheme();
            switch (scheme.toLowerCase(Locale.ROOT)) {
                case "file" -> {
                    Path.of(address);
                    return address;
                }
                case "https", "http" -> {
                    if (address.getHost() != null) {
                        warnIfOpen(settings, address);
                        return address;
                    }
                }
                default -> {}
            }
        } catch (URISyntaxException | IllegalArgumentException bad) {
            throw bad(settings);
        }
        throw bad(settings);
    }

    private static void warnIfOpen(ListenerSettings settings, URI address) {
        if (address.getScheme().equalsIgnoreCase("http")) {
            LOG.warn(
                    "{} fetches the keys of tokens without TLS: whoever can answer in the place of {} lets in whom it likes",
                    settings,
                    withoutSecrets(address));
        }
    }

    /** The address itself may have a password in it. */
    private static ConfigException bad(ListenerSettings settings) {
        return new ConfigException("Bad value for " + settings.strongest(URL)
                + ", expected the address of a file or a server, such as file:///etc/keys.json or https://host/keys");
    }

    private static String withoutSecrets(URI address) {
        return address.getHost() == null
                ? String.valueOf(address.getPath())
                : address.getScheme() + "://" + address.getHost()
                        + (address.getPort() < 0 ? "" : ":" + address.getPort()) + address.getPath();
    }

    private static SSLSocketFactory sockets(URI address, Map<String, String> options) {
        return address.getScheme().equalsIgnoreCase("https") ? ClientSockets.of(options) : null;
    }
}
