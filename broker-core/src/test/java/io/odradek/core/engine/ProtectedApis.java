package io.odradek.core.engine;

import io.odradek.protocol.api.AddOffsetsToTxnRequest;
import io.odradek.protocol.api.AddPartitionsToTxnRequest;
import io.odradek.protocol.api.AddPartitionsToTxnRequest.AddPartitionsToTxnTopic;
import io.odradek.protocol.api.AlterConfigsRequest;
import io.odradek.protocol.api.ApiKey;
import io.odradek.protocol.api.ApiRequest;
import io.odradek.protocol.api.CreatePartitionsRequest;
import io.odradek.protocol.api.DeleteGroupsRequest;
import io.odradek.protocol.api.DeleteRecordsRequest;
import io.odradek.protocol.api.DeleteRecordsRequest.DeleteRecordsPartition;
import io.odradek.protocol.api.DeleteRecordsRequest.DeleteRecordsTopic;
import io.odradek.protocol.api.DeleteTopicsRequest;
import io.odradek.protocol.api.DeleteTopicsRequest.DeleteTopicState;
import io.odradek.protocol.api.DescribeConfigsRequest;
import io.odradek.protocol.api.DescribeConfigsRequest.DescribeConfigsResource;
import io.odradek.protocol.api.DescribeGroupsRequest;
import io.odradek.protocol.api.DescribeProducersRequest;
import io.odradek.protocol.api.DescribeTopicPartitionsRequest;
import io.odradek.protocol.api.DescribeTransactionsRequest;
import io.odradek.protocol.api.EndTxnRequest;
import io.odradek.protocol.api.FetchRequest;
import io.odradek.protocol.api.FindCoordinatorRequest;
import io.odradek.protocol.api.IncrementalAlterConfigsRequest;
import io.odradek.protocol.api.InitProducerIdRequest;
import io.odradek.protocol.api.LeaveGroupRequest;
import io.odradek.protocol.api.ListGroupsRequest;
import io.odradek.protocol.api.ListOffsetsRequest;
import io.odradek.protocol.api.ListTransactionsRequest;
import io.odradek.protocol.api.MetadataRequest;
import io.odradek.protocol.api.MetadataRequest.MetadataRequestTopic;
import io.odradek.protocol.api.OffsetDeleteRequest;
import io.odradek.protocol.api.OffsetFetchRequest;
import io.odradek.protocol.api.OffsetForLeaderEpochRequest;
import io.odradek.protocol.api.ProduceRequest;
import io.odradek.protocol.api.TxnOffsetCommitRequest;
import io.odradek.protocol.api.WriteTxnMarkersRequest;
import io.odradek.protocol.errors.ErrorCode;
import io.odradek.protocol.record.BatchBuilder;
import io.odradek.protocol.wire.Uuid;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A request of each API, about the topic {@code t}, the group {@code g} and the transactional id {@code x}, and what it needs. */
final class ProtectedApis {
    private static final byte TOPIC = 2;

    private ProtectedApis() {}

    /**
     * A request.
     *
     * @param api its API
     * @param version its version
     * @param request what is sent
     * @param needs sets of entries, any of which will do
     * @param hides what it shows only to those who have them; null for one that is refused
     * @param refusal how it is refused; null for as any other that may not do this with a resource of this kind
     */
    record Case(
            ApiKey api, int version, ApiRequest request, List<List<String>> needs, String hides, ErrorCode refusal) {
        /** {@return the same, which needs something else if it does not have the others} */
        Case or(String... entries) {
            List<List<String>> all = new ArrayList<>(needs);
            all.add(List.of(entries));
            return new Case(api, version, request, all, hides, refusal);
        }

        @Override
        public String toString() {
            return api + " " + version + " needs " + needs;
        }
    }

    static Case refused(ApiKey api, int version, ApiRequest request, String... needs) {
        return new Case(api, version, request, List.of(List.of(needs)), null, null);
    }

    static Case hidden(ApiKey api, int version, ApiRequest request, String hides, String... needs) {
        return new Case(api, version, request, List.of(List.of(needs)), hides, null);
    }

    /** @param id the identifier of the topic t */
    static List<Case> all(Uuid id) {
        List<Case> all = new ArrayList<>();
        all.addAll(ofTopics(id));
        all.addAll(ofGroups());
        all.addAll(ofTransactions());
        all.addAll(ProtectedClusterApis.all());
        return all;
    }

