package io.odradek.core.request.group;

import io.odradek.core.coordinator.group.GroupCoordinator;
import io.odradek.core.request.RequestHandler;
import io.odradek.core.transport.RequestContext;
import io.odradek.protocol.api.JoinGroupRequest;

/** JoinGroup, versions 0 to 9: takes part in the next generation of a group. */
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
