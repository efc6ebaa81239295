package io.odradek.core.security.oauth;

import io.odradek.core.coordination.json.JsonObject;
import io.odradek.core.coordination.json.JsonReader;
import io.odradek.core.coordination.json.JsonWriter;
import io.odradek.core.security.oauth.BearerTokens.Verdict.Invalid;
import io.odradek.core.security.oauth.BearerTokens.Verdict.Valid;
import io.odradek.storage.env.Clock;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * JSON Web Tokens that nobody has signed: for tests, and for nothing else (KIP-255). Whoever can write one is whom it names. Its
 * options are those of Kafka's login module, {@code unsecuredValidator…}.
 */
public final class UnsecuredTokens implements BearerTokens {
    private static final String PRINCIPAL_CLAIM = "unsecuredValidatorPrincipalClaimName";
    private static final String SCOPE_CLAIM = "unsecuredValidatorScopeClaimName";
    private static final String REQUIRED_SCOPE = "unsecuredValidatorRequiredScope";
    private static final String CLOCK_SKEW_MS = "unsecuredValidatorAllowableClockSkewMs";
    private static final int MS_PER_SECOND = 1000;

    private final Clock clock;
    private final String principalClaim;
    private final String scopeClaim;
    private final List<String> requiredScope;
    private final long clockSkewMs;

    /**
     * @param clock whether a token is still valid
     * @param options of the login module
     * @throws IllegalArgumentException if one of them is not what it should be
     */
    public UnsecuredTokens(Clock clock, Map<String, String> options) {
        this.clock = clock;
        principalClaim = options.getOrDefault(PRINCIPAL_CLAIM, "sub");
        scopeClaim = options.getOrDefault(SCOPE_CLAIM, "scope");
        requiredScope = words(options.getOrDefault(REQUIRED_SCOPE, ""));
        try {
            clockSkewMs = Long.parseLong(options.getOrDefault(CLOCK_SKEW_MS, "0"));
        } catch (NumberFormatException noNumber) {
            throw new IllegalArgumentException(CLOCK_SKEW_MS + " is a number of milliseconds");
        }
    }

    /** {@return a token that names somebody} */
    public static String token(String principal, long issuedAtMs, long expiresAtMs) {
        Base64.Encoder base64 = Base64.getUrlEncoder().withoutPadding();
        byte[] header = new JsonWriter().field("alg", "none").bytes();
        byte[] claims = new JsonWriter()
                .field("sub", principal)
                .field("iat", Math.floorDiv(issuedAtMs, MS_PER_SECOND))
                .field("exp", Math.floorDiv(expiresAtMs, MS_PER_SECOND))
                .bytes();
        return base64.encodeToString(header) + "." + base64.encodeToString(claims) + ".";
    }

    @Override
    public CompletionStage<Verdict> check(String token) {
        Verdict verdict;
        try {
            verdict = verdict(token);
        } catch (IllegalArgumentException | ArithmeticException malformed) {
            verdict = Invalid.token("it cannot be read: " + malformed.getMessage());
        }
        return CompletableFuture.completedStage(verdict);
    }

    private Verdict verdict(String token) {
        String[] parts = token.split("\\.", -1);
        if (parts.length != 3 || !parts[2].isEmpty()) {
            return Invalid.token(parts.length == 3 ? "it is signed" : "it has not three parts");
        }
        if (!json(parts[0]).stringAt("alg").equals("none")) {
            return Invalid.token("its algorithm is not none");
        }
        JsonObject claims = json(parts[1]);
        String principal = claims.stringAt(principalClaim);
        long nowMs = clock.wallMs();
        long expiresAtMs = timeMs(claims, "exp");
        if (principal.isBlank()) {
            return Invalid.token("it names nobody");
        }
        if (expiresAtMs <= nowMs - clockSkewMs) {
            return Invalid.token("it was valid until " + expiresAtMs + ", and now it is " + nowMs);
        }
        if (claims.has("iat") && timeMs(claims, "iat") > nowMs + clockSkewMs) {
            return Invalid.token("it comes from the future");
        }
        return scope(claims).containsAll(requiredScope)
                ? new Valid(principal, expiresAtMs)
                : new Invalid("insufficient_scope", "it has not all of the scope " + requiredScope);
    }

    private static JsonObject json(String base64) {
        return JsonReader.readObject(Base64.getUrlDecoder().decode(base64));
    }

    private List<String> scope(JsonObject claims) {
        if (!claims.has(scopeClaim)) {
            return List.of();
        }
        return claims.fields().get(scopeClaim) instanceof String text ? words(text) : claims.stringsAt(scopeClaim);
    }

    private static List<String> words(String text) {
        List<String> words = new ArrayList<>(Arrays.asList(text.trim().split("\\s+")));
        words.removeIf(String::isEmpty);
        return words;
    }

    private static long timeMs(JsonObject claims, String name) {
        Object seconds = claims.fields().get(name);
        if (seconds instanceof Double fraction && !fraction.isNaN() && !fraction.isInfinite()) {
            return Math.round(fraction * MS_PER_SECOND);
        }
        if (seconds instanceof Long whole) {
            return Math.multiplyExact(whole, MS_PER_SECOND);
        }
        throw new IllegalArgumentException("no number of seconds in " + name);
    }
}
