package io.odradek.core.request.group;

import io.odradek.core.coordinator.group.GroupCoordinator;
import io.odradek.core.request.RequestHandler;
import io.odradek.core.transport.RequestContext;
import io.odradek.protocol.api.HeartbeatRequest;
import io.odradek.protocol.api.HeartbeatResponse;

/**
 * Heartbeat, versions 0 to 4: shows that a member is alive, and tells it of rebalances.
 *
 * <p>Versions: 1 has the throttle time in the response (KIP-124), which the client observes from 2 on (KIP-219); 3 has static
 * members (KIP-345); 4 is flexible (KIP-482).
 */
public final class HeartbeatHandler implements RequestHandler<HeartbeatRequest> {
    private final GroupCoordinator coordinator;

    /** @param coordinator the groups of this broker */
    public HeartbeatHandler(GroupCoordinator coordinator) {
        this.coordinator = coordinator;
    }

    @Override
    public void handle(HeartbeatRequest request, RequestContext context) {
        coordinator.during(context).heartbeat(request, error -> context.respond(new HeartbeatResponse(error)));
    }
}
