package io.odradek.core.coordinator.group;

import io.odradek.core.coordinator.runtime.CoordinatorRecord;
import io.odradek.protocol.TopicPartition;
import io.odradek.protocol.api.OffsetCommitRequest;
import io.odradek.protocol.api.OffsetCommitRequest.OffsetCommitRequestPartition;
import io.odradek.protocol.api.OffsetCommitRequest.OffsetCommitRequestTopic;
import io.odradek.protocol.api.OffsetCommitResponse;
import io.odradek.protocol.errors.ErrorCode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * OffsetCommit, versions 1 to 9. Members of the present generation may commit, and anybody with generation -1 while the group
 * has no members.
 *
 * <p>With a transaction it is TxnOffsetCommit: the positions count once that is committed, and each takes memory until then.
 *
 * <p>Versions 2 to 4 may name a retention time of their own, version 1 the time of the commit.
 *
 * <p>Errors, for each partition: UNKNOWN_TOPIC_OR_PARTITION, OFFSET_METADATA_TOO_LARGE, UNKNOWN_MEMBER_ID,
 * FENCED_INSTANCE_ID, ILLEGAL_GENERATION, REBALANCE_IN_PROGRESS, INVALID_COMMIT_OFFSET_SIZE if all of it does not fit into
 * one batch, and what storing it failed with: COORDINATOR_NOT_AVAILABLE also while there is no memory for more positions.
 * One that takes the place of another needs none. In a transaction also INVALID_PRODUCER_EPOCH.
 */
final class OffsetCommits {
    private static final long NOT_GIVEN = -1;

    private final Services services;
    private final GroupDirectory directory;
    private final Rebalances rebalances;

    OffsetCommits(Services services, GroupDirectory directory, Rebalances rebalances) {
        this.services = services;
        this.directory = directory;
        this.rebalances = rebalances;
    }

    /** @param transaction the one that it is part of, null for none */
    void commit(
            OffsetCommitRequest request,
            CommitTransaction transaction,
            Predicate<TopicPartition> exists,
            Consumer<OffsetCommitResponse> reply) {
        Group group = directory.find(request.groupId());
        ErrorCode refusal = transaction == null ? refusal(group, request) : transactionRefusal(group, request);
        Map<TopicPartition, CommittedOffset> accepted =
                refusal == ErrorCode.NONE ? accepted(request, exists) : Map.of();
        if (accepted.isEmpty()) {
            reply.accept(response(request, exists, refusal));
            return;
        }
        String groupId = request.groupId();
        Consumer<ErrorCode> done = error -> reply.accept(response(request, exists, error));
        Runnable store = () -> store(groupId, transaction, accepted, done);
        if (!services.memory().grow(growth(groupId, accepted), "A commit", groupId, store)) {
            done.accept(ErrorCode.COORDINATOR_NOT_AVAILABLE);
        }
    }

    private long growth(String groupId, Map<TopicPartition, CommittedOffset> accepted) {
        long bytes = 0;
        for (Map.Entry<TopicPartition, CommittedOffset> entry : accepted.entrySet()) {
            bytes += directory.stored().growth(groupId, entry.getKey(), entry.getValue());
        }
        return bytes;
    }

    private void store(
            String groupId,
            CommitTransaction transaction,
            Map<TopicPartition, CommittedOffset> accepted,
            Consumer<ErrorCode> done) {
        List<CoordinatorRecord> records = new ArrayList<>(accepted.size());
        accepted.forEach((id, committed) -> records.add(GroupRecords.offset(groupId, id, committed)));
        directory.findOrCreate(groupId);
        Consumer<ErrorCode> stored = error -> {
            directory.dropIfUnused(groupId);
            done.accept(error == ErrorCode.MESSAGE_TOO_LARGE ? ErrorCode.INVALID_COMMIT_OFFSET_SIZE : error);
        };
        if (transaction == null) {
            services.context().append(records, stored);
        } else {
            services.context()
                    .appendTransactional(transaction.producerId(), transaction.producerEpoch(), records, stored);
        }
    }

