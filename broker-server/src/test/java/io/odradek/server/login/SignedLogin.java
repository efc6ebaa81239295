package io.odradek.server.login;

import java.util.List;
import java.util.Map;
import java.util.Set;
import javax.security.auth.callback.Callback;
import javax.security.auth.login.AppConfigurationEntry;
import org.apache.kafka.common.security.auth.AuthenticateCallbackHandler;
import org.apache.kafka.common.security.oauthbearer.OAuthBearerToken;
import org.apache.kafka.common.security.oauthbearer.OAuthBearerTokenCallback;

/** Gives a client the token that its login module has: old clients have nothing that would. */
public final class SignedLogin implements AuthenticateCallbackHandler {
    private static final long LIFETIME_MS = 3_600_000;

    private String token;

    @Override
    public void configure(Map<String, ?> settings, String mechanism, List<AppConfigurationEntry> entries) {
        token = (String) entries.get(0).getOptions().get("token");
    }

    @Override
    public void handle(Callback[] callbacks) {
        for (Callback callback : callbacks) {
            if (callback instanceof OAuthBearerTokenCallback wanted) {
                wanted.token(new Token(token, System.currentTimeMillis() + LIFETIME_MS));
            }
        }
    }

    @Override
    public void close() {
        // It holds nothing.
    }

    private record Token(String value, long lifetimeMs) implements OAuthBearerToken {
        @Override
        public String principalName() {
            return "whoever the token says";
        }

        @Override
        public Long startTimeMs() {
            return null;
        }

        @Override
        public Set<String> scope() {
            return Set.of();
        }
    }
}
