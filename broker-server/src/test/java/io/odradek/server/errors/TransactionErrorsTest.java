package io.odradek.server.errors;

import static io.odradek.protocol.errors.ErrorCode.CLUSTER_AUTHORIZATION_FAILED;
import static io.odradek.protocol.errors.ErrorCode.FENCED_INSTANCE_ID;
import static io.odradek.protocol.errors.ErrorCode.ILLEGAL_GENERATION;
import static io.odradek.protocol.errors.ErrorCode.INVALID_GROUP_ID;
import static io.odradek.protocol.errors.ErrorCode.INVALID_PRODUCER_EPOCH;
import static io.odradek.protocol.errors.ErrorCode.INVALID_PRODUCER_ID_MAPPING;
import static io.odradek.protocol.errors.ErrorCode.INVALID_REGULAR_EXPRESSION;
import static io.odradek.protocol.errors.ErrorCode.INVALID_REQUEST;
import static io.odradek.protocol.errors.ErrorCode.INVALID_TRANSACTION_TIMEOUT;
import static io.odradek.protocol.errors.ErrorCode.INVALID_TXN_STATE;
import static io.odradek.protocol.errors.ErrorCode.OFFSET_METADATA_TOO_LARGE;
import static io.odradek.protocol.errors.ErrorCode.OPERATION_NOT_ATTEMPTED;
import static io.odradek.protocol.errors.ErrorCode.PRODUCER_FENCED;
import static io.odradek.protocol.errors.ErrorCode.REBOOTSTRAP_REQUIRED;
import static io.odradek.protocol.errors.ErrorCode.TRANSACTIONAL_ID_NOT_FOUND;
import static io.odradek.protocol.errors.ErrorCode.UNKNOWN_MEMBER_ID;
import static io.odradek.protocol.errors.ErrorCode.UNKNOWN_TOPIC_OR_PARTITION;
import static io.odradek.protocol.errors.ErrorCode.UNSTABLE_OFFSET_COMMIT;
import static org.awaitility.Awaitility.await;

import io.odradek.protocol.api.AddOffsetsToTxnRequest;
import io.odradek.protocol.api.AddPartitionsToTxnRequest;
import io.odradek.protocol.api.AddPartitionsToTxnRequest.AddPartitionsToTxnTopic;
import io.odradek.protocol.api.AllocateProducerIdsRequest;
import io.odradek.protocol.api.AlterPartitionRequest;
import io.odradek.protocol.api.ApiVersionsRequest;
import io.odradek.protocol.api.ControlledShutdownRequest;
import io.odradek.protocol.api.DescribeTransactionsRequest;
import io.odradek.protocol.api.EndTxnRequest;
import io.odradek.protocol.api.InitProducerIdRequest;
import io.odradek.protocol.api.InitProducerIdResponse;
import io.odradek.protocol.api.JoinGroupResponse;
import io.odradek.protocol.api.LeaderAndIsrRequest;
import io.odradek.protocol.api.ListTransactionsRequest;
import io.odradek.protocol.api.OffsetFetchRequest;
import io.odradek.protocol.api.OffsetFetchRequest.OffsetFetchRequestTopic;
import io.odradek.protocol.api.StopReplicaRequest;
import io.odradek.protocol.api.TxnOffsetCommitRequest;
import io.odradek.protocol.api.TxnOffsetCommitRequest.TxnOffsetCommitRequestPartition;
import io.odradek.protocol.api.TxnOffsetCommitRequest.TxnOffsetCommitRequestTopic;
import io.odradek.protocol.api.UpdateMetadataRequest;
import io.odradek.protocol.errors.ErrorCode;
import io.odradek.protocol.wire.Uuid;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What transactional producers are refused, those who ask after them, and who plays the controller or another broker. */
@Timeout(120)
class TransactionErrorsTest {
    private static ErrorsBed bed;

    @BeforeAll
    static void start() throws Exception {
        bed = ErrorsBed.start("group.initial.rebalance.delay.ms", "0");
        bed.create("t", 1);
        bed.awaitCoordinator(0, "g");
        bed.awaitCoordinator(1, "id");
    }

