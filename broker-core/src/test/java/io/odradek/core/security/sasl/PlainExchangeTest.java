package io.odradek.core.security.sasl;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.odradek.core.security.sasl.SaslStep.Accepted;
import io.odradek.core.security.sasl.SaslStep.Login;
import io.odradek.core.security.sasl.SaslStep.Refused;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PlainExchangeTest {
    private static SaslStep login(String token) {
        return login(token.getBytes(UTF_8));
    }

    private static SaslStep login(byte[] token) {
        PlainExchange exchange = new PlainExchange((user, password) ->
                CompletableFuture.completedStage(user.equals("alice") && password.equals("p\u00e4ss")));
        return exchange.next(token).toCompletableFuture().join();
    }

    @ParameterizedTest
    @ValueSource(strings = {"\0alice\0p\u00e4ss", "alice\0alice\0p\u00e4ss"})
    void theRightPasswordLetsItsUserIn(String token) {
        assertThat(((Accepted) login(token)).login()).isEqualTo(Login.of("alice"));
    }

    @Test
    void whatThisBrokerSendsToAnotherIsUnderstood() {
        PlainClientExchange client = new PlainClientExchange("alice", "p\u00e4ss");

        assertThat(login(client.first())).isInstanceOf(Accepted.class);
        assertThat(client.next(new byte[0])).isNull();
        assertThatThrownBy(() -> client.next(new byte[1])).isInstanceOf(SaslRefusedException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"\0alice\0wrong", "\0bob\0p\u00e4ss"})
    void aWrongPasswordAndAnUnknownUserAreAnsweredAlike(String token) {
        assertThat(((Refused) login(token)).message()).isEqualTo("Authentication failed: Invalid username or password");
    }

    @Test
    void nobodyActsAsSomebodyElse() {
        assertThat(((Refused) login("root\0alice\0p\u00e4ss")).message())
                .isEqualTo(
                        "Authentication failed: Client requested an authorization id that is different from username");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "\0", "alice", "a\0b\0c\0d"})
    void whatIsNoNameAndPasswordIsRefused(String token) {
        Refused refused = (Refused) login(token);
        assertThat(refused.message()).isNull();
        assertThat(refused.reason()).doesNotContain("\0");
    }

    @Test
    void whoNamesNobodyOrHasNoPasswordIsToldAsByKafka() {
        assertThat(((Refused) login("\0\0p")).message()).isEqualTo("Authentication failed: username not specified");
        assertThat(((Refused) login("\0\0")).message()).isEqualTo("Authentication failed: username not specified");
        assertThat(((Refused) login("\0alice\0")).message()).isEqualTo("Authentication failed: password not specified");
    }

    @Test
    void whoCannotBeAskedLetsNobodyIn() {
        PlainExchange exchange = new PlainExchange(
                (user, password) -> CompletableFuture.failedStage(new IllegalStateException("away\nfor ever")));

        SaslStep step =
                exchange.next("\0a\0b".getBytes(UTF_8)).toCompletableFuture().join();

        assertThat(((Refused) step).reason()).contains("away").doesNotContain("\n");
        assertThat(login(new byte[] {(byte) 0xff, 0, 1, 0, 2})).isInstanceOf(Refused.class);
    }
}
