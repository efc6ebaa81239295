package io.odradek.core.security.oauth;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.odradek.core.security.oauth.BearerTokens.Verdict.Invalid;
import io.odradek.core.security.oauth.BearerTokens.Verdict.Valid;
import io.odradek.core.security.sasl.SaslRefusedException;
import io.odradek.core.security.sasl.SaslStep;
import io.odradek.core.security.sasl.SaslStep.Accepted;
import io.odradek.core.security.sasl.SaslStep.Challenge;
import io.odradek.core.security.sasl.SaslStep.Login;
import io.odradek.core.security.sasl.SaslStep.Refused;
import io.odradek.storage.env.Clock;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Set;
import javax.security.auth.callback.Callback;
import javax.security.auth.login.AppConfigurationEntry;
import org.apache.kafka.common.security.auth.AuthenticateCallbackHandler;
import org.apache.kafka.common.security.oauthbearer.OAuthBearerToken;
import org.apache.kafka.common.security.oauthbearer.OAuthBearerTokenCallback;
import org.apache.kafka.common.security.oauthbearer.internals.OAuthBearerSaslClient;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Both ends of OAUTHBEARER against those of kafka-clients. */
class OauthWithKafkaTest {
    private static final long NOW_MS = 1_800_000_000_000L;

    private static final Clock CLOCK = new Clock() {
        @Override
        public long wallMs() {
            return NOW_MS;
        }

        @Override
        public long monotonicNs() {
            return 0;
        }
    };

    private static OauthExchange server(Map<String, String> options) {
        return new OauthExchange(new UnsecuredTokens(CLOCK, options));
    }

    private static SaslStep step(OauthExchange server, byte[] token) {
        return server.next(token).toCompletableFuture().join();
    }

    private static byte[] kafkas(String token) throws Exception {
        return client(token).evaluateChallenge(new byte[0]);
    }

    private static OAuthBearerSaslClient client(String token) {
        return new OAuthBearerSaslClient(new Shows(token));
    }

    private record Shows(String token) implements AuthenticateCallbackHandler {
        @Override
        public void configure(Map<String, ?> settings, String mechanism, List<AppConfigurationEntry> entries) {
            // It knows what it shows.
        }

        @Override
        public void handle(Callback[] callbacks) {
            for (Callback callback : callbacks) {
                if (callback instanceof OAuthBearerTokenCallback wanted) {
                    wanted.token(new Token(token));
                }
            }
        }

        @Override
        public void close() {
            // It holds nothing.
        }
    }

    private record Token(String value) implements OAuthBearerToken {
        @Override
        public Set<String> scope() {
            return Set.of();
        }

        @Override
        public long lifetimeMs() {
            return Long.MAX_VALUE;
        }

        @Override
        public String principalName() {
            return "alice";
        }

        @Override
        public Long startTimeMs() {
            return null;
        }
    }

    private static String jws(String header, String claims) {
        Base64.Encoder base64 = Base64.getUrlEncoder().withoutPadding();
        return base64.encodeToString(header.getBytes(UTF_8)) + "." + base64.encodeToString(claims.getBytes(UTF_8))
                + ".";
    }

    @Test
    void aClientOfKafkaLogsInHereForAsLongAsItsTokenIsValid() throws Exception {
        String token = UnsecuredTokens.token("alice", NOW_MS - 1000, NOW_MS + 60_000);

        Accepted accepted = (Accepted) step(server(Map.of()), kafkas(token));

        assertThat(accepted.login()).isEqualTo(new Login("alice", false, NOW_MS + 60_000));
        assertThat(accepted.token()).isEmpty();
    }

    @Test
    void aRefusalIsToldAsAChallengeAndAgainInTheEnd() throws Exception {
        OAuthBearerSaslClient client = client(UnsecuredTokens.token("alice", 0, NOW_MS - 1000));
        OauthExchange server = server(Map.of());

        Challenge challenge = (Challenge) step(server, client.evaluateChallenge(new byte[0]));
        assertThat(new String(challenge.token(), UTF_8)).isEqualTo("{\"status\":\"invalid_token\"}");
        byte[] understood = client.evaluateChallenge(challenge.token());
        Refused refused = (Refused) step(server, understood);

        assertThat(understood).containsExactly(1);
        assertThat(refused.message()).isEqualTo("{\"status\":\"invalid_token\"}");
        assertThat(refused.reason()).contains("valid until");
    }

