package io.odradek.core.request.group;

import io.odradek.core.coordinator.group.GroupCoordinator;
import io.odradek.core.request.RequestHandler;
import io.odradek.core.transport.RequestContext;
import io.odradek.protocol.api.OffsetCommitRequest;

/**
 * OffsetCommit, versions 0 to 9: keeps the positions of a group.
 *
 * <p>Versions: 1 names generation, member and the time of the commit; 2 has a retention time in place of that time; 3 has the
 * throttle time in the response (KIP-124), which the client observes from 4 on (KIP-219); 5 has no retention time any more
 * (KIP-211); 6 has leader epochs (KIP-320); 7 has static members (KIP-345); 8 is flexible (KIP-482); 9 is for members of the next
 * protocol too (KIP-848).
 */
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
