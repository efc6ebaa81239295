package io.odradek.server.errors;

import static io.odradek.protocol.errors.ErrorCode.BROKER_ID_NOT_REGISTERED;
import static io.odradek.protocol.errors.ErrorCode.BROKER_NOT_AVAILABLE;
import static io.odradek.protocol.errors.ErrorCode.COORDINATOR_NOT_AVAILABLE;
import static io.odradek.protocol.errors.ErrorCode.ELIGIBLE_LEADERS_NOT_AVAILABLE;
import static io.odradek.protocol.errors.ErrorCode.FENCED_LEADER_EPOCH;
import static io.odradek.protocol.errors.ErrorCode.INVALID_REPLICATION_FACTOR;
import static io.odradek.protocol.errors.ErrorCode.INVALID_TOPIC_EXCEPTION;
import static io.odradek.protocol.errors.ErrorCode.LEADER_NOT_AVAILABLE;
import static io.odradek.protocol.errors.ErrorCode.NOT_CONTROLLER;
import static io.odradek.protocol.errors.ErrorCode.NOT_COORDINATOR;
import static io.odradek.protocol.errors.ErrorCode.NOT_ENOUGH_REPLICAS;
import static io.odradek.protocol.errors.ErrorCode.NOT_LEADER_OR_FOLLOWER;
import static io.odradek.protocol.errors.ErrorCode.PREFERRED_LEADER_NOT_AVAILABLE;
import static io.odradek.protocol.errors.ErrorCode.REPLICA_NOT_AVAILABLE;
import static io.odradek.protocol.errors.ErrorCode.REQUEST_TIMED_OUT;
import static io.odradek.protocol.errors.ErrorCode.STALE_BROKER_EPOCH;
import static io.odradek.protocol.errors.ErrorCode.STALE_CONTROLLER_EPOCH;
import static io.odradek.protocol.errors.ErrorCode.UNKNOWN_TOPIC_OR_PARTITION;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.odradek.protocol.api.AddOffsetsToTxnRequest;
import io.odradek.protocol.api.AddPartitionsToTxnRequest;
import io.odradek.protocol.api.AddPartitionsToTxnRequest.AddPartitionsToTxnTopic;
import io.odradek.protocol.api.AllocateProducerIdsRequest;
import io.odradek.protocol.api.AlterPartitionReassignmentsRequest;
import io.odradek.protocol.api.AlterPartitionReassignmentsRequest.ReassignablePartition;
import io.odradek.protocol.api.AlterPartitionReassignmentsRequest.ReassignableTopic;
import io.odradek.protocol.api.AlterPartitionRequest;
import io.odradek.protocol.api.AlterReplicaLogDirsRequest;
import io.odradek.protocol.api.AlterReplicaLogDirsRequest.AlterReplicaLogDir;
import io.odradek.protocol.api.AlterReplicaLogDirsRequest.AlterReplicaLogDirTopic;
import io.odradek.protocol.api.ControlledShutdownRequest;
import io.odradek.protocol.api.CreatePartitionsRequest;
import io.odradek.protocol.api.CreatePartitionsRequest.CreatePartitionsTopic;
import io.odradek.protocol.api.CreateTopicsRequest;
import io.odradek.protocol.api.CreateTopicsRequest.CreatableReplicaAssignment;
import io.odradek.protocol.api.CreateTopicsRequest.CreatableTopic;
import io.odradek.protocol.api.CreateTopicsRequest.CreatableTopicConfig;
import io.odradek.protocol.api.DeleteGroupsRequest;
import io.odradek.protocol.api.DeleteRecordsRequest;
import io.odradek.protocol.api.DeleteRecordsRequest.DeleteRecordsPartition;
import io.odradek.protocol.api.DeleteRecordsRequest.DeleteRecordsTopic;
import io.odradek.protocol.api.DeleteTopicsRequest;
import io.odradek.protocol.api.DescribeGroupsRequest;
import io.odradek.protocol.api.DescribeProducersRequest;
import io.odradek.protocol.api.DescribeTopicPartitionsRequest;
import io.odradek.protocol.api.DescribeTransactionsRequest;
import io.odradek.protocol.api.ElectLeadersRequest;
import io.odradek.protocol.api.EndTxnRequest;
import io.odradek.protocol.api.FetchRequest;
import io.odradek.protocol.api.FetchRequest.FetchPartition;
import io.odradek.protocol.api.FetchRequest.FetchTopic;
import io.odradek.protocol.api.FindCoordinatorRequest;
import io.odradek.protocol.api.FindCoordinatorResponse;
import io.odradek.protocol.api.HeartbeatRequest;
import io.odradek.protocol.api.InitProducerIdRequest;
import io.odradek.protocol.api.JoinGroupResponse;
import io.odradek.protocol.api.LeaderAndIsrRequest;
import io.odradek.protocol.api.LeaveGroupRequest;
import io.odradek.protocol.api.LeaveGroupRequest.MemberIdentity;
import io.odradek.protocol.api.ListOffsetsRequest;
import io.odradek.protocol.api.ListOffsetsRequest.ListOffsetsPartition;
import io.odradek.protocol.api.ListOffsetsRequest.ListOffsetsTopic;
import io.odradek.protocol.api.ListPartitionReassignmentsRequest;
import io.odradek.protocol.api.MetadataRequest;
import io.odradek.protocol.api.MetadataRequest.MetadataRequestTopic;
import io.odradek.protocol.api.OffsetCommitRequest;
import io.odradek.protocol.api.OffsetCommitRequest.OffsetCommitRequestPartition;
import io.odradek.protocol.api.OffsetCommitRequest.OffsetCommitRequestTopic;
import io.odradek.protocol.api.OffsetDeleteRequest;
import io.odradek.protocol.api.OffsetDeleteRequest.OffsetDeleteRequestPartition;
import io.odradek.protocol.api.OffsetDeleteRequest.OffsetDeleteRequestTopic;
import io.odradek.protocol.api.OffsetFetchRequest;
import io.odradek.protocol.api.OffsetFetchRequest.OffsetFetchRequestGroup;
import io.odradek.protocol.api.OffsetFetchRequest.OffsetFetchRequestTopic;
import io.odradek.protocol.api.OffsetForLeaderEpochRequest;
import io.odradek.protocol.api.OffsetForLeaderEpochRequest.OffsetForLeaderPartition;
import io.odradek.protocol.api.OffsetForLeaderEpochRequest.OffsetForLeaderTopic;
import io.odradek.protocol.api.ProduceRequest;
import io.odradek.protocol.api.ProduceRequest.PartitionProduceData;
import io.odradek.protocol.api.ProduceRequest.TopicProduceData;
import io.odradek.protocol.api.StopReplicaRequest;
import io.odradek.protocol.api.TxnOffsetCommitRequest;
import io.odradek.protocol.api.TxnOffsetCommitRequest.TxnOffsetCommitRequestPartition;
import io.odradek.protocol.api.TxnOffsetCommitRequest.TxnOffsetCommitRequestTopic;
import io.odradek.protocol.api.UpdateMetadataRequest;
import io.odradek.protocol.api.WriteTxnMarkersRequest;
import io.odradek.protocol.api.WriteTxnMarkersRequest.WritableTxnMarker;
import io.odradek.protocol.api.WriteTxnMarkersRequest.WritableTxnMarkerTopic;
import io.odradek.protocol.errors.ErrorCode;
import io.odradek.protocol.wire.BytesPayload;
import io.odradek.protocol.wire.Uuid;
import io.odradek.server.embedded.EmbeddedCluster;
import io.odradek.server.hostile.HandmadeBatch;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer.OrderAnnotation;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.Timeout;

