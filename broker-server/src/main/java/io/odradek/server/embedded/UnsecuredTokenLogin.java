package io.odradek.server.embedded;

import io.odradek.core.security.oauth.UnsecuredTokens;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import javax.security.auth.callback.Callback;
import javax.security.auth.callback.UnsupportedCallbackException;
import javax.security.auth.login.AppConfigurationEntry;
import org.apache.kafka.common.security.auth.AuthenticateCallbackHandler;
import org.apache.kafka.common.security.auth.SaslExtensionsCallback;
import org.apache.kafka.common.security.oauthbearer.OAuthBearerToken;
import org.apache.kafka.common.security.oauthbearer.OAuthBearerTokenCallback;

/**
 * Gives a client of kafka-clients a token that nobody has signed, of the user that its login module names: a {@code
 * sasl.login.callback.handler.class}, for tests. The client's own does so only where a library for JSON is.
 */
public final class UnsecuredTokenLogin implements AuthenticateCallbackHandler {
    /** As long as a test goes, also on a broker whose clock is moved by years. */
    private static final Duration LIFETIME = Duration.ofDays(36_500);

    private String user;

    @Override
    public void configure(Map<String, ?> settings, String mechanism, List<AppConfigurationEntry> modules) {
        user = (String) modules.get(0).getOptions().get(JaasText.TOKEN_USER);
    }

    @Override
    public void handle(Callback[] callbacks) throws UnsupportedCallbackException {
        for (Callback callback : callbacks) {
            if (callback instanceof OAuthBearerTokenCallback wanted) {
                long expiresAtMs = System.currentTimeMillis() + LIFETIME.toMillis();
                // Issued long ago, so that a broker does not take it for one of the future whatever its clock shows.
                wanted.token(new Token(UnsecuredTokens.token(user, 0, expiresAtMs), user, expiresAtMs));
            } else if (!(callback instanceof SaslExtensionsCallback)) {
                throw new UnsupportedCallbackException(callback);
            }
        }
    }

    @Override
    public void close() {
        // It holds nothing.
    }

    private record Token(String value, String principalName, long lifetimeMs) implements OAuthBearerToken {
        @Override
        public Long startTimeMs() {
            return null;
        }

        @Override
        public Set<String> scope() {
            return Set.of();
        }

        /** Not the token. */
        @Override
        public String toString() {
            return "Token of " + principalName;
        }
    }
}
