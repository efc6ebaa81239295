package io.odradek.core.request.group;

import io.odradek.core.coordinator.group.GroupCoordinator;
import io.odradek.core.request.RequestHandler;
import io.odradek.core.transport.RequestContext;
import io.odradek.protocol.api.ListGroupsRequest;

/** ListGroups, versions 0 to 5: the groups that this broker coordinates. */
public final class ListGroupsHandler implements RequestHandler<ListGroupsRequest> {
    private final GroupCoordinator coordinator;

    /** @param coordinator the groups of this broker */
    public ListGroupsHandler(GroupCoordinator coordinator) {
        this.coordinator = coordinator;
    }

    @Override
    public void handle(ListGroupsRequest request, RequestContext context) {
        coordinator.during(context).list(request, context::respond);
    }
}
