package io.odradek.server.login.jwt;

import java.security.KeyPair;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jose4j.jwk.JsonWebKey;
import org.jose4j.jwk.JsonWebKeySet;
import org.jose4j.jwk.PublicJsonWebKey;
import org.jose4j.jwk.RsaJwkGenerator;
import org.jose4j.jws.JsonWebSignature;
import org.jose4j.jwt.JwtClaims;
import org.jose4j.lang.JoseException;

/** Signs tokens with a key of its own. */
public final class Signer {
    private static final int KEY_BITS = 2048;
    private static final int SECONDS = 1000;

    private final PublicJsonWebKey key;

    /** @param id of the key */
    public Signer(String id) {
        try {
            key = RsaJwkGenerator.generateJwk(KEY_BITS);
        } catch (JoseException impossible) {
            throw new IllegalStateException(impossible);
        }
        key.setKeyId(id);
    }

    /** {@return the keys of signers, without what is secret of them, in JSON} */
    public static String publicKeys(Signer... signers) {
        return new JsonWebKeySet(
                        List.of(signers).stream().map(signer -> signer.key).toList())
                .toJson(JsonWebKey.OutputControlLevel.PUBLIC_ONLY);
    }

    KeyPair pair() {
        return new KeyPair(key.getPublicKey(), key.getPrivateKey());
    }

    /** {@return claims of somebody, for the broker, for the next hour} */
    public static Map<String, Object> claims(String user) {
        long now = System.currentTimeMillis() / SECONDS;
        Map<String, Object> claims = new LinkedHashMap<>();
        claims.put("iss", "https://issuer");
        claims.put("aud", "brokers");
        claims.put("sub", user);
        claims.put("iat", now - 600);
        claims.put("exp", now + 3600);
        return claims;
    }

    /** {@return claims that say another thing of something; null for nothing} */
    static Map<String, Object> but(Map<String, Object> claims, String name, Object value) {
        Map<String, Object> others = new LinkedHashMap<>(claims);
        others.remove(name);
        if (value != null) {
            others.put(name, value);
        }
        return others;
    }

    /** {@return a token} */
    public String sign(Map<String, Object> claims) {
        return sign(claims, "RS256");
    }

    String sign(Map<String, Object> claims, String algorithm) {
        JsonWebSignature token = unsigned(claims, algorithm);
        token.setKey(key.getPrivateKey());
        return compact(token);
    }

    JsonWebSignature unsigned(Map<String, Object> claims, String algorithm) {
        JsonWebSignature token = new JsonWebSignature();
        token.setPayload(payload(claims));
        token.setAlgorithmHeaderValue(algorithm);
        if (key.getKeyId() != null) {
            token.setKeyIdHeaderValue(key.getKeyId());
        }
        return token;
    }

    static String compact(JsonWebSignature token) {
        try {
            return token.getCompactSerialization();
        } catch (JoseException cannot) {
            throw new IllegalStateException(cannot);
        }
    }

    private static String payload(Map<String, Object> claims) {
        JwtClaims all = new JwtClaims();
        claims.forEach(all::setClaim);
        return all.toJson();
    }
}
