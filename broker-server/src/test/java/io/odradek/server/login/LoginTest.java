package io.odradek.server.login;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.odradek.core.security.oauth.UnsecuredTokens;
import io.odradek.protocol.api.ApiKey;
import io.odradek.protocol.api.ApiVersionsRequest;
import io.odradek.protocol.api.ApiVersionsResponse;
import io.odradek.protocol.api.ListGroupsRequest;
import io.odradek.protocol.api.ListGroupsResponse;
import io.odradek.protocol.api.SaslAuthenticateRequest;
import io.odradek.protocol.api.SaslAuthenticateResponse;
import io.odradek.protocol.api.SaslHandshakeRequest;
import io.odradek.protocol.api.SaslHandshakeResponse;
import io.odradek.protocol.errors.ErrorCode;
import io.odradek.server.embedded.EmbeddedBroker;
import io.odradek.server.net.RawClient;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a connection is heard of before, in and after its login, as it is on the wire. */
@Timeout(120)
class LoginTest {
    private static final String MODULES = "org.apache.kafka.common.security.";
    private static final int HOUR_MS = 3_600_000;

    private EmbeddedBroker broker;
    private RawClient client;

    @BeforeEach
    void connect() throws IOException {
        connect("odradek.authentication.timeout.ms", "60000");
    }

    private void connect(String setting, String value) throws IOException {
        stop();
        broker = EmbeddedBroker.builder()
                .setting("listeners", "GUARDED://127.0.0.1:0")
                .setting("listener.security.protocol.map", "GUARDED:SASL_PLAINTEXT")
                .setting("inter.broker.listener.name", "GUARDED")
                .setting("sasl.enabled.mechanisms", "PLAIN,OAUTHBEARER")
                .setting(
                        "listener.name.guarded.plain.sasl.jaas.config",
                        MODULES + "plain.PlainLoginModule required user_alice=secret user_bob=secret;")
                .setting(
                        "listener.name.guarded.oauthbearer.sasl.jaas.config",
                        MODULES + "oauthbearer.OAuthBearerLoginModule required;")
                .setting(setting, value)
                .start();
        client = another();
    }

    private RawClient another() throws IOException {
        String[] address = broker.bootstrapServers("GUARDED").split(":");
        return new RawClient(new InetSocketAddress(address[0], Integer.parseInt(address[1])));
    }

    @AfterEach
    void stop() throws IOException {
        if (broker != null) {
            client.close();
            broker.close();
        }
    }

    private static ListGroupsRequest anything() {
        return new ListGroupsRequest(List.of(), List.of());
    }

    private void handshake(String mechanism) throws IOException {
        SaslHandshakeResponse answer = client.ask(new SaslHandshakeRequest(mechanism), 1, SaslHandshakeResponse.class);
        assertThat(answer.errorCode()).isEqualTo(ErrorCode.NONE);
    }

    private static SaslAuthenticateRequest token(String text) {
        return new SaslAuthenticateRequest(ByteBuffer.wrap(text.getBytes(UTF_8)));
    }

    private SaslAuthenticateResponse plain(String user, String password) throws IOException {
        handshake("PLAIN");
        return client.ask(token("\0" + user + "\0" + password), 2, SaslAuthenticateResponse.class);
    }

    /** {@return the answer to a token that is valid for so long} */
    private SaslAuthenticateResponse bearer(long validMs) throws IOException {
        handshake("OAUTHBEARER");
        long nowMs = System.currentTimeMillis();
        String text = UnsecuredTokens.token("alice", nowMs, nowMs + validMs);
        return client.ask(token("n,,\1auth=Bearer " + text + "\1\1"), 2, SaslAuthenticateResponse.class);
    }

    private ErrorCode ask() throws IOException {
        return client.ask(anything(), 4, ListGroupsResponse.class).errorCode();
    }

    @Test
    void aStrangerLearnsWhichVersionsThereAreAndNothingElse() throws IOException {
        client.ask(new ApiVersionsRequest("", ""), 0, ApiVersionsResponse.class);

        client.send(anything(), (short) 4, 1);

        assertThat(client.isClosedByPeer()).isTrue();
    }

    @Test
    void aStrangerIsNotHeardBetweenItsHandshakeAndItsPassword() throws IOException {
        handshake("PLAIN");

        client.send(anything(), (short) 4, 1);

        assertThat(client.isClosedByPeer()).isTrue();
    }

