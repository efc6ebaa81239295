package io.odradek.server.login;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.odradek.core.security.sasl.PlainExchange;
import java.security.MessageDigest;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** The users and passwords of a login module, its options {@code user_NAME="password"}. */
final class PlainPasswords implements PlainExchange.Passwords {
    private final Map<String, String> passwords;

    PlainPasswords(Map<String, String> passwords) {
        this.passwords = passwords;
    }

    @Override
    public CompletionStage<Boolean> accepts(String user, String password) {
        String expected = passwords.get(user);
        byte[] given = password.getBytes(UTF_8);
        boolean same = MessageDigest.isEqual(expected == null ? given : expected.getBytes(UTF_8), given);
        return CompletableFuture.completedStage(same && expected != null);
    }
}
