package io.odradek.core.request.cluster;

import io.odradek.core.controller.Controller;
import io.odradek.core.orders.ControllerOrders;
import io.odradek.core.request.RequestHandler;
import io.odradek.core.transport.RequestContext;
import io.odradek.protocol.api.ApiKey;
import io.odradek.protocol.api.ApiRequest;
import io.odradek.protocol.errors.ErrorCode;
import io.odradek.storage.env.EventLoop;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * What brokers ask of each other: LeaderAndIsr, StopReplica, UpdateMetadata, ControlledShutdown, AlterPartition and
 * AllocateProducerIds, in all versions of 3.9. From anybody who is not a broker of the cluster, as far as that can be told,
 * they are CLUSTER_AUTHORIZATION_FAILED. Their handlers are made when the first of them comes, which a broker alone never
 * sees.
 */
public final class ClusterApis implements RequestHandler<ApiRequest> {
    /** The APIs. */
    public static final List<ApiKey> KEYS = List.of(
            ApiKey.LEADER_AND_ISR,
            ApiKey.STOP_REPLICA,
            ApiKey.UPDATE_METADATA,
            ApiKey.CONTROLLED_SHUTDOWN,
            ApiKey.ALTER_PARTITION,
            ApiKey.ALLOCATE_PRODUCER_IDS);

    private final ClusterPeers peers;
    private final Rooms rooms;
    private volatile Map<ApiKey, RequestHandler<?>> handlers;

    /**
     * Whom the requests are for.
     *
     * @param orders carries out what controllers order
     * @param controller this broker's controller
     * @param loop the cluster loop
     * @param maxWaitMs how long a request may wait
     */
    public record Rooms(ControllerOrders orders, Controller controller, EventLoop loop, long maxWaitMs) {}

    /**
     * @param peers tells who is a broker
     * @param rooms whom the requests are for
     */
    public ClusterApis(ClusterPeers peers, Rooms rooms) {
        this.peers = peers;
        this.rooms = rooms;
    }

    @Override
    public void handle(ApiRequest request, RequestContext context) {
        if (!peers.isBroker(context.connection().peer())) {
            context.fail(ErrorCode.CLUSTER_AUTHORIZATION_FAILED, "This is for brokers of the cluster");
            return;
        }
        Map<ApiKey, RequestHandler<?>> made = handlers;
        if (made == null) {
            made = make();
            handlers = made;
        }
        serve(made.get(ApiKey.of(context.header().apiKey())), request, context);
    }

    /** The header's key ties the request's type to the handler's. */
    @SuppressWarnings("unchecked")
    private static <R extends ApiRequest> void serve(
            RequestHandler<R> handler, ApiRequest request, RequestContext context) {
        handler.handle((R) request, context);
    }

    private Map<ApiKey, RequestHandler<?>> make() {
        Map<ApiKey, RequestHandler<?>> made = new EnumMap<>(ApiKey.class);
        made.put(ApiKey.LEADER_AND_ISR, new LeaderAndIsrHandler(rooms));
        made.put(ApiKey.STOP_REPLICA, new StopReplicaHandler(rooms));
        made.put(ApiKey.UPDATE_METADATA, new UpdateMetadataHandler(rooms));
        made.put(ApiKey.CONTROLLED_SHUTDOWN, new ControlledShutdownHandler(rooms));
        made.put(ApiKey.ALTER_PARTITION, new AlterPartitionHandler(rooms));
        made.put(ApiKey.ALLOCATE_PRODUCER_IDS, new AllocateProducerIdsHandler(rooms));
        return made;
    }
}
