package io.odradek.core.security.token;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.odradek.core.config.BrokerConfig;
import java.security.GeneralSecurityException;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * The secret that all brokers of a cluster share ({@code delegation.token.secret.key}): with it each reckons the secret of a
 * token from its identifier, so that no token's secret is kept anywhere.
 */
public final class TokenKey {
    private static final String ALGORITHM = "HmacSHA512";

    private final SecretKeySpec key;

    /** @param secret at least one character */
    public TokenKey(String secret) {
        key = new SecretKeySpec(secret.getBytes(UTF_8), ALGORITHM);
    }

    /** {@return the key that is configured; null for none, and no tokens} */
    public static TokenKey of(BrokerConfig config) {
        String secret = config.text("delegation.token.secret.key");
        if (secret == null || secret.isEmpty()) {
            secret = config.text("delegation.token.master.key");
        }
        return secret == null || secret.isEmpty() ? null : new TokenKey(secret);
    }

    /** {@return the secret of a token: its HMAC, whose Base64 is the password} */
    byte[] secretOf(String tokenId) {
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(key);
            return mac.doFinal(tokenId.getBytes(UTF_8));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("This JVM has no " + ALGORITHM, e);
        }
    }
}
