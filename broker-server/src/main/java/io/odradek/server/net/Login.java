package io.odradek.server.net;

import io.netty.channel.ChannelHandlerContext;
import io.netty.util.concurrent.ScheduledFuture;
import io.odradek.core.security.sasl.SaslExchange;
import io.odradek.core.security.sasl.SaslStep;
import io.odradek.core.security.sasl.SaslStep.Accepted;
import io.odradek.core.security.sasl.SaslStep.Challenge;
import io.odradek.core.security.sasl.SaslStep.Refused;
import io.odradek.core.transport.Peer;
import io.odradek.protocol.api.ApiKey;
import io.odradek.protocol.api.ApiRequest;
import io.odradek.protocol.api.ApiResponse;
import io.odradek.protocol.api.RequestHeader;
import io.odradek.protocol.api.SaslAuthenticateRequest;
import io.odradek.protocol.api.SaslAuthenticateResponse;
import io.odradek.protocol.api.SaslHandshakeRequest;
import io.odradek.protocol.api.SaslHandshakeResponse;
import io.odradek.protocol.errors.ErrorCode;
import io.odradek.protocol.errors.Quoted;
import io.odradek.protocol.wire.BytesPayload;
import io.odradek.protocol.wire.EncodedMessage;
import io.odradek.protocol.wire.MalformedMessageException;
import io.odradek.server.net.LoginState.Asking;
import io.odradek.server.net.LoginState.Exchanging;
import io.odradek.server.net.LoginState.LoggedIn;
import io.odradek.server.net.frame.FrameBounds;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * What a connection of a listener with SASL goes through before its requests are served (KIP-43, KIP-152), and again where a
 * login does not last (KIP-368). SaslHandshake and SaslAuthenticate are answered here; ApiVersions goes its ordinary way; any other
 * request of a stranger ends the connection, before anything of it is decoded. On the connection's loop only.
 */
final class Login {
    private static final long NANOS_PER_MS = 1_000_000;
    /** A century: what is said to last longer has no place on the clock. */
    private static final long LONGEST_MS = TimeUnit.DAYS.toMillis(36_525);

