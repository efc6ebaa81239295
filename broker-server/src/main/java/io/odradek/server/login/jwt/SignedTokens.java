package io.odradek.server.login.jwt;

import io.odradek.core.config.ListenerSettings;
import io.odradek.core.security.oauth.BearerTokens;
import io.odradek.core.security.oauth.BearerTokens.Verdict.Invalid;
import io.odradek.core.security.oauth.BearerTokens.Verdict.Valid;
import io.odradek.protocol.errors.Quoted;
import io.odradek.storage.env.Clock;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jose4j.jwa.AlgorithmConstraints;
import org.jose4j.jwk.JsonWebKey;
import org.jose4j.jwt.JwtClaims;
import org.jose4j.jwt.MalformedClaimException;
import org.jose4j.jwt.NumericDate;
import org.jose4j.jwt.consumer.ErrorCodeValidator;
import org.jose4j.jwt.consumer.ErrorCodes;
import org.jose4j.jwt.consumer.InvalidJwtException;
import org.jose4j.jwt.consumer.JwtConsumer;
import org.jose4j.jwt.consumer.JwtConsumerBuilder;

/**
 * JSON Web Tokens that are signed with one of the keys of a {@link KeyRing} (KIP-768). What is valid is what Kafka's
 * OAuthBearerValidatorCallbackHandler takes: signed, with the claims {@code exp}, {@code iat} and {@code sub}, for the audience
 * and from the issuer that are expected. A token without a key of its own among those that are known has them fetched once more.
 */
final class SignedTokens implements BearerTokens {
    private static final int PARTS = 3;

    private final KeyRing ring;
    private final Expected expected;
    private final Clock clock;

    /**
     * What a token has to say.
     *
     * @param issuer whom it is from, null for anybody
     * @param audience whom it is for, at least one of them; empty for nobody in particular
     * @param subjectClaim the claim that names its user
     * @param scopeClaim the claim that says what for
     * @param skewSeconds how far clocks may be apart
     */
    record Expected(String issuer, List<String> audience, String subjectClaim, String scopeClaim, int skewSeconds) {
        static Expected of(ListenerSettings settings) {
            return new Expected(
                    settings.text("sasl.oauthbearer.expected.issuer"),
                    settings.list("sasl.oauthbearer.expected.audience"),
                    settings.text("sasl.oauthbearer.sub.claim.name"),
                    settings.text("sasl.oauthbearer.scope.claim.name"),
                    settings.int32("sasl.oauthbearer.clock.skew.seconds"));
        }
    }

    SignedTokens(KeyRing ring, Expected expected, Clock clock) {
        this.ring = ring;
        this.expected = expected;
        this.clock = clock;
    }

    @Override
    public CompletionStage<Verdict> check(String token) {
        if (!hasThreeParts(token)) {
            return CompletableFuture.completedStage(Invalid.token("it has not three parts"));
        }
        return ring.keys().thenCompose(keys -> {
            if (keys == null) {
                return CompletableFuture.completedStage(Invalid.token("there are no keys to check it with"));
            }
            KeyChoice choice = new KeyChoice(keys);
            Verdict verdict = verdict(token, choice);
            CompletionStage<List<JsonWebKey>> after = choice.missed() ? ring.after(keys) : null;
            return after == null
                    ? CompletableFuture.completedStage(verdict)
                    : after.thenApply(
                            newer -> newer == null || newer == keys ? verdict : verdict(token, new KeyChoice(newer)));
        });
    }

    private static boolean hasThreeParts(String token) {
        String[] parts = token.split("\\.", PARTS + 1);
        return parts.length == PARTS && !parts[0].isBlank() && !parts[1].isBlank() && !parts[2].isBlank();
    }

    private Verdict verdict(String token, KeyChoice choice) {
        try {
            return verdict(consumer(choice).processToClaims(token));
        } catch (InvalidJwtException invalid) {
            return Invalid.token(choice.missed() ? "no key that is known has signed it" : reason(invalid));
        } catch (MalformedClaimException | RuntimeException malformed) {
            return Invalid.token("its claims cannot be read");
        }
    }

    private JwtConsumer consumer(KeyChoice choice) {
        JwtConsumerBuilder builder = new JwtConsumerBuilder()
                .setEvaluationTime(NumericDate.fromMilliseconds(clock.wallMs()))
                .setAllowedClockSkewInSeconds(expected.skewSeconds())
                .setJwsAlgorithmConstraints(AlgorithmConstraints.DISALLOW_NONE)
                .setRequireExpirationTime()
                .setRequireIssuedAt()
                .setVerificationKeyResolver(choice);
        if (!expected.audience().isEmpty()) {
            builder.setExpectedAudience(expected.audience().toArray(String[]::new));
        }
        if (expected.issuer() != null) {
            builder.setExpectedIssuer(expected.issuer());
        }
        return builder.build();
    }

    private Verdict verdict(JwtClaims claims) throws MalformedClaimException {
        String principal = claims.getStringClaimValue(expected.subjectClaim());
        if (principal == null || principal.isBlank()) {
            return Invalid.token("it has no " + expected.subjectClaim() + ", so it names nobody");
        }
        if (!isScope(claims.getClaimValue(expected.scopeClaim()))) {
            return Invalid.token("its " + expected.scopeClaim() + " has something twice, or nothing in it");
        }
        long expiresAtMs = claims.getExpirationTime().getValueInMillis();
        return expiresAtMs < 0 || claims.getIssuedAt().getValueInMillis() < 0
                ? Invalid.token("it is of a time before 1970")
                : new Valid(principal.strip(), expiresAtMs);
    }

    /** A scope may be there or not; each of its parts is there once, and says something. */
    private static boolean isScope(Object scope) {
        Collection<?> parts = List.of();
        if (scope instanceof Collection<?> several) {
            parts = several;
        } else if (scope instanceof String one) {
            parts = List.of(one);
        }
        Set<String> seen = new HashSet<>();
        for (Object part : parts) {
            if (!(part instanceof String text) || text.isBlank() || !seen.add(text.strip())) {
                return false;
            }
        }
        return true;
    }

    /** The library's own words have the token in them. */
    private String reason(InvalidJwtException invalid) {
        for (ErrorCodeValidator.Error error : invalid.getErrorDetails()) {
            switch (error.getErrorCode()) {
                case ErrorCodes.SIGNATURE_INVALID, ErrorCodes.SIGNATURE_MISSING:
                    return "its signature is not that of the key that it names";
                case ErrorCodes.EXPIRED:
                    return "it has expired";
                case ErrorCodes.NOT_YET_VALID:
                    return "it is not valid yet";
                case ErrorCodes.AUDIENCE_MISSING, ErrorCodes.AUDIENCE_INVALID:
                    return expected.audience().isEmpty()
                            ? "it is for somebody, and sasl.oauthbearer.expected.audience does not say whether that is this"
                                    + " broker"
                            : "it is not for " + String.join(", ", expected.audience());
                case ErrorCodes.ISSUER_MISSING, ErrorCodes.ISSUER_INVALID:
                    return "it is not from " + expected.issuer();
                case ErrorCodes.EXPIRATION_MISSING:
                    return "it does not say until when it is valid";
                case ErrorCodes.ISSUED_AT_MISSING:
                    return "it does not say since when there is it";
                default:
                    break;
            }
        }
        return invalid.getCause() == null
                ? "it is none that can be read"
                : "it is none that can be checked: "
                        + Quoted.text(invalid.getCause().getClass().getSimpleName());
    }
}