    @Test
    void whatComesBehindAWrongPasswordIsNotHeard() throws IOException {
        handshake("PLAIN");
        ByteArrayOutputStream atOnce = new ByteArrayOutputStream();
        atOnce.write(RawClient.frame(token("\0alice\0guessed"), (short) 2, 1));
        atOnce.write(RawClient.frame(new SaslHandshakeRequest("PLAIN"), (short) 1, 2));
        atOnce.write(RawClient.frame(token("\0alice\0secret"), (short) 2, 3));
        atOnce.write(RawClient.frame(anything(), (short) 4, 4));
        client.send(atOnce.toByteArray());

        SaslAuthenticateResponse refusal =
                client.answer(ApiKey.SASL_AUTHENTICATE, 2, 1, SaslAuthenticateResponse.class);
        assertThat(refusal.errorCode()).isEqualTo(ErrorCode.SASL_AUTHENTICATION_FAILED);
        assertThat(client.isClosedByPeer()).isTrue();
    }

    @Test
    void aStrangersRequestsAreShort() throws IOException {
        handshake("PLAIN");

        client.send(ByteBuffer.allocate(4).putInt(524_289).array());

        assertThat(client.isClosedByPeer()).isTrue();
    }

    @Test
    void whoDoesNotLogInInTimeIsCutOff() throws IOException {
        connect("odradek.authentication.timeout.ms", "300");
        handshake("PLAIN");

        assertThat(client.isClosedByPeer()).isTrue();
    }

    @Test
    void whoHasLoggedInIsHeardForEver() throws IOException {
        assertThat(plain("alice", "secret").sessionLifetimeMs()).isZero();

        assertThat(ask()).isEqualTo(ErrorCode.NONE);
        assertThat(client.ask(new SaslHandshakeRequest("PLAIN"), 1, SaslHandshakeResponse.class)
                        .errorCode())
                .isEqualTo(ErrorCode.ILLEGAL_SASL_STATE);
    }

    /** As clients before 1.0 log in: their tokens are frames of their own, without a header. */
    @Test
    void tokensWithoutHeadersComeAfterAHandshakeOfVersion0() throws IOException {
        bareToken("\0alice\0secret");

        assertThat(client.receive().remaining()).isZero();
        assertThat(ask()).isEqualTo(ErrorCode.NONE);
    }

    @Test
    void aWrongBareTokenIsAnsweredByTheEndOfTheConnection() throws IOException {
        bareToken("\0alice\0guessed");

        assertThat(client.isClosedByPeer()).isTrue();
    }

    private void bareToken(String text) throws IOException {
        SaslHandshakeResponse answer = client.ask(new SaslHandshakeRequest("PLAIN"), 0, SaslHandshakeResponse.class);
        assertThat(answer.errorCode()).isEqualTo(ErrorCode.NONE);
        byte[] token = text.getBytes(UTF_8);
        client.send(ByteBuffer.allocate(Integer.BYTES + token.length)
                .putInt(token.length)
                .put(token)
                .array());
    }

    @Test
    void aTokenLetsInForAsLongAsItIsValid() throws IOException {
        assertThat(bearer(HOUR_MS).sessionLifetimeMs()).isBetween(1L, (long) HOUR_MS);
        assertThat(ask()).isEqualTo(ErrorCode.NONE);
    }

    @Test
    void aTokenThatOutlivesTheClockLetsIn() throws IOException {
        assertThat(bearer(Long.MAX_VALUE / 4).errorCode()).isEqualTo(ErrorCode.NONE);

        assertThat(ask()).isEqualTo(ErrorCode.NONE);
    }

    @Test
    void whoHasToLogInAgainAndDoesNotIsHeardNoMore() throws IOException {
        connect("connections.max.reauth.ms", "200");
        assertThat(bearer(HOUR_MS).sessionLifetimeMs()).isEqualTo(200);

        while (isHeard()) {
            // It is, for a while.
        }
    }

    private boolean isHeard() throws IOException {
        try {
            return ask() == ErrorCode.NONE;
        } catch (EOFException | SocketException closed) {
            return false;
        }
    }

    @Test
    void nobodyBecomesSomebodyElse() throws IOException {
        connect("connections.max.reauth.ms", "3600000");
        assertThat(plain("alice", "secret").errorCode()).isEqualTo(ErrorCode.NONE);
        ErrorCode again = ErrorCode.ILLEGAL_SASL_STATE;
        while (again == ErrorCode.ILLEGAL_SASL_STATE) {
            again = client.ask(new SaslHandshakeRequest("PLAIN"), 1, SaslHandshakeResponse.class)
                    .errorCode();
        }

        SaslAuthenticateResponse refusal = client.ask(token("\0bob\0secret"), 2, SaslAuthenticateResponse.class);

        assertThat(refusal.errorCode()).isEqualTo(ErrorCode.SASL_AUTHENTICATION_FAILED);
        assertThat(refusal.errorMessage()).contains("Cannot change principals during re-authentication");
        assertThat(client.isClosedByPeer()).isTrue();
    }
}
