package io.odradek.core.request;

import io.odradek.core.transport.RequestContext;
import io.odradek.protocol.api.SaslAuthenticateRequest;
import io.odradek.protocol.api.SaslAuthenticateResponse;
import io.odradek.protocol.errors.ErrorCode;
import java.nio.ByteBuffer;

/**
 * SaslAuthenticate 0 to 2 where there is nothing to log in to: at a listener without SASL, or by a client that has logged in
 * already. A login itself is the connection's.
 *
 * <p>Errors: ILLEGAL_SASL_STATE here, SASL_AUTHENTICATION_FAILED in a login.
 */
public final class SaslAuthenticateHandler implements RequestHandler<SaslAuthenticateRequest> {
    @Override
    public void handle(SaslAuthenticateRequest request, RequestContext context) {
        context.respond(new SaslAuthenticateResponse(
                ErrorCode.ILLEGAL_SASL_STATE,
                "SaslAuthenticate request received after successful authentication",
                ByteBuffer.allocate(0),
                0));
    }
}
