package io.odradek.core.orders;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.odradek.core.metadata.MetadataCache;
import io.odradek.core.metadata.MetadataImage;
import io.odradek.core.metadata.MetadataImage.BrokerInfo;
import io.odradek.core.transport.BrokerUnreachableException;
import io.odradek.protocol.api.AllocateProducerIdsRequest;
import io.odradek.protocol.api.AllocateProducerIdsResponse;
import io.odradek.protocol.api.ApiKey;
import io.odradek.protocol.api.ApiResponse;
import io.odradek.protocol.api.CreateTopicsRequest;
import io.odradek.protocol.api.CreateTopicsResponse;
import io.odradek.protocol.api.CreateTopicsResponse.CreatableTopicResult;
import io.odradek.protocol.errors.ErrorCode;
import io.odradek.protocol.wire.Uuid;
import io.odradek.storage.env.SimulatedLoop;
import io.odradek.storage.env.SimulatedWorld;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;

/** How a broker's requests find whoever is controller. */
class ControllerCallsTest {
    private static final AllocateProducerIdsRequest REQUEST = new AllocateProducerIdsRequest(1, 50);
    private static final AllocateProducerIdsResponse ANSWER =
            new AllocateProducerIdsResponse(ErrorCode.NONE, 1_000, 1_000);

    private final SimulatedWorld world = new SimulatedWorld(1);
    private final SimulatedLoop loop = world.newLoop("cluster");
    private final ScriptedClient client = new ScriptedClient();
    private int ownCalls;
    private ApiResponse ownAnswer = ANSWER;
    private MetadataImage image = image(-1);

    private final ControllerCalls calls = new ControllerCalls(
            new ControlListener(1, "INTERNAL", 4_000),
            client,
            (api, version, request) -> {
                ownCalls++;
                return CompletableFuture.completedStage(ownAnswer);
            },
            () -> image,
            loop,
            world.clock());

    private static MetadataImage image(int controller) {
        SortedMap<Integer, BrokerInfo> brokers = new TreeMap<>();
        Samples.brokers(1, 2, 3)
                .forEach((id, broker) -> brokers.put(id, broker.node().info(id)));
        return new MetadataImage("cluster", controller, brokers, new TreeMap<>(), Map.of());
    }

    private CompletableFuture<ApiResponse> ask(int timeoutMs) {
        CompletionStage<ApiResponse> stage = calls.send(ApiKey.ALLOCATE_PRODUCER_IDS, 0, REQUEST, timeoutMs);
        world.runUntilIdle();
        return stage.toCompletableFuture();
    }

    private static AllocateProducerIdsResponse refusal(ErrorCode error) {
        return new AllocateProducerIdsResponse(error, -1, 0);
    }

    @Test
    void theOwnControllerIsAskedWithoutASocket() {
        image = image(1);

        assertThat(ask(1_000)).isCompletedWithValue(ANSWER);
        assertThat(client.connections).isEmpty();
    }

    @Test
    void anotherOneIsAskedOverItsListener() {
        image = image(2);

        CompletableFuture<ApiResponse> answer = ask(1_000);
        assertThat(client.connections).containsExactly("broker-2:9092 for broker-1-to-controller");
        assertThat(client.sent.get(0).timeoutMs()).isEqualTo(1_000);
        client.answer(ANSWER);

        assertThat(answer).isCompletedWithValue(ANSWER);
    }

    @Test
    void aControllerIsWaitedFor() {
        CompletableFuture<ApiResponse> answer = ask(60_000);
        world.advanceMs(10_000);
        assertThat(client.sent).isEmpty();

        image = image(3);
        world.advanceMs(1_000);
        client.answer(ANSWER);

        assertThat(answer).isCompletedWithValue(ANSWER);
    }

    @Test
    void aDeposedControllersRefusalIsNotHandedOn() {
        image = image(2);
        CompletableFuture<ApiResponse> answer = ask(60_000);
        client.answer(refusal(ErrorCode.NOT_CONTROLLER));
        image = image(3);
        world.advanceMs(1_000);

        assertThat(client.sent.get(0).host()).isEqualTo("broker-3");
        assertThat(client.closed).as("the connection to the one before").isTrue();
        client.answer(ANSWER);
        assertThat(answer).isCompletedWithValue(ANSWER);
    }

