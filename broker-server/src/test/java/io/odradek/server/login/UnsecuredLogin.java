package io.odradek.server.login;

import io.odradek.core.security.oauth.UnsecuredTokens;
import java.util.List;
import java.util.Map;
import java.util.Set;
import javax.security.auth.callback.Callback;
import javax.security.auth.login.AppConfigurationEntry;
import org.apache.kafka.common.security.auth.AuthenticateCallbackHandler;
import org.apache.kafka.common.security.oauthbearer.OAuthBearerToken;
import org.apache.kafka.common.security.oauthbearer.OAuthBearerTokenCallback;

/** Gives a client an unsecured token of the user that its login module names: the client's own needs a library for JSON. */
public final class UnsecuredLogin implements AuthenticateCallbackHandler {
    private static final long LIFETIME_MS = 3_600_000;

    private String user;

    @Override
    public void configure(Map<String, ?> settings, String mechanism, List<AppConfigurationEntry> entries) {
        user = (String) entries.get(0).getOptions().get("unsecuredLoginStringClaim_sub");
    }

    @Override
    public void handle(Callback[] callbacks) {
        for (Callback callback : callbacks) {
            if (callback instanceof OAuthBearerTokenCallback wanted) {
                long nowMs = System.currentTimeMillis();
                String token = UnsecuredTokens.token(user, nowMs, nowMs + LIFETIME_MS);
                wanted.token(new Token(token, user, nowMs, nowMs + LIFETIME_MS));
            }
        }
    }

    @Override
    public void close() {
        // It holds nothing.
    }

    private record Token(String value, String principalName, Long startTimeMs, long lifetimeMs)
            implements OAuthBearerToken {
        @Override
        public Set<String> scope() {
            return Set.of();
        }
    }
}