/** What a broker refuses because it is another's to do, and what nobody can do once one of two brokers has died. */
@Timeout(180)
@TestMethodOrder(OrderAnnotation.class)
class ClusterErrorsTest {
    private static EmbeddedCluster cluster;
    private static int governor;
    private static int other;
    private static ErrorsBed atGovernor;
    private static ErrorsBed atOther;

    @BeforeAll
    static void start() throws Exception {
        cluster = EmbeddedCluster.builder(2)
                .setting("offsets.topic.num.partitions", "8")
                .setting("offsets.topic.replication.factor", "2")
                .setting("transaction.state.log.num.partitions", "8")
                .setting("transaction.state.log.replication.factor", "1")
                .setting("transaction.state.log.min.isr", "1")
                .start();
        governor = cluster.controllerId();
        other = 3 - governor;
        atGovernor = ErrorsBed.of(cluster.broker(governor));
        atOther = ErrorsBed.of(cluster.broker(other));
        create("both", List.of(governor, other));
        create("moved", List.of(other, governor));
        create("single", List.of(other));
        create("ours", List.of(governor));
        atGovernor.awaitCoordinator(0, "g");
        atGovernor.awaitCoordinator(1, "id");
    }

    @AfterAll
    static void stop() throws Exception {
        atGovernor.close();
        atOther.close();
        cluster.close();
    }

