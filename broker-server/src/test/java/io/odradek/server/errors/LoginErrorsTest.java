package io.odradek.server.errors;

import static io.odradek.protocol.errors.ErrorCode.DUPLICATE_RESOURCE;
import static io.odradek.protocol.errors.ErrorCode.ILLEGAL_SASL_STATE;
import static io.odradek.protocol.errors.ErrorCode.RESOURCE_NOT_FOUND;
import static io.odradek.protocol.errors.ErrorCode.SASL_AUTHENTICATION_FAILED;
import static io.odradek.protocol.errors.ErrorCode.UNACCEPTABLE_CREDENTIAL;
import static io.odradek.protocol.errors.ErrorCode.UNSUPPORTED_SASL_MECHANISM;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.odradek.protocol.api.AlterUserScramCredentialsRequest;
import io.odradek.protocol.api.AlterUserScramCredentialsRequest.ScramCredentialDeletion;
import io.odradek.protocol.api.AlterUserScramCredentialsRequest.ScramCredentialUpsertion;
import io.odradek.protocol.api.ApiResponse;
import io.odradek.protocol.api.ApiVersionsRequest;
import io.odradek.protocol.api.ApiVersionsResponse;
import io.odradek.protocol.api.DescribeUserScramCredentialsRequest;
import io.odradek.protocol.api.DescribeUserScramCredentialsRequest.UserName;
import io.odradek.protocol.api.DescribeUserScramCredentialsResponse;
import io.odradek.protocol.api.DescribeUserScramCredentialsResponse.CredentialInfo;
import io.odradek.protocol.api.ListGroupsRequest;
import io.odradek.protocol.api.ListGroupsResponse;
import io.odradek.protocol.api.SaslAuthenticateRequest;
import io.odradek.protocol.api.SaslAuthenticateResponse;
import io.odradek.protocol.api.SaslHandshakeRequest;
import io.odradek.protocol.api.SaslHandshakeResponse;
import io.odradek.protocol.errors.ErrorCode;
import io.odradek.server.net.RawClient;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What is refused of those who want to log in, and who say who may. */
@Timeout(120)
class LoginErrorsTest {
    private static final byte SHA_256 = 1;
    private static final byte SHA_512 = 2;

    private static ErrorsBed open;
    private static ErrorsBed guarded;

    @BeforeAll
    static void start() throws Exception {
        open = ErrorsBed.start();
        guarded = ErrorsBed.start(
                "listeners",
                "SASL_PLAINTEXT://127.0.0.1:0",
                "security.inter.broker.protocol",
                "SASL_PLAINTEXT",
                "sasl.enabled.mechanisms",
                "PLAIN,SCRAM-SHA-256",
                "sasl.mechanism.inter.broker.protocol",
                "PLAIN",
                "connection.failed.authentication.delay.ms",
                "1",
                "listener.name.sasl_plaintext.plain.sasl.jaas.config",
                "org.apache.kafka.common.security.plain.PlainLoginModule required username=\"b\" password=\"b\""
                        + " user_alice=\"secret\";");
    }

    @AfterAll
    static void stop() throws Exception {
        open.close();
        guarded.close();
    }

    private static SaslAuthenticateRequest token(String text) {
        return new SaslAuthenticateRequest(ByteBuffer.wrap(text.getBytes(UTF_8)));
    }

    private static void isClosed(RawClient client) {
        assertThatThrownBy(() -> client.ask(new ApiVersionsRequest("", ""), 0, ApiResponse.class))
                .isInstanceOf(IOException.class);
    }

    private static RawClient handshaken() throws IOException {
        RawClient client = guarded.connect();
        assertThat(client.ask(new SaslHandshakeRequest("PLAIN"), 1, SaslHandshakeResponse.class))
                .isEqualTo(new SaslHandshakeResponse(ErrorCode.NONE, List.of("PLAIN", "SCRAM-SHA-256")));
        return client;
    }

    @Test
    void mechanismsThatThereAreNot() throws IOException {
        for (String mechanism : List.of("GSSAPI", "plain", "", "SCRAM-SHA-512")) {
            RawClient client = guarded.connect();
            assertThat(client.ask(new SaslHandshakeRequest(mechanism), 1, SaslHandshakeResponse.class))
                    .isEqualTo(
                            new SaslHandshakeResponse(UNSUPPORTED_SASL_MECHANISM, List.of("PLAIN", "SCRAM-SHA-256")));
            isClosed(client);
        }
    }

    @Test
    void passwordsThatAreWrong() throws IOException {
        for (int version = 0; version <= 2; version++) {
            RawClient client = handshaken();
            SaslAuthenticateResponse answer =
                    client.ask(token("\0alice\0guessed"), version, SaslAuthenticateResponse.class);
            assertThat(answer.errorCode()).isEqualTo(SASL_AUTHENTICATION_FAILED);
            assertThat(answer.errorMessage()).isEqualTo("Authentication failed: Invalid username or password");
            isClosed(client);
        }
    }

