package io.odradek.core.security.access;

import io.odradek.core.metadata.MetadataSource;
import io.odradek.core.request.OwnRequest;
import io.odradek.core.request.RequestHandler;
import io.odradek.core.request.TokenRights;
import io.odradek.core.request.TopicReaders;
import io.odradek.core.security.acl.AclOperation;
import io.odradek.core.security.acl.AclTree;
import io.odradek.core.security.acl.ResourceType;
import io.odradek.core.transport.RequestContext;
import io.odradek.protocol.api.ApiKey;
import io.odradek.protocol.api.ApiRequest;
import io.odradek.storage.env.Clock;

/**
 * Stands before the handlers of a broker with an authorizer: asks for each request whether it may be served, or which of its
 * parts. What the broker asks of itself passes. Thread-safe.
 */
public final class AccessGuard {
    private final AclTree acls;
    private final AccessTable table;
    private final AccessLog log;
    private final int mostKept;

    /**
     * @param acls who may do what
     * @param metadata what there is in the cluster
     * @param creates whether topics come into being because they are asked for
     * @param mostKept names that decisions are kept of for a connection
     * @param clock for the lines of its log
     */
    public AccessGuard(AclTree acls, MetadataSource metadata, boolean creates, int mostKept, Clock clock) {
        this.acls = acls;
        this.table = new AccessTable(metadata, creates);
        this.log = new AccessLog(clock);
        this.mostKept = mostKept;
    }

    /** {@return a handler that does the same for those who may} */
    @SuppressWarnings("unchecked") // The table ties rules to the requests of their APIs.
    public <R extends ApiRequest> RequestHandler<R> before(ApiKey api, RequestHandler<R> handler) {
        AccessRule<R> rule = (AccessRule<R>) table.rule(api);
        return (request, context) -> {
            if (context.connection().peer() == OwnRequest.SELF) {
                handler.handle(request, context);
            } else {
                rule.serve(request, context, asking(api, context), handler);
            }
        };
    }

    /** {@return who may read topics} */
    public TopicReaders readers() {
        return context -> {
            if (context.connection().peer() == OwnRequest.SELF) {
                return topic -> true;
            }
            Asking asking = asking(ApiKey.FETCH, context);
            return topic -> asking.may(AclOperation.READ, ResourceType.TOPIC, topic);
        };
    }

    /** {@return who may do what with tokens that are not theirs} Of those that one may not know of, nothing is said in the log. */
    public TokenRights tokenRights() {
        return new TokenRights() {
            @Override
            public boolean mayCreateFor(RequestContext context, String owner) {
                return asking(ApiKey.CREATE_DELEGATION_TOKEN, context)
                        .may(AclOperation.CREATE_TOKENS, ResourceType.USER, owner);
            }

            @Override
            public boolean mayDescribe(RequestContext context, String tokenId, String owner) {
                Asking asking = asking(ApiKey.DESCRIBE_DELEGATION_TOKEN, context);
                return asking.mayQuietly(AclOperation.DESCRIBE, ResourceType.DELEGATION_TOKEN, tokenId)
                        || asking.mayQuietly(AclOperation.DESCRIBE_TOKENS, ResourceType.USER, owner);
            }
        };
    }

    private Asking asking(ApiKey api, RequestContext context) {
        Decisions decisions = Decisions.of(context.connection(), acls.authorizer(), mostKept);
        return new Asking(api, context.header().apiVersion(), decisions, log);
    }
}
