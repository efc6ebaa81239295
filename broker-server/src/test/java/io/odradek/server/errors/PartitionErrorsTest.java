package io.odradek.server.errors;

import static io.odradek.protocol.errors.ErrorCode.ELECTION_NOT_NEEDED;
import static io.odradek.protocol.errors.ErrorCode.INVALID_REPLICA_ASSIGNMENT;
import static io.odradek.protocol.errors.ErrorCode.INVALID_REQUEST;
import static io.odradek.protocol.errors.ErrorCode.INVALID_TOPIC_EXCEPTION;
import static io.odradek.protocol.errors.ErrorCode.LOG_DIR_NOT_FOUND;
import static io.odradek.protocol.errors.ErrorCode.NO_REASSIGNMENT_IN_PROGRESS;
import static io.odradek.protocol.errors.ErrorCode.OFFSET_OUT_OF_RANGE;
import static io.odradek.protocol.errors.ErrorCode.POLICY_VIOLATION;
import static io.odradek.protocol.errors.ErrorCode.UNKNOWN_TOPIC_OR_PARTITION;

import io.odradek.protocol.api.AlterPartitionReassignmentsRequest;
import io.odradek.protocol.api.AlterPartitionReassignmentsRequest.ReassignablePartition;
import io.odradek.protocol.api.AlterPartitionReassignmentsRequest.ReassignableTopic;
import io.odradek.protocol.api.AlterReplicaLogDirsRequest;
import io.odradek.protocol.api.AlterReplicaLogDirsRequest.AlterReplicaLogDir;
import io.odradek.protocol.api.AlterReplicaLogDirsRequest.AlterReplicaLogDirTopic;
import io.odradek.protocol.api.DeleteRecordsRequest;
import io.odradek.protocol.api.DeleteRecordsRequest.DeleteRecordsPartition;
import io.odradek.protocol.api.DeleteRecordsRequest.DeleteRecordsTopic;
import io.odradek.protocol.api.DescribeLogDirsRequest;
import io.odradek.protocol.api.DescribeLogDirsRequest.DescribableLogDirTopic;
import io.odradek.protocol.api.DescribeProducersRequest;
import io.odradek.protocol.api.DescribeProducersRequest.TopicRequest;
import io.odradek.protocol.api.ElectLeadersRequest;
import io.odradek.protocol.api.ElectLeadersRequest.TopicPartitions;
import io.odradek.protocol.api.ListPartitionReassignmentsRequest;
import io.odradek.protocol.api.ListPartitionReassignmentsRequest.ListPartitionReassignmentsTopics;
import io.odradek.protocol.errors.ErrorCode;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What is refused of those who look after single partitions: their records, leaders, replicas and folders. */
@Timeout(120)
class PartitionErrorsTest {
    private static ErrorsBed bed;
    private static int id;

    @BeforeAll
    static void start() throws Exception {
        bed = ErrorsBed.start();
        id = bed.brokerId();
        bed.create("t", 2);
        bed.create("compacted", 1, "cleanup.policy", "compact");
        bed.awaitCoordinator(0, "g");
    }

    @AfterAll
    static void stop() throws Exception {
        bed.close();
    }

    private static void delete(String topic, int partition, long offset, ErrorCode... expected) throws IOException {
        var partitions = List.of(new DeleteRecordsPartition(partition, offset));
        DeleteRecordsRequest request =
                new DeleteRecordsRequest(List.of(new DeleteRecordsTopic(topic, partitions)), ErrorsBed.TIMEOUT_MS);
        bed.expect(request, 0, expected);
        bed.expect(request, 2, expected);
    }