    @Test
    void theOwnControllersRefusalIsNotHandedOnEither() {
        image = image(1);
        ownAnswer = refusal(ErrorCode.NOT_CONTROLLER);
        CompletableFuture<ApiResponse> answer = ask(60_000);
        assertThat(answer).isNotDone();

        image = image(2);
        world.advanceMs(1_000);
        client.answer(ANSWER);

        assertThat(answer).isCompletedWithValue(ANSWER);
        assertThat(ownCalls).isPositive();
    }

    @Test
    void everyOtherRefusalIsAnAnswer() {
        image = image(2);
        CompletableFuture<ApiResponse> answer = ask(60_000);

        client.answer(refusal(ErrorCode.STALE_BROKER_EPOCH));

        assertThat(answer).isCompletedWithValue(refusal(ErrorCode.STALE_BROKER_EPOCH));
    }

    @Test
    void aLostRequestIsSentAgainOverTheSameLine() {
        image = image(2);
        CompletableFuture<ApiResponse> answer = ask(60_000);
        client.lose();
        world.advanceMs(1_000);

        client.answer(ANSWER);

        assertThat(answer).isCompletedWithValue(ANSWER);
        assertThat(client.connections).hasSize(1);
    }

    @Test
    void whatIsUnderWayToAControllerThatHasBeenFollowedByAnotherIsSentToThatOne() {
        image = image(2);
        CompletableFuture<ApiResponse> answer = ask(60_000);
        calls.controllerChanged();
        world.runUntilIdle();
        assertThat(client.closed).as("it is the same").isFalse();

        image = image(3);
        calls.controllerChanged();
        world.runUntilIdle();
        assertThat(client.closed).isTrue();
        client.lose();
        world.advanceMs(100);

        assertThat(client.sent.get(0).host()).isEqualTo("broker-3");
        client.answer(ANSWER);
        assertThat(answer).isCompletedWithValue(ANSWER);
    }

    @Test
    void anImageThatNamesAnotherControllerTellsSo() {
        MetadataCache cache = new MetadataCache();
        List<Integer> told = new ArrayList<>();
        cache.onController(() -> told.add(cache.image().controllerId()));
        for (int controller : new int[] {2, 2, 3, 3, 2}) {
            cache.publish(image(controller));
        }
        assertThat(told).containsExactly(2, 3, 2);
    }

    @Test
    void whenTheTimeIsOverItFails() {
        CompletableFuture<ApiResponse> answer = ask(5_000);

        world.advanceMs(5_000);

        assertThat(answer).isCompletedExceptionally();
        assertThatThrownBy(answer::join).hasCauseInstanceOf(BrokerUnreachableException.class);
    }

    @Test
    void aTopicThatABrokerWasNotToCreateIsBroughtToTheController() {
        image = image(2);
        CompletableFuture<ApiResponse> answer = calls.send(
                        ApiKey.CREATE_TOPICS, 7, new CreateTopicsRequest(List.of(), 1_000, false), 60_000)
                .toCompletableFuture();
        world.runUntilIdle();
        client.answer(creation(ErrorCode.NOT_CONTROLLER));
        world.advanceMs(1_000);

        client.answer(creation(ErrorCode.NONE));

        assertThat(answer).isCompletedWithValue(creation(ErrorCode.NONE));
    }

    @Test
    void eachApiHasALineOfItsOwn() {
        image = image(2);
        calls.send(ApiKey.CREATE_TOPICS, 7, new CreateTopicsRequest(List.of(), 1_000, false), 60_000);
        ask(60_000);

        assertThat(client.connections).hasSize(2);
    }

    private static CreateTopicsResponse creation(ErrorCode error) {
        return new CreateTopicsResponse(List.of(
                new CreatableTopicResult("events", Uuid.ZERO, error, null, (short) 0, -1, (short) -1, List.of())));
    }
}
