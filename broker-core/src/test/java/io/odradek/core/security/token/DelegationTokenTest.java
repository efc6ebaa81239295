package io.odradek.core.security.token;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Base64;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Whose a token is, and how long it lives. */
class DelegationTokenTest {
    private static final TokenLife LIFE = new TokenLife(1_000, 100);
    private static final long NOW = 1_000_000;

    private static DelegationToken token(long wantedMs) {
        return LIFE.begin("id", "User:alice", "User:carol", List.of("User:bob"), NOW, wantedMs);
    }

    @ParameterizedTest
    @CsvSource({
        "500, 500, 100",
        "50, 50, 50",
        "1000, 1000, 100",
        "1001, 1000, 100",
        "9223372036854775807, 1000, 100",
        "0, 1000, 100",
        "-1, 1000, 100",
        "-9223372036854775808, 1000, 100",
    })
    void aNewTokenLivesAsLongAsItIsAskedForAndAllowed(long wantedMs, long mostMs, long untilRenewedMs) {
        DelegationToken token = token(wantedMs);

        assertThat(token.issuedMs()).isEqualTo(NOW);
        assertThat(token.maxMs()).isEqualTo(NOW + mostMs);
        assertThat(token.expiresMs()).isEqualTo(NOW + untilRenewedMs);
    }

    @ParameterizedTest
    @CsvSource({
        "-1, 150",
        "-9223372036854775808, 150",
        "0, 50",
        "300, 350",
        "950, 1000",
        "951, 1000",
        "9223372036854775807, 1000",
    })
    void aTokenIsRenewedFromNowOnUpToTheLongestLifeThatItWasGiven(long periodMs, long endsAfterMs) {
        DelegationToken renewed = LIFE.renewed(token(-1), NOW + 50, periodMs);

        assertThat(renewed.expiresMs()).isEqualTo(NOW + endsAfterMs);
        assertThat(renewed.maxMs()).isEqualTo(NOW + 1_000);
        assertThat(renewed.issuedMs()).isEqualTo(NOW);
    }

    @ParameterizedTest
    @CsvSource({"0, 50", "10, 60", "500, 550", "9223372036854775807, 1000"})
    void aTokenIsEndedSoonerOrLaterThanItWould(long periodMs, long endsAfterMs) {
        assertThat(TokenLife.ending(token(-1), NOW + 50, periodMs).expiresMs()).isEqualTo(NOW + endsAfterMs);
    }

    @Test
    void aLifeWithoutEndDoesNotEndInThePast() {
        TokenLife endless = new TokenLife(Long.MAX_VALUE, Long.MAX_VALUE);
        DelegationToken token = endless.begin("id", "User:a", "User:a", List.of(), NOW, -1);

        assertThat(token.maxMs()).isEqualTo(Long.MAX_VALUE);
        assertThat(token.expiresMs()).isEqualTo(Long.MAX_VALUE);
        assertThat(token.isOver(Long.MAX_VALUE)).isFalse();
    }

    @Test
    void aTokenIsOverBehindTheMillisecondInWhichItEnds() {
        assertThat(token(-1).isOver(NOW + 100)).isFalse();
        assertThat(token(-1).isOver(NOW + 101)).isTrue();
        DelegationToken written = new DelegationToken("id", "User:a", "User:a", List.of(), NOW, NOW + 5, NOW + 100);
        assertThat(written.isOver(NOW + 6)).as("whatever else it says").isTrue();
    }

    @Test
    void itsOwnerAndTheRenewersRenewItAndWhoAskedForItMayKnowOfIt() {
        DelegationToken token = token(-1);

        assertThat(List.of("User:alice", "User:bob")).allMatch(token::isRenewedBy);
        assertThat(List.of("User:carol", "User:dave", "alice", "")).noneMatch(token::isRenewedBy);
        assertThat(List.of("User:alice", "User:bob", "User:carol")).allMatch(token::concerns);
        assertThat(token.concerns("User:dave")).isFalse();
        assertThat(token.concernsAny(Set.of("User:dave", "User:bob"))).isTrue();
        assertThat(token.concernsAny(Set.of("User:carol"))).isTrue();
        assertThat(token.concernsAny(Set.of("User:dave"))).isFalse();
        assertThat(token.concernsAny(Set.of())).isFalse();
    }

    @Test
    void onlyUsersHaveTokens() {
        assertThat(DelegationToken.isUser("User:a:b")).isTrue();
        assertThat(List.of("Group:x", "User:", "user:a", "User", "", ":", "UserX:a"))
                .noneMatch(DelegationToken::isUser);
    }

    /** As Kafka 3.9.2 has reckoned it. */
    @Test
    void theSecretIsReckonedFromTheIdentifierAsKafkaDoes() {
        byte[] secret = new TokenKey("the secret").secretOf("juNS_EcfQ9aVrB-cg9g99A");

        assertThat(Base64.getEncoder().encodeToString(secret))
                .isEqualTo("FMCYCHCg8cMAwy7JHRe+6jBWuTqqhbwqBqmIEBKWM/IPfHjrPd8EbOMqvnyXGPpNEj5LHa2VaWK7T1AmpreDfA==");
    }

    @Test
    void nothingThatIsPrintedHasTheSecretInIt() {
        TokenKey key = new TokenKey("the secret");
        KnownToken known = KnownToken.of(token(-1), key);

        assertThat(key + " " + known + " " + known.token())
                .doesNotContain("the secret")
                .doesNotContain(Base64.getEncoder().encodeToString(key.secretOf("id")));
    }
}