    @Test
    void recordsThatCannotBeDeleted() throws IOException {
        delete("none", 0, 0, UNKNOWN_TOPIC_OR_PARTITION);
        delete("", 0, 0, UNKNOWN_TOPIC_OR_PARTITION);
        delete("a b", 0, 0, UNKNOWN_TOPIC_OR_PARTITION);
        delete("t", 2, 0, UNKNOWN_TOPIC_OR_PARTITION);
        delete("t", -1, 0, UNKNOWN_TOPIC_OR_PARTITION);
        delete("t", 0, 1, OFFSET_OUT_OF_RANGE);
        delete("t", 0, Long.MAX_VALUE, OFFSET_OUT_OF_RANGE);
        delete("t", 0, -2, OFFSET_OUT_OF_RANGE);
        delete("t", 0, -1);
        delete("compacted", 0, 0, POLICY_VIOLATION);
        delete("__consumer_offsets", 0, 0, INVALID_TOPIC_EXCEPTION);
        bed.expect(new DeleteRecordsRequest(List.of(), 1_000), 2);
    }

    private static TopicPartitions partitions(String topic, Integer... partitions) {
        return new TopicPartitions(topic, List.of(partitions));
    }

    private static void elect(int type, List<TopicPartitions> partitions, ErrorCode... expected) throws IOException {
        ElectLeadersRequest request = new ElectLeadersRequest((byte) type, partitions, ErrorsBed.TIMEOUT_MS);
        bed.expect(request, 1, expected);
        bed.expect(request, 2, expected);
    }

    @Test
    void electionsThatCannotBe() throws IOException {
        for (int type : new int[] {0, 1}) {
            elect(type, List.of(partitions("t", 0)), ELECTION_NOT_NEEDED);
            elect(type, List.of(partitions("t", 0, 1)), ELECTION_NOT_NEEDED, ELECTION_NOT_NEEDED);
            elect(type, List.of(partitions("none", 0)), UNKNOWN_TOPIC_OR_PARTITION);
            elect(type, List.of(partitions("", 0)), UNKNOWN_TOPIC_OR_PARTITION);
            elect(type, List.of(partitions("t", 2)), UNKNOWN_TOPIC_OR_PARTITION);
            elect(type, List.of(partitions("t", -1)), UNKNOWN_TOPIC_OR_PARTITION);
            elect(type, List.of());
            elect(type, null);
        }
    }

    @Test
    void electionsOfAKindThatThereIsNot() throws IOException {
        for (int type : new int[] {2, 7, -1}) {
            ElectLeadersRequest request = new ElectLeadersRequest((byte) type, List.of(partitions("t", 0)), 1_000);
            bed.expectHere(request, 1, INVALID_REQUEST, INVALID_REQUEST);
            bed.expectHere(request, 2, INVALID_REQUEST, INVALID_REQUEST);
        }
    }

    private static ReassignableTopic to(String topic, int partition, Integer... replicas) {
        List<Integer> wanted = replicas == null ? null : Arrays.asList(replicas);
        return new ReassignableTopic(topic, List.of(new ReassignablePartition(partition, wanted)));
    }

    private static void move(int timeoutMs, ReassignableTopic topic, ErrorCode... expected) throws IOException {
        bed.expect(new AlterPartitionReassignmentsRequest(timeoutMs, true, List.of(topic)), 0, expected);
    }

