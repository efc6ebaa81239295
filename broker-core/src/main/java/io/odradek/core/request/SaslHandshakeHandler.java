package io.odradek.core.request;

import io.odradek.core.transport.RequestContext;
import io.odradek.protocol.api.SaslHandshakeRequest;
import io.odradek.protocol.api.SaslHandshakeResponse;
import io.odradek.protocol.errors.ErrorCode;
import java.util.List;

/**
 * SaslHandshake 0 to 1 where there is nothing to log in to: at a listener without SASL, or by a client that has logged in already,
 * for as long as it likes. A login itself is the connection's.
 *
 * <p>Errors: ILLEGAL_SASL_STATE here, UNSUPPORTED_SASL_MECHANISM in a login.
 */
public final class SaslHandshakeHandler implements RequestHandler<SaslHandshakeRequest> {
    @Override
    public void handle(SaslHandshakeRequest request, RequestContext context) {
        context.respond(new SaslHandshakeResponse(ErrorCode.ILLEGAL_SASL_STATE, List.of()));
    }
}
