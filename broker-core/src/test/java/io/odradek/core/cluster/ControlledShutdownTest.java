package io.odradek.core.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.odradek.core.coordination.CoordinationException;
import io.odradek.core.coordination.CoordinationException.Reason;
import io.odradek.core.transport.BrokerUnreachableException;
import io.odradek.protocol.api.ApiResponse;
import io.odradek.protocol.api.ControlledShutdownRequest;
import io.odradek.protocol.api.ControlledShutdownResponse;
import io.odradek.protocol.api.ControlledShutdownResponse.RemainingPartition;
import io.odradek.protocol.errors.ErrorCode;
import io.odradek.storage.env.SimulatedLoop;
import io.odradek.storage.env.SimulatedWorld;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;

class ControlledShutdownTest {
    private static final CompletionStage<ApiResponse> DONE = answer(ErrorCode.NONE);
    private static final CompletionStage<ApiResponse> STALE = answer(ErrorCode.STALE_BROKER_EPOCH);
    private static final CompletionStage<ApiResponse> LEFT = answer(ErrorCode.NONE, new RemainingPartition("t", 1));
    private static final CompletionStage<ApiResponse> NOBODY =
            CompletableFuture.failedStage(new BrokerUnreachableException("nobody answers"));

    private final SimulatedWorld world = new SimulatedWorld(SimulatedWorld.seedFromSystem());
    private final SimulatedLoop loop = world.newLoop("cluster");
    private final Deque<CompletionStage<ApiResponse>> answers = new ArrayDeque<>();
    private final List<String> asked = new ArrayList<>();
    private long epoch = 100;
    private CompletionStage<?> tree = CompletableFuture.completedStage(null);

    private static CompletionStage<ApiResponse> answer(ErrorCode error, RemainingPartition... left) {
        return CompletableFuture.completedStage(new ControlledShutdownResponse(error, List.of(left)));
    }

    /** {@return whether all was handed over, after how long, and with how many questions} */
    private String handOver(List<CompletionStage<ApiResponse>> given) {
        answers.addAll(given);
        asked.clear();
        List<String> outcome = new ArrayList<>();
        long beganNs = world.clock().monotonicNs();
        ControlledShutdown shutdown = new ControlledShutdown(
                (api, version, request, timeoutMs) -> {
                    ControlledShutdownRequest question = (ControlledShutdownRequest) request;
                    asked.add(question.brokerId() + " in " + question.brokerEpoch() + " within " + timeoutMs);
                    return answers.remove();
                },
                () -> tree,
                loop,
                7,
                () -> epoch,
                new ControlledShutdown.Settings(3, 5_000, 30_000));
        shutdown.handOver()
                .thenAccept(done ->
                        outcome.add(done + " after " + (world.clock().monotonicNs() - beganNs) / 1_000_000 + " ms"));
        world.runUntil(() -> !outcome.isEmpty(), 60_000);
        return outcome.get(0);
    }

    @Test
    void itIsAskedUntilNothingIsLeft() {
        assertThat(handOver(List.of(DONE))).isEqualTo("true after 0 ms");
        assertThat(asked).containsExactly("7 in 100 within 30000");
        assertThat(handOver(List.of(LEFT, DONE))).isEqualTo("true after 5000 ms");
        assertThat(handOver(List.of(NOBODY, STALE, DONE))).isEqualTo("true after 10000 ms");
        assertThat(asked).hasSize(3);
    }

    @Test
    void afterTheLastTimeTheBrokerWaitsNoMore() {
        assertThat(handOver(List.of(LEFT, NOBODY, STALE))).isEqualTo("false after 10000 ms");
    }

    @Test
    void withoutATreeNobodyIsAsked() {
        tree = CompletableFuture.failedStage(new CoordinationException(Reason.SESSION_EXPIRED, "/controller"));
        assertThat(handOver(List.of())).isEqualTo("false after 0 ms");
        tree = new CompletableFuture<>();
        assertThat(handOver(List.of())).isEqualTo("false after 5000 ms");
        assertThat(asked).isEmpty();
        tree = CompletableFuture.failedStage(new CoordinationException(Reason.NO_NODE, "/controller"));
        assertThat(handOver(List.of(DONE))).isEqualTo("true after 0 ms");
    }

    @Test
    void eachQuestionNamesTheRegistrationThatHoldsThen() {
        loop.schedule(1_000, () -> epoch = 200);
        handOver(List.of(STALE, DONE));
        assertThat(asked.get(1)).startsWith("7 in 200");
    }

    @Test
    void whatIsLeftIsNamed() {
        assertThat(ControlledShutdown.obstacle(LEFT.toCompletableFuture().join(), null))
                .isEqualTo("1 partitions have no other replica in sync, one of them t-1");
    }
}
