package io.odradek.server.net.link;

import io.odradek.core.security.sasl.OwnLogin;
import io.odradek.core.security.sasl.SaslClientExchange;
import io.odradek.core.security.sasl.SaslRefusedException;
import io.odradek.protocol.api.ApiKey;
import io.odradek.protocol.api.ApiResponse;
import io.odradek.protocol.api.SaslAuthenticateRequest;
import io.odradek.protocol.api.SaslAuthenticateResponse;
import io.odradek.protocol.api.SaslHandshakeRequest;
import io.odradek.protocol.api.SaslHandshakeResponse;
import io.odradek.protocol.errors.ErrorCode;
import io.odradek.protocol.errors.Quoted;
import java.nio.ByteBuffer;

/** A login of this broker with another, over a link that has just been made: SaslHandshake 1, then SaslAuthenticate 1. */
public final class LinkLogin {
    private static final short VERSION = 1;

    private final OwnLogin own;
    private final String clientId;
    private final SaslClientExchange exchange;
    private RequestEncoder.Encoded asked;
    private int correlationId;
    private long lifetimeMs;

    LinkLogin(OwnLogin own, String clientId) {
        this.own = own;
        this.clientId = clientId;
        this.exchange = own.open();
    }

    /** {@return what is to be sent first} */
    RequestEncoder.Encoded first() {
        asked = RequestEncoder.encode(
                ApiKey.SASL_HANDSHAKE, VERSION, correlationId++, clientId, new SaslHandshakeRequest(own.mechanism()));
        return asked;
    }

    /** {@return what was sent last} */
    RequestEncoder.Encoded asked() {
        return asked;
    }

    /**
     * Takes the answer to it.
     *
     * @return what is to be sent next; null if this broker is in
     * @throws SaslRefusedException if the other refuses it, or cannot be trusted
     */
    RequestEncoder.Encoded next(ApiResponse answer) {
        byte[] token;
        if (answer instanceof SaslHandshakeResponse handshake) {
            if (handshake.errorCode() != ErrorCode.NONE) {
                throw new SaslRefusedException("it has the mechanisms "
                        + Quoted.text(String.valueOf(handshake.mechanisms())) + " and not " + own.mechanism());
            }
            token = exchange.first();
        } else {
            SaslAuthenticateResponse authenticate = (SaslAuthenticateResponse) answer;
            if (authenticate.errorCode() != ErrorCode.NONE) {
                throw new SaslRefusedException(
                        "it refuses the login of this broker: " + Quoted.text(authenticate.errorMessage()));
            }
            lifetimeMs = authenticate.sessionLifetimeMs();
            byte[] challenge = new byte[authenticate.authBytes().remaining()];
            authenticate.authBytes().duplicate().get(challenge);
            token = exchange.next(challenge);
        }
        asked = token == null
                ? null
                : RequestEncoder.encode(
                        ApiKey.SASL_AUTHENTICATE,
                        VERSION,
                        correlationId++,
                        clientId,
                        new SaslAuthenticateRequest(ByteBuffer.wrap(token)));
        return asked;
    }

    /** {@return for how long this broker is in, once it is; 0 for ever} */
    long lifetimeMs() {
        return lifetimeMs;
    }
}
