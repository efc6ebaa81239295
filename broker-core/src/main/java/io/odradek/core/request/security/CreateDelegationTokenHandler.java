package io.odradek.core.request.security;

import io.odradek.core.request.RequestHandler;
import io.odradek.core.request.TokenRights;
import io.odradek.core.security.token.DelegationToken;
import io.odradek.core.security.token.KnownToken;
import io.odradek.core.security.token.Tokens;
import io.odradek.core.transport.RequestContext;
import io.odradek.protocol.api.CreateDelegationTokenRequest;
import io.odradek.protocol.api.CreateDelegationTokenRequest.CreatableRenewer;
import io.odradek.protocol.api.CreateDelegationTokenResponse;
import io.odradek.protocol.errors.ErrorCode;
import io.odradek.storage.env.EventLoop;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * CreateDelegationToken 0 to 3: makes a token with which one logs in as its owner, at any broker of the cluster. It is answered
 * when it holds at this broker; the others hear of it at once.
 *
 * <p>Versions: 2 is flexible; from 3 on the owner may be somebody else than who asks (KIP-373).
 *
 * <p>Errors: DELEGATION_TOKEN_REQUEST_NOT_ALLOWED, DELEGATION_TOKEN_AUTHORIZATION_FAILED, INVALID_PRINCIPAL_TYPE,
 * DELEGATION_TOKEN_AUTH_DISABLED, POLICY_VIOLATION where there are too many or it is too large, REQUEST_TIMED_OUT,
 * KAFKA_STORAGE_ERROR.
 */
public final class CreateDelegationTokenHandler implements RequestHandler<CreateDelegationTokenRequest> {
    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0).asReadOnlyBuffer();

    private final Tokens tokens;
    private final TokenRights rights;
    private final EventLoop loop;

    /**
     * @param tokens the tokens; null for a broker that has none
     * @param rights who may make them for others
     * @param loop where waiting requests live
     */
    public CreateDelegationTokenHandler(Tokens tokens, TokenRights rights, EventLoop loop) {
        this.tokens = tokens;
        this.rights = rights;
        this.loop = loop;
    }

    @Override
    public void handle(CreateDelegationTokenRequest request, RequestContext context) {
        String requester = TokenRequests.principal(context);
        String ownerName = request.ownerPrincipalName();
        String owner = ownerName == null || ownerName.isEmpty()
                ? requester
                : TokenRequests.principal(request.ownerPrincipalType(), ownerName);
        List<String> renewers = new ArrayList<>(request.renewers().size());
        for (CreatableRenewer renewer : request.renewers()) {
            renewers.add(TokenRequests.principal(renewer.principalType(), renewer.principalName()));
        }
        ErrorCode refusal = refusal(owner, requester, renewers, context);
        if (refusal != ErrorCode.NONE) {
            context.respond(refused(owner, requester, refusal));
            return;
        }
        TokenRequests.await(
                context,
                loop,
                tokens.create(owner, requester, renewers, request.maxLifetimeMs()),
                (made, error) ->
                        context.respond(error == ErrorCode.NONE ? answer(made) : refused(owner, requester, error)));
    }

    private ErrorCode refusal(String owner, String requester, List<String> renewers, RequestContext context) {
        if (!TokenRequests.mayAsk(context)) {
            return ErrorCode.DELEGATION_TOKEN_REQUEST_NOT_ALLOWED;
        }
        if (!owner.equals(requester) && !rights.mayCreateFor(context, owner)) {
            return ErrorCode.DELEGATION_TOKEN_AUTHORIZATION_FAILED;
        }
        if (!DelegationToken.isUser(owner) || !renewers.stream().allMatch(DelegationToken::isUser)) {
            return ErrorCode.INVALID_PRINCIPAL_TYPE;
        }
        return tokens == null ? ErrorCode.DELEGATION_TOKEN_AUTH_DISABLED : ErrorCode.NONE;
    }

    private static CreateDelegationTokenResponse answer(KnownToken made) {
        DelegationToken token = made.token();
        return new CreateDelegationTokenResponse(
                ErrorCode.NONE,
                TokenRequests.type(token.owner()),
                TokenRequests.name(token.owner()),
                TokenRequests.type(token.requester()),
                TokenRequests.name(token.requester()),
                token.issuedMs(),
                token.expiresMs(),
                token.maxMs(),
                token.id(),
                made.secret());
    }

    private static CreateDelegationTokenResponse refused(String owner, String requester, ErrorCode error) {
        return new CreateDelegationTokenResponse(
                error,
                TokenRequests.type(owner),
                TokenRequests.name(owner),
                TokenRequests.type(requester),
                TokenRequests.name(requester),
                -1,
                -1,
                -1,
                "",
                NOTHING);
    }
}