    @Test
    void movesThatCannotBe() throws IOException {
        for (int timeoutMs : new int[] {ErrorsBed.TIMEOUT_MS, 0, -1}) {
            move(timeoutMs, to("t", 0), INVALID_REPLICA_ASSIGNMENT);
            move(timeoutMs, to("t", 0, id, id), INVALID_REPLICA_ASSIGNMENT);
            move(timeoutMs, to("t", 0, id + 7), INVALID_REPLICA_ASSIGNMENT);
            move(timeoutMs, to("t", 0, -1), INVALID_REPLICA_ASSIGNMENT);
            move(timeoutMs, to("t", 0, id, id + 7), INVALID_REPLICA_ASSIGNMENT);
            move(timeoutMs, to("t", 2, id), UNKNOWN_TOPIC_OR_PARTITION);
            move(timeoutMs, to("t", -1, id), UNKNOWN_TOPIC_OR_PARTITION);
            move(timeoutMs, to("none", 0, id), UNKNOWN_TOPIC_OR_PARTITION);
            move(timeoutMs, to("", 0, id), UNKNOWN_TOPIC_OR_PARTITION);
            move(timeoutMs, to("a b", 0, id), UNKNOWN_TOPIC_OR_PARTITION);
            move(timeoutMs, to("t", 0, (Integer[]) null), NO_REASSIGNMENT_IN_PROGRESS);
            move(timeoutMs, to("none", 0, (Integer[]) null), NO_REASSIGNMENT_IN_PROGRESS);
        }
        move(ErrorsBed.TIMEOUT_MS, to("t", 0, id));
        bed.expect(new AlterPartitionReassignmentsRequest(ErrorsBed.TIMEOUT_MS, true, List.of()), 0);
        bed.expect(
                new AlterPartitionReassignmentsRequest(
                        ErrorsBed.TIMEOUT_MS, true, List.of(to("t", 0, id), to("t", 0, id + 7))),
                0,
                INVALID_REPLICA_ASSIGNMENT);
    }

    @Test
    void movesOfWhatThereIsNotAreNotListed() throws IOException {
        for (int timeoutMs : new int[] {ErrorsBed.TIMEOUT_MS, 0, -1}) {
            bed.expect(new ListPartitionReassignmentsRequest(timeoutMs, null), 0);
            bed.expect(new ListPartitionReassignmentsRequest(timeoutMs, List.of()), 0);
            bed.expect(
                    new ListPartitionReassignmentsRequest(
                            timeoutMs,
                            List.of(
                                    new ListPartitionReassignmentsTopics("none", List.of(0)),
                                    new ListPartitionReassignmentsTopics("t", List.of(0, 2, -1)))),
                    0);
        }
    }

    private static void moveTo(String folder, String topic, int partition, ErrorCode... expected) throws IOException {
        var topics = List.of(new AlterReplicaLogDirTopic(topic, List.of(partition)));
        AlterReplicaLogDirsRequest request =
                new AlterReplicaLogDirsRequest(List.of(new AlterReplicaLogDir(folder, topics)));
        bed.expect(request, 1, expected);
        bed.expect(request, 2, expected);
    }

    @Test
    void foldersThatThereAreNot() throws IOException {
        moveTo("/nowhere", "t", 0, LOG_DIR_NOT_FOUND);
        moveTo("", "t", 0, LOG_DIR_NOT_FOUND);
        moveTo("a\u0000b", "t", 0, LOG_DIR_NOT_FOUND);
        moveTo("relative", "t", 0, LOG_DIR_NOT_FOUND);
        moveTo("/nowhere", "none", 0, LOG_DIR_NOT_FOUND);
        bed.expect(new AlterReplicaLogDirsRequest(List.of()), 2);
        bed.expect(
                new DescribeLogDirsRequest(List.of(
                        new DescribableLogDirTopic("none", List.of(0)),
                        new DescribableLogDirTopic("t", List.of(7, -1)))),
                4);
        bed.expect(new DescribeLogDirsRequest(List.of()), 4);
    }

    private static void producers(String topic, int partition, ErrorCode... expected) throws IOException {
        bed.expect(new DescribeProducersRequest(List.of(new TopicRequest(topic, List.of(partition)))), 0, expected);
    }

    @Test
    void producersOfWhatThereIsNot() throws IOException {
        producers("t", 0);
        producers("t", 2, UNKNOWN_TOPIC_OR_PARTITION);
        producers("t", -1, UNKNOWN_TOPIC_OR_PARTITION);
        producers("none", 0, UNKNOWN_TOPIC_OR_PARTITION);
        producers("", 0, INVALID_TOPIC_EXCEPTION);
        producers("a b", 0, INVALID_TOPIC_EXCEPTION);
        bed.expect(new DescribeProducersRequest(List.of()), 0);
        bed.expectHere(new DescribeProducersRequest(List.of(new TopicRequest("t", List.of(0, 0)))), 0, INVALID_REQUEST);
    }
}
