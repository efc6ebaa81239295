package io.odradek.core.coordinator.group;

import io.odradek.core.coordinator.runtime.CoordinatorRecord;
import io.odradek.core.coordinator.runtime.CoordinatorResult;
import io.odradek.core.coordinator.runtime.RecordPosition;
import io.odradek.core.coordinator.runtime.ShardState;
import io.odradek.protocol.TopicPartition;
import io.odradek.protocol.api.HeartbeatRequest;
import io.odradek.protocol.api.JoinGroupRequest;
import io.odradek.protocol.api.JoinGroupResponse;
import io.odradek.protocol.api.LeaveGroupRequest.MemberIdentity;
import io.odradek.protocol.api.LeaveGroupResponse.MemberResponse;
import io.odradek.protocol.api.OffsetCommitRequest;
import io.odradek.protocol.api.OffsetCommitResponse;
import io.odradek.protocol.api.OffsetFetchRequest.OffsetFetchRequestGroup;
import io.odradek.protocol.api.OffsetFetchResponse.OffsetFetchResponseGroup;
import io.odradek.protocol.api.SyncGroupRequest;
import io.odradek.protocol.api.SyncGroupResponse;
import io.odradek.protocol.errors.ErrorCode;
import io.odradek.protocol.errors.Quoted;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The groups of one partition of {@code __consumer_offsets}: requests in, records and responses out. All of it runs on the
 * partition owner's loop; a response is handed to its consumer once, then or later.
 */
final class GroupShard implements ShardState {
    private static final Logger LOG = LoggerFactory.getLogger(GroupShard.class);

    private static final int PRODUCERS_NAMED = 10;

    private final Services services;
    private final GroupDirectory directory;
    private final Rebalances rebalances;
    private final Joins joins;
    private final Syncs syncs;
    private final Presence presence;
    private final OffsetCommits commits;
    private final OffsetFetches fetches;
    private final Tombstones tombstones;
    private final GroupAdmin admin;
    private final TransactionGuards guards = new TransactionGuards();
    private boolean active;

    GroupShard(Services services) {
        this.services = services;
        this.directory = new GroupDirectory(services.clock(), services.memory());
        this.rebalances = new Rebalances(services, directory);
        this.joins = new Joins(services, directory, rebalances);
        this.syncs = new Syncs(services, directory, rebalances);
        this.presence = new Presence(directory, rebalances);
        this.commits = new OffsetCommits(services, directory, rebalances);
        this.fetches = new OffsetFetches(directory);
        this.tombstones = new Tombstones(services, directory);
        this.admin = new GroupAdmin(directory, tombstones);
    }

    @Override
    public void replay(CoordinatorRecord record, RecordPosition position) {
        String groupId = GroupRecords.replay(record, position, directory.stored());
        if (active && record.value() == null) {
            directory.dropIfUnused(groupId);
        }
    }

    @Override
    public void endTransaction(long producerId, short producerEpoch, boolean committed) {
        guards.ended(producerId, producerEpoch);
        for (String groupId : directory.stored().endTransaction(producerId, committed)) {
            if (active) {
                directory.findOrCreate(groupId);
                directory.dropIfUnused(groupId);
            }
        }
    }

    @Override
    public void activate() {
        active = true;
        services.memory().loaded();
        Set<Long> open = directory.stored().pending().producers();
        if (!open.isEmpty()) {
            LOG.warn(
                    "{} transactions with positions of groups are open: of producers {}. What they commit does not count "
                            + "until they end, and consumers that ask for stable positions of these partitions wait",
                    open.size(),
                    open.stream().limit(PRODUCERS_NAMED).toList());
        }
        for (String groupId : directory.stored().ids()) {
            services.context().on(groupId, () -> restore(groupId));
        }
        scheduleExpiry();
    }

    private void restore(String groupId) {
        Group group = directory.restore(groupId);
        if (group == null) {
            return;
        }
        for (Member member : new ArrayList<>(group.members())) {
            rebalances.sessions().touch(group, member);
        }
        if (group.size() > services.settings().limits().maxSize()) {
            rebalances.maybePrepare(group);
        }
    }

