package io.odradek.core.request.group;

import io.odradek.core.coordinator.group.GroupCoordinator;
import io.odradek.core.request.RequestHandler;
import io.odradek.core.transport.RequestContext;
import io.odradek.protocol.api.DeleteGroupsRequest;
import io.odradek.protocol.api.DeleteGroupsResponse;

/**
 * DeleteGroups, versions 0 to 2: forgets groups without members.
 *
 * <p>The API is of KIP-229. Versions: from 1 on the client observes the throttle time (KIP-219); 2 is flexible (KIP-482).
 */
public final class DeleteGroupsHandler implements RequestHandler<DeleteGroupsRequest> {
    private final GroupCoordinator coordinator;

    /** @param coordinator the groups of this broker */
    public DeleteGroupsHandler(GroupCoordinator coordinator) {
        this.coordinator = coordinator;
    }

    @Override
    public void handle(DeleteGroupsRequest request, RequestContext context) {
        coordinator
                .during(context)
                .delete(request.groupsNames(), results -> context.respond(new DeleteGroupsResponse(results)));
    }
}
