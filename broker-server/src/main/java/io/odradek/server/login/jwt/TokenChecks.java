package io.odradek.server.login.jwt;

import io.odradek.core.config.ConfigException;
import io.odradek.core.config.ListenerSettings;
import io.odradek.core.security.oauth.BearerTokens;
import io.odradek.storage.env.Clock;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;
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
        Endpoint endpoint = Endpoint.of(settings, URL, "keys that tokens are signed with");
        int mostBytes = settings.int32(OWN_PREFIX + "max.bytes");
        int timeoutMs = settings.int32(OWN_PREFIX + "timeout.ms");
        KeySource source = endpoint.isFile()
                ? KeySource.file(endpoint.file(), mostBytes)
                : KeySource.http(
                        endpoint.address(),
                        new BoundedHttp(endpoint.sockets(options), timeoutMs, timeoutMs, mostBytes));
        KeyRing ring = new KeyRing(source, endpoint.toString(), pace(settings), clock, away);
        if (endpoint.isFile()) {
            readNow(ring, settings, endpoint);
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

    private static void readNow(KeyRing ring, ListenerSettings settings, Endpoint file) {
        try {
            ring.read();
        } catch (IOException bad) {
            String why = bad instanceof NoSuchFileException ? "there is no such file" : bad.getMessage();
            throw new ConfigException("Bad value for " + settings.strongest(URL) + ": " + file + ": " + why);
        }
    }

    private static KeyRing.Pace pace(ListenerSettings settings) {
        return new KeyRing.Pace(
                settings.int64(PREFIX + "refresh.ms"),
                settings.int64(PREFIX + "retry.backoff.ms"),
                settings.int64(PREFIX + "retry.backoff.max.ms"),
                settings.int64(OWN_PREFIX + "unknown.key.interval.ms"));
    }
}
