package io.odradek.core.coordinator.group;

import io.odradek.core.coordinator.runtime.Answer;
import io.odradek.core.coordinator.runtime.CoordinatorRuntime;
import io.odradek.core.memory.MemoryShare;
import io.odradek.core.metadata.MetadataImage.TopicInfo;
import io.odradek.core.metadata.MetadataSource;
import io.odradek.core.partition.OwnerLoop;
import io.odradek.core.partition.PartitionLeadership;
import io.odradek.core.partition.PartitionLog;
import io.odradek.core.transport.RequestContext;
import io.odradek.protocol.TopicPartition;
import io.odradek.protocol.api.DeleteGroupsResponse.DeletableGroupResult;
import io.odradek.protocol.api.DescribeGroupsResponse.DescribedGroup;
import io.odradek.protocol.api.HeartbeatRequest;
import io.odradek.protocol.api.JoinGroupRequest;
import io.odradek.protocol.api.JoinGroupResponse;
import io.odradek.protocol.api.LeaveGroupRequest.MemberIdentity;
import io.odradek.protocol.api.LeaveGroupResponse;
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
import io.odradek.protocol.record.ControlRecord;
import io.odradek.storage.env.Clock;
import io.odradek.storage.env.FewLines;
import io.odradek.storage.env.Randoms;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The groups that this broker coordinates: those whose partition of {@code __consumer_offsets} it leads. Finds a group's
 * shard, and turns the shard's state of service into the errors of each API.
 *
 * <p>Requests are made on a processor's thread; answers come on any thread, once. Errors of all APIs: NOT_COORDINATOR,
 * COORDINATOR_NOT_AVAILABLE, COORDINATOR_LOAD_IN_PROGRESS, and UNKNOWN_SERVER_ERROR if the broker fails to serve the request.
 *
 * <p>The empty id is a group's like any other where positions are committed (in no transaction), fetched, described and deleted with their group,
 * as with Kafka: clients of old may have positions there. Everywhere else it is INVALID_GROUP_ID.
 */
public final class GroupCoordinator implements PartitionLeadership {
    private static final Logger LOG = LoggerFactory.getLogger(GroupCoordinator.class);

    private final MetadataSource metadata;
    private final CoordinatorRuntime<GroupShard> runtime;
    private final RequestContext request;

