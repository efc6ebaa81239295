package io.odradek.core.engine;

import io.odradek.core.cluster.TermListener;
import io.odradek.core.config.BrokerConfig;
import io.odradek.core.coordination.CoordinationStore;
import io.odradek.core.metadata.MetadataSource;
import io.odradek.core.request.RequestHandler;
import io.odradek.core.request.TokenRights;
import io.odradek.core.request.TopicReaders;
import io.odradek.core.request.acl.AclWait;
import io.odradek.core.request.acl.CreateAclsHandler;
import io.odradek.core.request.acl.DeleteAclsHandler;
import io.odradek.core.request.acl.DescribeAclsHandler;
import io.odradek.core.security.access.AccessGuard;
import io.odradek.core.security.acl.AclTree;
import io.odradek.core.security.acl.Acls;
import io.odradek.protocol.api.ApiKey;
import io.odradek.protocol.api.ApiRequest;
import io.odradek.protocol.errors.ErrorCode;
import java.util.concurrent.CompletionStage;

/** What a broker with an authorizer ({@code authorizer.class.name}) has more than others, for which it is not even loaded. */
final class EngineAccess {
    private static final int TREE_WAIT_MS = 30_000;

    private final AclTree tree;
    private final AccessGuard guard;
    private final Acls acls;
    private final AclWait wait;

    EngineAccess(BrokerConfig config, EngineEnvironment environment, CoordinationStore store, MetadataSource metadata) {
        tree = new AclTree(store, environment.loops().cluster(), environment.clock(), config);
        guard = new AccessGuard(
                tree,
                metadata,
                config.flag("auto.create.topics.enable"),
                config.int32("odradek.authorizer.cache.names"),
                environment.clock());
        acls = new Acls(store, environment.loops().cluster(), tree);
        wait = new AclWait(environment.loops().cluster(), TREE_WAIT_MS);
    }

    /** Learns who may do what, before the first request comes. {@return fails if the tree cannot be read} */
    CompletionStage<Void> load() {
        return tree.load();
    }

    /** {@return what keeps it true} */
    TermListener listener() {
        return tree;
    }

    /** Where large requests are served. */
    @FunctionalInterface
    interface Lane {
        /** {@return a handler that does the same, in the background for large requests} */
        <R extends ApiRequest> RequestHandler<R> aside(RequestHandler<R> handler);
    }

    /**
     * {@return a handler that does the same for those who may} It is asked where the request is served: for a large one, in the
     * background.
     *
     * @param ofClients the lane of APIs that clients use
     * @param ofBoth the lanes of APIs that clients and brokers use
     */
    RequestHandler<?> guarded(ApiKey api, RequestHandler<?> handler, Lane ofClients, Lane ofBoth) {
        RequestHandler<?> guarded = guard.before(api, handler);
        return switch (api) {
            case LIST_OFFSETS, OFFSET_FOR_LEADER_EPOCH, ADD_PARTITIONS_TO_TXN -> ofBoth.aside(guarded);
            case METADATA,
                    DESCRIBE_TOPIC_PARTITIONS,
                    DELETE_RECORDS,
                    CREATE_TOPICS,
                    CREATE_PARTITIONS,
                    DELETE_TOPICS,
                    DESCRIBE_PRODUCERS,
                    FIND_COORDINATOR,
                    OFFSET_FETCH,
                    OFFSET_DELETE,
                    DESCRIBE_GROUPS,
                    DELETE_GROUPS,
                    TXN_OFFSET_COMMIT,
                    DESCRIBE_TRANSACTIONS,
                    DESCRIBE_CONFIGS,
                    ALTER_CONFIGS,
                    INCREMENTAL_ALTER_CONFIGS -> ofClients.aside(guarded);
            // Others have no long lists, or their clients count on an order.
            default -> guarded;
        };
    }

    TokenRights tokenRights() {
        return guard.tokenRights();
    }

    TopicReaders readers() {
        return guard.readers();
    }

    /** {@return the handler of an API about access control entries} @param access null where there are none */
    static RequestHandler<?> acls(ApiKey api, EngineAccess access) {
        if (access == null) {
            return (request, context) -> context.fail(ErrorCode.SECURITY_DISABLED, "No Authorizer is configured.");
        }
        return switch (api) {
            case CREATE_ACLS -> new CreateAclsHandler(access.acls, access.wait);
            case DELETE_ACLS -> new DeleteAclsHandler(access.acls, access.wait);
            case DESCRIBE_ACLS -> new DescribeAclsHandler(access.acls);
            default -> throw new IllegalArgumentException(api + " is not about access control entries");
        };
    }
}
