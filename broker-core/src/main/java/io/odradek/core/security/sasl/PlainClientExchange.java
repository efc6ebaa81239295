package io.odradek.core.security.sasl;

import java.nio.charset.StandardCharsets;

/** PLAIN (RFC 4616), as this broker logs in with another. */
public final class PlainClientExchange implements SaslClientExchange {
    private final String user;
    private final String password;

    /** @param user its name @param password its password */
    public PlainClientExchange(String user, String password) {
        this.user = user;
        this.password = password;
    }

    @Override
    public byte[] first() {
        return ("\0" + user + "\0" + password).getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public byte[] next(byte[] challenge) {
        if (challenge.length > 0) {
            throw new SaslRefusedException("the server has answered a password with a question");
        }
        return null;
    }
}
