package io.odradek.core.security.oauth;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.odradek.core.security.sasl.SaslClientExchange;
import io.odradek.core.security.sasl.SaslRefusedException;
import io.odradek.protocol.errors.Quoted;

/** OAUTHBEARER (RFC 7628), as this broker logs in with another. */
public final class OauthClientExchange implements SaslClientExchange {
    private final String token;

    /** @param token shows who this broker is */
    public OauthClientExchange(String token) {
        this.token = token;
    }

    @Override
    public byte[] first() {
        return ("n,,\u0001auth=Bearer " + token + "\u0001\u0001").getBytes(UTF_8);
    }

    @Override
    public byte[] next(byte[] challenge) {
        if (challenge.length > 0) {
            throw new SaslRefusedException(
                    "the server has refused the token: " + Quoted.text(new String(challenge, UTF_8)));
        }
        return null;
    }
}
