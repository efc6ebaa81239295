package io.odradek.core.request.cluster;

import io.odradek.core.orders.Authority;
import io.odradek.core.orders.LeaderAndIsrWire;
import io.odradek.core.partition.LocalReplicas.PartitionState;
import io.odradek.core.request.Deadline;
import io.odradek.core.request.RequestHandler;
import io.odradek.core.transport.RequestContext;
import io.odradek.protocol.api.LeaderAndIsrRequest;
import java.util.List;

/**
 * LeaderAndIsr 0 to 7: a controller makes this broker leader or follower of partitions, and is answered when they are served.
 *
 * <p>Errors of the request: STALE_CONTROLLER_EPOCH, STALE_BROKER_EPOCH, REQUEST_TIMED_OUT, UNKNOWN_SERVER_ERROR if the
 * settings of a topic cannot be read. Of a partition: KAFKA_STORAGE_ERROR.
 */
final class LeaderAndIsrHandler implements RequestHandler<LeaderAndIsrRequest> {
    private final ClusterApis.Rooms rooms;

    LeaderAndIsrHandler(ClusterApis.Rooms rooms) {
        this.rooms = rooms;
    }

    @Override
    public void handle(LeaderAndIsrRequest request, RequestContext context) {
        int version = context.header().apiVersion();
        Authority authority = LeaderAndIsrWire.authority(request).over(context.connection());
        List<PartitionState> states = LeaderAndIsrWire.states(request, version);
        rooms.obey(
                context,
                () -> Deadline.await(
                        context,
                        rooms.loop(),
                        rooms.maxWaitMs(),
                        rooms.orders().leaderAndIsr(authority, states),
                        (unserved, error) -> {
                            if (unserved == null) {
                                Failures.answer(context, error);
                            } else {
                                context.respond(LeaderAndIsrWire.response(states, unserved, version));
                            }
                        }));
    }
}
