package io.odradek.core.security.access;

import static io.odradek.core.security.acl.AclOperation.CLUSTER_ACTION;

import io.odradek.core.fetch.FetchLimits;
import io.odradek.core.request.RequestHandler;
import io.odradek.core.request.cluster.ReplicaRequests;
import io.odradek.core.transport.RequestContext;
import io.odradek.protocol.api.FetchRequest;

/**
 * Fetch: ClusterAction on the cluster for a follower. A consumer needs Read on each topic, which the handler asks for, as it
 * alone knows the topics of a session and of identifiers.
 */
final class FetchAccess implements AccessRule<FetchRequest> {
    @Override
    public void serve(
            FetchRequest request, RequestContext context, Asking asking, RequestHandler<FetchRequest> handler) {
        boolean asReplica = FetchLimits.replicaId(request, asking.version()) >= 0;
        if (asReplica && !asking.mayWithCluster(CLUSTER_ACTION)) {
            context.respond(ReplicaRequests.refusal(request));
        } else {
            handler.handle(request, context);
        }
    }
}