    /**
     * Who names a member, its instance or a generation is refused if it is not one of the present generation (KIP-447). Older
     * producers name none, and are taken at their word, as is everybody without a generation while there are no members.
     */
    private static ErrorCode transactionRefusal(Group group, OffsetCommitRequest request) {
        int generation = request.generationIdOrMemberEpoch();
        boolean namesNobody = request.memberId().isEmpty() && request.groupInstanceId() == null;
        if (generation < 0 && (namesNobody || group == null || group.is(GroupState.EMPTY))) {
            return ErrorCode.NONE;
        }
        return group == null
                ? ErrorCode.UNKNOWN_MEMBER_ID
                : Membership.check(group, request.memberId(), request.groupInstanceId(), generation);
    }

    private ErrorCode refusal(Group group, OffsetCommitRequest request) {
        int generation = request.generationIdOrMemberEpoch();
        if (group == null) {
            return generation < 0 ? ErrorCode.NONE : ErrorCode.ILLEGAL_GENERATION;
        }
        if (generation < 0 && group.is(GroupState.EMPTY)) {
            return ErrorCode.NONE;
        }
        boolean claimsMember = generation >= 0 || !request.memberId().isEmpty() || request.groupInstanceId() != null;
        if (!claimsMember) {
            return group.is(GroupState.EMPTY) ? ErrorCode.NONE : ErrorCode.UNKNOWN_MEMBER_ID;
        }
        ErrorCode error = Membership.check(group, request.memberId(), request.groupInstanceId(), generation);
        if (error != ErrorCode.NONE) {
            return error;
        }
        if (group.is(GroupState.COMPLETING_REBALANCE)) {
            return ErrorCode.REBALANCE_IN_PROGRESS;
        }
        rebalances.sessions().touch(group, group.member(request.memberId()));
        return ErrorCode.NONE;
    }

    /** {@return what is to be stored; of a partition named twice the last} */
    private Map<TopicPartition, CommittedOffset> accepted(
            OffsetCommitRequest request, Predicate<TopicPartition> exists) {
        long nowMs = services.clock().wallMs();
        long expireMs = request.retentionTimeMs() == NOT_GIVEN
                ? CommittedOffset.NO_EXPIRY
                : Times.after(nowMs, request.retentionTimeMs());
        Map<TopicPartition, CommittedOffset> accepted = new LinkedHashMap<>();
        for (OffsetCommitRequestTopic topic : request.topics()) {
            for (OffsetCommitRequestPartition partition : topic.partitions()) {
                TopicPartition id = new TopicPartition(topic.name(), partition.partitionIndex());
                if (check(id, partition, exists) == ErrorCode.NONE) {
                    accepted.put(id, committed(partition, nowMs, expireMs));
                }
            }
        }
        return accepted;
    }

    private static CommittedOffset committed(OffsetCommitRequestPartition partition, long nowMs, long expireMs) {
        long committedMs = partition.commitTimestamp() == NOT_GIVEN ? nowMs : partition.commitTimestamp();
        String metadata = partition.committedMetadata() == null ? "" : partition.committedMetadata();
        return new CommittedOffset(
                partition.committedOffset(), partition.committedLeaderEpoch(), metadata, committedMs, expireMs);
    }

    private ErrorCode check(
            TopicPartition id, OffsetCommitRequestPartition partition, Predicate<TopicPartition> exists) {
        if (!exists.test(id)) {
            return ErrorCode.UNKNOWN_TOPIC_OR_PARTITION;
        }
        String metadata = partition.committedMetadata();
        boolean tooLarge = metadata != null
                && metadata.length() > services.settings().offsets().maxMetadataBytes();
        return tooLarge ? ErrorCode.OFFSET_METADATA_TOO_LARGE : ErrorCode.NONE;
    }

    private OffsetCommitResponse response(
            OffsetCommitRequest request, Predicate<TopicPartition> exists, ErrorCode ofAccepted) {
        return OffsetResponses.commit(request, (id, partition) -> {
            ErrorCode own = check(id, partition, exists);
            return own == ErrorCode.NONE ? ofAccepted : own;
        });
    }
}