    private static List<Case> ofTopics(Uuid id) {
        BatchBuilder batch = Requests.batch(1, List.of("v"));
        BatchBuilder transactional =
                Requests.batch(1, List.of("v")).producer(1, (short) 0, 0).transactional();
        ProduceRequest inTransaction = new ProduceRequest(
                "x",
                (short) 1,
                100,
                Requests.produce("t", 0, 1, transactional.build()).topicData());
        FetchRequest byName = Requests.fetch("t", 0, 0, 0);
        FetchRequest.FetchPartition partition =
                byName.topics().get(0).partitions().get(0);
        return List.of(
                refused(ApiKey.PRODUCE, 9, Requests.produce("t", 0, 1, batch.build()), "WRITE TOPIC t"),
                refused(ApiKey.PRODUCE, 9, inTransaction, "WRITE TRANSACTIONAL_ID x", "WRITE TOPIC t"),
                refused(ApiKey.FETCH, 11, byName, "READ TOPIC t"),
                refused(ApiKey.FETCH, 16, fetch(-1, "", id, partition), "READ TOPIC t"),
                new Case(
                        ApiKey.FETCH,
                        11,
                        fetch(5, "t", Uuid.ZERO, partition),
                        List.of(List.of("CLUSTER_ACTION CLUSTER")),
                        null,
                        ErrorCode.TOPIC_AUTHORIZATION_FAILED),
                refused(ApiKey.LIST_OFFSETS, 6, listOffsets(), "DESCRIBE TOPIC t")
                        .or("READ TOPIC t"),
                refused(ApiKey.LIST_OFFSETS, 0, listOffsets(), "DESCRIBE TOPIC t"),
                refused(ApiKey.METADATA, 12, metadata(new MetadataRequestTopic(Uuid.ZERO, "t")), "DESCRIBE TOPIC t")
                        .or("WRITE TOPIC t")
                        .or("ALTER TOPIC t")
                        .or("DELETE TOPIC t"),
                refused(ApiKey.METADATA, 12, metadata(new MetadataRequestTopic(id, null)), "DESCRIBE TOPIC t"),
                refused(ApiKey.METADATA, 0, metadata(new MetadataRequestTopic(Uuid.ZERO, "t")), "DESCRIBE TOPIC t"),
                refused(
                        ApiKey.METADATA,
                        12,
                        new MetadataRequest(List.of(new MetadataRequestTopic(Uuid.ZERO, "made")), true, false, false),
                        "DESCRIBE TOPIC made",
                        "CREATE TOPIC made"),
                hidden(ApiKey.METADATA, 12, new MetadataRequest(null, false, false, false), "t", "DESCRIBE TOPIC t"),
                refused(
                        ApiKey.DESCRIBE_TOPIC_PARTITIONS,
                        0,
                        new DescribeTopicPartitionsRequest(
                                List.of(new DescribeTopicPartitionsRequest.TopicRequest("t")), 100, null),
                        "DESCRIBE TOPIC t"),
                hidden(
                        ApiKey.DESCRIBE_TOPIC_PARTITIONS,
                        0,
                        new DescribeTopicPartitionsRequest(List.of(), 100, null),
                        "t",
                        "DESCRIBE TOPIC t"),
                refused(
                        ApiKey.DELETE_RECORDS,
                        2,
                        new DeleteRecordsRequest(
                                List.of(new DeleteRecordsTopic("t", List.of(new DeleteRecordsPartition(0, 1)))), 100),
                        "DELETE TOPIC t"),
                refused(
                                ApiKey.OFFSET_FOR_LEADER_EPOCH,
                                4,
                                new OffsetForLeaderEpochRequest(
                                        -1,
                                        List.of(new OffsetForLeaderEpochRequest.OffsetForLeaderTopic(
                                                "t",
                                                List.of(new OffsetForLeaderEpochRequest.OffsetForLeaderPartition(
                                                        0, -1, 0))))),
                                "DESCRIBE TOPIC t")
                        .or("CLUSTER_ACTION CLUSTER"),
                refused(ApiKey.CREATE_TOPICS, 7, Requests.createTopic("new", 1, Map.of()), "CREATE TOPIC new")
                        .or("CREATE CLUSTER"),
                refused(
                        ApiKey.CREATE_PARTITIONS,
                        3,
                        new CreatePartitionsRequest(
                                List.of(new CreatePartitionsRequest.CreatePartitionsTopic("t", 5, null)), 100, false),
                        "ALTER TOPIC t"),
                refused(
                        ApiKey.DESCRIBE_PRODUCERS,
                        0,
                        new DescribeProducersRequest(
                                List.of(new DescribeProducersRequest.TopicRequest("t", List.of(0)))),
                        "READ TOPIC t"),
                refused(
                        ApiKey.DESCRIBE_CONFIGS,
                        4,
                        new DescribeConfigsRequest(
                                List.of(new DescribeConfigsResource(TOPIC, "t", null)), false, false),
                        "DESCRIBE_CONFIGS TOPIC t"),
                refused(
                        ApiKey.ALTER_CONFIGS,
                        2,
                        new AlterConfigsRequest(
                                List.of(new AlterConfigsRequest.AlterConfigsResource(TOPIC, "t", List.of())), false),
                        "ALTER_CONFIGS TOPIC t"),
                refused(ApiKey.INCREMENTAL_ALTER_CONFIGS, 1, alterConfigs(TOPIC, "t"), "ALTER_CONFIGS TOPIC t"),
                refused(ApiKey.DELETE_TOPICS, 5, Requests.deleteTopic("spare"), "DELETE TOPIC spare"),
                refused(
                        ApiKey.DELETE_TOPICS,
                        6,
                        new DeleteTopicsRequest(List.of(new DeleteTopicState("none", Uuid.ZERO)), List.of(), 100),
                        "DELETE TOPIC none"));
    }

