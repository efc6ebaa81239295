package io.odradek.core.security.access;

import static io.odradek.core.security.access.AccessRule.answers;
import static io.odradek.core.security.access.AccessRule.whole;
import static io.odradek.core.security.access.ByPart.each;
import static io.odradek.core.security.access.ByPart.eachUnless;
import static io.odradek.core.security.acl.AclOperation.ALTER;
import static io.odradek.core.security.acl.AclOperation.ALTER_CONFIGS;
import static io.odradek.core.security.acl.AclOperation.CLUSTER_ACTION;
import static io.odradek.core.security.acl.AclOperation.CREATE;
import static io.odradek.core.security.acl.AclOperation.DELETE;
import static io.odradek.core.security.acl.AclOperation.DESCRIBE;
import static io.odradek.core.security.acl.AclOperation.DESCRIBE_CONFIGS;
import static io.odradek.core.security.acl.AclOperation.IDEMPOTENT_WRITE;
import static io.odradek.core.security.acl.AclOperation.READ;
import static io.odradek.core.security.acl.AclOperation.WRITE;
import static io.odradek.core.security.acl.ResourceType.CLUSTER;
import static io.odradek.core.security.acl.ResourceType.GROUP;
import static io.odradek.core.security.acl.ResourceType.TOPIC;
import static io.odradek.core.security.acl.ResourceType.TRANSACTIONAL_ID;

import io.odradek.core.controller.TopicNames;
import io.odradek.core.metadata.MetadataSource;
import io.odradek.core.security.acl.AclOperation;
import io.odradek.core.security.acl.ResourceType;
import io.odradek.protocol.api.AddOffsetsToTxnRequest;
import io.odradek.protocol.api.AddPartitionsToTxnRequest;
import io.odradek.protocol.api.ApiKey;
import io.odradek.protocol.api.ApiRequest;
import io.odradek.protocol.api.CreateTopicsRequest;
import io.odradek.protocol.api.CreateTopicsResponse;
import io.odradek.protocol.api.DescribeProducersRequest;
import io.odradek.protocol.api.EndTxnRequest;
import io.odradek.protocol.api.FindCoordinatorRequest;
import io.odradek.protocol.api.HeartbeatRequest;
import io.odradek.protocol.api.InitProducerIdRequest;
import io.odradek.protocol.api.JoinGroupRequest;
import io.odradek.protocol.api.LeaveGroupRequest;
import io.odradek.protocol.api.OffsetCommitRequest;
import io.odradek.protocol.api.OffsetDeleteRequest;
import io.odradek.protocol.api.SyncGroupRequest;
import io.odradek.protocol.api.TxnOffsetCommitRequest;
import io.odradek.protocol.errors.ErrorCode;

/**
 * What each API needs, as Kafka's documentation has it ("Authorization and ACLs", operations and resources on protocols) and
 * the brokers of its 3.9 line do it. An API that is not named here is not served.
 *
 * @param metadata names topics by identifier, and tells which exist
 * @param creates whether topics come into being because they are asked for ({@code auto.create.topics.enable})
 */
record AccessTable(MetadataSource metadata, boolean creates) {
    private static final int ONLY_OF_BROKERS_SINCE = 4;
    private static final int SEVERAL_KEYS_SINCE = 4;

    /** {@return what an API needs} */
    AccessRule<?> rule(ApiKey api) {
        return switch (api) {
            case API_VERSIONS, SASL_HANDSHAKE, SASL_AUTHENTICATE, ENVELOPE -> AccessRule.open();
            case METADATA -> new MetadataAccess(metadata, creates);
            case DESCRIBE_TOPIC_PARTITIONS -> new TopicPartitionsAccess(metadata);
            case PRODUCE -> new ProduceAccess();
            case FETCH -> new FetchAccess();
            case LIST_OFFSETS -> each(DESCRIBE, TOPIC, RequestParts.listOffsets());
            case DELETE_RECORDS -> each(DELETE, TOPIC, RequestParts.deleteRecords());
            case OFFSET_FOR_LEADER_EPOCH ->
                eachUnless(CLUSTER_ACTION, DESCRIBE, TOPIC, RequestParts.offsetForLeaderEpoch());
            case CREATE_TOPICS ->
                AccessRule.<CreateTopicsRequest, CreateTopicsResponse>answers(ShownAnswers::settingsOfTopics)
                        .then(eachUnless(CREATE, CREATE, TOPIC, RequestParts.createTopics()));
            case CREATE_PARTITIONS -> each(ALTER, TOPIC, RequestParts.createPartitions());
            case DELETE_TOPICS -> new DeleteTopicsAccess(metadata);
            case DESCRIBE_PRODUCERS -> new ByPart<>(RequestParts.describeProducers(), AccessTable::mayReadProducers);
            default -> ofGroups(api);
        };
    }