    @AfterAll
    static void stop() throws Exception {
        bed.close();
    }

    private static InitProducerIdRequest init(String id, int timeoutMs, long producerId, int epoch) {
        return new InitProducerIdRequest(id, timeoutMs, producerId, (short) epoch);
    }

    /** {@return the id of a producer in epoch 0} */
    private static long begin(String id) {
        return await().atMost(ErrorsBed.PATIENCE)
                .until(
                        () -> bed.ask(init(id, 60_000, -1, -1), 4, InitProducerIdResponse.class),
                        answer -> answer.errorCode() == ErrorCode.NONE)
                .producerId();
    }

    private static AddPartitionsToTxnRequest add(String id, long producerId, int epoch, Integer... partitions) {
        return new AddPartitionsToTxnRequest(
                List.of(),
                id,
                producerId,
                (short) epoch,
                List.of(new AddPartitionsToTxnTopic("t", List.of(partitions))));
    }

    @Test
    void producersThatAreNotTaken() throws IOException {
        long id = begin("taken");
        bed.expect(init("", 60_000, -1, -1), 4, INVALID_REQUEST);
        bed.expect(init("taken", 60_000, id, -1), 4, INVALID_REQUEST);
        bed.expect(init("taken", 60_000, -1, 0), 4, INVALID_REQUEST);
        bed.expect(init("taken", 0, -1, -1), 4, INVALID_TRANSACTION_TIMEOUT);
        bed.expect(init("taken", 900_001, -1, -1), 4, INVALID_TRANSACTION_TIMEOUT);
        bed.expect(init("taken", 60_000, id + 1, 0), 4, PRODUCER_FENCED);
        bed.expect(init("taken", 60_000, id + 1, 0), 3, INVALID_PRODUCER_EPOCH);
    }

    @Test
    void partitionsThatDoNotJoin() throws IOException {
        long id = begin("joins");
        bed.expect(add("joins", id, 7, 0), 3, PRODUCER_FENCED);
        bed.expect(add("joins", id, 7, 0), 1, INVALID_PRODUCER_EPOCH);
        bed.expect(add("joins", id + 1, 0, 0), 3, INVALID_PRODUCER_ID_MAPPING);
        bed.expect(add("never", id, 0, 0), 3, INVALID_PRODUCER_ID_MAPPING);
        bed.expect(add("joins", id, 0, 0, 5), 3, OPERATION_NOT_ATTEMPTED, UNKNOWN_TOPIC_OR_PARTITION);
        bed.expect(new AddOffsetsToTxnRequest("joins", id, (short) 7, "g"), 3, PRODUCER_FENCED);
        bed.expect(new AddOffsetsToTxnRequest("joins", id, (short) 7, "g"), 1, INVALID_PRODUCER_EPOCH);
        bed.expect(new AddOffsetsToTxnRequest("joins", id + 1, (short) 0, "g"), 3, INVALID_PRODUCER_ID_MAPPING);
        bed.expect(new EndTxnRequest("joins", id, (short) 7, true), 3, PRODUCER_FENCED);
        bed.expect(new EndTxnRequest("joins", id, (short) 7, true), 1, INVALID_PRODUCER_EPOCH);
        bed.expect(new EndTxnRequest("joins", id + 1, (short) 0, true), 3, INVALID_PRODUCER_ID_MAPPING);
        bed.expect(new EndTxnRequest("joins", id, (short) 0, true), 3, INVALID_TXN_STATE);
    }

    private static TxnOffsetCommitRequest commit(
            long id, String group, int generation, String member, String instance, int partition, String metadata) {
        var position = new TxnOffsetCommitRequestPartition(partition, 1, -1, metadata);
        var topic = new TxnOffsetCommitRequestTopic("t", Uuid.ZERO, List.of(position));
        return new TxnOffsetCommitRequest(
                "commits", group, id, (short) 0, generation, member, instance, List.of(topic));
    }