    /** The group goes on as it would with another broker: its last stored generation holds, and its members find back. */
    @Override
    public void reset(String groupId, ErrorCode reason) {
        Group broken = directory.find(groupId);
        if (broken != null) {
            drop(broken, reason);
        }
        restore(groupId);
    }

    @Override
    public void deactivate(ErrorCode reason) {
        active = false;
        for (Group group : directory.all()) {
            drop(group, reason);
        }
        services.memory().close();
    }

    private void drop(Group group, ErrorCode reason) {
        directory.drop(group);
        for (Member member : group.members()) {
            group.answerJoin(member, JoinResponses.error(member.id(), reason));
            group.answerSync(member, SyncResponses.error(reason));
        }
    }

    private void scheduleExpiry() {
        services.context().schedule(services.settings().offsets().retentionCheckIntervalMs(), () -> {
            expireOffsets();
            scheduleExpiry();
        });
    }

    private void expireOffsets() {
        long nowMs = services.clock().wallMs();
        long retentionMs = services.settings().offsets().retentionMs();
        for (Group group : directory.all()) {
            services.context().on(group.id(), () -> expireOffsets(group, nowMs, retentionMs));
        }
    }

    private void expireOffsets(Group group, long nowMs, long retentionMs) {
        var offsets = directory.stored().offsets(group.id());
        List<TopicPartition> expired = new ArrayList<>(OffsetExpiry.expired(group, offsets, nowMs, retentionMs));
        expired.removeAll(directory.stored().pending().partitions(group.id()));
        if (group.is(GroupState.EMPTY)
                && expired.size() == directory.stored().partitions(group.id()).size()) {
            tombstones.removeGroup(group, error -> logFailure(group.id(), error));
        } else if (!expired.isEmpty()) {
            tombstones.removeOffsets(group.id(), expired, error -> logFailure(group.id(), error));
        }
    }

    private void logFailure(String groupId, ErrorCode error) {
        if (error != ErrorCode.NONE) {
            services.refusals().warn("Positions of group " + Quoted.text(groupId) + " could not be removed: " + error);
        }
    }

    void join(JoinGroupRequest request, Caller caller, Consumer<JoinGroupResponse> reply) {
        joins.join(request, caller, reply);
    }

    void sync(SyncGroupRequest request, Caller caller, Consumer<SyncGroupResponse> reply) {
        syncs.sync(request, caller, reply);
    }

    ErrorCode heartbeat(HeartbeatRequest request) {
        return presence.heartbeat(request);
    }

    List<MemberResponse> leave(String groupId, List<MemberIdentity> leaving) {
        return presence.leave(groupId, leaving);
    }

    void commit(
            OffsetCommitRequest request,
            CommitTransaction transaction,
            Predicate<TopicPartition> exists,
            Consumer<OffsetCommitResponse> reply) {
        commits.commit(request, transaction, exists, reply);
    }

    /** {@return whether positions may still be committed in a transaction whose coordinator is being asked} */
    TransactionGuards guards() {
        return guards;
    }

    void fetch(OffsetFetchRequestGroup request, boolean requireStable, Consumer<OffsetFetchResponseGroup> reply) {
        CoordinatorResult<OffsetFetchResponseGroup> result = fetches.fetch(request, requireStable);
        services.context()
                .complete(result, error -> new OffsetFetchResponseGroup(request.groupId(), List.of(), error), reply);
    }

    /** Forgets the positions in partitions that were deleted. */
    void partitionsDeleted(Collection<TopicPartition> deleted) {
        for (Group group : directory.all()) {
            services.context().on(group.id(), () -> {
                List<TopicPartition> gone = new ArrayList<>(deleted);
                gone.retainAll(directory.stored().partitions(group.id()));
                tombstones.removeOffsets(group.id(), gone, error -> logFailure(group.id(), error));
            });
        }
    }

    GroupAdmin admin() {
        return admin;
    }
}
