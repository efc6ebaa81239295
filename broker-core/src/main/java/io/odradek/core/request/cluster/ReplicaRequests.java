package io.odradek.core.request.cluster;

import io.odradek.core.fetch.FetchLimits;
import io.odradek.core.request.RequestHandler;
import io.odradek.core.transport.RequestContext;
import io.odradek.protocol.api.FetchRequest;
import io.odradek.protocol.api.ListOffsetsRequest;
import io.odradek.protocol.errors.ErrorCode;

/**
 * Takes Fetch and ListOffsets in the name of a replica from brokers of the cluster only, as far as that can be told: whoever
 * fetches as a follower moves the high watermark and the in-sync replicas. From others they are CLUSTER_AUTHORIZATION_FAILED
 * as a whole. Where clients come by the brokers' listener nobody can be told apart; there it is left to what the leader knows
 * of its followers and their brokers' epochs.
 */
public final class ReplicaRequests {
    private final ClusterPeers peers;

    /** @param peers tells who is a broker */
    public ReplicaRequests(ClusterPeers peers) {
        this.peers = peers;
    }

    /** {@return a handler that does the same for consumers and brokers} */
    public RequestHandler<FetchRequest> fetch(RequestHandler<FetchRequest> handler) {
        return (request, context) -> {
            if (may(FetchLimits.replicaId(request, context.header().apiVersion()), context)) {
                handler.handle(request, context);
            }
        };
    }

    /** {@return a handler that does the same for consumers and brokers} */
    public RequestHandler<ListOffsetsRequest> listOffsets(RequestHandler<ListOffsetsRequest> handler) {
        return (request, context) -> {
            if (may(request.replicaId(), context)) {
                handler.handle(request, context);
            }
        };
    }

    private boolean may(int replicaId, RequestContext context) {
        if (replicaId < 0 || peers.isBroker(context.connection().peer())) {
            return true;
        }
        context.fail(ErrorCode.CLUSTER_AUTHORIZATION_FAILED, "Only brokers of the cluster have replicas");
        return false;
    }
}