    @Test
    void positionsThatDoNotJoin() throws IOException {
        long id = begin("commits");
        for (String group : List.of("g", "static")) {
            bed.expect(new AddOffsetsToTxnRequest("commits", id, (short) 0, group), 3);
        }
        bed.expect(commit(id, "g", -1, "", null, 0, ""), 3);
        var wanted = List.of(new OffsetFetchRequestTopic("t", List.of(0)));
        bed.expect(new OffsetFetchRequest("g", wanted, List.of(), true), 7, UNSTABLE_OFFSET_COMMIT);
        bed.expect(new OffsetFetchRequest("g", wanted, List.of(), false), 7);
        bed.expect(commit(id, "", -1, "", null, 0, ""), 3, INVALID_GROUP_ID);
        bed.expect(commit(id, "g", -1, "", null, 5, ""), 3, UNKNOWN_TOPIC_OR_PARTITION);
        bed.expect(commit(id, "g", -1, "", null, 0, "x".repeat(4_097)), 3, OFFSET_METADATA_TOO_LARGE);
        bed.expect(commit(id, "g", 3, "m", null, 0, ""), 3, UNKNOWN_MEMBER_ID);
        JoinGroupResponse former = Members.stable(bed, Members.join("static", "", "one"), Members.STATIC_JOIN);
        JoinGroupResponse now =
                bed.ask(Members.join("static", "", "one"), Members.STATIC_JOIN, JoinGroupResponse.class);
        int generation = now.generationId();
        bed.expect(commit(id, "static", generation, former.memberId(), "one", 0, ""), 3, FENCED_INSTANCE_ID);
        bed.expect(commit(id, "static", generation, "m", null, 0, ""), 3, UNKNOWN_MEMBER_ID);
        bed.expect(commit(id, "static", generation + 1, now.memberId(), "one", 0, ""), 3, ILLEGAL_GENERATION);
    }

    @Test
    void transactionsThatThereAreNot() throws IOException {
        bed.expect(new DescribeTransactionsRequest(List.of("none")), 0, TRANSACTIONAL_ID_NOT_FOUND);
        bed.expect(new DescribeTransactionsRequest(List.of("")), 0, INVALID_REQUEST);
        bed.expect(new DescribeTransactionsRequest(List.of()), 0);
        bed.expectHere(new ListTransactionsRequest(List.of(), List.of(), -1, "("), 2, INVALID_REGULAR_EXPRESSION);
    }

    @Test
    void clientsWhoseNameCannotBeOrWhoMeanAnother() throws IOException {
        bed.expect(new ApiVersionsRequest("a b", "1"), 3, INVALID_REQUEST);
        bed.expect(new ApiVersionsRequest("a", ""), 3, INVALID_REQUEST);
        bed.expectHere(new ApiVersionsRequest("a", "1", "another", 0), 5, REBOOTSTRAP_REQUIRED);
        bed.expectHere(new ApiVersionsRequest("a", "1", null, 0), 5, INVALID_REQUEST);
    }

    @Test
    void whoIsNoBrokerMayNotDoWhatBrokersDo() throws IOException {
        bed.expectHere(
                new LeaderAndIsrRequest(9, false, 9, -1, (byte) 0, List.of(), List.of(), List.of()),
                2,
                CLUSTER_AUTHORIZATION_FAILED);
        bed.expectHere(
                new StopReplicaRequest(9, false, 9, -1, false, List.of(), List.of(), List.of()),
                2,
                CLUSTER_AUTHORIZATION_FAILED);
        bed.expectHere(
                new UpdateMetadataRequest(9, false, (byte) 0, 9, -1, List.of(), List.of(), List.of()),
                6,
                CLUSTER_AUTHORIZATION_FAILED);
        bed.expectHere(new ControlledShutdownRequest(9, 0), 3, CLUSTER_AUTHORIZATION_FAILED);
        bed.expectHere(new AlterPartitionRequest(9, 0, List.of()), 2, CLUSTER_AUTHORIZATION_FAILED);
        bed.expectHere(new AllocateProducerIdsRequest(9, 0), 0, CLUSTER_AUTHORIZATION_FAILED);
    }
}
