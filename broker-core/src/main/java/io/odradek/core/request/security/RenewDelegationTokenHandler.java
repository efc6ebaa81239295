package io.odradek.core.request.security;

import io.odradek.core.request.RequestHandler;
import io.odradek.core.security.token.Tokens;
import io.odradek.core.transport.RequestContext;
import io.odradek.protocol.api.RenewDelegationTokenRequest;
import io.odradek.protocol.api.RenewDelegationTokenResponse;
import io.odradek.protocol.errors.ErrorCode;
import io.odradek.storage.env.EventLoop;

/**
 * RenewDelegationToken 0 to 2: lets a token live on, for its owner and those whom the owner has named. It never lives longer than
 * it was to at most when it was made.
 *
 * <p>Versions: 2 is flexible.
 *
 * <p>Errors: DELEGATION_TOKEN_REQUEST_NOT_ALLOWED, DELEGATION_TOKEN_AUTH_DISABLED, DELEGATION_TOKEN_NOT_FOUND,
 * DELEGATION_TOKEN_OWNER_MISMATCH, DELEGATION_TOKEN_EXPIRED, REQUEST_TIMED_OUT, KAFKA_STORAGE_ERROR.
 */
public final class RenewDelegationTokenHandler implements RequestHandler<RenewDelegationTokenRequest> {
    private final Tokens tokens;
    private final EventLoop loop;

    /**
     * @param tokens the tokens; null for a broker that has none
     * @param loop where waiting requests live
     */
    public RenewDelegationTokenHandler(Tokens tokens, EventLoop loop) {
        this.tokens = tokens;
        this.loop = loop;
    }

    @Override
    public void handle(RenewDelegationTokenRequest request, RequestContext context) {
        if (!TokenRequests.mayAsk(context)) {
            context.respond(new RenewDelegationTokenResponse(ErrorCode.DELEGATION_TOKEN_REQUEST_NOT_ALLOWED, -1));
        } else if (tokens == null) {
            context.respond(new RenewDelegationTokenResponse(ErrorCode.DELEGATION_TOKEN_AUTH_DISABLED, -1));
        } else {
            TokenRequests.await(
                    context,
                    loop,
                    tokens.renew(request.hmac(), TokenRequests.principal(context), request.renewPeriodMs()),
                    (endsMs, error) ->
                            context.respond(new RenewDelegationTokenResponse(error, endsMs == null ? -1 : endsMs)));
        }
    }
}
