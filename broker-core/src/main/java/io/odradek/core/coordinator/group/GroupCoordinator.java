package io.odradek.core.coordinator.group;

import io.odradek.core.coordinator.PartitionLeadership;
import io.odradek.core.coordinator.PartitionLog;
import io.odradek.core.coordinator.runtime.CoordinatorRuntime;
import io.odradek.core.metadata.MetadataImage.TopicInfo;
import io.odradek.core.metadata.MetadataSource;
import io.odradek.core.partition.OwnerLoop;
import io.odradek.core.transport.RequestContext;
import io.odradek.protocol.TopicPartition;
import io.odradek.protocol.api.DeleteGroupsResponse.DeletableGroupResult;
import io.odradek.protocol.api.DescribeGroupsResponse.DescribedGroup;
import io.odradek.protocol.api.HeartbeatRequest;
import io.odradek.protocol.api.JoinGroupRequest;
import io.odradek.protocol.api.JoinGroupResponse;
import io.odradek.protocol.api.LeaveGroupRequest.MemberIdentity;
import io.odradek.protocol.api.LeaveGroupResponse.MemberResponse;
import io.odradek.protocol.api.ListGroupsRequest;
import io.odradek.protocol.api.ListGroupsResponse;
import io.odradek.protocol.api.ListGroupsResponse.ListedGroup;
import io.odradek.protocol.api.OffsetCommitRequest;
import io.odradek.protocol.api.OffsetCommitResponse;
import io.odradek.protocol.api.OffsetDeleteRequest;
import io.odradek.protocol.api.OffsetDeleteResponse;
import io.odradek.protocol.api.OffsetFetchRequest.OffsetFetchRequestGroup;
import io.odradek.protocol.api.OffsetFetchResponse.OffsetFetchResponseGroup;
import io.odradek.protocol.api.SyncGroupRequest;
import io.odradek.protocol.api.SyncGroupResponse;
import io.odradek.protocol.errors.ErrorCode;
import io.odradek.storage.env.Clock;
import io.odradek.storage.env.Randoms;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/**
 * The groups that this broker coordinates: those whose partition of {@code __consumer_offsets} it leads. Finds a group's
 * shard, and turns the shard's state of service into the errors of each API.
 *
 * <p>Requests are made on a processor's thread; answers come on any thread, once. Errors of all APIs: INVALID_GROUP_ID for an
 * empty id (which only positions may have), NOT_COORDINATOR, COORDINATOR_NOT_AVAILABLE, COORDINATOR_LOAD_IN_PROGRESS.
 */
public final class GroupCoordinator implements PartitionLeadership {
    private final MetadataSource metadata;
    private final CoordinatorRuntime<GroupShard> runtime;
    private final RequestContext request;

    /** @param metadata tells how many partitions the internal topic has, and which partitions exist */
    public GroupCoordinator(Clock clock, Randoms randoms, GroupSettings settings, MetadataSource metadata) {
        this.metadata = metadata;
        this.runtime = new CoordinatorRuntime<>(
                GroupSettings.OFFSETS_TOPIC,
                clock,
                settings.offsets().commitTimeoutMs(),
                (partition, context) -> new GroupShard(new Services(context, clock, randoms, settings)));
        this.request = null;
    }

    private GroupCoordinator(GroupCoordinator whole, RequestContext request) {
        this.metadata = whole.metadata;
        this.runtime = whole.runtime;
        this.request = request;
    }

    /** {@return this, for one request: it is in work while it stands in a shard's queue and while it is served there} */
    public GroupCoordinator during(RequestContext served) {
        return new GroupCoordinator(this, served);
    }

    private void submit(int partition, Consumer<GroupShard> task, Consumer<ErrorCode> refused) {
        if (request == null) {
            runtime.submit(partition, task, refused, () -> {});
        } else {
            request.workBegins(1);
            runtime.submit(partition, task, refused, request::workEnds);
        }
    }

    @Override
    public void elected(int partition, OwnerLoop loop, PartitionLog log) {
        runtime.elected(partition, loop, log);
    }

    @Override
    public void resigned(int partition) {
        runtime.resigned(partition);
    }

    /** {@return the partition that a group lives in, out of so many: Kafka's rule} */
    public static int partitionOf(String groupId, int partitions) {
        int hash = groupId.hashCode();
        return hash == Integer.MIN_VALUE ? 0 : Math.abs(hash) % partitions;
    }

    private void route(String groupId, Consumer<GroupShard> task, Consumer<ErrorCode> refused) {
        TopicInfo topic = metadata.image().topics().get(GroupSettings.OFFSETS_TOPIC);
        if (topic == null) {
            refused.accept(ErrorCode.NOT_COORDINATOR);
        } else {
            submit(partitionOf(groupId, topic.partitions().size()), task, refused);
        }
    }

    private void routeNamed(String groupId, Consumer<GroupShard> task, Consumer<ErrorCode> refused) {
        if (groupId.isEmpty()) {
            refused.accept(ErrorCode.INVALID_GROUP_ID);
        } else {
            route(groupId, task, refused);
        }
    }

    private boolean exists(TopicPartition id) {
        TopicInfo topic = metadata.image().topics().get(id.topic());
        return topic != null
                && id.partition() >= 0
                && id.partition() < topic.partitions().size();
    }

    /** JoinGroup: the answer comes with the new generation. */
    public void join(JoinGroupRequest request, Caller caller, Consumer<JoinGroupResponse> reply) {
        routeNamed(
                request.groupId(),
                shard -> shard.join(request, caller, reply),
                error -> reply.accept(JoinResponses.error(request.memberId(), error)));
    }

