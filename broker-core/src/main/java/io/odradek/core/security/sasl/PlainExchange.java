package io.odradek.core.security.sasl;

import io.odradek.core.security.sasl.SaslStep.Accepted;
import io.odradek.core.security.sasl.SaslStep.Login;
import io.odradek.core.security.sasl.SaslStep.Refused;
import io.odradek.protocol.errors.Quoted;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * PLAIN (RFC 4616): a name and a password in one token. A user may be named as whom it acts, but only as itself. Errors are
 * told in the words that clients know of Apache Kafka.
 */
public final class PlainExchange implements SaslExchange {
    /** The mechanism's name. */
    public static final String NAME = "PLAIN";

    private static final int PARTS = 3;
    private static final String WRONG = "Authentication failed: Invalid username or password";
    private static final String UNKNOWN = "Authentication failed: credentials for user could not be verified";

    private final Passwords passwords;

    /** Knows passwords, or somebody who does. */
    public interface Passwords {
        /** {@return whether it is the user's, at once or on any thread; takes as long for a user that there is not} */
        CompletionStage<Boolean> accepts(String user, String password);
    }

    /** @param passwords decides */
    public PlainExchange(Passwords passwords) {
        this.passwords = passwords;
    }

    @Override
    public CompletionStage<SaslStep> next(byte[] token) {
        String text;
        try {
            text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(token))
                    .toString();
        } catch (CharacterCodingException notText) {
            return refused(null, "its token is not text in UTF-8");
        }
        String[] parts = text.split("\0", -1);
        if (parts.length != PARTS) {
            return refused(null, "its token has " + parts.length + " parts in the place of " + PARTS);
        }
        String user = parts[1];
        String password = parts[2];
        if (user.isEmpty()) {
            return refused("Authentication failed: username not specified", "it names no user");
        }
        if (password.isEmpty()) {
            return refused("Authentication failed: password not specified", "it has no password");
        }
        if (!parts[0].isEmpty() && !parts[0].equals(user)) {
            return refused(
                    "Authentication failed: Client requested an authorization id that is different from username",
                    "it wants to act as somebody else");
        }
        return passwords.accepts(user, password).handle((right, error) -> {
            if (error != null) {
                return new Refused(UNKNOWN, "its password cannot be checked: " + Quoted.text(String.valueOf(error)));
            }
            return right ? new Accepted(new byte[0], Login.of(user)) : new Refused(WRONG, "wrong user or password");
        });
    }

    private static CompletionStage<SaslStep> refused(String message, String reason) {
        return CompletableFuture.completedStage(new Refused(message, reason));
    }
}