    private AccessRule<?> ofGroups(ApiKey api) {
        return switch (api) {
            case FIND_COORDINATOR ->
                AccessRule.<FindCoordinatorRequest>whole(AccessTable::mayFindOne)
                        .then(new ByPart<>(GroupParts.findCoordinator(), AccessTable::mayFind));
            case JOIN_GROUP -> whole(Need.of(READ, GROUP, JoinGroupRequest::groupId));
            case SYNC_GROUP -> whole(Need.of(READ, GROUP, SyncGroupRequest::groupId));
            case HEARTBEAT -> whole(Need.of(READ, GROUP, HeartbeatRequest::groupId));
            case LEAVE_GROUP -> whole(Need.of(READ, GROUP, LeaveGroupRequest::groupId));
            case OFFSET_COMMIT ->
                whole(Need.of(READ, GROUP, OffsetCommitRequest::groupId))
                        .then(each(READ, TOPIC, GroupParts.offsetCommit()));
            case OFFSET_FETCH -> new OffsetFetchAccess();
            case OFFSET_DELETE ->
                whole(Need.of(DELETE, GROUP, OffsetDeleteRequest::groupId)).then(new OffsetDeleteAccess());
            case DESCRIBE_GROUPS ->
                each(DESCRIBE, GROUP, GroupParts.describeGroups()).then(answers(ShownAnswers::operationsOnGroups));
            case LIST_GROUPS -> answers(ShownAnswers::groups);
            case DELETE_GROUPS -> each(DELETE, GROUP, GroupParts.deleteGroups());
            default -> ofTransactions(api);
        };
    }

    private AccessRule<?> ofTransactions(ApiKey api) {
        return switch (api) {
            case INIT_PRODUCER_ID -> whole(AccessTable::mayInitialize);
            case ADD_PARTITIONS_TO_TXN -> addPartitionsToTxn();
            case ADD_OFFSETS_TO_TXN ->
                whole(Need.of(WRITE, TRANSACTIONAL_ID, AddOffsetsToTxnRequest::transactionalId)
                        .and(Need.of(READ, GROUP, AddOffsetsToTxnRequest::groupId)));
            case TXN_OFFSET_COMMIT ->
                whole(Need.of(WRITE, TRANSACTIONAL_ID, TxnOffsetCommitRequest::transactionalId)
                                .and(Need.of(READ, GROUP, TxnOffsetCommitRequest::groupId)))
                        .then(each(READ, TOPIC, GroupParts.txnOffsetCommit()));
            case END_TXN -> whole(Need.of(WRITE, TRANSACTIONAL_ID, EndTxnRequest::transactionalId));
            case DESCRIBE_TRANSACTIONS ->
                each(DESCRIBE, TRANSACTIONAL_ID, GroupParts.describeTransactions())
                        .then(answers(ShownAnswers::topicsOfTransactions));
            case LIST_TRANSACTIONS -> answers(ShownAnswers::transactions);
            default -> ofCluster(api);
        };
    }

