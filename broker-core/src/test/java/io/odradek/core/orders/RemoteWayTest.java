package io.odradek.core.orders;

import static org.assertj.core.api.Assertions.assertThat;

import io.odradek.core.controller.BrokerOrders.StoppedReplica;
import io.odradek.core.controller.MetadataUpdate;
import io.odradek.protocol.TopicPartition;
import io.odradek.protocol.api.ApiKey;
import io.odradek.protocol.api.LeaderAndIsrRequest;
import io.odradek.protocol.api.LeaderAndIsrRequest.LeaderAndIsrLiveLeader;
import io.odradek.protocol.api.LeaderAndIsrResponse;
import io.odradek.protocol.api.LeaderAndIsrResponse.LeaderAndIsrPartitionError;
import io.odradek.protocol.api.LeaderAndIsrResponse.LeaderAndIsrTopicError;
import io.odradek.protocol.api.StopReplicaResponse;
import io.odradek.protocol.api.UpdateMetadataResponse;
import io.odradek.protocol.errors.ApiException;
import io.odradek.protocol.errors.ErrorCode;
import io.odradek.storage.env.SimulatedLoop;
import io.odradek.storage.env.SimulatedWorld;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;

/** How orders reach a broker over the wire, whatever becomes of requests and answers. */
class RemoteWayTest {
    private static final TopicPartition EVENTS = new TopicPartition("events", 0);

    private final SimulatedWorld world = new SimulatedWorld(1);
    private final SimulatedLoop loop = world.newLoop("cluster");
    private final ScriptedClient client = new ScriptedClient();
    private final RemoteWays ways =
            new RemoteWays(client, loop, world.clock(), new ControlListener(1, "INTERNAL", 4_000));
    private final BrokerWay way =
            ways.way(2, Samples.broker(2, 60), new Authority(1, 7, 60), () -> Samples.brokers(1, 2, 3));

    private static ErrorCode failure(CompletionStage<?> stage) {
        CompletableFuture<?> future = stage.toCompletableFuture();
        assertThat(future).isCompletedExceptionally();
        try {
            future.join();
            return ErrorCode.NONE;
        } catch (CompletionException e) {
            return ((ApiException) e.getCause()).error();
        }
    }

    private static LeaderAndIsrResponse led(ErrorCode error, ErrorCode ofEvents) {
        LeaderAndIsrPartitionError partition = new LeaderAndIsrPartitionError("", 0, ofEvents);
        return new LeaderAndIsrResponse(
                error, List.of(), List.of(new LeaderAndIsrTopicError(Samples.TOPIC_ID, List.of(partition))));
    }

    @Test
    void anOrderGoesToTheListenerForControllersWithTheLeadersThatLive() {
        CompletionStage<List<TopicPartition>> unserved = way.leaderAndIsr(List.of(Samples.state(EVENTS, 3, 1)));

        assertThat(client.connections).containsExactly("broker-2:9092 for 1");
        LeaderAndIsrRequest request = client.next(LeaderAndIsrRequest.class);
        assertThat(request.brokerEpoch()).isEqualTo(60);
        assertThat(request.liveLeaders()).containsExactly(new LeaderAndIsrLiveLeader(3, "broker-3", 9092));
        assertThat(client.sent.get(0).version()).isEqualTo(7);
        assertThat(client.sent.get(0).timeoutMs()).isEqualTo(4_000);
        client.answer(led(ErrorCode.NONE, ErrorCode.KAFKA_STORAGE_ERROR));
        assertThat(unserved.toCompletableFuture()).isCompletedWithValue(List.of(EVENTS));
    }

    @Test
    void aPartitionThatIsInALaterEpochIsServed() {
        CompletionStage<List<TopicPartition>> unserved = way.leaderAndIsr(List.of(Samples.state(EVENTS, 2, 1)));

        client.answer(led(ErrorCode.NONE, ErrorCode.STALE_CONTROLLER_EPOCH));

        assertThat(unserved.toCompletableFuture()).isCompletedWithValue(List.of());
    }