    /** SyncGroup. While the group is loaded its members are sent back to join: whatever rebalance there was is lost. */
    public void sync(SyncGroupRequest request, Caller caller, Consumer<SyncGroupResponse> reply) {
        routeNamed(
                request.groupId(),
                shard -> shard.sync(request, caller, reply),
                error -> reply.accept(SyncResponses.error(
                        error == ErrorCode.COORDINATOR_LOAD_IN_PROGRESS ? ErrorCode.REBALANCE_IN_PROGRESS : error)));
    }

    /** Heartbeat. While the group is loaded every heartbeat is good. */
    public void heartbeat(HeartbeatRequest request, Consumer<ErrorCode> reply) {
        routeNamed(
                request.groupId(),
                shard -> reply.accept(shard.heartbeat(request)),
                error -> reply.accept(error == ErrorCode.COORDINATOR_LOAD_IN_PROGRESS ? ErrorCode.NONE : error));
    }

    /** LeaveGroup: an error of the group, or the results of the members. */
    public void leave(String groupId, List<MemberIdentity> leaving, BiConsumer<ErrorCode, List<MemberResponse>> reply) {
        routeNamed(
                groupId,
                shard -> reply.accept(ErrorCode.NONE, shard.leave(groupId, leaving)),
                error -> reply.accept(error, List.of()));
    }

    /** OffsetCommit. */
    public void commit(OffsetCommitRequest request, Consumer<OffsetCommitResponse> reply) {
        route(
                request.groupId(),
                shard -> shard.commit(request, this::exists, reply),
                error -> reply.accept(OffsetResponses.commit(request, error)));
    }

    /** OffsetFetch of several groups, answered in their order. */
    public void fetch(List<OffsetFetchRequestGroup> requests, Consumer<List<OffsetFetchResponseGroup>> reply) {
        Gathering<OffsetFetchResponseGroup> gathering = Gathering.of(requests.size(), reply);
        for (int i = 0; i < requests.size(); i++) {
            int place = i;
            OffsetFetchRequestGroup request = requests.get(i);
            route(
                    request.groupId(),
                    shard -> shard.fetch(request, part -> gathering.put(place, part)),
                    error -> gathering.put(place, new OffsetFetchResponseGroup(request.groupId(), List.of(), error)));
        }
    }

    /** DescribeGroups, answered in their order. */
    public void describe(List<String> groupIds, Consumer<List<DescribedGroup>> reply) {
        Gathering<DescribedGroup> gathering = Gathering.of(groupIds.size(), reply);
        for (int i = 0; i < groupIds.size(); i++) {
            int place = i;
            String groupId = groupIds.get(i);
            routeNamed(
                    groupId,
                    shard -> gathering.put(place, shard.admin().describe(groupId)),
                    error -> gathering.put(place, GroupAdmin.describeError(groupId, error)));
        }
    }

    /** ListGroups: the groups of all shards here; COORDINATOR_LOAD_IN_PROGRESS with those that are loaded. */
    public void list(ListGroupsRequest request, Consumer<ListGroupsResponse> reply) {
        List<Integer> partitions = wantsClassic(request.typesFilter()) ? runtime.partitions() : List.of();
        Gathering<ListGroupsResponse> gathering = Gathering.of(partitions.size(), parts -> reply.accept(joined(parts)));
        for (int i = 0; i < partitions.size(); i++) {
            int place = i;
            submit(
                    partitions.get(i),
                    shard -> gathering.put(
                            place,
                            new ListGroupsResponse(
                                    0, ErrorCode.NONE, shard.admin().list(request.statesFilter()))),
                    error -> gathering.put(place, new ListGroupsResponse(0, stillListing(error), List.of())));
        }
    }

    private static boolean wantsClassic(List<String> types) {
        return types.isEmpty() || GroupAdmin.containsIgnoringCase(types, GroupAdmin.CLASSIC);
    }

    /** A shard that went away meanwhile is none of this broker's any more. */
    private static ErrorCode stillListing(ErrorCode error) {
        return error == ErrorCode.NOT_COORDINATOR ? ErrorCode.NONE : error;
    }

    private static ListGroupsResponse joined(List<ListGroupsResponse> parts) {
        List<ListedGroup> groups = new ArrayList<>();
        ErrorCode error = ErrorCode.NONE;
        for (ListGroupsResponse part : parts) {
            groups.addAll(part.groups());
            error = part.errorCode() == ErrorCode.NONE ? error : part.errorCode();
        }
        return new ListGroupsResponse(0, error, groups);
    }

    /** DeleteGroups, answered in their order. */
    public void delete(List<String> groupIds, Consumer<List<DeletableGroupResult>> reply) {
        Gathering<DeletableGroupResult> gathering = Gathering.of(groupIds.size(), reply);
        for (int i = 0; i < groupIds.size(); i++) {
            int place = i;
            String groupId = groupIds.get(i);
            Consumer<ErrorCode> done = error -> gathering.put(place, new DeletableGroupResult(groupId, error));
            routeNamed(groupId, shard -> shard.admin().delete(groupId, done), done);
        }
    }

    /** OffsetDelete. */
    public void deleteOffsets(OffsetDeleteRequest request, Consumer<OffsetDeleteResponse> reply) {
        route(
                request.groupId(),
                shard -> shard.admin().deleteOffsets(request, this::exists, reply),
                error -> reply.accept(OffsetResponses.deleteError(error)));
    }

    /** Partitions were deleted: the positions in them are forgotten. From any thread. */
    public void partitionsDeleted(Collection<TopicPartition> deleted) {
        List<TopicPartition> copy = List.copyOf(deleted);
        for (int partition : runtime.partitions()) {
            runtime.post(partition, shard -> shard.partitionsDeleted(copy), notServing -> {});
        }
    }
}
