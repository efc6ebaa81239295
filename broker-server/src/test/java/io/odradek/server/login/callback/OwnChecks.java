package io.odradek.server.login.callback;

import java.io.IOException;
import java.security.GeneralSecurityException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import javax.security.auth.callback.Callback;
import javax.security.auth.callback.NameCallback;
import javax.security.auth.callback.UnsupportedCallbackException;
import javax.security.auth.login.AppConfigurationEntry;
import org.apache.kafka.common.security.auth.AuthenticateCallbackHandler;
import org.apache.kafka.common.security.oauthbearer.OAuthBearerToken;
import org.apache.kafka.common.security.oauthbearer.OAuthBearerValidatorCallback;
import org.apache.kafka.common.security.plain.PlainAuthenticateCallback;
import org.apache.kafka.common.security.scram.ScramCredentialCallback;
import org.apache.kafka.common.security.scram.internals.ScramFormatter;
import org.apache.kafka.common.security.scram.internals.ScramMechanism;

/**
 * A check of logins as users write it: whoever has its own name as its password is let in. Who is called {@code fails} has it throw,
 * {@code errs} has it throw an Error, and {@code waits} has it wait. Tokens
 * are of {@code nobody}, too.
 */
public class OwnChecks implements AuthenticateCallbackHandler {
    static final Map<String, Map<String, ?>> CONFIGURED = new ConcurrentHashMap<>();
    static final Map<String, List<AppConfigurationEntry>> MODULES = new ConcurrentHashMap<>();
    static final AtomicInteger CLOSED = new AtomicInteger();
    static volatile CountDownLatch waiting = new CountDownLatch(0);
    static final AtomicInteger WAIT = new AtomicInteger();

    private String mechanism;

    @Override
    public void configure(Map<String, ?> settings, String mechanism, List<AppConfigurationEntry> modules) {
        if (settings.containsKey("refuse.me")) {
            throw new IllegalArgumentException("I do not like\nrefuse.me");
        }
        this.mechanism = mechanism;
        CONFIGURED.put(mechanism, settings);
        MODULES.put(mechanism, modules);
    }

    @Override
    public void handle(Callback[] callbacks) throws IOException, UnsupportedCallbackException {
        String name = null;
        for (Callback callback : callbacks) {
            if (callback instanceof NameCallback named) {
                name = named.getDefaultName();
                misbehave(name);
            } else if (callback instanceof PlainAuthenticateCallback plain) {
                plain.authenticated(name.equals(new String(plain.password())));
            } else if (callback instanceof ScramCredentialCallback scram) {
                if (!name.equals("stranger")) {
                    scram.scramCredential(credential(name));
                }
            } else if (callback instanceof OAuthBearerValidatorCallback bearer) {
                check(bearer);
            } else {
                throw new UnsupportedCallbackException(callback);
            }
        }
    }

    private static void misbehave(String name) throws IOException {
        switch (name) {
            case "fails" -> throw new IOException("its directory is away");
            case "errs" -> throw new StackOverflowError();
            case "waits" -> {
                WAIT.incrementAndGet();
                try {
                    waiting.await();
                } catch (InterruptedException ending) {
                    throw new IOException(ending);
                }
            }
            default -> {}
        }
    }

    private org.apache.kafka.common.security.scram.ScramCredential credential(String name) {
        try {
            return new ScramFormatter(ScramMechanism.forMechanismName(mechanism)).generateCredential(name, 4096);
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private static void check(OAuthBearerValidatorCallback bearer) {
        if (!bearer.tokenValue().startsWith("token-of-")) {
            bearer.error("insufficient_scope", "brokers", "https://issuer");
            return;
        }
        bearer.token(new OAuthBearerToken() {
            @Override
            public String value() {
                return bearer.tokenValue();
            }

            @Override
            public Set<String> scope() {
                return Set.of();
            }

            @Override
            public long lifetimeMs() {
                return System.currentTimeMillis() + 3_600_000;
            }

            @Override
            public String principalName() {
                String name = bearer.tokenValue().substring("token-of-".length());
                return name.equals("nobody") ? null : name;
            }

            @Override
            public Long startTimeMs() {
                return null;
            }
        });
    }

    @Override
    public void close() {
        CLOSED.incrementAndGet();
    }
}