    private AccessRule<?> ofCluster(ApiKey api) {
        return switch (api) {
            case LEADER_AND_ISR,
                    STOP_REPLICA,
                    UPDATE_METADATA,
                    CONTROLLED_SHUTDOWN,
                    ALTER_PARTITION,
                    ALLOCATE_PRODUCER_IDS -> whole(Need.ofCluster(CLUSTER_ACTION));
            case WRITE_TXN_MARKERS -> whole(AccessTable::mayWriteMarkers);
            case DESCRIBE_CLUSTER -> answers(ShownAnswers::operationsOnCluster);
            case DESCRIBE_LOG_DIRS, LIST_PARTITION_REASSIGNMENTS, DESCRIBE_ACLS, DESCRIBE_USER_SCRAM_CREDENTIALS ->
                whole(Need.ofCluster(DESCRIBE));
            case ALTER_REPLICA_LOG_DIRS,
                    ALTER_PARTITION_REASSIGNMENTS,
                    ELECT_LEADERS,
                    UPDATE_FEATURES,
                    CREATE_ACLS,
                    DELETE_ACLS,
                    ALTER_USER_SCRAM_CREDENTIALS -> whole(Need.ofCluster(ALTER));
            case LIST_CONFIG_RESOURCES, DESCRIBE_CLIENT_QUOTAS -> whole(Need.ofCluster(DESCRIBE_CONFIGS));
            case ALTER_CLIENT_QUOTAS -> whole(Need.ofCluster(ALTER_CONFIGS));
            case DESCRIBE_CONFIGS ->
                new ByPart<>(
                        RequestParts.describeConfigs(),
                        (request, resource, asking) ->
                                ofSettings(DESCRIBE_CONFIGS, resource.resourceType(), resource.resourceName(), asking));
            case ALTER_CONFIGS ->
                new ByPart<>(
                        RequestParts.alterConfigs(),
                        (request, resource, asking) ->
                                ofSettings(ALTER_CONFIGS, resource.resourceType(), resource.resourceName(), asking));
            case INCREMENTAL_ALTER_CONFIGS ->
                new ByPart<>(
                        RequestParts.incrementalAlterConfigs(),
                        (request, resource, asking) ->
                                ofSettings(ALTER_CONFIGS, resource.resourceType(), resource.resourceName(), asking));
            // Owners and renewers of tokens are who may; of others the handler asks, which alone knows whose a token
            // is.
            case CREATE_DELEGATION_TOKEN, RENEW_DELEGATION_TOKEN, EXPIRE_DELEGATION_TOKEN, DESCRIBE_DELEGATION_TOKEN ->
                AccessRule.open();
            default -> throw new IllegalArgumentException("Nobody has said what " + api + " needs");
        };
    }

    /** Settings of a topic or a group are its own, all others the cluster's; what there are none of, the handler refuses. */
    private static ErrorCode ofSettings(AclOperation operation, byte type, String name, Asking asking) {
        return switch (type) {
            case 2 -> asking.refusal(operation, TOPIC, name);
            case 4, 8, 16 -> asking.refusal(operation, CLUSTER, ResourceType.CLUSTER_NAME);
            case 32 -> asking.refusal(operation, GROUP, name);
            default -> ErrorCode.NONE;
        };
    }

    /** A name that no topic can have is told first, as by Kafka. */
    private static ErrorCode mayReadProducers(
            DescribeProducersRequest request, DescribeProducersRequest.TopicRequest topic, Asking asking) {
        return TopicNames.legal(topic.name()) ? asking.refusal(READ, TOPIC, topic.name()) : ErrorCode.NONE;
    }

    private static ErrorCode mayFindOne(FindCoordinatorRequest request, Asking asking) {
        return asking.version() < SEVERAL_KEYS_SINCE ? mayFind(request, request.key(), asking) : ErrorCode.NONE;
    }

    /** What is neither a group nor a transactional id, the handler refuses. */
    private static ErrorCode mayFind(FindCoordinatorRequest request, String key, Asking asking) {
        return switch (request.keyType()) {
            case 0 -> asking.refusal(DESCRIBE, GROUP, key);
            case 1 -> asking.refusal(DESCRIBE, TRANSACTIONAL_ID, key);
            default -> ErrorCode.NONE;
        };
    }

    /** Whoever may write to some topic may do so with idempotence (KIP-679). */
    private static ErrorCode mayInitialize(InitProducerIdRequest request, Asking asking) {
        if (request.transactionalId() != null) {
            return asking.refusal(WRITE, TRANSACTIONAL_ID, request.transactionalId());
        }
        return asking.mayQuietlyWithCluster(IDEMPOTENT_WRITE) || asking.mayWithAny(WRITE, TOPIC)
                ? ErrorCode.NONE
                : ErrorCode.CLUSTER_AUTHORIZATION_FAILED;
    }

    /** Brokers do, and operators that abort transactions which hang (KIP-664). */
    private static ErrorCode mayWriteMarkers(ApiRequest request, Asking asking) {
        return asking.mayQuietlyWithCluster(ALTER)
                ? ErrorCode.NONE
                : asking.refusal(CLUSTER_ACTION, CLUSTER, ResourceType.CLUSTER_NAME);
    }

    /** From version 4 on brokers ask so whether producers may write. */
    private AccessRule<AddPartitionsToTxnRequest> addPartitionsToTxn() {
        AccessRule<AddPartitionsToTxnRequest> ofClients = new TransactionAccess(metadata);
        AccessRule<AddPartitionsToTxnRequest> ofBrokers = whole(Need.ofCluster(CLUSTER_ACTION));
        return (request, context, asking, handler) -> (asking.version() < ONLY_OF_BROKERS_SINCE ? ofClients : ofBrokers)
                .serve(request, context, asking, handler);
    }
}
