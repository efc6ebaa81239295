package io.odradek.server.strangers;

import io.odradek.core.security.sasl.SaslRefusedException;
import io.odradek.protocol.api.ApiCodecs;
import io.odradek.protocol.api.ApiKey;
import io.odradek.protocol.api.ApiRequest;
import io.odradek.protocol.api.ApiResponse;
import io.odradek.protocol.api.ApiVersionsRequest;
import io.odradek.protocol.api.ListGroupsRequest;
import io.odradek.protocol.api.ResponseHeaderCodec;
import io.odradek.protocol.api.SaslAuthenticateRequest;
import io.odradek.protocol.api.SaslAuthenticateResponse;
import io.odradek.protocol.api.SaslHandshakeRequest;
import io.odradek.protocol.api.SaslHandshakeResponse;
import io.odradek.protocol.errors.ErrorCode;
import io.odradek.protocol.wire.WireReader;
import io.odradek.server.net.RawClient;
import io.odradek.server.storm.BrokenFrames;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.Socket;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Random;
import javax.net.ssl.SSLException;

/**
 * One connection of a stranger: what it says, and whether what it hears is what it may hear. It keeps to the order of a login
 * most of the time, and forgets it now and then; some of its frames are broken, and are the last that it sends.
 */
final class Visit {
    private static final int BROKEN_PERCENT = 12;
    private static final int ASTRAY_PERCENT = 12;
    private static final int MOST_STEPS = 12;
    private static final int MOST_GREETINGS = 60;
    private static final int KEY_AT = 4;
    private static final int LONGEST_ANSWER = 64 * 1024;
    private static final List<ApiRequest> FOREIGN =
            List.of(new ListGroupsRequest(List.of(), List.of()), new SaslHandshakeRequest("GSSAPI"));

    private final Random random;
    private final Socket socket;
    private final DataInputStream in;
    private final Credentials credentials;
    private Stage stage;
    private boolean bare;
    private byte[] token;
    private int frames;

    /** How far the login has come. */
    private enum Stage {
        UNKNOWN,
        SHAKEN,
        LOGGED_IN,
        OVER
    }

    /** What was answered, or done, that should not have been. */
    static final class Astonishment extends Exception {
        private static final long serialVersionUID = 1L;

        Astonishment(String what) {
            super(what);
        }
    }

    Visit(Socket socket, boolean login, Credentials credentials, Random random) throws IOException {
        this.socket = socket;
        this.in = new DataInputStream(socket.getInputStream());
        this.credentials = credentials;
        this.random = random;
        this.stage = login ? Stage.UNKNOWN : Stage.LOGGED_IN;
    }

    /** {@return how many frames were sent} */
    int frames() {
        return frames;
    }

    /** Says what there is to say. @throws Astonishment if that is not answered as it should be */
    void run() throws IOException, Astonishment {
        for (int step = 0; step < MOST_STEPS && stage != Stage.OVER; step++) {
            if (random.nextInt(100) < BROKEN_PERCENT) {
                breakOff(BrokenFrames.broken(next(), random));
            } else if (stage == Stage.SHAKEN) {
                answerToken();
            } else if (stage == Stage.UNKNOWN && random.nextInt(100) < ASTRAY_PERCENT) {
                expectSilence(foreign());
            } else if (stage == Stage.UNKNOWN && random.nextInt(3) > 0) {
                shake();
            } else {
                greet(random.nextInt(MOST_GREETINGS));
            }
        }
    }

    /** {@return a sound frame that would be heard now} */
    private byte[] next() {
        return switch (stage) {
            case SHAKEN -> authenticate(token == null ? credentials.exchange().first() : token);
            case UNKNOWN ->
                random.nextBoolean()
                        ? frame(new SaslHandshakeRequest(credentials.mechanism()), random.nextInt(2))
                        : greeting(random.nextInt(5));
            default -> greeting(random.nextInt(5));
        };
    }

    private byte[] foreign() {
        ApiRequest request = FOREIGN.get(0);
        return random.nextBoolean()
                ? frame(request, 4)
                : frame(
                        new SaslAuthenticateRequest(
                                ByteBuffer.wrap(credentials.exchange().first())),
                        2);
    }

    private byte[] greeting(int version) {
        String name = Integer.toString(random.nextInt(), 36).replace("-", "");
        return frame(new ApiVersionsRequest(name, name), version);
    }

    private byte[] authenticate(byte[] bytes) {
        return bare
                ? ByteBuffer.allocate(Integer.BYTES + bytes.length)
                        .putInt(bytes.length)
                        .put(bytes)
                        .array()
                : frame(new SaslAuthenticateRequest(ByteBuffer.wrap(bytes)), random.nextInt(3));
    }

    private byte[] frame(ApiRequest request, int version) {
        return RawClient.frame(request, (short) version, random.nextInt());
    }

    private void send(byte[] bytes) throws IOException {
        frames++;
        socket.getOutputStream().write(bytes);
    }

    /** Many requests in one breath, each of which is answered, in turn. */
    private void greet(int times) throws IOException, Astonishment {
        byte[][] greetings = new byte[1 + times][];
        int bytes = 0;
        for (int i = 0; i < greetings.length; i++) {
            greetings[i] = greeting(random.nextInt(5));
            bytes += greetings[i].length;
        }
        ByteBuffer all = ByteBuffer.allocate(bytes);
        for (byte[] one : greetings) {
            all.put(one);
        }
        frames += times;
        send(all.array());
        for (byte[] one : greetings) {
            ByteBuffer answer = answer();
            if (answer == null || answer.getInt(0) != correlationId(one)) {
                throw new Astonishment("ApiVersions was not answered in its turn");
            }
        }
    }

