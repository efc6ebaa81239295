package io.odradek.core.request;

import static org.assertj.core.api.Assertions.assertThat;

import io.odradek.core.controller.NewTopic;
import io.odradek.core.controller.SimulatedCluster;
import io.odradek.protocol.api.AlterPartitionReassignmentsRequest;
import io.odradek.protocol.api.AlterPartitionReassignmentsRequest.ReassignablePartition;
import io.odradek.protocol.api.AlterPartitionReassignmentsRequest.ReassignableTopic;
import io.odradek.protocol.api.AlterPartitionReassignmentsResponse;
import io.odradek.protocol.api.AlterPartitionReassignmentsResponse.ReassignablePartitionResponse;
import io.odradek.protocol.api.AlterPartitionReassignmentsResponse.ReassignableTopicResponse;
import io.odradek.protocol.api.ApiKey;
import io.odradek.protocol.api.ListPartitionReassignmentsRequest;
import io.odradek.protocol.api.ListPartitionReassignmentsRequest.ListPartitionReassignmentsTopics;
import io.odradek.protocol.api.ListPartitionReassignmentsResponse;
import io.odradek.protocol.api.ListPartitionReassignmentsResponse.OngoingPartitionReassignment;
import io.odradek.protocol.api.ListPartitionReassignmentsResponse.OngoingTopicReassignment;
import io.odradek.protocol.errors.ErrorCode;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ReassignmentHandlersTest {
    private SimulatedCluster cluster;

    @BeforeEach
    void start() throws IOException {
        cluster = new SimulatedCluster();
        for (int id = 1; id <= 3; id++) {
            cluster.start(id);
        }
        NewTopic wanted = new NewTopic(
                "t", -1, (short) -1, new TreeMap<>(Map.of(0, List.of(1, 2), 1, List.of(2, 1))), new TreeMap<>());
        cluster.value(cluster.brokers.get(1).controller.createTopics(List.of(wanted), false));
    }

    @AfterEach
    void close() {
        cluster.close();
        cluster.files.close();
    }

    private AlterPartitionReassignmentsResponse alter(int broker, int timeoutMs, ReassignableTopic... topics) {
        CapturedRequest context = new CapturedRequest(ApiKey.ALTER_PARTITION_REASSIGNMENTS, 0);
        SimulatedCluster.Broker to = cluster.brokers.get(broker);
        new AlterPartitionReassignmentsHandler(to.controller, to.loop)
                .handle(new AlterPartitionReassignmentsRequest(timeoutMs, true, List.of(topics)), context);
        cluster.world.advanceMs(100);
        return context.answer(AlterPartitionReassignmentsResponse.class);
    }

    private ListPartitionReassignmentsResponse list(
            int broker, int timeoutMs, List<ListPartitionReassignmentsTopics> topics) {
        CapturedRequest context = new CapturedRequest(ApiKey.LIST_PARTITION_REASSIGNMENTS, 0);
        SimulatedCluster.Broker to = cluster.brokers.get(broker);
        new ListPartitionReassignmentsHandler(to.controller, to.loop)
                .handle(new ListPartitionReassignmentsRequest(timeoutMs, topics), context);
        cluster.world.advanceMs(100);
        return context.answer(ListPartitionReassignmentsResponse.class);
    }

    private static ReassignablePartition to(int partition, Integer... brokers) {
        return new ReassignablePartition(partition, List.of(brokers));
    }

    @Test
    void eachPartitionIsTakenOrRefusedOnItsOwn() {
        AlterPartitionReassignmentsResponse answer = alter(
                1,
                1_000,
                new ReassignableTopic("t", List.of(to(0, 3, 2), to(1, 4), to(7, 1))),
                new ReassignableTopic("none", List.of(new ReassignablePartition(0, null), to(1, 1))));
        assertThat(answer.errorCode()).isEqualTo(ErrorCode.NONE);
        assertThat(answer.responses())
                .extracting(ReassignableTopicResponse::name)
                .containsExactly("none", "t");
        assertThat(answer.responses().get(0).partitions())
                .extracting(ReassignablePartitionResponse::errorCode)
                .containsExactly(ErrorCode.NO_REASSIGNMENT_IN_PROGRESS, ErrorCode.UNKNOWN_TOPIC_OR_PARTITION);
        assertThat(answer.responses().get(1).partitions())
                .extracting(ReassignablePartitionResponse::errorCode)
                .containsExactly(
                        ErrorCode.NONE, ErrorCode.INVALID_REPLICA_ASSIGNMENT, ErrorCode.UNKNOWN_TOPIC_OR_PARTITION);
        assertThat(answer.responses().get(1).partitions().get(0).errorMessage()).isNull();

        OngoingTopicReassignment moved = new OngoingTopicReassignment(
                "t", List.of(new OngoingPartitionReassignment(0, List.of(3, 2, 1), List.of(3), List.of(1))));
        assertThat(list(1, 1_000, null).topics()).containsExactly(moved);
        assertThat(list(1, 1_000, List.of(new ListPartitionReassignmentsTopics("t", List.of(0, 1))))
                        .topics())
                .containsExactly(moved);
        assertThat(list(1, 1_000, List.of(new ListPartitionReassignmentsTopics("t", List.of(1, 9))))
                        .topics())
                .isEmpty();
    }

    @Test
    void aMoveThatIsCancelledIsListedNoMore() {
        alter(1, 1_000, new ReassignableTopic("t", List.of(to(1, 3))));
        assertThat(list(1, 1_000, null).topics()).hasSize(1);
        assertThat(alter(1, 1_000, new ReassignableTopic("t", List.of(new ReassignablePartition(1, null))))
                        .responses()
                        .get(0)
                        .partitions()
                        .get(0)
                        .errorCode())
                .isEqualTo(ErrorCode.NONE);
        assertThat(list(1, 1_000, null).topics()).isEmpty();
    }

    @Test
    void whoSaysSoKeepsTheNumberOfReplicas() {
        CapturedRequest context = new CapturedRequest(ApiKey.ALTER_PARTITION_REASSIGNMENTS, 1);
        SimulatedCluster.Broker to = cluster.brokers.get(1);
        new AlterPartitionReassignmentsHandler(to.controller, to.loop)
                .handle(
                        new AlterPartitionReassignmentsRequest(
                                1_000, false, List.of(new ReassignableTopic("t", List.of(to(0, 3), to(1, 3, 1))))),
                        context);
        cluster.world.advanceMs(100);
        AlterPartitionReassignmentsResponse answer = context.answer(AlterPartitionReassignmentsResponse.class);
        assertThat(answer.allowReplicationFactorChange()).isFalse();
        assertThat(answer.responses().get(0).partitions())
                .extracting(ReassignablePartitionResponse::errorCode)
                .containsExactly(ErrorCode.INVALID_REPLICATION_FACTOR, ErrorCode.NONE);
    }

    @Test
    void onlyTheControllerMovesAndTells() {
        assertThat(alter(2, 1_000, new ReassignableTopic("t", List.of(to(0, 3))))
                        .errorCode())
                .isEqualTo(ErrorCode.NOT_CONTROLLER);
        assertThat(list(2, 1_000, null).errorCode()).isEqualTo(ErrorCode.NOT_CONTROLLER);
    }

    @Test
    void whatTakesTooLongGoesOnAndIsAnsweredSo() {
        assertThat(alter(1, 0, new ReassignableTopic("t", List.of(to(0, 3)))).errorCode())
                .isEqualTo(ErrorCode.REQUEST_TIMED_OUT);
        assertThat(list(1, 1_000, null).topics()).hasSize(1);
        assertThat(list(1, 0, null).errorCode()).isEqualTo(ErrorCode.REQUEST_TIMED_OUT);
    }
}
