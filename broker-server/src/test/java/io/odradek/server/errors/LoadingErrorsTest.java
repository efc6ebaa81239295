package io.odradek.server.errors;

import static io.odradek.protocol.errors.ErrorCode.COORDINATOR_LOAD_IN_PROGRESS;
import static io.odradek.protocol.errors.ErrorCode.COORDINATOR_NOT_AVAILABLE;
import static io.odradek.protocol.errors.ErrorCode.REBALANCE_IN_PROGRESS;
import static org.awaitility.Awaitility.await;

import io.odradek.protocol.api.AddOffsetsToTxnRequest;
import io.odradek.protocol.api.AddPartitionsToTxnRequest;
import io.odradek.protocol.api.AddPartitionsToTxnRequest.AddPartitionsToTxnTopic;
import io.odradek.protocol.api.DeleteGroupsRequest;
import io.odradek.protocol.api.DescribeGroupsRequest;
import io.odradek.protocol.api.DescribeTransactionsRequest;
import io.odradek.protocol.api.EndTxnRequest;
import io.odradek.protocol.api.HeartbeatRequest;
import io.odradek.protocol.api.InitProducerIdRequest;
import io.odradek.protocol.api.LeaveGroupRequest;
import io.odradek.protocol.api.LeaveGroupRequest.MemberIdentity;
import io.odradek.protocol.api.ListGroupsRequest;
import io.odradek.protocol.api.ListTransactionsRequest;
import io.odradek.protocol.api.OffsetCommitRequest;
import io.odradek.protocol.api.OffsetCommitRequest.OffsetCommitRequestPartition;
import io.odradek.protocol.api.OffsetCommitRequest.OffsetCommitRequestTopic;
import io.odradek.protocol.api.OffsetDeleteRequest;
import io.odradek.protocol.api.OffsetFetchRequest;
import io.odradek.protocol.api.OffsetFetchRequest.OffsetFetchRequestGroup;
import io.odradek.protocol.api.OffsetFetchRequest.OffsetFetchRequestTopic;
import io.odradek.protocol.api.TxnOffsetCommitRequest;
import io.odradek.protocol.api.TxnOffsetCommitRequest.TxnOffsetCommitRequestPartition;
import io.odradek.protocol.api.TxnOffsetCommitRequest.TxnOffsetCommitRequestTopic;
import io.odradek.protocol.errors.ErrorCode;
import io.odradek.protocol.wire.Uuid;
import io.odradek.server.OpenedBroker;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Coordinators that have not read yet, or cannot read, what they have stored. */
@Timeout(120)
class LoadingErrorsTest {
    @TempDir
    Path folder;

    private final UnreadableDisk disk = new UnreadableDisk();

    private ErrorsBed start() throws Exception {
        OpenedBroker broker = OpenedBroker.start(
                Map.of(
                        "broker.id", "0",
                        "listeners", "PLAINTEXT://127.0.0.1:0",
                        "log.dirs", folder.toString(),
                        "offsets.topic.num.partitions", "1",
                        "offsets.topic.replication.factor", "1",
                        "transaction.state.log.num.partitions", "1",
                        "transaction.state.log.min.isr", "1",
                        "transaction.state.log.replication.factor", "1"),
                disk.fileSystem());
        return ErrorsBed.of(broker);
    }

    private static OffsetCommitRequest commit() {
        var position = new OffsetCommitRequestPartition(0, 1, -1, -1, "");
        return new OffsetCommitRequest(
                "g", -1, "", null, -1, List.of(new OffsetCommitRequestTopic("t", List.of(position))));
    }

    @BeforeEach
    void aGroupAndATransactionalIdAreStored() throws Exception {
        try (ErrorsBed bed = start()) {
            bed.create("t", 1);
            bed.awaitCoordinator(0, "g");
            bed.awaitCoordinator(1, "id");
            awaitBoth(bed);
        }
    }