    private static List<Case> ofGroups() {
        MemberRequests members = new MemberRequests("g", 10_000);
        return List.of(
                hidden(ApiKey.LIST_GROUPS, 4, new ListGroupsRequest(List.of(), List.of()), "g", "DESCRIBE GROUP g")
                        .or("DESCRIBE CLUSTER"),
                refused(
                        ApiKey.FIND_COORDINATOR,
                        3,
                        new FindCoordinatorRequest("g", (byte) 0, List.of()),
                        "DESCRIBE GROUP g"),
                refused(
                                ApiKey.FIND_COORDINATOR,
                                4,
                                new FindCoordinatorRequest("", (byte) 0, List.of("g")),
                                "DESCRIBE GROUP g")
                        .or("READ GROUP g"),
                refused(
                                ApiKey.FIND_COORDINATOR,
                                4,
                                new FindCoordinatorRequest("", (byte) 1, List.of("x")),
                                "DESCRIBE TRANSACTIONAL_ID x")
                        .or("WRITE TRANSACTIONAL_ID x"),
                refused(ApiKey.JOIN_GROUP, 9, members.join(""), "READ GROUP g"),
                refused(ApiKey.SYNC_GROUP, 5, members.sync(1, "m", List.of()), "READ GROUP g"),
                refused(ApiKey.HEARTBEAT, 4, members.heartbeat(1, "m"), "READ GROUP g"),
                refused(
                        ApiKey.LEAVE_GROUP,
                        5,
                        new LeaveGroupRequest("g", "", List.of(new LeaveGroupRequest.MemberIdentity("m", null, null))),
                        "READ GROUP g"),
                refused(
                        ApiKey.OFFSET_COMMIT,
                        8,
                        Requests.commit("g", -1, "", "t", 0, 1),
                        "READ GROUP g",
                        "READ TOPIC t"),
                refused(
                        ApiKey.OFFSET_COMMIT,
                        0,
                        Requests.commit("g", -1, "", "t", 0, 1),
                        "READ GROUP g",
                        "READ TOPIC t"),
                refused(ApiKey.OFFSET_FETCH, 0, offsetFetch("g"), "DESCRIBE GROUP g", "DESCRIBE TOPIC t"),
                refused(ApiKey.OFFSET_FETCH, 7, offsetFetch("g"), "DESCRIBE GROUP g", "DESCRIBE TOPIC t"),
                refused(ApiKey.OFFSET_FETCH, 1, offsetFetch("g"), "DESCRIBE GROUP g", "DESCRIBE TOPIC t"),
                refused(
                        ApiKey.OFFSET_FETCH,
                        8,
                        new OffsetFetchRequest(
                                "",
                                List.of(),
                                List.of(new OffsetFetchRequest.OffsetFetchRequestGroup(
                                        "g",
                                        null,
                                        -1,
                                        List.of(new OffsetFetchRequest.OffsetFetchRequestTopics("t", List.of(0))))),
                                false),
                        "DESCRIBE GROUP g",
                        "DESCRIBE TOPIC t"),
                refused(
                        ApiKey.OFFSET_DELETE,
                        0,
                        new OffsetDeleteRequest(
                                "g",
                                List.of(new OffsetDeleteRequest.OffsetDeleteRequestTopic(
                                        "t", List.of(new OffsetDeleteRequest.OffsetDeleteRequestPartition(0))))),
                        "DELETE GROUP g",
                        "READ TOPIC t"),
                refused(ApiKey.DESCRIBE_GROUPS, 5, new DescribeGroupsRequest(List.of("g"), true), "DESCRIBE GROUP g"),
                refused(ApiKey.DELETE_GROUPS, 2, new DeleteGroupsRequest(List.of("g")), "DELETE GROUP g"));
    }

