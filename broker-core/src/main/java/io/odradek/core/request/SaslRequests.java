package io.odradek.core.request;

import io.odradek.protocol.api.SaslAuthenticateRequest;
import io.odradek.protocol.api.SaslAuthenticateResponse;
import io.odradek.protocol.api.SaslHandshakeRequest;
import io.odradek.protocol.api.SaslHandshakeResponse;
import io.odradek.protocol.errors.ErrorCode;
import java.nio.ByteBuffer;
import java.util.List;

/**
 * SaslHandshake 0 to 1 and SaslAuthenticate 0 to 2 where there is nothing to log in to: at a listener without SASL, or by a client
 * that has logged in already, for as long as it likes. Both are ILLEGAL_SASL_STATE then. A login itself is the connection's.
 */
public final class SaslRequests {
    private SaslRequests() {}

    /** {@return what answers SaslHandshake} */
    public static RequestHandler<SaslHandshakeRequest> handshake() {
        return (request, context) ->
                context.respond(new SaslHandshakeResponse(ErrorCode.ILLEGAL_SASL_STATE, List.of()));
    }

    /** {@return what answers SaslAuthenticate} */
    public static RequestHandler<SaslAuthenticateRequest> authenticate() {
        return (request, context) -> context.respond(new SaslAuthenticateResponse(
                ErrorCode.ILLEGAL_SASL_STATE,
                "SaslAuthenticate request received after successful authentication",
                ByteBuffer.allocate(0),
                0));
    }
}