    private static void awaitBoth(ErrorsBed bed) {
        InitProducerIdRequest init = new InitProducerIdRequest("id", 60_000, -1, (short) -1);
        await().atMost(ErrorsBed.PATIENCE).until(() -> bed.errors(commit(), 8).isEmpty());
        await().atMost(ErrorsBed.PATIENCE).until(() -> bed.errors(init, 4).isEmpty());
    }

    @Test
    void whoeverAsksACoordinatorThatLoadsIsToldSo() throws Exception {
        disk.slow();
        try (ErrorsBed bed = start()) {
            expectFromAll(bed, COORDINATOR_LOAD_IN_PROGRESS);
            bed.expect(Members.sync("g", 1, "m", null), Members.SYNC, REBALANCE_IN_PROGRESS);
            bed.expect(new HeartbeatRequest("g", 1, "m", null), 4);
            disk.heal();
            awaitBoth(bed);
        } finally {
            disk.heal();
        }
    }

    @Test
    void whoeverAsksACoordinatorThatCannotLoadIsToldSo() throws Exception {
        disk.broken();
        try (ErrorsBed bed = start()) {
            await().atMost(ErrorsBed.PATIENCE)
                    .until(() -> bed.errors(commit(), 8), List.of(COORDINATOR_NOT_AVAILABLE)::equals);
            await().atMost(ErrorsBed.PATIENCE)
                    .until(
                            () -> bed.errors(new EndTxnRequest("id", 0, (short) 0, true), 3),
                            List.of(COORDINATOR_NOT_AVAILABLE)::equals);
            expectFromAll(bed, COORDINATOR_NOT_AVAILABLE);
            bed.expect(Members.sync("g", 1, "m", null), Members.SYNC, COORDINATOR_NOT_AVAILABLE);
            bed.expect(new HeartbeatRequest("g", 1, "m", null), 4, COORDINATOR_NOT_AVAILABLE);
        }
    }

    private static void expectFromAll(ErrorsBed bed, ErrorCode error) throws IOException {
        bed.expect(Members.join("g", "", null), Members.JOIN, error);
        bed.expect(new LeaveGroupRequest("g", "m", List.of(new MemberIdentity("m", null, null))), 5, error);
        bed.expect(commit(), 8, error);
        bed.expect(
                new OffsetFetchRequest("g", List.of(new OffsetFetchRequestTopic("t", List.of(0))), List.of(), false),
                5,
                error);
        bed.expect(
                new OffsetFetchRequest("g", null, List.of(new OffsetFetchRequestGroup("g", null, -1, null)), false),
                8,
                error);
        bed.expect(new OffsetDeleteRequest("g", List.of()), 0, error);
        bed.expect(new DescribeGroupsRequest(List.of("g"), false), 5, error);
        bed.expect(new DeleteGroupsRequest(List.of("g")), 2, error);
        bed.expect(new ListGroupsRequest(List.of(), List.of()), 4, error);
        var position = new TxnOffsetCommitRequestTopic(
                "t", Uuid.ZERO, List.of(new TxnOffsetCommitRequestPartition(0, 1, -1, "")));
        bed.expect(new TxnOffsetCommitRequest("id", "g", 0, (short) 0, -1, "", null, List.of(position)), 3, error);

        bed.expect(new InitProducerIdRequest("id", 60_000, -1, (short) -1), 4, error);
        bed.expect(
                new AddPartitionsToTxnRequest(
                        List.of(), "id", 0, (short) 0, List.of(new AddPartitionsToTxnTopic("t", List.of(0)))),
                3,
                error);
        bed.expect(new AddOffsetsToTxnRequest("id", 0, (short) 0, "g"), 3, error);
        bed.expect(new EndTxnRequest("id", 0, (short) 0, true), 3, error);
        bed.expect(new DescribeTransactionsRequest(List.of("id")), 0, error);
        bed.expect(new ListTransactionsRequest(List.of(), List.of(), -1, null), 1, error);
    }
}
