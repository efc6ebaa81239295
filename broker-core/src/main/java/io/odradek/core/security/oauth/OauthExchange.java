package io.odradek.core.security.oauth;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.odradek.core.coordination.json.JsonWriter;
import io.odradek.core.security.oauth.BearerTokens.Verdict;
import io.odradek.core.security.oauth.BearerTokens.Verdict.Invalid;
import io.odradek.core.security.oauth.BearerTokens.Verdict.Valid;
import io.odradek.core.security.sasl.SaslExchange;
import io.odradek.core.security.sasl.SaslStep;
import io.odradek.core.security.sasl.SaslStep.Accepted;
import io.odradek.core.security.sasl.SaslStep.Challenge;
import io.odradek.core.security.sasl.SaslStep.Login;
import io.odradek.core.security.sasl.SaslStep.Refused;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * OAUTHBEARER as the server sees it (RFC 7628): the token comes with the first message. A refusal is told in JSON as a
 * challenge, which the client answers with one byte, and is then told again, in the same words.
 *
 * <p>States: <em>nothing heard</em> to <em>refusal told</em> or <em>over</em>.
 */
public final class OauthExchange implements SaslExchange {
    /** The mechanism's name. */
    public static final String NAME = "OAUTHBEARER";

    private static final char SEPARATOR = '\u0001';

    private final BearerTokens tokens;
    private String toldRefusal;
    private String toldReason;
    private boolean begun;

    /** @param tokens decides */
    public OauthExchange(BearerTokens tokens) {
        this.tokens = tokens;
    }

    @Override
    public CompletionStage<SaslStep> next(byte[] token) {
        if (toldRefusal != null) {
            return step(new Refused(toldRefusal, toldReason));
        }
        if (begun) {
            return step(new Refused(null, "it goes on after its end"));
        }
        begun = true;
        String message = new String(token, UTF_8);
        String[] header = message.split(",", 3);
        boolean whole = header.length == 3
                && (header[0].equals("n") || header[0].equals("y"))
                && (header[1].isEmpty() || header[1].startsWith("a="));
        String bearer = whole ? bearer(header[2]) : null;
        if (bearer == null) {
            return step(new Refused(null, "its first message has no bearer token"));
        }
        String actingAs = header[1].isEmpty() ? "" : header[1].substring(2);
        return tokens.check(bearer)
                .exceptionally(error -> Invalid.token("it cannot be checked: " + error.getMessage()))
                .thenApply(verdict -> answer(verdict, actingAs));
    }

    private SaslStep answer(Verdict verdict, String actingAs) {
        if (verdict instanceof Valid valid) {
            return actingAs.isEmpty() || actingAs.equals(valid.principal())
                    ? new Accepted(new byte[0], new Login(valid.principal(), false, valid.expiresAtMs()))
                    : new Refused(
                            "Authentication failed: Client requested an authorization id that is different from the token's"
                                    + " principal name",
                            "it wants to act as somebody else");
        }
        Invalid invalid = (Invalid) verdict;
        byte[] told = json(invalid);
        toldRefusal = new String(told, UTF_8);
        toldReason = invalid.reason();
        return new Challenge(told);
    }

    private static byte[] json(Invalid invalid) {
        JsonWriter json = new JsonWriter().field("status", invalid.status());
        if (invalid.scope() != null) {
            json.field("scope", invalid.scope());
        }
        if (invalid.configuration() != null) {
            json.field("openid-configuration", invalid.configuration());
        }
        return json.bytes();
    }

    /** {@return the token of {@code ^Akey=value^A...^A^A}, null if there is none} */
    private static String bearer(String pairs) {
        boolean framed = pairs.length() > 3
                && pairs.charAt(0) == SEPARATOR
                && pairs.charAt(pairs.length() - 1) == SEPARATOR
                && pairs.charAt(pairs.length() - 2) == SEPARATOR;
        if (!framed) {
            return null;
        }
        String bearer = null;
        for (String pair : pairs.substring(1, pairs.length() - 2).split(String.valueOf(SEPARATOR), -1)) {
            if (pair.startsWith("auth=")) {
                String value = pair.substring("auth=".length()).strip();
                boolean one = bearer == null && value.regionMatches(true, 0, "Bearer ", 0, "Bearer ".length());
                if (!one) {
                    return null;
                }
                bearer = value.substring("Bearer ".length()).strip();
            }
        }
        return bearer == null || bearer.isEmpty() ? null : bearer;
    }

    private static CompletionStage<SaslStep> step(SaslStep step) {
        return CompletableFuture.completedStage(step);
    }
}
