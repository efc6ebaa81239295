package io.odradek.core.controller;

import static org.assertj.core.api.Assertions.assertThat;

import io.odradek.core.coordination.node.ProducerIdBlockNode;
import io.odradek.core.transport.BrokerUnreachableException;
import io.odradek.protocol.api.AllocateProducerIdsRequest;
import io.odradek.protocol.api.AllocateProducerIdsResponse;
import io.odradek.protocol.api.ApiRequest;
import io.odradek.protocol.api.ApiResponse;
import io.odradek.protocol.errors.ErrorCode;
import io.odradek.storage.env.SimulatedWorld;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** How a broker of a cluster comes by producer ids. */
class ClusterProducerIdsTest {
    private final SimulatedWorld world = new SimulatedWorld(1);
    private final List<ApiRequest> asked = new ArrayList<>();
    private final List<CompletableFuture<ApiResponse>> answers = new ArrayList<>();
    private final ClusterProducerIds blocks = new ClusterProducerIds(
            (api, version, request, timeoutMs) -> {
                asked.add(request);
                answers.add(new CompletableFuture<>());
                return answers.get(answers.size() - 1);
            },
            4,
            () -> 77,
            30_000);
    private final ProducerIds ids = new ProducerIds(blocks, world.newLoop("cluster"));

    private CompletableFuture<Long> next() {
        CompletableFuture<Long> id = ids.next().toCompletableFuture();
        world.runUntilIdle();
        return id;
    }

    private void answer(ErrorCode error, long first, int length) {
        answers.get(answers.size() - 1).complete(new AllocateProducerIdsResponse(error, first, length));
        world.runUntilIdle();
    }

    @Test
    void aBlockIsAskedForInTheNameOfThisLifeOfTheBroker() {
        CompletableFuture<ProducerIdBlockNode> block = blocks.claim().toCompletableFuture();
        answer(ErrorCode.NONE, 5_000, 1_000);

        assertThat(asked).containsExactly(new AllocateProducerIdsRequest(4, 77));
        assertThat(block).isCompletedWithValue(new ProducerIdBlockNode(4, 5_000, 5_999));
    }

    @Test
    void theNextBlockIsAskedForWhenOneIsUsedUp() {
        CompletableFuture<Long> first = next();
        CompletableFuture<Long> second = next();
        CompletableFuture<Long> third = next();
        assertThat(asked).hasSize(1);

        answer(ErrorCode.NONE, 10, 2);
        assertThat(first).isCompletedWithValue(10L);
        assertThat(second).isCompletedWithValue(11L);
        assertThat(third).isNotDone();
        answer(ErrorCode.NONE, 30, 2);

        assertThat(third).isCompletedWithValue(30L);
        assertThat(asked).hasSize(2);
    }

    @Test
    void aRefusalFailsWhoWaitsAndTheNextOneAsksAgain() {
        CompletableFuture<Long> refused = next();
        answer(ErrorCode.STALE_BROKER_EPOCH, -1, 0);
        CompletableFuture<Long> unreachable = next();
        answers.get(1).completeExceptionally(new BrokerUnreachableException("nobody"));
        world.runUntilIdle();
        CompletableFuture<Long> served = next();
        answer(ErrorCode.NONE, 10, 1);

        assertThat(refused).isCompletedExceptionally();
        assertThat(unreachable).isCompletedExceptionally();
        assertThat(served).isCompletedWithValue(10L);
    }
}
