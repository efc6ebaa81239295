package io.odradek.core.request.group;

import io.odradek.core.coordinator.group.GroupCoordinator;
import io.odradek.core.request.RequestHandler;
import io.odradek.core.transport.RequestContext;
import io.odradek.protocol.api.OffsetCommitRequest;

/**
 * OffsetCommit, versions 0 to 9: keeps the positions of a group, those of version 0 in the cluster's tree ({@link TreeOffsets}).
 *
 * <p>Versions: 1 names generation, member and the time of the commit; 2 has a retention time in place of that time; 3 has the
 * throttle time in the response (KIP-124), which the client observes from 4 on (KIP-219); 5 has no retention time any more
 * (KIP-211); 6 has leader epochs (KIP-320); 7 has static members (KIP-345); 8 is flexible (KIP-482); 9 is for members of the next
 * protocol too (KIP-848).
 *
 * <p>Errors: those of the coordinator, and of version 0 POLICY_VIOLATION and UNKNOWN_SERVER_ERROR.
 */
public final class OffsetCommitHandler implements RequestHandler<OffsetCommitRequest> {
    private final GroupCoordinator coordinator;
    private final TreeOffsets tree;

    /**
     * @param coordinator the groups of this broker
     * @param tree the positions of version 0
     */
    public OffsetCommitHandler(GroupCoordinator coordinator, TreeOffsets tree) {
        this.coordinator = coordinator;
        this.tree = tree;
    }

    @Override
    public void handle(OffsetCommitRequest request, RequestContext context) {
        if (context.header().apiVersion() == 0) {
            tree.commit(request, context);
        } else {
            coordinator.during(context).commit(request, context::respond);
        }
    }
}
