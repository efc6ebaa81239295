package io.odradek.server.login.jwt;

import java.security.Key;
import java.util.List;
import org.jose4j.jwk.JsonWebKey;
import org.jose4j.jwk.VerificationJwkSelector;
import org.jose4j.jws.JsonWebSignature;
import org.jose4j.jwx.JsonWebStructure;
import org.jose4j.keys.resolvers.VerificationKeyResolver;
import org.jose4j.lang.JoseException;
import org.jose4j.lang.UnresolvableKeyException;

/**
 * Chooses the key of one token by its identifier, and only among those that are made for its algorithm: the text of a public key
 * is no password of an HMAC. Used once.
 */
final class KeyChoice implements VerificationKeyResolver {
    private final List<JsonWebKey> keys;
    private boolean missed;

    KeyChoice(List<JsonWebKey> keys) {
        this.keys = keys;
    }

    /** {@return whether no key was found} */
    boolean missed() {
        return missed;
    }

    @Override
    public Key resolveKey(JsonWebSignature token, List<JsonWebStructure> around) throws UnresolvableKeyException {
        JsonWebKey key;
        try {
            key = new VerificationJwkSelector().select(token, keys);
        } catch (JoseException bad) {
            throw new UnresolvableKeyException("its header cannot be read", bad);
        }
        if (key == null) {
            missed = true;
            throw new UnresolvableKeyException("no key");
        }
        return key.getKey();
    }
}
