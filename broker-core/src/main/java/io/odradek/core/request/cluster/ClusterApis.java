package io.odradek.core.request.cluster;

import io.odradek.core.controller.Controller;
import io.odradek.core.orders.ControllerOrders;
import io.odradek.core.request.OwnRequest;
import io.odradek.core.request.RequestHandler;
import io.odradek.core.transport.Peer;
import io.odradek.core.transport.RequestContext;
import io.odradek.protocol.api.ApiKey;
import io.odradek.protocol.api.ApiRequest;
import io.odradek.protocol.errors.ErrorCode;
import io.odradek.storage.env.EventLoop;

/**
 * What brokers ask of each other: LeaderAndIsr, StopReplica, UpdateMetadata, ControlledShutdown, AlterPartition and
 * AllocateProducerIds, in all versions of 3.9. From anybody who is not a broker of the cluster, as far as that can be told,
 * they are CLUSTER_AUTHORIZATION_FAILED.
 */
public final class ClusterApis {
    private final ClusterPeers peers;
    private final Rooms rooms;

    /**
     * Whom the requests are for.
     *
     * @param orders carries out what controllers order
     * @param controller this broker's controller
     * @param loop the cluster loop
     * @param maxWaitMs how long a request may wait
     */
    record Rooms(ControllerOrders orders, Controller controller, EventLoop loop, long maxWaitMs) {
        /**
         * Does what a controller orders, unless its connection is gone by then: it has said it again over another one, perhaps
         * something else after that.
         */
        void obey(RequestContext context, Runnable order) {
            loop.post(() -> {
                if (context.isGone()) {
                    context.respondNothing();
                } else {
                    order.run();
                }
            });
        }
    }

    /**
     * @param peers tells who is a broker
     * @param orders carries out what controllers order
     * @param controller this broker's controller
     * @param loop the cluster loop
     * @param maxWaitMs how long a request may wait
     */
    public ClusterApis(
            ClusterPeers peers, ControllerOrders orders, Controller controller, EventLoop loop, long maxWaitMs) {
        this.peers = peers;
        this.rooms = new Rooms(orders, controller, loop, maxWaitMs);
    }

    /** {@return the handler of an API} @throws IllegalArgumentException if it is for clients */
    public RequestHandler<?> handler(ApiKey api) {
        return switch (api) {
            case LEADER_AND_ISR -> forBrokers(new LeaderAndIsrHandler(rooms));
            case STOP_REPLICA -> forBrokers(new StopReplicaHandler(rooms));
            case UPDATE_METADATA -> forBrokers(new UpdateMetadataHandler(rooms));
            case CONTROLLED_SHUTDOWN -> forBrokers(new ControlledShutdownHandler(rooms));
            case ALTER_PARTITION -> forBrokers(new AlterPartitionHandler(rooms));
            case ALLOCATE_PRODUCER_IDS -> forBrokers(new AllocateProducerIdsHandler(rooms));
            default -> throw new IllegalArgumentException(api + " is not only for brokers");
        };
    }

    private boolean isBroker(Peer peer) {
        return peer == OwnRequest.SELF || peers.isBroker(peer);
    }

    private <R extends ApiRequest> RequestHandler<R> forBrokers(RequestHandler<R> handler) {
        return (request, context) -> {
            if (isBroker(context.connection().peer())) {
                handler.handle(request, context);
            } else {
                context.fail(ErrorCode.CLUSTER_AUTHORIZATION_FAILED, "This is for brokers of the cluster");
            }
        };
    }
}