    /**
     * @param metadata tells how many partitions the internal topic has, and which partitions exist
     * @param memory what all groups together may take
     */
    public GroupCoordinator(
            Clock clock, Randoms randoms, GroupSettings settings, MetadataSource metadata, MemoryShare memory) {
        this.metadata = metadata;
        FewLines refusals = new FewLines(LOG, clock);
        FewLines unstored = new FewLines(LOG, clock);
        this.runtime = new CoordinatorRuntime<>(
                GroupSettings.OFFSETS_TOPIC,
                clock,
                settings.offsets().commitTimeoutMs(),
                (partition, context) -> new GroupShard(
                        new Services(context, clock, randoms, settings, new GroupMemory(memory, refusals), unstored)));
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

    private void submit(int partition, String key, Consumer<GroupShard> task, Consumer<ErrorCode> refused) {
        if (request == null) {
            runtime.submit(partition, key, task, refused, () -> {});
        } else {
            request.workBegins(1);
            runtime.submit(partition, key, request.stretch(task), refused, request::workEnds);
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
        return CoordinatorRuntime.partitionOf(groupId, partitions);
    }

    private <R> void route(
            String groupId,
            Consumer<R> reply,
            BiConsumer<GroupShard, Consumer<R>> task,
            Function<ErrorCode, R> refusal) {
        Answer<R> answer = new Answer<>(reply);
        TopicInfo topic = metadata.image().topics().get(GroupSettings.OFFSETS_TOPIC);
        if (topic == null) {
            answer.refuse(refusal.apply(ErrorCode.NOT_COORDINATOR));
            return;
        }
        submit(
                partitionOf(groupId, topic.partitions().size()),
                groupId,
                shard -> task.accept(shard, answer),
                error -> answer.refuse(refusal.apply(error)));
    }

    /** As {@link #route}, for what has nothing to do with positions: the empty id stands for no group there. */
    private <R> void routeNamed(
            String groupId,
            Consumer<R> reply,
            BiConsumer<GroupShard, Consumer<R>> task,
            Function<ErrorCode, R> refusal) {
        if (groupId.isEmpty()) {
            reply.accept(refusal.apply(ErrorCode.INVALID_GROUP_ID));
        } else {
            route(groupId, reply, task, refusal);
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
                reply,
                (shard, answer) -> shard.join(request, caller, answer),
                error -> JoinResponses.error(request.memberId(), error));
    }

    /** SyncGroup. While the group is loaded its members are sent back to join: whatever rebalance there was is lost. */
    public void sync(SyncGroupRequest request, Caller caller, Consumer<SyncGroupResponse> reply) {
        routeNamed(
                request.groupId(),
                reply,
                (shard, answer) -> shard.sync(request, caller, answer),
                error -> SyncResponses.error(
                        error == ErrorCode.COORDINATOR_LOAD_IN_PROGRESS ? ErrorCode.REBALANCE_IN_PROGRESS : error));
    }

    /** Heartbeat. While the group is loaded every heartbeat is good. */
    public void heartbeat(HeartbeatRequest request, Consumer<ErrorCode> reply) {
        routeNamed(
                request.groupId(),
                reply,
                (shard, answer) -> answer.accept(shard.heartbeat(request)),
                error -> error == ErrorCode.COORDINATOR_LOAD_IN_PROGRESS ? ErrorCode.NONE : error);
    }

    /** LeaveGroup: an error of the group, or the results of the members. */
    public void leave(String groupId, List<MemberIdentity> leaving, BiConsumer<ErrorCode, List<MemberResponse>> reply) {
        routeNamed(
                groupId,
                (LeaveGroupResponse response) -> reply.accept(response.errorCode(), response.members()),
                (shard, answer) -> answer.accept(new LeaveGroupResponse(ErrorCode.NONE, shard.leave(groupId, leaving))),
                error -> new LeaveGroupResponse(error, List.of()));
    }

    /** OffsetCommit. */
    public void commit(OffsetCommitRequest request, Consumer<OffsetCommitResponse> reply) {
        route(
                request.groupId(),
                reply,
                (shard, answer) -> shard.commit(request, null, this::exists, answer),
                error -> OffsetResponses.commit(request, error));
    }

    /**
     * TxnOffsetCommit, in the form of an OffsetCommit: the positions count once their transaction is committed.
     *
     * @param verification asks whether the group's partition is in the transaction
     * @param reply is told, besides the errors of an OffsetCommit, what that has answered, and TRANSACTION_ABORTABLE if the
     *     transaction has ended in the meantime
     */
    public void commit(
            OffsetCommitRequest request,
            CommitTransaction transaction,
            Consumer<Consumer<ErrorCode>> verification,
            Consumer<OffsetCommitResponse> reply) {
        routeNamed(
                request.groupId(),
                reply,
                (shard, answer) -> {
                    var guard = shard.guards().set(transaction);
                    verification.accept(error -> verified(request, transaction, error, guard, answer));
                },
                error -> OffsetResponses.commit(request, error));
    }

    private void verified(
            OffsetCommitRequest request,
            CommitTransaction transaction,
            ErrorCode error,
            TransactionGuards.Guard guard,
            Consumer<OffsetCommitResponse> answer) {
        TopicInfo topic = metadata.image().topics().get(GroupSettings.OFFSETS_TOPIC);
        int partition = topic == null
                ? -1
                : partitionOf(request.groupId(), topic.partitions().size());
        Answer<OffsetCommitResponse> once = new Answer<>(answer);
        runtime.post(
                partition,
                request.groupId(),
                shard -> {
                    boolean open = guard.release();
                    if (!guard.isOf(shard.guards())) {
                        once.accept(OffsetResponses.commit(request, ErrorCode.NOT_COORDINATOR));
                    } else if (error != ErrorCode.NONE || !open) {
                        once.accept(OffsetResponses.commit(
                                request, error == ErrorCode.NONE ? ErrorCode.TRANSACTION_ABORTABLE : error));
                    } else {
                        shard.commit(request, transaction, this::exists, once);
                    }
                },
                refusal -> once.refuse(OffsetResponses.commit(request, refusal)));
    }

    /**
     * Ends a producer's transaction in a partition of {@code __consumer_offsets}: what it committed there counts from now on, or
     * never did. From any thread.
     *
     * @param settled as {@link CoordinatorRuntime#endTransaction}
     * @param ended is called in any case, once it stands in no queue any more
     */
    public void endTransaction(
            int partition,
            long producerId,
            short producerEpoch,
            ControlRecord marker,
            Consumer<ErrorCode> settled,
            Runnable ended) {
        runtime.endTransaction(partition, producerId, producerEpoch, marker, settled, ended);
    }

    /**
     * OffsetFetch of several groups, each answered once, in the order in which they are first named.
     *
     * @param requireStable whether positions are to wait for transactions that are open
     */
    public void fetch(
            List<OffsetFetchRequestGroup> requests,
            boolean requireStable,
            Consumer<List<OffsetFetchResponseGroup>> reply) {
        forEach(
                UniqueFetches.of(requests),
                reply,
                (request, part) -> route(
                        request.groupId(),
                        part,
                        (shard, answer) -> shard.fetch(request, requireStable, answer),
                        error -> new OffsetFetchResponseGroup(request.groupId(), List.of(), error)));
    }

    /** DescribeGroups: each group once, in the order in which they are first named. */
    public void describe(List<String> groupIds, Consumer<List<DescribedGroup>> reply) {
        forEach(
                unique(groupIds),
                reply,
                (groupId, part) -> route(
                        groupId,
                        part,
                        (shard, answer) -> answer.accept(shard.admin().describe(groupId)),
                        error -> GroupAdmin.describeError(groupId, error)));
    }

    private static List<String> unique(List<String> groupIds) {
        return new ArrayList<>(new LinkedHashSet<>(groupIds));
    }

    private static <T, R> void forEach(List<T> wishes, Consumer<List<R>> reply, BiConsumer<T, Consumer<R>> task) {
        Gathering<R> gathering = Gathering.of(wishes.size(), reply);
        for (int i = 0; i < wishes.size(); i++) {
            int place = i;
            task.accept(wishes.get(i), part -> gathering.put(place, part));
        }
    }

    /** ListGroups: the groups of all shards here; COORDINATOR_LOAD_IN_PROGRESS with those that are loaded. */
    public void list(ListGroupsRequest request, Consumer<ListGroupsResponse> reply) {
        List<Integer> partitions = wantsClassic(request.typesFilter()) ? runtime.partitions() : List.of();
        Set<String> states = GroupAdmin.lowerCase(request.statesFilter());
        forEach(partitions, (List<ListGroupsResponse> parts) -> reply.accept(joined(parts)), (partition, part) -> {
            Answer<ListGroupsResponse> answer = new Answer<>(part);
            submit(
                    partition,
                    null,
                    shard -> answer.accept(
                            new ListGroupsResponse(ErrorCode.NONE, shard.admin().list(states))),
                    error -> answer.refuse(new ListGroupsResponse(stillListing(error), List.of())));
        });
    }

    private static boolean wantsClassic(List<String> types) {
        return types.isEmpty() || GroupAdmin.lowerCase(types).contains(GroupAdmin.CLASSIC);
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
        return new ListGroupsResponse(error, groups);
    }

    /** DeleteGroups: each group once, in the order in which they are first named. */
    public void delete(List<String> groupIds, Consumer<List<DeletableGroupResult>> reply) {
        forEach(
                unique(groupIds),
                reply,
                (groupId, part) -> route(
                        groupId,
                        part,
                        (shard, answer) -> shard.admin()
                                .delete(groupId, error -> answer.accept(new DeletableGroupResult(groupId, error))),
                        error -> new DeletableGroupResult(groupId, error)));
    }

    /** OffsetDelete. */
    public void deleteOffsets(OffsetDeleteRequest request, Consumer<OffsetDeleteResponse> reply) {
        routeNamed(
                request.groupId(),
                reply,
                (shard, answer) -> shard.admin().deleteOffsets(request, this::exists, answer),
                OffsetResponses::deleteError);
    }

    /** Partitions were deleted: the positions in them are forgotten. From any thread. */
    public void partitionsDeleted(Collection<TopicPartition> deleted) {
        List<TopicPartition> copy = List.copyOf(deleted);
        for (int partition : runtime.partitions()) {
            runtime.postWhenActive(partition, shard -> shard.partitionsDeleted(copy));
        }
    }
}