    private static List<Case> ofTransactions() {
        return List.of(
                refused(
                        ApiKey.INIT_PRODUCER_ID,
                        4,
                        new InitProducerIdRequest("x", 1_000, -1, (short) -1),
                        "WRITE TRANSACTIONAL_ID x"),
                refused(
                                ApiKey.INIT_PRODUCER_ID,
                                4,
                                new InitProducerIdRequest(null, 1_000, -1, (short) -1),
                                "IDEMPOTENT_WRITE CLUSTER")
                        .or("WRITE TOPIC t"),
                refused(
                        ApiKey.ADD_PARTITIONS_TO_TXN,
                        3,
                        new AddPartitionsToTxnRequest(
                                List.of(), "x", 1, (short) 0, List.of(new AddPartitionsToTxnTopic("t", List.of(0)))),
                        "WRITE TRANSACTIONAL_ID x",
                        "WRITE TOPIC t"),
                refused(
                        ApiKey.ADD_PARTITIONS_TO_TXN,
                        4,
                        new AddPartitionsToTxnRequest(
                                List.of(new AddPartitionsToTxnRequest.AddPartitionsToTxnTransaction(
                                        "x",
                                        1,
                                        (short) 0,
                                        true,
                                        List.of(new AddPartitionsToTxnTopic("t", List.of(0))))),
                                "",
                                0,
                                (short) 0,
                                List.of()),
                        "CLUSTER_ACTION CLUSTER"),
                refused(
                        ApiKey.ADD_OFFSETS_TO_TXN,
                        3,
                        new AddOffsetsToTxnRequest("x", 1, (short) 0, "g"),
                        "WRITE TRANSACTIONAL_ID x",
                        "READ GROUP g"),
                refused(
                        ApiKey.TXN_OFFSET_COMMIT,
                        3,
                        new TxnOffsetCommitRequest(
                                "x",
                                "g",
                                1,
                                (short) 0,
                                -1,
                                "",
                                null,
                                List.of(new TxnOffsetCommitRequest.TxnOffsetCommitRequestTopic(
                                        "t",
                                        Uuid.ZERO,
                                        List.of(new TxnOffsetCommitRequest.TxnOffsetCommitRequestPartition(
                                                0, 1, -1, ""))))),
                        "WRITE TRANSACTIONAL_ID x",
                        "READ GROUP g",
                        "READ TOPIC t"),
                refused(ApiKey.END_TXN, 3, new EndTxnRequest("x", 1, (short) 0, true), "WRITE TRANSACTIONAL_ID x"),
                refused(
                        ApiKey.DESCRIBE_TRANSACTIONS,
                        0,
                        new DescribeTransactionsRequest(List.of("x")),
                        "DESCRIBE TRANSACTIONAL_ID x"),
                hidden(
                        ApiKey.LIST_TRANSACTIONS,
                        1,
                        new ListTransactionsRequest(List.of(), List.of(), -1, null),
                        "x",
                        "DESCRIBE TRANSACTIONAL_ID x"),
                refused(
                                ApiKey.WRITE_TXN_MARKERS,
                                1,
                                new WriteTxnMarkersRequest(List.of(new WriteTxnMarkersRequest.WritableTxnMarker(
                                        99,
                                        (short) 0,
                                        false,
                                        List.of(new WriteTxnMarkersRequest.WritableTxnMarkerTopic("t", List.of(9))),
                                        0,
                                        (byte) 0))),
                                "CLUSTER_ACTION CLUSTER")
                        .or("ALTER CLUSTER"));
    }

    static IncrementalAlterConfigsRequest alterConfigs(byte type, String name) {
        return new IncrementalAlterConfigsRequest(
                List.of(new IncrementalAlterConfigsRequest.AlterConfigsResource(type, name, List.of())), false);
    }

    private static MetadataRequest metadata(MetadataRequestTopic topic) {
        return new MetadataRequest(List.of(topic), false, false, false);
    }

    private static ListOffsetsRequest listOffsets() {
        return new ListOffsetsRequest(
                -1,
                (byte) 0,
                List.of(new ListOffsetsRequest.ListOffsetsTopic(
                        "t", List.of(new ListOffsetsRequest.ListOffsetsPartition(0, -1, -1, 1)))));
    }

    private static OffsetFetchRequest offsetFetch(String group) {
        return new OffsetFetchRequest(
                group, List.of(new OffsetFetchRequest.OffsetFetchRequestTopic("t", List.of(0))), List.of(), false);
    }

    private static FetchRequest fetch(int replica, String topic, Uuid id, FetchRequest.FetchPartition partition) {
        return new FetchRequest(
                null,
                replica,
                new FetchRequest.ReplicaState(replica, -1),
                0,
                0,
                1 << 20,
                (byte) 0,
                0,
                -1,
                List.of(new FetchRequest.FetchTopic(topic, id, List.of(partition))),
                List.of(),
                "");
    }
}
