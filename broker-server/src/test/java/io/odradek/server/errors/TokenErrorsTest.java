package io.odradek.server.errors;

import static io.odradek.protocol.errors.ErrorCode.DELEGATION_TOKEN_NOT_FOUND;
import static io.odradek.protocol.errors.ErrorCode.DELEGATION_TOKEN_REQUEST_NOT_ALLOWED;
import static io.odradek.protocol.errors.ErrorCode.INVALID_PRINCIPAL_TYPE;
import static io.odradek.protocol.errors.ErrorCode.NONE;
import static io.odradek.protocol.errors.ErrorCode.POLICY_VIOLATION;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.odradek.protocol.api.CreateDelegationTokenRequest;
import io.odradek.protocol.api.CreateDelegationTokenRequest.CreatableRenewer;
import io.odradek.protocol.api.CreateDelegationTokenResponse;
import io.odradek.protocol.api.DescribeDelegationTokenRequest;
import io.odradek.protocol.api.DescribeDelegationTokenRequest.DescribeDelegationTokenOwner;
import io.odradek.protocol.api.DescribeDelegationTokenResponse;
import io.odradek.protocol.api.DescribeDelegationTokenResponse.DescribedDelegationTokenRenewer;
import io.odradek.protocol.api.ExpireDelegationTokenRequest;
import io.odradek.protocol.api.ExpireDelegationTokenResponse;
import io.odradek.protocol.api.RenewDelegationTokenRequest;
import io.odradek.protocol.api.RenewDelegationTokenResponse;
import io.odradek.protocol.api.SaslAuthenticateRequest;
import io.odradek.protocol.api.SaslAuthenticateResponse;
import io.odradek.protocol.api.SaslHandshakeRequest;
import io.odradek.protocol.api.SaslHandshakeResponse;
import io.odradek.server.net.RawClient;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What is refused of those who ask of delegation tokens, in every version. */
@Timeout(120)
class TokenErrorsTest {
    private static final int MOST = 50;
    private static final long LONGEST_MS = 1_000_000;
    private static final long RENEWAL_MS = 100_000;
    private static final long[] ODD_TIMES = {Long.MIN_VALUE, -1, 0, 1, RENEWAL_MS, LONGEST_MS, Long.MAX_VALUE};

    private ErrorsBed guarded;
    private RawClient alice;

    @BeforeEach
    void start() throws Exception {
        guarded = ErrorsBed.start(
                "listeners",
                "SASL_PLAINTEXT://127.0.0.1:0",
                "security.inter.broker.protocol",
                "SASL_PLAINTEXT",
                "sasl.enabled.mechanisms",
                "PLAIN",
                "sasl.mechanism.inter.broker.protocol",
                "PLAIN",
                "listener.name.sasl_plaintext.plain.sasl.jaas.config",
                "org.apache.kafka.common.security.plain.PlainLoginModule required username=\"b\" password=\"b\" user_alice=\"secret\";",
                "delegation.token.secret.key",
                "secret",
                "delegation.token.max.lifetime.ms",
                Long.toString(LONGEST_MS),
                "delegation.token.expiry.time.ms",
                Long.toString(RENEWAL_MS),
                "odradek.delegation.tokens.max",
                Integer.toString(MOST));
        alice = guarded.connect();
        alice.ask(new SaslHandshakeRequest("PLAIN"), 1, SaslHandshakeResponse.class);
        SaslAuthenticateRequest login = new SaslAuthenticateRequest(ByteBuffer.wrap("\0alice\0secret".getBytes(UTF_8)));
        assertThat(alice.ask(login, 2, SaslAuthenticateResponse.class).errorCode())
                .isEqualTo(NONE);
    }

    @AfterEach
    void stop() throws IOException {
        guarded.close();
    }

    private CreateDelegationTokenResponse create(int version, long lifetimeMs, CreatableRenewer... renewers)
            throws IOException {
        return alice.ask(
                new CreateDelegationTokenRequest(null, null, List.of(renewers), lifetimeMs),
                version,
                CreateDelegationTokenResponse.class);
    }

    private RenewDelegationTokenResponse renew(int version, ByteBuffer hmac, long periodMs) throws IOException {
        return alice.ask(
                new RenewDelegationTokenRequest(hmac.duplicate(), periodMs),
                version,
                RenewDelegationTokenResponse.class);
    }

    private ExpireDelegationTokenResponse expire(int version, ByteBuffer hmac, long periodMs) throws IOException {
        return alice.ask(
                new ExpireDelegationTokenRequest(hmac.duplicate(), periodMs),
                version,
                ExpireDelegationTokenResponse.class);
    }

    private DescribeDelegationTokenResponse describe(int version, List<DescribeDelegationTokenOwner> owners)
            throws IOException {
        return alice.ask(new DescribeDelegationTokenRequest(owners), version, DescribeDelegationTokenResponse.class);
    }

    @Test
    void whoHasNotSaidWhoItIsIsRefusedInEveryVersion() throws Exception {
        try (ErrorsBed open = ErrorsBed.start("delegation.token.secret.key", "secret")) {
            ByteBuffer hmac = ByteBuffer.wrap(new byte[64]);
            for (int version = 0; version <= 3; version++) {
                open.expect(
                        new CreateDelegationTokenRequest(null, null, List.of(), -1),
                        version,
                        DELEGATION_TOKEN_REQUEST_NOT_ALLOWED);
                open.expect(new DescribeDelegationTokenRequest(null), version, DELEGATION_TOKEN_REQUEST_NOT_ALLOWED);
            }
            for (int version = 0; version <= 2; version++) {
                open.expect(new RenewDelegationTokenRequest(hmac, -1), version, DELEGATION_TOKEN_REQUEST_NOT_ALLOWED);
                open.expect(new ExpireDelegationTokenRequest(hmac, -1), version, DELEGATION_TOKEN_REQUEST_NOT_ALLOWED);
            }
        }
    }