    @Test
    void loginsWhereThereIsNoneToBeMade() throws IOException {
        open.expect(new SaslHandshakeRequest("PLAIN"), 0, ILLEGAL_SASL_STATE);
        open.expect(new SaslHandshakeRequest("PLAIN"), 1, ILLEGAL_SASL_STATE);
        open.expect(token("\0alice\0secret"), 1, ILLEGAL_SASL_STATE);
        RawClient known = handshaken();
        assertThat(known.ask(token("\0alice\0secret"), 2, SaslAuthenticateResponse.class)
                        .errorCode())
                .isEqualTo(ErrorCode.NONE);
        assertThat(known.ask(new SaslHandshakeRequest("PLAIN"), 1, SaslHandshakeResponse.class)
                        .errorCode())
                .isEqualTo(ILLEGAL_SASL_STATE);
        assertThat(known.ask(token("\0alice\0secret"), 2, SaslAuthenticateResponse.class)
                        .errorCode())
                .isEqualTo(ILLEGAL_SASL_STATE);
        assertThat(known.ask(new ListGroupsRequest(List.of(), List.of()), 0, ListGroupsResponse.class)
                        .errorCode())
                .isEqualTo(ErrorCode.NONE);
    }

    @Test
    void strangersAreHeardOfNothingElse() throws IOException {
        RawClient stranger = guarded.connect();
        assertThat(stranger.ask(new ApiVersionsRequest("", ""), 0, ApiVersionsResponse.class)
                        .errorCode())
                .isEqualTo(ErrorCode.NONE);
        assertThatThrownBy(() -> stranger.ask(new ListGroupsRequest(List.of(), List.of()), 0, ListGroupsResponse.class))
                .isInstanceOf(IOException.class);
        RawClient hasty = guarded.connect();
        assertThatThrownBy(() -> hasty.ask(token("\0alice\0secret"), 1, SaslAuthenticateResponse.class))
                .isInstanceOf(IOException.class);
        RawClient half = handshaken();
        assertThatThrownBy(() -> half.ask(new ListGroupsRequest(List.of(), List.of()), 0, ListGroupsResponse.class))
                .isInstanceOf(IOException.class);
    }

    private static ScramCredentialUpsertion credential(String user, int mechanism, int iterations, String password) {
        return new ScramCredentialUpsertion(
                user,
                (byte) mechanism,
                iterations,
                ByteBuffer.wrap(new byte[] {1}),
                ByteBuffer.wrap(password.getBytes(UTF_8)));
    }

    private static AlterUserScramCredentialsRequest store(ScramCredentialUpsertion... credentials) {
        return new AlterUserScramCredentialsRequest(List.of(), List.of(credentials));
    }

    private static AlterUserScramCredentialsRequest delete(String user, byte... mechanisms) {
        List<ScramCredentialDeletion> deletions = new ArrayList<>();
        for (byte mechanism : mechanisms) {
            deletions.add(new ScramCredentialDeletion(user, mechanism));
        }
        return new AlterUserScramCredentialsRequest(deletions, List.of());
    }

    @Test
    void credentialsThatAreNotTaken() throws IOException {
        open.expect(store(credential("", SHA_256, 4096, "p")), 0, UNACCEPTABLE_CREDENTIAL);
        open.expect(store(credential("u", SHA_256, 4095, "p")), 0, UNACCEPTABLE_CREDENTIAL);
        open.expect(store(credential("u", SHA_256, 16_385, "p")), 0, UNACCEPTABLE_CREDENTIAL);
        open.expect(store(credential("u", SHA_256, 4096, "")), 0, UNACCEPTABLE_CREDENTIAL);
        open.expect(store(credential("u", 0, 4096, "p")), 0, UNSUPPORTED_SASL_MECHANISM);
        open.expect(store(credential("u", 3, 4096, "p")), 0, UNSUPPORTED_SASL_MECHANISM);
        open.expect(
                store(credential("u", SHA_256, 4096, "p"), credential("u", SHA_256, 8192, "p")), 0, DUPLICATE_RESOURCE);
        open.expect(delete("u", SHA_256, SHA_256), 0, DUPLICATE_RESOURCE);
        open.expect(delete("u", SHA_256), 0, RESOURCE_NOT_FOUND);
        open.expect(delete("u", (byte) 9), 0, UNSUPPORTED_SASL_MECHANISM);
    }

    @Test
    void credentialsThatThereAreNot() throws IOException {
        open.expect(store(credential("bob", SHA_256, 4096, "p"), credential("bob", SHA_512, 8192, "p")), 0);
        open.expect(describe("nobody"), 0, RESOURCE_NOT_FOUND);
        open.expect(describe("bob", "bob"), 0, DUPLICATE_RESOURCE);
        open.expect(describe("bob", "nobody"), 0, RESOURCE_NOT_FOUND);
        DescribeUserScramCredentialsResponse all =
                open.ask(new DescribeUserScramCredentialsRequest(null), 0, DescribeUserScramCredentialsResponse.class);
        assertThat(all.results())
                .singleElement()
                .satisfies(bob -> assertThat(bob.credentialInfos())
                        .containsExactly(new CredentialInfo(SHA_256, 4096), new CredentialInfo(SHA_512, 8192)));
        open.expect(delete("bob", SHA_256), 0);
        open.expect(delete("bob", SHA_512), 0);
        open.expect(describe("bob"), 0, RESOURCE_NOT_FOUND);
    }

    private static DescribeUserScramCredentialsRequest describe(String... users) {
        return new DescribeUserScramCredentialsRequest(
                List.of(users).stream().map(UserName::new).toList());
    }
}
