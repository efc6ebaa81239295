package io.odradek.server.login.jwt;

import static io.odradek.server.login.jwt.Signer.but;
import static io.odradek.server.login.jwt.Signer.claims;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.odradek.core.config.BrokerConfig;
import io.odradek.core.security.oauth.BearerTokens.Verdict;
import io.odradek.core.security.oauth.BearerTokens.Verdict.Invalid;
import io.odradek.core.security.oauth.BearerTokens.Verdict.Valid;
import io.odradek.server.env.SystemClock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import javax.security.auth.login.AppConfigurationEntry;
import org.apache.kafka.common.security.oauthbearer.BrokerJwtValidator;
import org.apache.kafka.common.security.oauthbearer.JwtValidatorException;
import org.apache.kafka.common.security.oauthbearer.OAuthBearerToken;
import org.jose4j.jws.JsonWebSignature;
import org.jose4j.keys.HmacKey;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which signed tokens are taken: those that Kafka's own check takes, and no others. */
class SignedTokensTest {
    private static final String OAUTH = "sasl.oauthbearer.";
    private static final String ALLOWED = "org.apache.kafka." + OAUTH + "allowed.urls";
    private static final AppConfigurationEntry MODULE = new AppConfigurationEntry(
            "org.apache.kafka.common.security.oauthbearer.OAuthBearerLoginModule",
            AppConfigurationEntry.LoginModuleControlFlag.REQUIRED,
            Map.of());
    private static final Signer ISSUER = new Signer("key-1");
    private static final Signer OTHER = new Signer("key-1");
    private static final long NOW = System.currentTimeMillis() / 1000;

    @TempDir
    Path folder;

    private final Map<String, String> settings = new TreeMap<>();

    @BeforeEach
    void keys() throws Exception {
        Path keys = folder.resolve("keys.json");
        Files.writeString(keys, Signer.publicKeys(ISSUER));
        settings.put(OAUTH + "jwks.endpoint.url", keys.toUri().toString());
        settings.put(OAUTH + "expected.issuer", "https://issuer");
        settings.put(OAUTH + "expected.audience", "others,brokers");
        System.setProperty(ALLOWED, keys.toUri().toString());
    }

    @AfterEach
    void forget() {
        System.clearProperty(ALLOWED);
    }

    private Verdict here(String token) {
        return TokenChecks.of(BrokerConfig.of(settings).ofListener("L"), Map.of(), new SystemClock(), Runnable::run)
                .check(token)
                .toCompletableFuture()
                .join();
    }

    /** {@return what Kafka's check makes of it, null if it refuses it} */
    private OAuthBearerToken atKafka(String token) {
        Map<String, Object> all = new HashMap<>(settings);
        all.compute(
                OAUTH + "expected.audience",
                (name, list) -> list == null ? List.of() : List.of(((String) list).split(",")));
        all.putIfAbsent(OAUTH + "scope.claim.name", "scope");
        all.putIfAbsent(OAUTH + "sub.claim.name", "sub");
        all.compute(OAUTH + "clock.skew.seconds", (name, skew) -> skew == null ? 30 : Integer.valueOf((String) skew));
        BrokerJwtValidator validator = new BrokerJwtValidator();
        validator.configure(all, "OAUTHBEARER", List.of(MODULE));
        try {
            return validator.validate(token);
        } catch (JwtValidatorException refused) {
            return null;
        }
    }

    private void isTaken(String token, String user) {
        OAuthBearerToken kafkas = atKafka(token);
        assertThat(kafkas).isNotNull();
        assertThat(kafkas.principalName()).isEqualTo(user);
        assertThat(here(token)).isEqualTo(new Valid(user, kafkas.lifetimeMs()));
    }

    private void isRefused(String token, String why) {
        assertThat(atKafka(token)).isNull();
        assertThat(here(token)).isEqualTo(Invalid.token(why));
    }

    @Test
    void aTokenOfTheIssuerForTheBrokersIsTakenUntilItExpires() {
        isTaken(ISSUER.sign(claims("alice")), "alice");
        isTaken(ISSUER.sign(claims("alice"), "PS512"), "alice");
        isTaken(ISSUER.sign(but(claims("alice"), "aud", List.of("nobody", "brokers"))), "alice");
        isTaken(ISSUER.sign(but(claims("alice"), "nbf", NOW - 10)), "alice");
        isTaken(ISSUER.sign(but(claims("alice"), "scope", List.of("a", "b"))), "alice");
        isTaken(ISSUER.sign(but(claims("alice"), "scope", "a b")), "alice");
        isTaken(ISSUER.sign(but(claims("alice"), "sub", " alice ")), "alice");
    }

    @Test
    void clocksMayBeApartByAsMuchAsTheSettingSays() {
        String late = ISSUER.sign(but(claims("alice"), "exp", NOW - 20));
        String early = ISSUER.sign(but(claims("alice"), "nbf", NOW + 60));

        isTaken(late, "alice");
        isRefused(early, "it is not valid yet");

        settings.put(OAUTH + "clock.skew.seconds", "0");
        isRefused(late, "it has expired");
        settings.put(OAUTH + "clock.skew.seconds", "90");
        isTaken(early, "alice");
    }