    @Test
    void timesThatNoClockShowsAreTheLatestThatIsAllowed() throws IOException {
        for (int version = 0; version <= 3; version++) {
            int older = Math.min(version, 2);
            for (long odd : ODD_TIMES) {
                CreateDelegationTokenResponse made = create(version, odd);
                assertThat(made.errorCode()).isEqualTo(NONE);
                assertThat(made.principalName()).isEqualTo("alice");
                assertThat(made.maxTimestampMs() - made.issueTimestampMs())
                        .isEqualTo(odd <= 0 ? LONGEST_MS : Math.min(odd, LONGEST_MS));
                assertThat(expire(older, made.hmac(), -1).errorCode()).isEqualTo(NONE);
            }
            CreateDelegationTokenResponse token = create(version, -1);
            for (long odd : new long[] {-1, Long.MIN_VALUE, RENEWAL_MS, LONGEST_MS, Long.MAX_VALUE}) {
                assertThat(renew(older, token.hmac(), odd).expiryTimestampMs())
                        .as("renewed for " + odd)
                        .isGreaterThan(token.issueTimestampMs())
                        .isLessThanOrEqualTo(token.maxTimestampMs());
            }
            assertThat(expire(older, token.hmac(), Long.MAX_VALUE).expiryTimestampMs())
                    .isEqualTo(token.maxTimestampMs());
            assertThat(describe(version, null).tokens()).hasSize(1);
            assertThat(expire(older, token.hmac(), Long.MIN_VALUE).errorCode()).isEqualTo(NONE);
            assertThat(describe(version, null).tokens()).isEmpty();
        }
    }

    @Test
    void secretsThatAreNoTokensAreNotFound() throws IOException {
        CreateDelegationTokenResponse token = create(3, -1);
        byte[] almost = new byte[token.hmac().remaining()];
        token.hmac().duplicate().get(almost);
        almost[63] ^= 1;
        for (byte[] hmac : List.of(new byte[0], new byte[1], new byte[64], almost, new byte[1 << 20])) {
            RenewDelegationTokenResponse answer = renew(2, ByteBuffer.wrap(hmac), -1);
            assertThat(answer.errorCode()).isEqualTo(DELEGATION_TOKEN_NOT_FOUND);
            assertThat(answer.expiryTimestampMs()).isEqualTo(-1);
            assertThat(expire(2, ByteBuffer.wrap(hmac), -1).errorCode()).isEqualTo(DELEGATION_TOKEN_NOT_FOUND);
        }
        assertThat(describe(3, null).tokens()).hasSize(1);
    }

    @Test
    void namesOfAnyKindAreKeptAsTheyAre() throws IOException {
        List<String> odd = List.of(
                "a:b",
                "a,b",
                " ",
                "\u0000",
                "a\"b\\c\n",
                "%41",
                "%",
                "a+b c*",
                "/../x",
                "\u0436\u20ac\ud83d\ude00",
                "User:x");
        CreatableRenewer[] renewers =
                odd.stream().map(name -> new CreatableRenewer("User", name)).toArray(CreatableRenewer[]::new);
        CreateDelegationTokenResponse token = create(2, -1, renewers);

        List<String> told = new ArrayList<>();
        for (DescribedDelegationTokenRenewer renewer :
                describe(3, null).tokens().get(0).renewers()) {
            assertThat(renewer.principalType()).isEqualTo("User");
            told.add(renewer.principalName());
        }
        assertThat(told).isEqualTo(odd);
        for (String name : odd) {
            assertThat(describe(1, List.of(new DescribeDelegationTokenOwner("User", name)))
                            .tokens())
                    .as(name)
                    .hasSize(1);
        }
        assertThat(renew(0, token.hmac(), -1).errorCode()).isEqualTo(NONE);
    }

    @Test
    void principalsThatAreNoUsersAndTooManyOfThemAreRefused() throws IOException {
        for (CreatableRenewer nobody : List.of(
                new CreatableRenewer("", ""),
                new CreatableRenewer("User", ""),
                new CreatableRenewer("user", "a"),
                new CreatableRenewer("User:a", "b".repeat(30_000)),
                new CreatableRenewer("Group", "a"))) {
            boolean isUser = nobody.principalType().startsWith("User:");
            assertThat(create(3, -1, nobody).errorCode()).isEqualTo(isUser ? POLICY_VIOLATION : INVALID_PRINCIPAL_TYPE);
        }
        CreatableRenewer[] many =
                Collections.nCopies(100_000, new CreatableRenewer("User", "r")).toArray(CreatableRenewer[]::new);
        assertThat(create(1, -1, many).errorCode()).isEqualTo(POLICY_VIOLATION);
        List<DescribeDelegationTokenOwner> owners =
                Collections.nCopies(100_000, new DescribeDelegationTokenOwner("Group", "r"));
        assertThat(describe(2, owners).tokens()).isEmpty();
    }

    @Test
    void moreThanThereMayBeAreRefusedUntilOthersEnd() throws IOException {
        ByteBuffer last = null;
        for (int i = 0; i < MOST; i++) {
            last = create(3, -1).hmac();
        }
        assertThat(create(3, -1).errorCode()).isEqualTo(POLICY_VIOLATION);
        assertThat(describe(3, null).tokens()).hasSize(MOST);
        assertThat(expire(1, last, -1).errorCode()).isEqualTo(NONE);
        assertThat(create(3, -1).errorCode()).isEqualTo(NONE);
    }
}
