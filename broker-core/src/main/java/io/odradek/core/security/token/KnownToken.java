package io.odradek.core.security.token;

import io.odradek.core.security.scram.ScramCredential;
import io.odradek.core.security.scram.ScramMechanism;
import io.odradek.storage.env.Randoms;
import java.nio.ByteBuffer;
import java.util.Base64;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** A token with its secret. Thread-safe. */
public final class KnownToken {
    private final DelegationToken token;
    private final ByteBuffer secret;
    private final Map<ScramMechanism, ScramCredential> credentials;

    private KnownToken(DelegationToken token, ByteBuffer secret, Map<ScramMechanism, ScramCredential> credentials) {
        this.token = token;
        this.secret = secret;
        this.credentials = credentials;
    }

    static KnownToken of(DelegationToken token, TokenKey key) {
        ByteBuffer secret = ByteBuffer.wrap(key.secretOf(token.id())).asReadOnlyBuffer();
        return new KnownToken(token, secret, new ConcurrentHashMap<>(2));
    }

    /** {@return the same token, of which something else has changed} */
    KnownToken with(DelegationToken changed) {
        return new KnownToken(changed, secret, credentials);
    }

    /** {@return what is known of it beside its secret} */
    public DelegationToken token() {
        return token;
    }

    /** {@return its secret} */
    public ByteBuffer secret() {
        return secret.duplicate();
    }

    /** What one logs in with. It takes a while to make, so that is done when somebody does, once. */
    ScramCredential credential(ScramMechanism mechanism, Randoms randoms) {
        return credentials.computeIfAbsent(mechanism, any -> {
            byte[] bytes = new byte[secret.remaining()];
            secret.duplicate().get(bytes);
            String password = Base64.getEncoder().encodeToString(bytes);
            return ScramCredential.ofPassword(mechanism, password, ScramMechanism.LEAST_ITERATIONS, randoms);
        });
    }
}