    @Test
    void whatTheClaimsHaveToSayIsRequired() {
        isRefused(ISSUER.sign(but(claims("alice"), "exp", NOW - 3600)), "it has expired");
        isRefused(ISSUER.sign(but(claims("alice"), "exp", null)), "it does not say until when it is valid");
        isRefused(ISSUER.sign(but(claims("alice"), "iat", null)), "it does not say since when there is it");
        isRefused(ISSUER.sign(but(claims("alice"), "sub", null)), "it has no sub, so it names nobody");
        isRefused(ISSUER.sign(but(claims("alice"), "sub", " ")), "it has no sub, so it names nobody");
        isRefused(ISSUER.sign(but(claims("alice"), "sub", 7)), "it is none that can be read");
        isRefused(ISSUER.sign(but(claims("alice"), "aud", "others-still")), "it is not for others, brokers");
        isRefused(ISSUER.sign(but(claims("alice"), "aud", null)), "it is not for others, brokers");
        isRefused(ISSUER.sign(but(claims("alice"), "iss", "https://other")), "it is not from https://issuer");
        isRefused(ISSUER.sign(but(claims("alice"), "iss", null)), "it is not from https://issuer");
        isRefused(
                ISSUER.sign(but(claims("alice"), "scope", List.of("a", "a"))),
                "its scope has something twice, or nothing in it");
    }

    @Test
    void claimsMayHaveOtherNames() {
        settings.put(OAUTH + "sub.claim.name", "client_id");
        settings.put(OAUTH + "scope.claim.name", "scp");

        isTaken(ISSUER.sign(but(but(claims("alice"), "client_id", "shop"), "scp", List.of("a"))), "shop");
        isRefused(ISSUER.sign(claims("alice")), "it has no client_id, so it names nobody");
    }

    /** As Kafka 3.9; Kafka 4.4 does not start so. */
    @Test
    void whoDoesNotSayForWhomTokensAreTakesNoneThatAreForSomebody() {
        settings.remove(OAUTH + "expected.audience");
        settings.remove(OAUTH + "expected.issuer");

        assertThat(here(ISSUER.sign(but(claims("alice"), "aud", null)))).isInstanceOf(Valid.class);
        assertThat(here(ISSUER.sign(but(but(claims("alice"), "aud", null), "iss", "anybody"))))
                .isInstanceOf(Valid.class);
        assertThat(here(ISSUER.sign(claims("alice"))))
                .isEqualTo(Invalid.token("it is for somebody, and sasl.oauthbearer.expected.audience does not say"
                        + " whether that is this broker"));
    }

    @Test
    void signaturesOfOthersAreNone() {
        String signed = ISSUER.sign(claims("alice"));
        String claims = signed.split("\\.")[1];
        String bobs = OTHER.sign(claims("bob")).split("\\.")[1];

        isRefused(OTHER.sign(claims("alice")), "its signature is not that of the key that it names");
        isRefused(new Signer("key-2").sign(claims("alice")), "no key that is known has signed it");
        isRefused(signed.replace(claims, bobs), "its signature is not that of the key that it names");
        isRefused(
                signed.substring(0, signed.length() - 8) + "AAAAAAAA",
                "its signature is not that of the key that it names");
    }

    @Test
    void tokensThatNobodySignsAreRefused() {
        String claims = ISSUER.sign(claims("alice")).split("\\.")[1];
        for (String none : List.of("none", "None", "NONE", "nOnE")) {
            String header = base64("{\"alg\":\"" + none + "\",\"kid\":\"key-1\"}");

            isRefused(header + "." + claims + ".", "it has not three parts");
            assertRefused(header + "." + claims + ".AAAA");
        }
        assertRefused(base64("{\"kid\":\"key-1\"}") + "." + claims + ".AAAA");
    }

    @Test
    void aPublicKeyIsNoPassword() {
        for (byte[] password : List.of(
                ISSUER.pair().getPublic().getEncoded(),
                ("-----BEGIN PUBLIC KEY-----\n"
                                + Base64.getMimeEncoder(64, new byte[] {'\n'})
                                        .encodeToString(
                                                ISSUER.pair().getPublic().getEncoded())
                                + "\n-----END PUBLIC KEY-----\n")
                        .getBytes(UTF_8))) {
            JsonWebSignature token = ISSUER.unsigned(claims("alice"), "HS256");
            token.setKey(new HmacKey(password));

            isRefused(Signer.compact(token), "no key that is known has signed it");
        }
    }

    @Test
    void whatIsNoTokenIsRefused() {
        String signed = ISSUER.sign(claims("alice"));
        for (String bad :
                List.of("", ".", "..", "...", "a.b.c", signed + ".", signed + ".a", "." + signed, "\0.\0.\0")) {
            assertRefused(bad);
        }
        assertRefused(base64("{".repeat(50_000)) + "." + base64("[".repeat(50_000)) + ".AAAA");
        assertRefused(base64("{\"alg\":\"RS256\",\"kid\":\"" + "k".repeat(300_000) + "\"}") + ".AAAA.AAAA");
        assertRefused("a".repeat(500_000) + ".a.a");
        assertRefused(".".repeat(500_000));
        assertRefused(base64("{\"alg\":\"dir\",\"enc\":\"A128GCM\"}") + "..AAAA.AAAA.AAAA");
    }

    private void assertRefused(String token) {
        assertThat(atKafka(token)).isNull();
        assertThat(here(token)).isInstanceOf(Invalid.class);
        assertThat(((Invalid) here(token)).reason().length()).isLessThan(300);
    }

    private static String base64(String text) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(text.getBytes(UTF_8));
    }
}
