package io.odradek.core.request.cluster;

import io.odradek.core.orders.Authority;
import io.odradek.core.orders.StopReplicaWire;
import io.odradek.core.partition.LocalReplicas.ReplicaStop;
import io.odradek.core.request.Deadline;
import io.odradek.core.request.RequestHandler;
import io.odradek.core.transport.RequestContext;
import io.odradek.protocol.api.StopReplicaRequest;
import java.util.List;

/**
 * StopReplica 0 to 4: a controller takes replicas away from this broker, with or without their logs, and is answered when they
 * are gone.
 *
 * <p>Errors of the request: STALE_CONTROLLER_EPOCH, STALE_BROKER_EPOCH, REQUEST_TIMED_OUT. Of a partition:
 * KAFKA_STORAGE_ERROR, also where the replica has been told of a later leader epoch.
 */
final class StopReplicaHandler implements RequestHandler<StopReplicaRequest> {
    private final ClusterApis.Rooms rooms;

    StopReplicaHandler(ClusterApis.Rooms rooms) {
        this.rooms = rooms;
    }

    @Override
    public void handle(StopReplicaRequest request, RequestContext context) {
        Authority authority = StopReplicaWire.authority(request).over(context.connection());
        List<ReplicaStop> stops =
                StopReplicaWire.stops(request, context.header().apiVersion());
        rooms.obey(
                context,
                () -> Deadline.await(
                        context,
                        rooms.loop(),
                        rooms.maxWaitMs(),
                        rooms.orders().stopReplicas(authority, stops),
                        (left, error) -> {
                            if (left == null) {
                                Failures.answer(context, error);
                            } else {
                                context.respond(StopReplicaWire.response(stops, left));
                            }
                        }));
    }
}
