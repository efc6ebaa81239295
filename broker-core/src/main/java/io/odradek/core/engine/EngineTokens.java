package io.odradek.core.engine;

import io.odradek.core.cluster.TermListener;
import io.odradek.core.config.BrokerConfig;
import io.odradek.core.coordination.CoordinationStore;
import io.odradek.core.metadata.MetadataSource;
import io.odradek.core.request.RequestHandler;
import io.odradek.core.request.TokenRights;
import io.odradek.core.request.security.CreateDelegationTokenHandler;
import io.odradek.core.request.security.DescribeDelegationTokenHandler;
import io.odradek.core.request.security.ExpireDelegationTokenHandler;
import io.odradek.core.request.security.RenewDelegationTokenHandler;
import io.odradek.core.security.scram.ScramTokens;
import io.odradek.core.security.token.TokenExpiry;
import io.odradek.core.security.token.TokenKey;
import io.odradek.core.security.token.TokenLife;
import io.odradek.core.security.token.TokenLimits;
import io.odradek.core.security.token.TokenTree;
import io.odradek.core.security.token.Tokens;
import io.odradek.core.transport.RequestContext;
import io.odradek.protocol.api.ApiKey;
import io.odradek.storage.env.EventLoop;
import java.util.List;
import java.util.concurrent.CompletionStage;

/** What a broker with delegation tokens ({@code delegation.token.secret.key}) has more than others. */
final class EngineTokens {
    /** Where there is no authorizer, everybody may. */
    private static final TokenRights OPEN = new TokenRights() {
        @Override
        public boolean mayCreateFor(RequestContext context, String owner) {
            return true;
        }

        @Override
        public boolean mayDescribe(RequestContext context, String tokenId, String owner) {
            return true;
        }
    };

    private final TokenTree tree;
    private final Tokens tokens;
    private final TokenExpiry expiry;

    EngineTokens(
            BrokerConfig config,
            EngineEnvironment environment,
            CoordinationStore store,
            MetadataSource metadata,
            int brokerId) {
        EventLoop loop = environment.loops().cluster();
        tree = new TokenTree(store, loop, TokenKey.of(config), environment.guests());
        TokenLife life = new TokenLife(
                config.int64("delegation.token.max.lifetime.ms"), config.int64("delegation.token.expiry.time.ms"));
        tokens = new Tokens(store, loop, tree, life, TokenLimits.of(config), environment.guests());
        expiry = new TokenExpiry(
                tokens,
                loop,
                environment.clock(),
                config.int64("delegation.token.expiry.check.interval.ms"),
                () -> metadata.image().controllerId() == brokerId);
    }

    /** Learns which tokens there are, before the first client logs in. {@return fails if the tree cannot be read} */
    CompletionStage<Void> load() {
        return tree.load();
    }

    /** {@return what keeps them true, and takes away those that are over} */
    List<TermListener> listeners() {
        return List.of(tree, expiry);
    }

    /** {@return who knows the tokens that one can log in with} */
    ScramTokens known() {
        return tree;
    }

    /**
     * {@return the handler of an API about tokens}
     *
     * @param here null where there are none
     * @param access asks who may; null for a broker that serves everybody
     * @param loop the cluster loop
     */
    static RequestHandler<?> handler(ApiKey api, EngineTokens here, EngineAccess access, EventLoop loop) {
        Tokens tokens = here == null ? null : here.tokens;
        TokenRights rights = access == null ? OPEN : access.tokenRights();
        return switch (api) {
            case CREATE_DELEGATION_TOKEN -> new CreateDelegationTokenHandler(tokens, rights, loop);
            case RENEW_DELEGATION_TOKEN -> new RenewDelegationTokenHandler(tokens, loop);
            case EXPIRE_DELEGATION_TOKEN -> new ExpireDelegationTokenHandler(tokens, loop);
            case DESCRIBE_DELEGATION_TOKEN -> new DescribeDelegationTokenHandler(tokens, rights);
            default -> throw new IllegalArgumentException(api + " is not about delegation tokens");
        };
    }
}
