package io.odradek.core.request.group;

import io.odradek.core.coordinator.group.GroupCoordinator;
import io.odradek.core.request.AuthorizedOperations;
import io.odradek.core.request.RequestHandler;
import io.odradek.core.transport.RequestContext;
import io.odradek.protocol.api.DescribeGroupsRequest;
import io.odradek.protocol.api.DescribeGroupsResponse;
import io.odradek.protocol.api.DescribeGroupsResponse.DescribedGroup;
import io.odradek.protocol.errors.ErrorCode;
import java.util.ArrayList;
import java.util.List;

/**
 * DescribeGroups, versions 0 to 5: the state and the members of groups, and from version 3 on what the client may do with
 * them, if it asks (KIP-430).
 *
 * <p>Versions: 1 has the throttle time in the response (KIP-124), which the client observes from 2 on (KIP-219); 3 has the
 * operations (KIP-430); 4 has static members (KIP-345); 5 is flexible (KIP-482).
 */
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
                .describe(
                        request.groups(),
                        groups -> context.respond(new DescribeGroupsResponse(
                                request.includeAuthorizedOperations() ? withOperations(groups) : groups)));
    }

    private static List<DescribedGroup> withOperations(List<DescribedGroup> groups) {
        List<DescribedGroup> described = new ArrayList<>(groups.size());
        for (DescribedGroup group : groups) {
            described.add(
                    group.errorCode() != ErrorCode.NONE
                            ? group
                            : new DescribedGroup(
                                    group.errorCode(),
                                    group.groupId(),
                                    group.groupState(),
                                    group.protocolType(),
                                    group.protocolData(),
                                    group.members(),
                                    AuthorizedOperations.GROUP));
        }
        return described;
    }
}
