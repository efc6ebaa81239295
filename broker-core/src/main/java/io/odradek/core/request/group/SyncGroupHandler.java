package io.odradek.core.request.group;

import io.odradek.core.coordinator.group.GroupCoordinator;
import io.odradek.core.request.RequestHandler;
import io.odradek.core.transport.RequestContext;
import io.odradek.protocol.api.SyncGroupRequest;

/**
 * SyncGroup, versions 0 to 5: brings the assignment of a generation, or waits for it.
 *
 * <p>Versions: 1 has the throttle time in the response (KIP-124), which the client observes from 2 on (KIP-219); 3 has static
 * members (KIP-345); 4 is flexible (KIP-482); 5 names protocol type and protocol both ways (KIP-559).
 */
public final class SyncGroupHandler implements RequestHandler<SyncGroupRequest> {
    private final GroupCoordinator coordinator;

    /** @param coordinator the groups of this broker */
    public SyncGroupHandler(GroupCoordinator coordinator) {
        this.coordinator = coordinator;
    }

    @Override
    public void handle(SyncGroupRequest request, RequestContext context) {
        coordinator.during(context).sync(request, Callers.of(context), context::respond);
    }
}