    private static void create(String name, List<Integer> replicas) throws IOException {
        var assignment = List.of(new CreatableReplicaAssignment(0, replicas));
        var settings = List.of(new CreatableTopicConfig("min.insync.replicas", Integer.toString(replicas.size())));
        CreatableTopic topic = new CreatableTopic(name, -1, (short) -1, assignment, settings);
        atGovernor.expect(new CreateTopicsRequest(List.of(topic), ErrorsBed.TIMEOUT_MS, false), 5);
    }

    private static ProduceRequest produce(String topic, int timeoutMs) throws IOException {
        BytesPayload records =
                new BytesPayload(new HandmadeBatch().records(1, 0, 0).build());
        return new ProduceRequest(
                null,
                (short) -1,
                timeoutMs,
                List.of(new TopicProduceData(topic, List.of(new PartitionProduceData(0, records)))));
    }

    private static FetchRequest fetch(String topic, int epoch) {
        var wanted = List.of(new FetchPartition(0, epoch, 0, -1, -1, 1 << 20, Uuid.ZERO));
        return new FetchRequest(
                null,
                -1,
                new FetchRequest.ReplicaState(-1, -1),
                50,
                0,
                1 << 20,
                (byte) 0,
                0,
                -1,
                List.of(new FetchTopic(topic, Uuid.ZERO, wanted)),
                List.of(),
                "");
    }

    private static ListOffsetsRequest offsets(String topic, int epoch) {
        var wanted = List.of(new ListOffsetsPartition(0, epoch, -1, 1));
        return new ListOffsetsRequest(-1, (byte) 0, List.of(new ListOffsetsTopic(topic, wanted)));
    }

    private static OffsetForLeaderEpochRequest epochEnd(String topic, int epoch) {
        var wanted = List.of(new OffsetForLeaderPartition(0, epoch, 0));
        return new OffsetForLeaderEpochRequest(-1, List.of(new OffsetForLeaderTopic(topic, wanted)));
    }

    private static DeleteRecordsRequest deleteRecords(String topic) {
        var all = List.of(new DeleteRecordsPartition(0, -1));
        return new DeleteRecordsRequest(List.of(new DeleteRecordsTopic(topic, all)), 1_000);
    }

