package io.odradek.core.request.group;

import io.odradek.core.coordinator.group.GroupCoordinator;
import io.odradek.core.request.RequestHandler;
import io.odradek.core.transport.RequestContext;
import io.odradek.protocol.api.OffsetCommitRequest;

/** OffsetCommit, versions 0 to 9: keeps the positions of a group. */
public final class OffsetCommitHandler implements RequestHandler<OffsetCommitRequest> {
    private final GroupCoordinator coordinator;

    /** @param coordinator the groups of this broker */
    public OffsetCommitHandler(GroupCoordinator coordinator) {
        this.coordinator = coordinator;
    }

    @Override
    public void handle(OffsetCommitRequest request, RequestContext context) {
        coordinator.during(context).commit(request, context::respond);
    }
}
