package io.odradek.core.request;

import static org.assertj.core.api.Assertions.assertThat;

import io.odradek.core.fetch.FetchSessionCache;
import io.odradek.core.fetch.FetchSessions;
import io.odradek.core.partition.LeaderLog;
import io.odradek.core.partition.Partition;
import io.odradek.core.partition.RecordDeletion;
import io.odradek.core.partition.Replica;
import io.odradek.core.partition.TestBroker;
import io.odradek.core.request.cluster.ClusterPeers;
import io.odradek.core.request.cluster.ReplicaRequests;
import io.odradek.protocol.api.ApiKey;
import io.odradek.protocol.api.FetchRequest;
import io.odradek.protocol.api.FetchRequest.FetchPartition;
import io.odradek.protocol.api.FetchRequest.FetchTopic;
import io.odradek.protocol.api.FetchResponse;
import io.odradek.protocol.api.FetchResponse.FetchableTopicResponse;
import io.odradek.protocol.api.FetchResponse.PartitionData;
import io.odradek.protocol.api.ListOffsetsRequest;
import io.odradek.protocol.api.ListOffsetsRequest.ListOffsetsPartition;
import io.odradek.protocol.api.ListOffsetsRequest.ListOffsetsTopic;
import io.odradek.protocol.api.ListOffsetsResponse;
import io.odradek.protocol.errors.ErrorCode;
import io.odradek.protocol.record.BatchBuilder;
import io.odradek.protocol.wire.Uuid;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Fetches of brokers 2 and 3 from broker 1, which leads in epoch 0. */
class FollowerFetchTest {
    private final TestBroker broker = new TestBroker(2);
    private final FetchHandler handler = new FetchHandler(
            broker.owners,
            broker::image,
            new FetchSessions(new FetchSessionCache(10, broker.world.clock(), broker.world.newRandoms("sessions"))),
            55 << 20);

    @AfterEach
    void close() throws IOException {
        broker.close();
    }

    private static FetchPartition at(int partition, int epoch, long offset) {
        return new FetchPartition(partition, epoch, offset, -1, 0, 1 << 20, Uuid.ZERO);
    }

    private FetchResponse fetch(
            int brokerId, long brokerEpoch, int sessionId, int sessionEpoch, FetchPartition... partitions) {
        return fetch(handler, brokerId, brokerEpoch, sessionId, sessionEpoch, partitions)
                .response(FetchResponse.class);
    }

    private TestContext fetch(
            RequestHandler<FetchRequest> handler,
            int brokerId,
            long brokerEpoch,
            int sessionId,
            int sessionEpoch,
            FetchPartition... partitions) {
        TestContext context = new TestContext(ApiKey.FETCH, 17);
        List<FetchTopic> topics = partitions.length == 0
                ? List.of()
                : List.of(new FetchTopic("", TestBroker.topicId("r"), List.of(partitions)));
        handler.handle(
                new FetchRequest(
                        null,
                        -1,
                        new FetchRequest.ReplicaState(brokerId, brokerEpoch),
                        0,
                        1,
                        1 << 20,
                        (byte) 0,
                        sessionId,
                        sessionEpoch,
                        topics,
                        List.of(),
                        ""),
                context);
        broker.world.runUntilIdle();
        return context;
    }

    private PartitionData fetchOne(int brokerId, long brokerEpoch, FetchPartition partition) {
        return data(fetch(brokerId, brokerEpoch, 0, -1, partition)).get(0);
    }

    private static List<PartitionData> data(FetchResponse response) {
        List<PartitionData> all = new ArrayList<>();
        for (FetchableTopicResponse topic : response.responses()) {
            all.addAll(topic.partitions());
        }
        return all;
    }

    private Partition led(int partitions) {
        broker.topic("r", partitions, Map.of(), List.of(1, 2));
        return broker.partition("r", 0);
    }

    private static void append(Partition partition) {
        LeaderLog.append(
                partition,
                new BatchBuilder(1000)
                        .append(1000, null, ByteBuffer.allocate(3))
                        .build(),
                (short) 1,
                0);
        partition.announceChanges();
    }

    @Test
    void aBrokerThatIsNotKnownAsAFollowerMayBecomeKnownInTheEpochThatItKnows() {
        Partition partition = led(1);
        append(partition);
        assertThat(fetchOne(3, 7, at(0, 0, 0)).errorCode()).isEqualTo(ErrorCode.UNKNOWN_LEADER_EPOCH);
        assertThat(fetchOne(3, 7, at(0, -1, 0)).errorCode()).isEqualTo(ErrorCode.NOT_LEADER_OR_FOLLOWER);
        assertThat(fetchOne(3, 7, at(0, 0, 0)).records().sizeBytes())
                .as("it sees nothing")
                .isZero();
        broker.leadWithIsr(partition, 0, List.of(1, 2), List.of(1, 2, 3));
        broker.world.runUntilIdle();
        assertThat(fetchOne(3, 7, at(0, 0, 0)).errorCode()).isEqualTo(ErrorCode.NONE);
    }

    @Test
    void aClientThatFetchesAsAFollowerIsRefusedWhereBrokersComeByAListenerOfTheirOwn() {
        Partition partition = led(1);
        append(partition);
        RequestHandler<FetchRequest> internal = new ReplicaRequests(ClusterPeers.by(Set.of("INTERNAL"))).fetch(handler);
        FetchResponse refused = fetch(internal, 2, 7, 0, 0, at(0, 0, 1)).response(FetchResponse.class);
        assertThat(refused.sessionId()).as("it gets no session").isZero();
        assertThat(data(refused))
                .extracting(PartitionData::errorCode)
                .containsExactly(ErrorCode.TOPIC_AUTHORIZATION_FAILED);
        assertThat(partition.highWatermark())
                .as("broker 2 does not have the record")
                .isZero();
        assertThat(fetch(internal, -1, -1, 0, -1, at(0, 0, 0)).failure())
                .as("a consumer fetches from any listener")
                .isNull();

        RequestHandler<FetchRequest> shared = new ReplicaRequests(ClusterPeers.by(Set.of("PLAINTEXT"))).fetch(handler);
        assertThat(fetch(shared, 2, 7, 0, -1, at(0, 0, 1)).failure()).isNull();
        assertThat(partition.highWatermark()).isEqualTo(1);
    }

