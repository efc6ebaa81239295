package io.odradek.core.security.access;

import static io.odradek.core.security.acl.AclOperation.DESCRIBE;
import static io.odradek.core.security.acl.AclOperation.DESCRIBE_CONFIGS;
import static io.odradek.core.security.acl.ResourceType.CLUSTER;
import static io.odradek.core.security.acl.ResourceType.CLUSTER_NAME;
import static io.odradek.core.security.acl.ResourceType.GROUP;
import static io.odradek.core.security.acl.ResourceType.TOPIC;
import static io.odradek.core.security.acl.ResourceType.TRANSACTIONAL_ID;

import io.odradek.protocol.api.CreateTopicsRequest;
import io.odradek.protocol.api.CreateTopicsResponse;
import io.odradek.protocol.api.CreateTopicsResponse.CreatableTopicResult;
import io.odradek.protocol.api.DescribeClusterRequest;
import io.odradek.protocol.api.DescribeClusterResponse;
import io.odradek.protocol.api.DescribeGroupsRequest;
import io.odradek.protocol.api.DescribeGroupsResponse;
import io.odradek.protocol.api.DescribeGroupsResponse.DescribedGroup;
import io.odradek.protocol.api.DescribeTransactionsRequest;
import io.odradek.protocol.api.DescribeTransactionsResponse;
import io.odradek.protocol.api.DescribeTransactionsResponse.TopicData;
import io.odradek.protocol.api.DescribeTransactionsResponse.TransactionState;
import io.odradek.protocol.api.ListGroupsRequest;
import io.odradek.protocol.api.ListGroupsResponse;
import io.odradek.protocol.api.ListGroupsResponse.ListedGroup;
import io.odradek.protocol.api.ListTransactionsRequest;
import io.odradek.protocol.api.ListTransactionsResponse;
import io.odradek.protocol.errors.ErrorCode;
import java.util.ArrayList;
import java.util.List;

/** What is shown of answers that tell of what nobody has named, or of what one may do. */
final class ShownAnswers {
    private ShownAnswers() {}

    /** Who may describe the cluster sees all groups, as ever. */
    static ListGroupsResponse groups(ListGroupsRequest request, ListGroupsResponse answer, Asking asking) {
        if (asking.mayQuietlyWithCluster(DESCRIBE)) {
            return answer;
        }
        List<ListedGroup> groups = new ArrayList<>(answer.groups());
        groups.removeIf(group -> !asking.mayQuietly(DESCRIBE, GROUP, group.groupId()));
        return new ListGroupsResponse(answer.errorCode(), groups);
    }

    static ListTransactionsResponse transactions(
            ListTransactionsRequest request, ListTransactionsResponse answer, Asking asking) {
        List<ListTransactionsResponse.TransactionState> states = new ArrayList<>(answer.transactionStates());
        states.removeIf(state -> !asking.may(DESCRIBE, TRANSACTIONAL_ID, state.transactionalId()));
        return new ListTransactionsResponse(answer.errorCode(), answer.unknownStateFilters(), states);
    }

    static DescribeTransactionsResponse topicsOfTransactions(
            DescribeTransactionsRequest request, DescribeTransactionsResponse answer, Asking asking) {
        List<TransactionState> states =
                new ArrayList<>(answer.transactionStates().size());
        for (TransactionState state : answer.transactionStates()) {
            List<TopicData> topics = new ArrayList<>(state.topics());
            boolean hides = topics.removeIf(topic -> !asking.may(DESCRIBE, TOPIC, topic.topic()));
            states.add(
                    !hides
                            ? state
                            : new TransactionState(
                                    state.errorCode(),
                                    state.transactionalId(),
                                    state.transactionState(),
                                    state.transactionTimeoutMs(),
                                    state.transactionStartTimeMs(),
                                    state.producerId(),
                                    state.producerEpoch(),
                                    topics));
        }
        return new DescribeTransactionsResponse(states);
    }

    static DescribeGroupsResponse operationsOnGroups(
            DescribeGroupsRequest request, DescribeGroupsResponse answer, Asking asking) {
        if (!request.includeAuthorizedOperations()) {
            return answer;
        }
        List<DescribedGroup> groups = new ArrayList<>(answer.groups().size());
        for (DescribedGroup group : answer.groups()) {
            groups.add(
                    group.errorCode() != ErrorCode.NONE
                            ? group
                            : new DescribedGroup(
                                    group.errorCode(),
                                    group.groupId(),
                                    group.groupState(),
                                    group.protocolType(),
                                    group.protocolData(),
                                    group.members(),
                                    asking.operations(GROUP, group.groupId())));
        }
        return new DescribeGroupsResponse(groups);
    }

    static DescribeClusterResponse operationsOnCluster(
            DescribeClusterRequest request, DescribeClusterResponse answer, Asking asking) {
        if (!request.includeClusterAuthorizedOperations() || answer.errorCode() != ErrorCode.NONE) {
            return answer;
        }
        return new DescribeClusterResponse(
                answer.errorCode(),
                answer.errorMessage(),
                answer.endpointType(),
                answer.clusterId(),
                answer.controllerId(),
                answer.brokers(),
                asking.mayWithCluster(DESCRIBE) ? asking.operations(CLUSTER, CLUSTER_NAME) : 0);
    }

    /** Who may not describe the settings of a topic that it has created is not told them. */
    static CreateTopicsResponse settingsOfTopics(
            CreateTopicsRequest request, CreateTopicsResponse answer, Asking asking) {
        List<CreatableTopicResult> topics = new ArrayList<>(answer.topics().size());
        for (CreatableTopicResult topic : answer.topics()) {
            boolean told =
                    topic.errorCode() == ErrorCode.NONE || topic.errorCode() == ErrorCode.TOPIC_AUTHORIZATION_FAILED;
            topics.add(
                    !told || asking.mayQuietly(DESCRIBE_CONFIGS, TOPIC, topic.name())
                            ? topic
                            : new CreatableTopicResult(
                                    topic.name(),
                                    topic.topicId(),
                                    topic.errorCode(),
                                    topic.errorMessage(),
                                    ErrorCode.TOPIC_AUTHORIZATION_FAILED.code(),
                                    -1,
                                    (short) -1,
                                    List.of()));
        }
        return new CreateTopicsResponse(topics);
    }
}
