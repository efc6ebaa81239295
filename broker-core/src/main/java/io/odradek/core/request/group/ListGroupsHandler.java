package io.odradek.core.request.group;

import io.odradek.core.coordinator.group.GroupCoordinator;
import io.odradek.core.request.RequestHandler;
import io.odradek.core.transport.RequestContext;
import io.odradek.protocol.api.ListGroupsRequest;

/**
 * ListGroups, versions 0 to 5: the groups that this broker coordinates.
 *
 * <p>Versions: 1 has the throttle time in the response (KIP-124), which the client observes from 2 on (KIP-219); 3 is flexible
 * (KIP-482); 4 asks for states (KIP-518); 5 asks for types (KIP-848).
 */
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