    private static int correlationId(byte[] frame) {
        return ByteBuffer.wrap(frame).getInt(2 * KEY_AT);
    }

    private void shake() throws IOException, Astonishment {
        boolean unknown = random.nextInt(100) < ASTRAY_PERCENT;
        String mechanism = unknown ? "M" + "X".repeat(random.nextInt(300)) : credentials.mechanism();
        int version = random.nextInt(2);
        send(frame(new SaslHandshakeRequest(mechanism), version));
        SaslHandshakeResponse answer = (SaslHandshakeResponse) read(ApiKey.SASL_HANDSHAKE, version);
        ErrorCode expected = unknown ? ErrorCode.UNSUPPORTED_SASL_MECHANISM : ErrorCode.NONE;
        if (answer.errorCode() != expected) {
            throw new Astonishment("SaslHandshake " + mechanism + " was answered with " + answer.errorCode());
        }
        if (unknown) {
            expectEnd("after a mechanism that there is not");
        } else {
            stage = Stage.SHAKEN;
            bare = version == 0;
        }
    }

    private void answerToken() throws IOException, Astonishment {
        if (random.nextInt(100) < ASTRAY_PERCENT && !bare) {
            expectSilence(random.nextBoolean() ? greeting(3) : frame(FOREIGN.get(random.nextInt(2)), 1));
            return;
        }
        byte[] sent = token == null ? credentials.exchange().first() : token;
        byte[] answer;
        if (bare) {
            send(authenticate(sent));
            ByteBuffer bytes = answer();
            answer = bytes == null ? null : bytes.array();
        } else {
            int version = random.nextInt(3);
            send(frame(new SaslAuthenticateRequest(ByteBuffer.wrap(sent)), version));
            SaslAuthenticateResponse response = (SaslAuthenticateResponse) read(ApiKey.SASL_AUTHENTICATE, version);
            answer = response.errorCode() == ErrorCode.NONE ? bytes(response.authBytes()) : null;
        }
        if (answer == null) {
            if (credentials.right()) {
                throw new Astonishment("The right credentials of " + credentials.mechanism() + " were refused");
            }
            expectEnd("after a login that has failed");
        } else if (credentials.letIn(answer)) {
            if (!credentials.right()) {
                throw new Astonishment("Wrong credentials of " + credentials.mechanism() + " were let in");
            }
            stage = Stage.LOGGED_IN;
        } else {
            goOn(answer);
        }
    }

    private void goOn(byte[] challenge) throws Astonishment {
        try {
            token = credentials.exchange().next(challenge);
        } catch (SaslRefusedException unexpected) {
            throw new Astonishment(credentials.mechanism() + " was asked what cannot be answered: " + unexpected);
        }
    }

    private static byte[] bytes(ByteBuffer buffer) {
        byte[] bytes = new byte[buffer.remaining()];
        buffer.get(bytes);
        return bytes;
    }

    /** The last frame: whatever comes of it, nobody is let in who should not be, and nothing else is answered. */
    private void breakOff(byte[] frame) throws IOException, Astonishment {
        send(frame);
        socket.shutdownOutput();
        ByteBuffer answer = answer();
        if (answer != null && stage != Stage.LOGGED_IN && !bare) {
            short key = frame.length < KEY_AT + Short.BYTES
                    ? -1
                    : ByteBuffer.wrap(frame).getShort(KEY_AT);
            boolean heard = stage == Stage.SHAKEN
                    ? key == ApiKey.SASL_AUTHENTICATE.key()
                    : key == ApiKey.API_VERSIONS.key() || key == ApiKey.SASL_HANDSHAKE.key();
            if (!heard) {
                throw new Astonishment("A broken frame of API " + key + " was answered at stage " + stage);
            }
        }
        stage = Stage.OVER;
    }

    private void expectSilence(byte[] frame) throws IOException, Astonishment {
        send(frame);
        expectEnd("after API " + ByteBuffer.wrap(frame).getShort(KEY_AT) + " at stage " + stage);
    }

    private void expectEnd(String when) throws IOException, Astonishment {
        if (answer() != null) {
            throw new Astonishment("Something was answered " + when);
        }
        stage = Stage.OVER;
    }

    private ApiResponse read(ApiKey api, int version) throws IOException, Astonishment {
        ByteBuffer answer = answer();
        if (answer == null) {
            throw new Astonishment(api + " " + version + " of " + credentials.mechanism() + " was not answered");
        }
        WireReader reader = new WireReader(answer);
        ResponseHeaderCodec.read(reader, ApiCodecs.responseHeaderVersion(api, (short) version));
        return ApiCodecs.readResponse(api, (short) version, reader);
    }

    /** {@return the next answer, null if the connection has ended} */
    private ByteBuffer answer() throws IOException, Astonishment {
        int length;
        try {
            length = in.readInt();
        } catch (EOFException | SocketException | SSLException ended) {
            return null;
        }
        if (length < 0 || length > LONGEST_ANSWER) {
            throw new Astonishment("An answer has " + length + " bytes");
        }
        byte[] bytes = new byte[length];
        in.readFully(bytes);
        return ByteBuffer.wrap(bytes);
    }
}
