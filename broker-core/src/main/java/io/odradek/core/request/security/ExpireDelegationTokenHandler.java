package io.odradek.core.request.security;

import io.odradek.core.request.RequestHandler;
import io.odradek.core.security.token.Tokens;
import io.odradek.core.transport.RequestContext;
import io.odradek.protocol.api.ExpireDelegationTokenRequest;
import io.odradek.protocol.api.ExpireDelegationTokenResponse;
import io.odradek.protocol.errors.ErrorCode;
import io.odradek.storage.env.EventLoop;

/**
 * ExpireDelegationToken 0 to 2: has a token end after some time, or takes it away, for its owner and those whom the owner has named.
 * Who has logged in with it before is known for as long as the token would have been valid.
 *
 * <p>Versions: 2 is flexible.
 *
 * <p>Errors: DELEGATION_TOKEN_REQUEST_NOT_ALLOWED, DELEGATION_TOKEN_AUTH_DISABLED, DELEGATION_TOKEN_NOT_FOUND,
 * DELEGATION_TOKEN_OWNER_MISMATCH, DELEGATION_TOKEN_EXPIRED, REQUEST_TIMED_OUT, KAFKA_STORAGE_ERROR.
 */
public final class ExpireDelegationTokenHandler implements RequestHandler<ExpireDelegationTokenRequest> {
    private final Tokens tokens;
    private final EventLoop loop;

    /**
     * @param tokens the tokens; null for a broker that has none
     * @param loop where waiting requests live
     */
    public ExpireDelegationTokenHandler(Tokens tokens, EventLoop loop) {
        this.tokens = tokens;
        this.loop = loop;
    }

    @Override
    public void handle(ExpireDelegationTokenRequest request, RequestContext context) {
        if (!TokenRequests.mayAsk(context)) {
            context.respond(new ExpireDelegationTokenResponse(ErrorCode.DELEGATION_TOKEN_REQUEST_NOT_ALLOWED, -1));
        } else if (tokens == null) {
            context.respond(new ExpireDelegationTokenResponse(ErrorCode.DELEGATION_TOKEN_AUTH_DISABLED, -1));
        } else {
            TokenRequests.await(
                    context,
                    loop,
                    tokens.expire(request.hmac(), TokenRequests.principal(context), request.expiryTimePeriodMs()),
                    (endsMs, error) ->
                            context.respond(new ExpireDelegationTokenResponse(error, endsMs == null ? -1 : endsMs)));
        }
    }
}
