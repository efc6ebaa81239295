package io.odradek.core.request;

import static org.assertj.core.api.Assertions.assertThat;

import io.odradek.core.controller.SimulatedCluster;
import io.odradek.core.metadata.MetadataImage.PartitionInfo;
import io.odradek.protocol.api.ApiKey;
import io.odradek.protocol.api.CreatePartitionsRequest;
import io.odradek.protocol.api.CreatePartitionsRequest.CreatePartitionsAssignment;
import io.odradek.protocol.api.CreatePartitionsRequest.CreatePartitionsTopic;
import io.odradek.protocol.api.CreatePartitionsResponse;
import io.odradek.protocol.api.CreatePartitionsResponse.CreatePartitionsTopicResult;
import io.odradek.protocol.api.ElectLeadersRequest;
import io.odradek.protocol.api.ElectLeadersRequest.TopicPartitions;
import io.odradek.protocol.api.ElectLeadersResponse;
import io.odradek.protocol.api.ElectLeadersResponse.PartitionResult;
import io.odradek.protocol.errors.ErrorCode;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class GrowthAndElectionHandlersTest {
    private SimulatedCluster cluster;
    private SimulatedCluster.Broker broker;

    @BeforeEach
    void start() throws IOException {
        cluster = new SimulatedCluster();
        broker = cluster.start(1);
        broker.create("t", 1, 1, Map.of());
    }

    @AfterEach
    void close() {
        cluster.close();
        cluster.files.close();
    }

    private List<CreatePartitionsTopicResult> grow(
            SimulatedCluster.Broker to, int timeoutMs, boolean validateOnly, CreatePartitionsTopic... topics) {
        CapturedRequest context = new CapturedRequest(ApiKey.CREATE_PARTITIONS, 3);
        new CreatePartitionsHandler(to.controller, to.loop, new TopicLines(cluster.world.clock()))
                .handle(new CreatePartitionsRequest(List.of(topics), timeoutMs, validateOnly), context);
        cluster.world.advanceMs(100);
        return context.answer(CreatePartitionsResponse.class).results();
    }

    @Test
    void partitionsAreServedWhenTheirCreationIsAnswered() {
        CreatePartitionsTopic wanted = new CreatePartitionsTopic("t", 3, null);
        assertThat(grow(broker, 1_000, true, wanted))
                .containsExactly(new CreatePartitionsTopicResult("t", ErrorCode.NONE, null));
        assertThat(broker.image().topics().get("t").partitions()).hasSize(1);
        assertThat(grow(broker, 1_000, false, wanted))
                .containsExactly(new CreatePartitionsTopicResult("t", ErrorCode.NONE, null));
        assertThat(broker.image().topics().get("t").partitions())
                .extracting(PartitionInfo::leader)
                .containsExactly(1, 1, 1);
        assertThat(broker.replicas.served).hasSize(3);
    }

    @Test
    void eachTopicIsRefusedOrTakenOnItsOwn() {
        broker.create("other", 1, 1, Map.of());
        broker.create("twice", 1, 1, Map.of());
        List<CreatePartitionsTopicResult> results = grow(
                broker,
                1_000,
                false,
                new CreatePartitionsTopic("none", 2, null),
                new CreatePartitionsTopic("t", 1, null),
                new CreatePartitionsTopic("twice", 2, null),
                new CreatePartitionsTopic("twice", 3, null),
                new CreatePartitionsTopic("other", 2, List.of(new CreatePartitionsAssignment(List.of(1)))));
        assertThat(results)
                .extracting(CreatePartitionsTopicResult::errorCode)
                .containsExactly(
                        ErrorCode.UNKNOWN_TOPIC_OR_PARTITION,
                        ErrorCode.INVALID_PARTITIONS,
                        ErrorCode.INVALID_REQUEST,
                        ErrorCode.NONE);
        assertThat(results.get(1).errorMessage()).contains("already has 1 partitions");
        assertThat(grow(
                        broker,
                        1_000,
                        false,
                        new CreatePartitionsTopic("t", 2, List.of(new CreatePartitionsAssignment(List.of(7))))))
                .extracting(CreatePartitionsTopicResult::errorCode)
                .containsExactly(ErrorCode.INVALID_REPLICA_ASSIGNMENT);
        for (int tooMany : List.of(1_000, Integer.MAX_VALUE)) {
            assertThat(grow(broker, 1_000, false, new CreatePartitionsTopic("t", tooMany, null)))
                    .extracting(CreatePartitionsTopicResult::errorCode)
                    .containsExactly(ErrorCode.POLICY_VIOLATION);
        }
    }

    @Test
    void whatTakesTooLongGoesOnAndIsAnsweredSo() {
        broker.replicas.delayMs = 50;
        assertThat(grow(broker, 10, false, new CreatePartitionsTopic("t", 2, null)))
                .extracting(CreatePartitionsTopicResult::errorCode)
                .containsExactly(ErrorCode.REQUEST_TIMED_OUT);
        assertThat(broker.image().topics().get("t").partitions()).hasSize(2);
    }

    @Test
    void onlyTheControllerAddsPartitionsAndElects() {
        SimulatedCluster.Broker second = cluster.start(2);
        assertThat(grow(second, 1_000, false, new CreatePartitionsTopic("t", 2, null)))
                .extracting(CreatePartitionsTopicResult::errorCode)
                .containsExactly(ErrorCode.NOT_CONTROLLER);
        ElectLeadersResponse refused = elect(second, (byte) 0, List.of(new TopicPartitions("t", List.of(0))));
        assertThat(refused.errorCode()).isEqualTo(ErrorCode.NOT_CONTROLLER);
        assertThat(refused.replicaElectionResults()
                        .get(0)
                        .partitionResult()
                        .get(0)
                        .errorCode())
                .isEqualTo(ErrorCode.NOT_CONTROLLER);
    }

    private ElectLeadersResponse elect(SimulatedCluster.Broker to, byte type, List<TopicPartitions> partitions) {
        CapturedRequest context = new CapturedRequest(ApiKey.ELECT_LEADERS, 2);
        new ElectLeadersHandler(to.controller, to.loop)
                .handle(new ElectLeadersRequest(type, partitions, 1_000), context);
        cluster.world.advanceMs(100);
        return context.answer(ElectLeadersResponse.class);
    }

    @Test
    void electionsAreAnsweredForEachPartition() {
        ElectLeadersResponse response =
                elect(broker, ElectLeadersRequest.PREFERRED, List.of(new TopicPartitions("t", List.of(0, 1))));
        assertThat(response.errorCode()).isEqualTo(ErrorCode.NONE);
        assertThat(response.replicaElectionResults().get(0).partitionResult())
                .extracting(PartitionResult::errorCode)
                .containsExactly(ErrorCode.ELECTION_NOT_NEEDED, ErrorCode.UNKNOWN_TOPIC_OR_PARTITION);
        assertThat(elect(broker, ElectLeadersRequest.UNCLEAN, null).replicaElectionResults())
                .as("of all, those that need none are left out")
                .isEmpty();
    }
}