    @Test
    void whoeverAsksForOffsetsInTheNameOfAReplicaIsToldTheLogsEndAndMovesNothing() {
        Partition partition = led(1);
        append(partition);
        assertThat(latest(2)).isEqualTo(1);
        assertThat(latest(3)).as("nor need it be a follower").isEqualTo(1);
        assertThat(latest(-1)).isZero();
        assertThat(partition.highWatermark()).isZero();
    }

    private long latest(int replicaId) {
        TestContext context = new TestContext(ApiKey.LIST_OFFSETS, 9);
        ListOffsetsTopic topic = new ListOffsetsTopic("r", List.of(new ListOffsetsPartition(0, -1, -1, 1)));
        new ListOffsetsHandler(broker.owners, broker::image, broker.world.clock())
                .handle(new ListOffsetsRequest(replicaId, (byte) 0, List.of(topic)), context);
        broker.world.runUntilIdle();
        return context.response(ListOffsetsResponse.class)
                .topics()
                .get(0)
                .partitions()
                .get(0)
                .offset();
    }

    @Test
    void aFetchInAnotherEpochTellsNothing() {
        Partition partition = led(1);
        append(partition);
        broker.leadWithIsr(partition, 1, List.of(1, 2), List.of(1, 2));
        broker.world.runUntilIdle();
        assertThat(fetchOne(2, 7, at(0, 0, 1)).errorCode()).isEqualTo(ErrorCode.FENCED_LEADER_EPOCH);
        assertThat(fetchOne(2, 7, at(0, 2, 1)).errorCode()).isEqualTo(ErrorCode.UNKNOWN_LEADER_EPOCH);
        assertThat(partition.highWatermark()).isZero();
        assertThat(fetchOne(2, 7, at(0, 1, 1)).errorCode()).isEqualTo(ErrorCode.NONE);
        assertThat(partition.highWatermark()).isEqualTo(1);
    }

    @Test
    void aFetchOfAnEarlierLifeTellsNothing() {
        Partition partition = led(1);
        append(partition);
        fetchOne(2, 8, at(0, 0, 0));
        assertThat(fetchOne(2, 7, at(0, 0, 1)).errorCode()).isEqualTo(ErrorCode.STALE_BROKER_EPOCH);
        assertThat(partition.highWatermark()).isZero();
        assertThat(fetchOne(2, 8, at(0, 0, 1)).errorCode()).isEqualTo(ErrorCode.NONE);
        assertThat(partition.highWatermark()).isEqualTo(1);
    }

    @Test
    void aFetchFromBeyondTheEndOrBeforeTheStartTellsNothing() {
        Partition partition = led(1);
        append(partition);
        append(partition);
        assertThat(fetchOne(2, 7, at(0, 0, 3)).errorCode()).isEqualTo(ErrorCode.OFFSET_OUT_OF_RANGE);
        assertThat(partition.highWatermark()).isZero();
        fetchOne(2, 7, at(0, 0, 2));
        RecordDeletion.before(partition, 1);
        assertThat(fetchOne(2, 7, at(0, 0, 0)).errorCode()).isEqualTo(ErrorCode.OFFSET_OUT_OF_RANGE);
        append(partition);
        assertThat(partition.highWatermark())
                .as("the follower has fetched from 2 last")
                .isEqualTo(2);
    }

    @Test
    void everyFetchOfASessionTellsWhatTheFollowerHasOfThePartitionsThatItDoesNotName() {
        led(2);
        Partition unnamed = broker.partition("r", 1);
        append(unnamed);
        int session = fetch(2, 7, 0, 0, at(0, 0, 0), at(1, 0, 1)).sessionId();
        assertThat(unnamed.highWatermark()).isEqualTo(1);
        broker.leadWithIsr(unnamed, 0, List.of(1), List.of(1));
        broker.leadWithIsr(unnamed, 0, List.of(1, 2), List.of(1, 2));
        broker.world.runUntilIdle();
        assertThat(unnamed.requireLeader(0).followers().get(2).endOffset())
                .as("it is a new follower")
                .isEqualTo(Replica.UNKNOWN_OFFSET);
        fetch(2, 7, session, 1);
        assertThat(unnamed.requireLeader(0).followers().get(2).endOffset()).isEqualTo(1);
        append(unnamed);
        fetch(2, 7, session, 2, at(0, 0, 0));
        assertThat(unnamed.highWatermark()).isEqualTo(1);
        fetch(2, 7, session, 3, at(1, 0, 2));
        assertThat(unnamed.highWatermark()).isEqualTo(2);
    }

    @Test
    void aFetchOfASessionBringsTheHighWatermarkThatHasMovedThoughThereAreNoRecords() {
        Partition partition = led(1);
        append(partition);
        int session = fetch(2, 7, 0, 0, at(0, 0, 0)).sessionId();
        List<PartitionData> next = data(fetch(2, 7, session, 1, at(0, 0, 1)));
        assertThat(next).extracting(PartitionData::highWatermark).containsExactly(1L);
        assertThat(data(fetch(2, 7, session, 2))).as("nothing is new").isEmpty();
    }
}
