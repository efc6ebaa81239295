package io.odradek.core.request;

import static org.assertj.core.api.Assertions.assertThat;

import io.odradek.core.fetch.FetchSessionCache;
import io.odradek.core.fetch.FetchSessions;
import io.odradek.core.metadata.MetadataImage.PartitionInfo;
import io.odradek.core.metadata.MetadataImage.TopicInfo;
import io.odradek.core.partition.TestBroker;
import io.odradek.protocol.api.ApiKey;
import io.odradek.protocol.api.FetchRequest;
import io.odradek.protocol.api.FetchResponse;
import io.odradek.protocol.api.ProduceRequest;
import io.odradek.protocol.api.ProduceRequest.PartitionProduceData;
import io.odradek.protocol.api.ProduceRequest.TopicProduceData;
import io.odradek.protocol.api.ProduceResponse;
import io.odradek.protocol.errors.ErrorCode;
import io.odradek.protocol.wire.Uuid;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A client that asks the wrong broker is told the right one, where its version can be told (KIP-951). */
class CurrentLeaderTest {
    private static final ProduceResponse.LeaderIdAndEpoch NO_LEADER = new ProduceResponse.LeaderIdAndEpoch(-1, -1);

    private TestBroker broker;

    @BeforeEach
    void open() {
        broker = new TestBroker(2);
        broker.describe(2, "two", 9094);
        broker.describe(new TopicInfo(
                "elsewhere",
                TestBroker.topicId("elsewhere"),
                List.of(
                        new PartitionInfo(2, 5, List.of(2), List.of(2)),
                        new PartitionInfo(-1, 6, List.of(2), List.of(2)),
                        new PartitionInfo(2, 7, List.of(2), List.of(2))),
                Map.of()));
    }

    @AfterEach
    void close() throws IOException {
        broker.close();
    }

    private ProduceResponse produce(int version, int... partitions) {
        TestContext context = new TestContext(ApiKey.PRODUCE, version);
        List<PartitionProduceData> data = Arrays.stream(partitions)
                .mapToObj(index -> new PartitionProduceData(index, TestRecords.batch("x")))
                .toList();
        new ProduceHandler(broker.owners, broker::image, broker.world.clock())
                .handle(
                        new ProduceRequest(null, (short) 1, 1_000, List.of(new TopicProduceData("elsewhere", data))),
                        context);
        broker.world.runUntilIdle();
        return context.response(ProduceResponse.class);
    }

    private static List<ProduceResponse.PartitionProduceResponse> results(ProduceResponse response) {
        return response.responses().get(0).partitionResponses();
    }

    @Test
    void aProducerIsToldWhoLeadsAndWhereEachLeaderOnce() {
        ProduceResponse response = produce(10, 0, 2);

        assertThat(results(response))
                .extracting(ProduceResponse.PartitionProduceResponse::errorCode)
                .containsOnly(ErrorCode.NOT_LEADER_OR_FOLLOWER);
        assertThat(results(response))
                .extracting(ProduceResponse.PartitionProduceResponse::currentLeader)
                .containsExactly(
                        new ProduceResponse.LeaderIdAndEpoch(2, 5), new ProduceResponse.LeaderIdAndEpoch(2, 7));
        assertThat(response.nodeEndpoints()).containsExactly(new ProduceResponse.NodeEndpoint(2, "two", 9094, "rack"));
    }

    @Test
    void aProducerIsToldNothingOfAPartitionWithoutLeader() {
        ProduceResponse response = produce(10, 1);

        assertThat(results(response).get(0).currentLeader()).isEqualTo(NO_LEADER);
        assertThat(response.nodeEndpoints()).isEmpty();
    }

    @Test
    void aProducerThatCannotBeToldIsNot() {
        ProduceResponse response = produce(9, 0);

        assertThat(results(response).get(0).currentLeader()).isEqualTo(NO_LEADER);
        assertThat(response.nodeEndpoints()).isEmpty();
    }

    private FetchResponse fetch(int version, String topic, int currentLeaderEpoch) {
        FetchSessionCache cache = new FetchSessionCache(10, broker.world.clock(), broker.world.newRandoms("sessions"));
        TestContext context = new TestContext(ApiKey.FETCH, version);
        FetchRequest.FetchPartition partition =
                new FetchRequest.FetchPartition(0, currentLeaderEpoch, 0, -1, -1, 1_000, Uuid.ZERO);
        FetchRequest request = new FetchRequest(
                null,
                -1,
                new FetchRequest.ReplicaState(-1, -1),
                0,
                1,
                1_000,
                (byte) 0,
                0,
                -1,
                List.of(new FetchRequest.FetchTopic("", TestBroker.topicId(topic), List.of(partition))),
                List.of(),
                "");
        new FetchHandler(broker.owners, broker::image, new FetchSessions(cache), 1_000_000).handle(request, context);
        broker.world.runUntilIdle();
        return context.response(FetchResponse.class);
    }

    private static FetchResponse.PartitionData only(FetchResponse response) {
        return response.responses().get(0).partitions().get(0);
    }

    @Test
    void aConsumerIsToldWhoLeadsAndWhere() {
        FetchResponse response = fetch(16, "elsewhere", -1);

        assertThat(only(response).errorCode()).isEqualTo(ErrorCode.NOT_LEADER_OR_FOLLOWER);
        assertThat(only(response).currentLeader()).isEqualTo(new FetchResponse.LeaderIdAndEpoch(2, 5));
        assertThat(response.nodeEndpoints()).containsExactly(new FetchResponse.NodeEndpoint(2, "two", 9094, "rack"));
    }

    @Test
    void aConsumerThatCannotBeToldIsNot() {
        FetchResponse response = fetch(15, "elsewhere", -1);

        assertThat(only(response).currentLeader()).isEqualTo(new FetchResponse.LeaderIdAndEpoch(-1, -1));
        assertThat(response.nodeEndpoints()).isEmpty();
    }

    @Test
    void aConsumerWithAnOldEpochIsToldTheCurrentOne() {
        broker.describe(TestBroker.ID, "one", 9092);
        broker.topic("here", 1, Map.of());
        broker.elect(broker.partition("here", 0), TestBroker.ID, 3, List.of(TestBroker.ID));
        broker.describe(new TopicInfo(
                "here",
                TestBroker.topicId("here"),
                List.of(new PartitionInfo(TestBroker.ID, 3, List.of(TestBroker.ID), List.of(TestBroker.ID))),
                Map.of()));
        broker.world.runUntilIdle();

        FetchResponse response = fetch(16, "here", 1);

        assertThat(only(response).errorCode()).isEqualTo(ErrorCode.FENCED_LEADER_EPOCH);
        assertThat(only(response).currentLeader()).isEqualTo(new FetchResponse.LeaderIdAndEpoch(TestBroker.ID, 3));
    }
}
