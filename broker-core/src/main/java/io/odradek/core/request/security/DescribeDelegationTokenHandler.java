package io.odradek.core.request.security;

import io.odradek.core.request.RequestHandler;
import io.odradek.core.request.TokenRights;
import io.odradek.core.security.token.DelegationToken;
import io.odradek.core.security.token.KnownToken;
import io.odradek.core.security.token.Tokens;
import io.odradek.core.transport.RequestContext;
import io.odradek.protocol.api.DescribeDelegationTokenRequest;
import io.odradek.protocol.api.DescribeDelegationTokenRequest.DescribeDelegationTokenOwner;
import io.odradek.protocol.api.DescribeDelegationTokenResponse;
import io.odradek.protocol.api.DescribeDelegationTokenResponse.DescribedDelegationToken;
import io.odradek.protocol.api.DescribeDelegationTokenResponse.DescribedDelegationTokenRenewer;
import io.odradek.protocol.errors.ErrorCode;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * DescribeDelegationToken 0 to 3: the tokens, with their secrets, that one owns, has asked for or may renew, and those that one
 * may know of otherwise. Null asks for all; an empty list for none.
 *
 * <p>Versions: 2 is flexible; from 3 on it is said who has asked for each (KIP-373).
 *
 * <p>Errors: DELEGATION_TOKEN_REQUEST_NOT_ALLOWED, DELEGATION_TOKEN_AUTH_DISABLED. What one may not know of is not there.
 */
public final class DescribeDelegationTokenHandler implements RequestHandler<DescribeDelegationTokenRequest> {
    private final Tokens tokens;
    private final TokenRights rights;

    /**
     * @param tokens the tokens; null for a broker that has none
     * @param rights who may know of those of others
     */
    public DescribeDelegationTokenHandler(Tokens tokens, TokenRights rights) {
        this.tokens = tokens;
        this.rights = rights;
    }

    @Override
    public void handle(DescribeDelegationTokenRequest request, RequestContext context) {
        if (!TokenRequests.mayAsk(context)) {
            context.respond(
                    new DescribeDelegationTokenResponse(ErrorCode.DELEGATION_TOKEN_REQUEST_NOT_ALLOWED, List.of()));
        } else if (tokens == null) {
            context.respond(new DescribeDelegationTokenResponse(ErrorCode.DELEGATION_TOKEN_AUTH_DISABLED, List.of()));
        } else {
            context.respond(new DescribeDelegationTokenResponse(ErrorCode.NONE, described(request, context)));
        }
    }

    private List<DescribedDelegationToken> described(DescribeDelegationTokenRequest request, RequestContext context) {
        Set<String> owners = null;
        if (request.owners() != null) {
            owners = new HashSet<>();
            for (DescribeDelegationTokenOwner owner : request.owners()) {
                owners.add(TokenRequests.principal(owner.principalType(), owner.principalName()));
            }
        }
        List<DescribedDelegationToken> described = new ArrayList<>();
        for (KnownToken known : tokens.all()) {
            DelegationToken token = known.token();
            boolean wanted = owners == null || token.concernsAny(owners);
            if (wanted
                    && (token.concerns(TokenRequests.principal(context))
                            || rights.mayDescribe(context, token.id(), token.owner()))) {
                described.add(described(known));
            }
        }
        return described;
    }

    private static DescribedDelegationToken described(KnownToken known) {
        DelegationToken token = known.token();
        List<DescribedDelegationTokenRenewer> renewers =
                new ArrayList<>(token.renewers().size());
        for (String renewer : token.renewers()) {
            renewers.add(new DescribedDelegationTokenRenewer(TokenRequests.type(renewer), TokenRequests.name(renewer)));
        }
        return new DescribedDelegationToken(
                TokenRequests.type(token.owner()),
                TokenRequests.name(token.owner()),
                TokenRequests.type(token.requester()),
                TokenRequests.name(token.requester()),
                token.issuedMs(),
                token.expiresMs(),
                token.maxMs(),
                token.id(),
                known.secret(),
                renewers);
    }
}