    private static final long BETWEEN_LOGINS_NS = TimeUnit.SECONDS.toNanos(1);
    private static final int BARE_TOKEN_HEAP_BYTES = 256;
    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0).asReadOnlyBuffer();

    private final Connection connection;
    private final LoginRules rules;
    private LoginState state = LoginState.UNKNOWN;
    private ScheduledFuture<?> deadline;

    Login(Connection connection, LoginRules rules) {
        this.connection = connection;
        this.rules = rules;
    }

    /** {@return whether it is known who the client is} */
    boolean isOver() {
        return state instanceof LoggedIn;
    }

    /** {@return how long a frame may be while nobody is known} */
    FrameBounds frames() {
        return rules.frames();
    }

    /** The connection is there. */
    void begin(ChannelHandlerContext channel) {
        deadline = channel.executor()
                .schedule(
                        () -> connection.close("it has not logged in within " + rules.withinMs()
                                + " ms (odradek.authentication.timeout.ms)"),
                        rules.withinMs(),
                        TimeUnit.MILLISECONDS);
    }

    /** The connection has ended. */
    void end() {
        state = LoginState.OVER;
        if (deadline != null) {
            deadline.cancel(false);
        }
    }

    /**
     * Decodes a frame, if it may be heard now.
     *
     * @throws MalformedMessageException if it may not, or is none that is spoken
     */
    RequestDecoder.Decoded decode(ByteBuffer frame, long mostHeapBytes) {
        if (state instanceof Exchanging exchanging && exchanging.bare()) {
            ByteBuffer token = ByteBuffer.allocate(frame.remaining()).put(frame).flip();
            return new RequestDecoder.Decoded.Served(
                    new RequestHeader(ApiKey.SASL_AUTHENTICATE.key(), (short) 0, 0, null),
                    new SaslAuthenticateRequest(token),
                    BARE_TOKEN_HEAP_BYTES + token.capacity());
        }
        short key = frame.remaining() < Short.BYTES ? -1 : frame.getShort(frame.position());
        if (!hears(key)) {
            countUnheard();
            throw new MalformedMessageException(unheard(key));
        }
        return RequestDecoder.decode(frame, mostHeapBytes);
    }

    private boolean hears(short key) {
        boolean isHandshake = key == ApiKey.SASL_HANDSHAKE.key();
        if (state instanceof LoggedIn known) {
            return isHandshake || connection.shared().clock().monotonicNs() < known.expiresNs();
        }
        return state instanceof Exchanging
                ? key == ApiKey.SASL_AUTHENTICATE.key()
                : state == LoginState.UNKNOWN && (isHandshake || key == ApiKey.API_VERSIONS.key());
    }

    private String unheard(short key) {
        ApiKey api = ApiKey.of(key);
        String what = "a request of API " + (api == null ? key : api);
        return state instanceof LoggedIn known
                ? what + " after the login of " + Quoted.text(known.principal()) + " had expired, without another"
                : what + " before it had logged in";
    }

    /** Takes a request if it is of the login. {@return whether it was; then it is answered here, now or later} */
    boolean take(ApiRequest request, RequestSlot slot) {
        if (request instanceof SaslHandshakeRequest handshake) {
            return handshake(handshake.mechanism(), slot);
        }
        if (request instanceof SaslAuthenticateRequest token && state instanceof Exchanging exchanging) {
            ask(exchanging, token.authBytes(), slot);
            return true;
        }
        return false;
    }

    /** Where a login lasts, or has only just begun, there is no other: then it is for the broker to say so. */
    private boolean handshake(String mechanism, RequestSlot slot) {
        LoggedIn before = state instanceof LoggedIn known ? known : null;
        if (before != null && connection.shared().clock().monotonicNs() - before.sinceNs() < BETWEEN_LOGINS_NS) {
            return false;
        }
        List<String> names = rules.mechanisms().names();
        if (!names.contains(mechanism)) {
            refuse(
                    slot,
                    new SaslHandshakeResponse(ErrorCode.UNSUPPORTED_SASL_MECHANISM, names),
                    "mechanism " + Quoted.text(mechanism) + " is none of " + names);
            return true;
        }
        boolean bare = slot.header().apiVersion() == 0;
        SaslExchange exchange = before == null || before.mechanism().equals(mechanism)
                ? rules.mechanisms().open(mechanism)
                : other(mechanism, before);
        state = new Exchanging(mechanism, exchange, bare, before);
        slot.respond(new SaslHandshakeResponse(ErrorCode.NONE, names));
        return true;
    }

    private static SaslExchange other(String mechanism, LoggedIn before) {
        String message =
                "SASL mechanism '" + mechanism + "' requested by client is not supported for re-authentication of"
                        + " mechanism '" + before.mechanism() + "'";
        return token -> CompletableFuture.completedStage(new Refused(message, "it came by " + before.mechanism()));
    }

    private void ask(Exchanging exchanging, ByteBuffer token, RequestSlot slot) {
        byte[] bytes = new byte[token.remaining()];
        token.duplicate().get(bytes);
        state = new Asking(exchanging);
        CompletableFuture<SaslStep> answer = exchanging.exchange().next(bytes).toCompletableFuture();
        if (answer.isDone() && !answer.isCompletedExceptionally()) {
            goOn(exchanging, answer.join(), slot);
        } else {
            answer.whenComplete((step, fault) -> connection.later(
                    () -> goOn(exchanging, fault == null ? step : new Refused(null, String.valueOf(fault)), slot)));
        }
    }

    private void goOn(Exchanging exchanging, SaslStep step, RequestSlot slot) {
        if (!(state instanceof Asking)) {
            return;
        }
        if (step instanceof Challenge challenge) {
            state = exchanging;
            answer(exchanging, ByteBuffer.wrap(challenge.token()), 0, slot);
        } else if (step instanceof Accepted accepted) {
            accept(exchanging, accepted, slot);
        } else if (step instanceof Refused refused) {
            refuse(exchanging, refused, slot);
        }
    }

    private void accept(Exchanging exchanging, Accepted accepted, RequestSlot slot) {
        String principal = "User:" + accepted.login().name();
        LoggedIn before = exchanging.before();
        if (before != null && !before.principal().equals(principal)) {
            String message =
                    "Cannot change principals during re-authentication from " + before.principal() + " to " + principal;
            refuse(exchanging, new Refused(message, "it was somebody else before"), slot);
            return;
        }
        long nowNs = connection.shared().clock().monotonicNs();
        long lifetimeMs = lifetimeMs(exchanging.mechanism(), accepted.login().expiresAtMs());
        LoggedIn known = new LoggedIn(
                exchanging.mechanism(),
                principal,
                nowNs,
                lifetimeMs == 0 ? Long.MAX_VALUE : nowNs + lifetimeMs * NANOS_PER_MS);
        state = known;
        count(before == null ? LoginMeters.Kind.SUCCEEDED : LoginMeters.Kind.REPEATED);
        Peer stranger = connection.context().peer();
        connection.context().become(stranger.as(principal, accepted.login().byToken()));
        if (deadline != null) {
            deadline.cancel(false);
            deadline = null;
        }
        connection.loggedIn(!known.lasts());
        answer(exchanging, ByteBuffer.wrap(accepted.token()), lifetimeMs, slot);
    }

    /** {@return for how long the client is known: as long as what it has shown is valid, and a setting allows; 0 for ever} */
    private long lifetimeMs(String mechanism, long expiresAtMs) {
        long most = rules.mechanisms().maxReauthMs(mechanism);
        if (expiresAtMs == Long.MAX_VALUE) {
            return Math.max(0, Math.min(most, LONGEST_MS));
        }
        long valid = Math.max(1, expiresAtMs - connection.shared().clock().wallMs());
        return Math.min(most > 0 ? Math.min(most, valid) : valid, LONGEST_MS);
    }

    private static void answer(Exchanging exchanging, ByteBuffer token, long lifetimeMs, RequestSlot slot) {
        if (exchanging.bare()) {
            ByteBuffer frame = ByteBuffer.allocate(Integer.BYTES + token.remaining());
            frame.putInt(token.remaining()).put(token).flip();
            BytesPayload bytes = new BytesPayload(frame);
            slot.respondEncoded(new EncodedMessage(List.of(bytes), bytes.sizeBytes()));
        } else {
            slot.respond(new SaslAuthenticateResponse(ErrorCode.NONE, null, token, lifetimeMs));
        }
    }

    private void refuse(Exchanging exchanging, Refused refused, RequestSlot slot) {
        String message = refused.message() != null
                ? refused.message()
                : "Authentication failed during authentication due to invalid credentials with SASL mechanism "
                        + exchanging.mechanism();
        ApiResponse answer = exchanging.bare()
                ? null
                : new SaslAuthenticateResponse(ErrorCode.SASL_AUTHENTICATION_FAILED, message, NOTHING, 0);
        refuse(slot, answer, exchanging.mechanism() + ": " + refused.reason());
    }

    /** The answer waits, and the connection ends with it: whoever guesses passwords has to have patience. */
    private void refuse(RequestSlot slot, ApiResponse answer, String reason) {
        count(wasIn() ? LoginMeters.Kind.REPEAT_FAILED : LoginMeters.Kind.FAILED);
        state = LoginState.OVER;
        if (deadline != null) {
            deadline.cancel(false);
        }
        connection
                .shared()
                .log()
                .warn("Failed authentication with "
                        + connection.context().peer().host() + " (channelId="
                        + connection.context().id() + ") (" + reason + ")");
        connection.stopReading();
        connection.afterMs(rules.failureDelayMs(), () -> {
            if (answer == null) {
                slot.respondNothing();
                connection.endSilently();
            } else {
                slot.respondLast(answer);
            }
        });
    }

    private void countUnheard() {
        if (state instanceof LoggedIn) {
            count(LoginMeters.Kind.EXPIRED);
        } else if (state != LoginState.OVER) {
            count(wasIn() ? LoginMeters.Kind.REPEAT_FAILED : LoginMeters.Kind.FAILED);
        }
    }

    private boolean wasIn() {
        return state instanceof LoggedIn
                || state instanceof Exchanging exchanging && exchanging.before() != null
                || state instanceof Asking asking && asking.exchanging().before() != null;
    }

    private void count(LoginMeters.Kind what) {
        if (rules.meters() != null) {
            rules.meters().count(what, connection.loop());
        }
    }
}
