package io.odradek.core.engine;

import io.odradek.core.config.BrokerConfig;
import io.odradek.core.coordinator.group.GroupCoordinator;
import io.odradek.core.request.LargeRequests;
import io.odradek.core.request.RequestDispatcher;
import io.odradek.core.request.RequestHandler;
import io.odradek.core.request.group.DeleteGroupsHandler;
import io.odradek.core.request.group.DescribeGroupsHandler;
import io.odradek.core.request.group.HeartbeatHandler;
import io.odradek.core.request.group.JoinGroupHandler;
import io.odradek.core.request.group.LeaveGroupHandler;
import io.odradek.core.request.group.ListGroupsHandler;
import io.odradek.core.request.group.OffsetCommitHandler;
import io.odradek.core.request.group.OffsetDeleteHandler;
import io.odradek.core.request.group.OffsetFetchHandler;
import io.odradek.core.request.group.SyncGroupHandler;
import io.odradek.core.request.group.TreeOffsets;
import io.odradek.protocol.api.ApiKey;

/** Makes the handlers of those APIs that are about groups. */
final class GroupHandlers implements RequestDispatcher.HandlerMaker {
    private final GroupCoordinator groups;
    private final LargeRequests large;
    /** What is written and what is read wait for the tree together. */
    private final TreeOffsets tree;

    /** @param large serves the larger requests elsewhere */
    GroupHandlers(EngineHandlers.Rooms rooms, BrokerConfig config, EngineEnvironment environment, LargeRequests large) {
        this.groups = rooms.groups();
        this.large = large;
        this.tree = new TreeOffsets(
                rooms.metadata(),
                rooms.office().membership().store(),
                environment.loops().cluster(),
                environment.clock(),
                EngineSettings.treeOffsets(config));
    }

    /** {@return the handler of an API; null for an API of another kind} */
    @Override
    public RequestHandler<?> make(ApiKey api) {
        return switch (api) {
            case JOIN_GROUP -> new JoinGroupHandler(groups);
            case SYNC_GROUP -> new SyncGroupHandler(groups);
            case HEARTBEAT -> new HeartbeatHandler(groups);
            case LEAVE_GROUP -> new LeaveGroupHandler(groups);
            case OFFSET_COMMIT -> new OffsetCommitHandler(groups, tree);
            case OFFSET_FETCH -> large.aside(new OffsetFetchHandler(groups, tree));
            case OFFSET_DELETE -> large.aside(new OffsetDeleteHandler(groups));
            case DESCRIBE_GROUPS -> large.aside(new DescribeGroupsHandler(groups));
            case LIST_GROUPS -> large.aside(new ListGroupsHandler(groups));
            case DELETE_GROUPS -> large.aside(new DeleteGroupsHandler(groups));
            default -> null;
        };
    }
}
