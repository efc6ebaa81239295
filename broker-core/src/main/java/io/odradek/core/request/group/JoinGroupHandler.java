package io.odradek.core.request.group;

import io.odradek.core.coordinator.group.GroupCoordinator;
import io.odradek.core.request.RequestHandler;
import io.odradek.core.transport.RequestContext;
import io.odradek.protocol.api.JoinGroupRequest;

/**
 * JoinGroup, versions 0 to 9: takes part in the next generation of a group.
 *
 * <p>Versions: 1 has a rebalance timeout of its own (KIP-62); 2 has the throttle time in the response (KIP-124), which the client
 * observes from 3 on (KIP-219); 4 gives a new member its id first (KIP-394); 5 has static members (KIP-345); 6 is flexible
 * (KIP-482); 7 names protocol type and protocol in the response (KIP-559); 8 has a reason (KIP-800); 9 lets a leader that comes
 * back skip the assignment (KIP-814).
 */
public final class JoinGroupHandler implements RequestHandler<JoinGroupRequest> {
    private final GroupCoordinator coordinator;

    /** @param coordinator the groups of this broker */
    public JoinGroupHandler(GroupCoordinator coordinator) {
        this.coordinator = coordinator;
    }

    @Override
    public void handle(JoinGroupRequest request, RequestContext context) {
        coordinator.during(context).join(request, Callers.of(context), context::respond);
    }
}
