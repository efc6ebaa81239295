package io.odradek.core.request.group;

import io.odradek.core.coordinator.group.GroupCoordinator;
import io.odradek.core.request.RequestHandler;
import io.odradek.core.transport.RequestContext;
import io.odradek.protocol.api.DescribeGroupsRequest;
import io.odradek.protocol.api.DescribeGroupsResponse;

/** DescribeGroups, versions 0 to 5: the state and the members of groups. */
public final class DescribeGroupsHandler implements RequestHandler<DescribeGroupsRequest> {
    private final GroupCoordinator coordinator;

    /** @param coordinator the groups of this broker */
    public DescribeGroupsHandler(GroupCoordinator coordinator) {
        this.coordinator = coordinator;
    }

    @Override
    public void handle(DescribeGroupsRequest request, RequestContext context) {
        coordinator
                .during(context)
                .describe(request.groups(), groups -> context.respond(new DescribeGroupsResponse(0, groups)));
    }
}