    @Test
    @Order(1)
    void whoDoesNotLeadSaysSo() throws IOException {
        for (String topic : List.of("both", "ours")) {
            atOther.expect(produce(topic, 5_000), 9, NOT_LEADER_OR_FOLLOWER);
            atOther.expect(fetch(topic, -1), 11, NOT_LEADER_OR_FOLLOWER);
            atOther.expect(offsets(topic, -1), 6, NOT_LEADER_OR_FOLLOWER);
            atOther.expect(epochEnd(topic, -1), 4, NOT_LEADER_OR_FOLLOWER);
            atOther.expect(deleteRecords(topic), 2, NOT_LEADER_OR_FOLLOWER);
            var marker = new WritableTxnMarker(
                    7, (short) 0, true, List.of(new WritableTxnMarkerTopic(topic, List.of(0))), 0, (byte) 0);
            ErrorCode expected = topic.equals("both") ? NOT_LEADER_OR_FOLLOWER : UNKNOWN_TOPIC_OR_PARTITION;
            atOther.expect(new WriteTxnMarkersRequest(List.of(marker)), 1, expected);
        }
        var producers = new DescribeProducersRequest.TopicRequest("ours", List.of(0));
        atOther.expect(new DescribeProducersRequest(List.of(producers)), 0, NOT_LEADER_OR_FOLLOWER);
        String folder = cluster.broker(other).logFolder().toString();
        var toFolder = new AlterReplicaLogDir(folder, List.of(new AlterReplicaLogDirTopic("ours", List.of(0))));
        atOther.expect(new AlterReplicaLogDirsRequest(List.of(toFolder)), 2, REPLICA_NOT_AVAILABLE);
        var unknown = new AlterReplicaLogDir(folder, List.of(new AlterReplicaLogDirTopic("none", List.of(0))));
        atOther.expect(new AlterReplicaLogDirsRequest(List.of(unknown)), 2, UNKNOWN_TOPIC_OR_PARTITION);
    }

    @Test
    @Order(1)
    void whoDoesNotGovernSaysSo() throws IOException {
        CreatableTopic topic = new CreatableTopic("new", 1, (short) 1, List.of(), List.of());
        atOther.expect(new CreateTopicsRequest(List.of(topic), 5_000, false), 5, NOT_CONTROLLER);
        atOther.expect(new DeleteTopicsRequest(List.of(), List.of("both"), 5_000), 5, NOT_CONTROLLER);
        var growth = new CreatePartitionsTopic("both", 2, null);
        atOther.expect(new CreatePartitionsRequest(List.of(growth), 5_000, false), 2, NOT_CONTROLLER);
        ErrorCode election = atOther.errors(new ElectLeadersRequest((byte) 0, null, 5_000), 2)
                .get(0);
        assertThat(election).isEqualTo(NOT_CONTROLLER);
        var move = new ReassignableTopic("both", List.of(new ReassignablePartition(0, List.of(1))));
        assertThat(atOther.errors(new AlterPartitionReassignmentsRequest(5_000, true, List.of(move)), 0))
                .startsWith(NOT_CONTROLLER);
        atOther.expect(new ListPartitionReassignmentsRequest(5_000, null), 0, NOT_CONTROLLER);
        atOther.expect(new AlterPartitionRequest(other, 0, List.of()), 2, NOT_CONTROLLER);
        atOther.expect(new ControlledShutdownRequest(other, 0), 3, NOT_CONTROLLER);
        atOther.expect(new AllocateProducerIdsRequest(other, 0), 0, NOT_CONTROLLER);
    }

    @Test
    @Order(1)
    void whoSpeaksOfAnEarlierTimeIsRefused() throws IOException {
        for (ErrorsBed bed : List.of(atGovernor, atOther)) {
            bed.expect(
                    new LeaderAndIsrRequest(9, false, 0, -1, (byte) 0, List.of(), List.of(), List.of()),
                    2,
                    STALE_CONTROLLER_EPOCH);
            bed.expect(
                    new StopReplicaRequest(9, false, 0, -1, false, List.of(), List.of(), List.of()),
                    2,
                    STALE_CONTROLLER_EPOCH);
            bed.expect(
                    new UpdateMetadataRequest(9, false, (byte) 0, 0, -1, List.of(), List.of(), List.of()),
                    6,
                    STALE_CONTROLLER_EPOCH);
            bed.expect(
                    new LeaderAndIsrRequest(9, false, 99, 0, (byte) 0, List.of(), List.of(), List.of()),
                    2,
                    STALE_BROKER_EPOCH);
            bed.expect(
                    new StopReplicaRequest(9, false, 99, 0, false, List.of(), List.of(), List.of()),
                    2,
                    STALE_BROKER_EPOCH);
            bed.expect(
                    new UpdateMetadataRequest(9, false, (byte) 0, 99, 0, List.of(), List.of(), List.of()),
                    6,
                    STALE_BROKER_EPOCH);
        }
        atGovernor.expect(new AlterPartitionRequest(other, 0, List.of()), 2, STALE_BROKER_EPOCH);
        atGovernor.expect(new ControlledShutdownRequest(other, 0), 3, STALE_BROKER_EPOCH);
        atGovernor.expect(new AllocateProducerIdsRequest(other, 0), 0, STALE_BROKER_EPOCH);
        atGovernor.expect(new ControlledShutdownRequest(7, 0), 3, BROKER_NOT_AVAILABLE);
        atGovernor.expect(new AllocateProducerIdsRequest(7, 0), 0, BROKER_ID_NOT_REGISTERED);
    }

