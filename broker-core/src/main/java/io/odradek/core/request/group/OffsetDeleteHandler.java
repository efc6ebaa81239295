package io.odradek.core.request.group;

import io.odradek.core.coordinator.group.GroupCoordinator;
import io.odradek.core.request.RequestHandler;
import io.odradek.core.transport.RequestContext;
import io.odradek.protocol.api.OffsetDeleteRequest;

/**
 * OffsetDelete, version 0: forgets positions in topics that a group does not read.
 *
 * <p>The API is of KIP-496.
 */
public final class OffsetDeleteHandler implements RequestHandler<OffsetDeleteRequest> {
    private final GroupCoordinator coordinator;

    /** @param coordinator the groups of this broker */
    public OffsetDeleteHandler(GroupCoordinator coordinator) {
        this.coordinator = coordinator;
    }

    @Override
    public void handle(OffsetDeleteRequest request, RequestContext context) {
        coordinator.during(context).deleteOffsets(request, context::respond);
    }
}