    @Test
    void anOrderIsSentAgainUntilItIsAnswered() {
        CompletionStage<List<TopicPartition>> left = way.stopReplicas(List.of(new StoppedReplica(EVENTS, -2, true)));
        for (int tries = 0; tries < 20; tries++) {
            client.lose();
            assertThat(client.sent).isEmpty();
            world.advanceMs(1_000);
        }

        client.answer(new StopReplicaResponse(ErrorCode.NONE, List.of()));

        assertThat(left.toCompletableFuture()).isCompletedWithValue(List.of());
    }

    @Test
    void afterABackOffTheNextOrderIsTriedAgainSoonAtFirst() {
        way.stopReplicas(List.of(new StoppedReplica(EVENTS, -2, true)));
        for (int tries = 0; tries < 8; tries++) {
            client.lose();
            world.advanceMs(1_000);
        }
        client.answer(new StopReplicaResponse(ErrorCode.NONE, List.of()));

        way.stopReplicas(List.of(new StoppedReplica(EVENTS, -2, true)));
        client.lose();
        world.advanceMs(100);

        assertThat(client.sent).hasSize(1);
    }

    @Test
    void anErrorThatMayPassIsNoAnswer() {
        CompletionStage<Void> told = way.updateMetadata(new MetadataUpdate(Samples.brokers(1), List.of(), List.of()));
        client.answer(new UpdateMetadataResponse(ErrorCode.UNKNOWN_SERVER_ERROR));
        assertThat(told.toCompletableFuture()).isNotDone();
        world.advanceMs(1_000);

        assertThat(client.sent.get(0).api()).isEqualTo(ApiKey.UPDATE_METADATA);
        client.answer(new UpdateMetadataResponse(ErrorCode.NONE));
        assertThat(told.toCompletableFuture()).isCompleted();
    }

    @Test
    void aBrokerThatKnowsOfALaterControllerRefusesForGood() {
        CompletionStage<Void> told = way.updateMetadata(new MetadataUpdate(Samples.brokers(1), List.of(), List.of()));

        client.answer(new UpdateMetadataResponse(ErrorCode.STALE_CONTROLLER_EPOCH));

        assertThat(failure(told)).isEqualTo(ErrorCode.STALE_CONTROLLER_EPOCH);
    }

    @Test
    void aBrokerThatHasComeBackIsNotTheOneThatIsMeant() {
        CompletionStage<Void> told = way.updateMetadata(new MetadataUpdate(Samples.brokers(1), List.of(), List.of()));

        client.answer(new UpdateMetadataResponse(ErrorCode.STALE_BROKER_EPOCH));

        assertThat(failure(told)).isEqualTo(ErrorCode.BROKER_NOT_AVAILABLE);
    }

    @Test
    void onceItIsClosedNothingIsSentAgain() {
        way.updateMetadata(new MetadataUpdate(Samples.brokers(1), List.of(), List.of()));
        client.lose();

        way.close();
        world.advanceMs(60_000);

        assertThat(client.sent).isEmpty();
        assertThat(client.closed).isTrue();
    }

    @Test
    void aBrokerWithoutThatListenerIsTriedUntilItGoes() {
        RemoteWays outside = new RemoteWays(client, loop, world.clock(), new ControlListener(1, "ELSEWHERE", 4_000));
        BrokerWay nowhere = outside.way(2, Samples.broker(2, 60), new Authority(1, 7, 60), () -> Samples.brokers(1, 2));

        CompletionStage<Void> told =
                nowhere.updateMetadata(new MetadataUpdate(Samples.brokers(1), List.of(), List.of()));
        world.advanceMs(10_000);

        assertThat(told.toCompletableFuture()).isNotDone();
        assertThat(client.connections).isEmpty();
    }
}