    /** {@return a key that the broker coordinates} @param type 0 for groups, 1 for transactional ids */
    private static String keyAt(int type, int broker) {
        List<String> found = new ArrayList<>();
        await().atMost(ErrorsBed.PATIENCE).until(() -> {
            for (int i = 0; i < 64 && found.isEmpty(); i++) {
                String key = "key-" + i;
                FindCoordinatorResponse at = atGovernor.ask(
                        new FindCoordinatorRequest(key, (byte) type, List.of()), 3, FindCoordinatorResponse.class);
                if (at.nodeId() == broker) {
                    found.add(key);
                }
            }
            return !found.isEmpty();
        });
        return found.get(0);
    }

    private static OffsetCommitRequest commit(String group) {
        var position = new OffsetCommitRequestPartition(0, 1, -1, -1, "");
        return new OffsetCommitRequest(
                group, -1, "", null, -1, List.of(new OffsetCommitRequestTopic("both", List.of(position))));
    }

    private static OffsetDeleteRequest deleteOffsets(String group) {
        return new OffsetDeleteRequest(
                group, List.of(new OffsetDeleteRequestTopic("both", List.of(new OffsetDeleteRequestPartition(0)))));
    }

    @Test
    @Order(1)
    void whoDoesNotCoordinateAGroupSaysSo() throws IOException {
        String group = keyAt(0, governor);
        atOther.expect(Members.join(group, "", null), Members.JOIN, NOT_COORDINATOR);
        atOther.expect(Members.sync(group, 1, "m", null), Members.SYNC, NOT_COORDINATOR);
        atOther.expect(new HeartbeatRequest(group, 1, "m", null), 4, NOT_COORDINATOR);
        atOther.expect(
                new LeaveGroupRequest(group, "m", List.of(new MemberIdentity("m", null, null))), 5, NOT_COORDINATOR);
        atOther.expect(commit(group), 8, NOT_COORDINATOR);
        atOther.expect(
                new OffsetFetchRequest(
                        group, List.of(new OffsetFetchRequestTopic("both", List.of(0))), List.of(), false),
                5,
                NOT_COORDINATOR);
        atOther.expect(
                new OffsetFetchRequest(group, null, List.of(new OffsetFetchRequestGroup(group, null, -1, null)), false),
                8,
                NOT_COORDINATOR);
        atOther.expect(deleteOffsets(group), 0, NOT_COORDINATOR);
        atOther.expect(new DescribeGroupsRequest(List.of(group), false), 5, NOT_COORDINATOR);
        atOther.expect(new DeleteGroupsRequest(List.of(group)), 2, NOT_COORDINATOR);
        var position = new TxnOffsetCommitRequestTopic(
                "both", Uuid.ZERO, List.of(new TxnOffsetCommitRequestPartition(0, 1, -1, "")));
        atOther.expect(
                new TxnOffsetCommitRequest("id", group, 7, (short) 0, -1, "", null, List.of(position)),
                3,
                NOT_COORDINATOR);
    }

