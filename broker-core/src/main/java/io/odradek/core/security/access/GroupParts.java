package io.odradek.core.security.access;

import static io.odradek.core.security.access.Parts.both;

import io.odradek.protocol.api.DeleteGroupsRequest;
import io.odradek.protocol.api.DeleteGroupsResponse;
import io.odradek.protocol.api.DescribeGroupsRequest;
import io.odradek.protocol.api.DescribeGroupsResponse;
import io.odradek.protocol.api.DescribeTransactionsRequest;
import io.odradek.protocol.api.DescribeTransactionsResponse;
import io.odradek.protocol.api.FindCoordinatorRequest;
import io.odradek.protocol.api.FindCoordinatorResponse;
import io.odradek.protocol.api.OffsetCommitRequest;
import io.odradek.protocol.api.OffsetCommitRequest.OffsetCommitRequestTopic;
import io.odradek.protocol.api.OffsetCommitResponse;
import io.odradek.protocol.api.TxnOffsetCommitRequest;
import io.odradek.protocol.api.TxnOffsetCommitRequest.TxnOffsetCommitRequestTopic;
import io.odradek.protocol.api.TxnOffsetCommitResponse;
import io.odradek.protocol.errors.ErrorCode;
import java.util.function.Function;

/** The requests about groups and transactions that are made of parts. */
final class GroupParts {
    private GroupParts() {}

    static Parts<FindCoordinatorRequest, String, FindCoordinatorResponse> findCoordinator() {
        return new Parts<>(
                FindCoordinatorRequest::coordinatorKeys,
                Function.identity(),
                (request, keys) -> new FindCoordinatorRequest(request.key(), request.keyType(), keys),
                (some, others) -> new FindCoordinatorResponse(
                        ErrorCode.NONE, null, -1, "", -1, both(some.coordinators(), others.coordinators())));
    }

    static Parts<OffsetCommitRequest, OffsetCommitRequestTopic, OffsetCommitResponse> offsetCommit() {
        return new Parts<>(
                OffsetCommitRequest::topics,
                OffsetCommitRequestTopic::name,
                (request, topics) -> new OffsetCommitRequest(
                        request.groupId(),
                        request.generationIdOrMemberEpoch(),
                        request.memberId(),
                        request.groupInstanceId(),
                        request.retentionTimeMs(),
                        topics),
                (some, others) -> new OffsetCommitResponse(both(some.topics(), others.topics())));
    }

    static Parts<TxnOffsetCommitRequest, TxnOffsetCommitRequestTopic, TxnOffsetCommitResponse> txnOffsetCommit() {
        return new Parts<>(
                TxnOffsetCommitRequest::topics,
                TxnOffsetCommitRequestTopic::name,
                (request, topics) -> new TxnOffsetCommitRequest(
                        request.transactionalId(),
                        request.groupId(),
                        request.producerId(),
                        request.producerEpoch(),
                        request.generationIdOrMemberEpoch(),
                        request.memberId(),
                        request.groupInstanceId(),
                        topics),
                (some, others) -> new TxnOffsetCommitResponse(both(some.topics(), others.topics())));
    }

    static Parts<DescribeGroupsRequest, String, DescribeGroupsResponse> describeGroups() {
        return new Parts<>(
                DescribeGroupsRequest::groups,
                Function.identity(),
                (request, groups) -> new DescribeGroupsRequest(groups, request.includeAuthorizedOperations()),
                (some, others) -> new DescribeGroupsResponse(both(some.groups(), others.groups())));
    }

    static Parts<DeleteGroupsRequest, String, DeleteGroupsResponse> deleteGroups() {
        return new Parts<>(
                DeleteGroupsRequest::groupsNames,
                Function.identity(),
                (request, groups) -> new DeleteGroupsRequest(groups),
                (some, others) -> new DeleteGroupsResponse(both(some.results(), others.results())));
    }

    static Parts<DescribeTransactionsRequest, String, DescribeTransactionsResponse> describeTransactions() {
        return new Parts<>(
                DescribeTransactionsRequest::transactionalIds,
                Function.identity(),
                (request, ids) -> new DescribeTransactionsRequest(ids),
                (some, others) ->
                        new DescribeTransactionsResponse(both(some.transactionStates(), others.transactionStates())));
    }
}