    @Test
    void thisBrokerSaysWhatAClientOfKafkaSays() throws Exception {
        String token = UnsecuredTokens.token("broker", NOW_MS, NOW_MS + 60_000);
        OauthClientExchange own = new OauthClientExchange(token);
        assertThat(new String(own.first(), UTF_8)).isEqualTo(new String(kafkas(token), UTF_8));
        assertThat(own.next(new byte[0])).isNull();
        assertThatThrownBy(() -> own.next("{\"status\":\"invalid_token\"}".getBytes(UTF_8)))
                .isInstanceOf(SaslRefusedException.class)
                .hasMessageContaining("invalid_token");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"alg\":\"none\"} | {\"sub\":\"a\"}",
                "{\"alg\":\"none\"} | {\"exp\":1900000000}",
                "{\"alg\":\"none\"} | {\"sub\":\" \",\"exp\":1900000000}",
                "{\"alg\":\"none\"} | {\"sub\":\"a\",\"exp\":\"never\"}",
                "{\"alg\":\"none\"} | {\"sub\":\"a\",\"exp\":1e400}",
                "{\"alg\":\"none\"} | {\"sub\":\"a\",\"exp\":9223372036854775807}",
                "{\"alg\":\"none\"} | {\"sub\":\"a\",\"exp\":1800000000}",
                "{\"alg\":\"none\"} | {\"sub\":\"a\",\"exp\":1900000000,\"iat\":1800000001}",
                "{\"alg\":\"HS256\"} | {\"sub\":\"a\",\"exp\":1900000000}",
                "{} | {\"sub\":\"a\",\"exp\":1900000000}",
                "[] | []",
                "not JSON | at all",
            })
    void aTokenThatIsWrongNamesNobody(String header, String claims) {
        assertThat(check(jws(header, claims), Map.of())).isInstanceOf(Invalid.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ".", "..", "a.b", "a.b.c", "*.*.", "e30.e30.c2ln"})
    void whatIsNoTokenNamesNobody(String token) {
        assertThat(check(token, Map.of())).isInstanceOf(Invalid.class);
    }

    private static BearerTokens.Verdict check(String token, Map<String, String> options) {
        return new UnsecuredTokens(CLOCK, options)
                .check(token)
                .toCompletableFuture()
                .join();
    }

    @Test
    void scopesAndOtherClaimsAreAskedForByOptions() {
        String token = jws("{\"alg\":\"none\"}", "{\"who\":\"bob\",\"exp\":1800000000.5,\"can\":[\"read\",\"write\"]}");
        Map<String, String> options = Map.of(
                "unsecuredValidatorPrincipalClaimName", "who",
                "unsecuredValidatorScopeClaimName", "can",
                "unsecuredValidatorRequiredScope", "write read");

        assertThat(check(token, options)).isEqualTo(new Valid("bob", NOW_MS + 500));
        Map<String, String> more = new java.util.HashMap<>(options);
        more.put("unsecuredValidatorRequiredScope", "write all");
        assertThat(((Invalid) check(token, more)).status()).isEqualTo("insufficient_scope");
        String late = UnsecuredTokens.token("a", 0, NOW_MS - 5000);
        assertThat(check(late, Map.of("unsecuredValidatorAllowableClockSkewMs", "6000")))
                .isInstanceOf(Valid.class);
        assertThatThrownBy(() -> new UnsecuredTokens(CLOCK, Map.of("unsecuredValidatorAllowableClockSkewMs", "x")))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "n,,",
                "n,,\u0001\u0001",
                "n,,\u0001auth=Basic x\u0001\u0001",
                "n,,\u0001auth=Bearer \u0001\u0001",
                "n,,\u0001auth=Bearer x\u0001auth=Bearer y\u0001\u0001",
                "p=tls-unique,,\u0001auth=Bearer x\u0001\u0001",
                "n,,auth=Bearer x",
            })
    void aFirstMessageWithoutATokenIsRefused(String message) {
        assertThat(((Refused) step(server(Map.of()), message.getBytes(UTF_8))).reason())
                .isEqualTo("its first message has no bearer token");
    }

    @Test
    void nobodyActsAsSomebodyElse() {
        String token = UnsecuredTokens.token("alice", NOW_MS, NOW_MS + 1000);
        byte[] asRoot = ("n,a=root,\u0001auth=Bearer " + token + "\u0001\u0001").getBytes(UTF_8);

        assertThat(step(server(Map.of()), asRoot)).isInstanceOf(Refused.class);
        byte[] asAlice = ("n,a=alice,\u0001auth=Bearer " + token + "\u0001\u0001").getBytes(UTF_8);
        assertThat(step(server(Map.of()), asAlice)).isInstanceOf(Accepted.class);
    }
}