    @Test
    @Order(1)
    void whoDoesNotCoordinateATransactionSaysSo() throws IOException {
        String id = keyAt(1, governor);
        atOther.expect(new InitProducerIdRequest(id, 60_000, -1, (short) -1), 4, NOT_COORDINATOR);
        var topic = new AddPartitionsToTxnTopic("both", List.of(0));
        atOther.expect(new AddPartitionsToTxnRequest(List.of(), id, 7, (short) 0, List.of(topic)), 3, NOT_COORDINATOR);
        atOther.expect(new AddOffsetsToTxnRequest(id, 7, (short) 0, "g"), 3, NOT_COORDINATOR);
        atOther.expect(new EndTxnRequest(id, 7, (short) 0, true), 3, NOT_COORDINATOR);
        atOther.expect(new DescribeTransactionsRequest(List.of(id)), 0, NOT_COORDINATOR);
    }

    @Test
    @Order(2)
    void onceOneOfTwoHasDied() throws IOException {
        String group = keyAt(0, governor);
        String orphan = keyAt(1, other);
        JoinGroupResponse joined =
                atGovernor.ask(Members.join("member-of-" + group, "", null), 3, JoinGroupResponse.class);
        atGovernor.expect(commit(group), 8);
        cluster.kill(other);
        MetadataRequest single =
                new MetadataRequest(List.of(new MetadataRequestTopic(Uuid.ZERO, "single")), false, false, false);
        await().atMost(ErrorsBed.PATIENCE)
                .until(() -> atGovernor.errors(single, 9), List.of(LEADER_NOT_AVAILABLE)::equals);
        atGovernor.expect(
                new DescribeTopicPartitionsRequest(
                        List.of(new DescribeTopicPartitionsRequest.TopicRequest("single")), 10, null),
                0,
                LEADER_NOT_AVAILABLE);
        await().atMost(ErrorsBed.PATIENCE)
                .until(() -> atGovernor.errors(produce("both", 5_000), 9), List.of(NOT_ENOUGH_REPLICAS)::equals);
        await().atMost(ErrorsBed.PATIENCE)
                .until(() -> atGovernor.errors(fetch("moved", -1), 11).isEmpty());

        atGovernor.expect(fetch("moved", 0), 11, FENCED_LEADER_EPOCH);
        atGovernor.expect(offsets("moved", 0), 6, FENCED_LEADER_EPOCH);
        atGovernor.expect(epochEnd("moved", 0), 4, FENCED_LEADER_EPOCH);
        var marker = new WritableTxnMarker(
                7, (short) 0, true, List.of(new WritableTxnMarkerTopic("both", List.of(0))), 0, (byte) 0);
        atGovernor.expect(new WriteTxnMarkersRequest(List.of(marker)), 1, NOT_ENOUGH_REPLICAS);
        elect(0, "single", PREFERRED_LEADER_NOT_AVAILABLE);
        elect(0, "moved", PREFERRED_LEADER_NOT_AVAILABLE);
        elect(1, "single", ELIGIBLE_LEADERS_NOT_AVAILABLE);
        var growth = new CreatePartitionsTopic("both", 2, null);
        atGovernor.expect(new CreatePartitionsRequest(List.of(growth), 5_000, false), 2, INVALID_REPLICATION_FACTOR);
        atGovernor.expect(new FindCoordinatorRequest(orphan, (byte) 1, List.of()), 3, COORDINATOR_NOT_AVAILABLE);
        atGovernor.expect(new FindCoordinatorRequest(orphan, (byte) 1, List.of(orphan)), 4, COORDINATOR_NOT_AVAILABLE);

        atGovernor.expect(new DeleteTopicsRequest(List.of(), List.of("single"), 0), 5, REQUEST_TIMED_OUT);
        var late = new CreatePartitionsTopic("single", 2, null);
        atGovernor.expect(new CreatePartitionsRequest(List.of(late), 5_000, false), 2, INVALID_TOPIC_EXCEPTION);
        elect(0, "single", INVALID_TOPIC_EXCEPTION);
    }

    private static void elect(int type, String topic, ErrorCode expected) throws IOException {
        var wanted = List.of(new ElectLeadersRequest.TopicPartitions(topic, List.of(0)));
        atGovernor.expect(new ElectLeadersRequest((byte) type, wanted, 5_000), 2, expected);
    }
}
