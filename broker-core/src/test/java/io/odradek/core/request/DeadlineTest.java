package io.odradek.core.request;

import static org.assertj.core.api.Assertions.assertThat;

import io.odradek.protocol.api.ApiKey;
import io.odradek.protocol.errors.ErrorCode;
import io.odradek.storage.env.SimulatedLoop;
import io.odradek.storage.env.SimulatedWorld;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class DeadlineTest {
    private final SimulatedWorld world = new SimulatedWorld(SimulatedWorld.seedFromSystem());
    private final SimulatedLoop loop = world.newLoop("cluster");
    private final TestContext context = new TestContext(ApiKey.CREATE_TOPICS, 7);
    private final CompletableFuture<String> stage = new CompletableFuture<>();
    private final List<String> outcomes = new ArrayList<>();

    private void await() {
        Deadline.await(context, loop, 1_000, stage, (value, error) -> outcomes.add(value + " " + error));
        world.runUntilIdle();
    }

    @Test
    void theResultIsHandedOnOnce() {
        await();
        stage.complete("made");
        world.advanceMs(5_000);
        assertThat(outcomes).containsExactly("made null");
    }

    @Test
    void afterTheTimeIsUpTheResultIsNobodys() {
        await();
        world.advanceMs(1_000);
        stage.complete("made");
        world.runUntilIdle();
        assertThat(outcomes).containsExactly("null null");
    }

    @Test
    void aClientThatLeavesIsForgottenWithItsTimer() {
        await();
        context.leave();
        world.runUntilIdle();
        assertThat(context.isCompleted()).isTrue();
        world.advanceMs(5_000);
        stage.complete("made");
        world.runUntilIdle();
        assertThat(outcomes).isEmpty();
    }

    @Test
    void aClientThatHasLeftBeforeIsForgottenToo() {
        context.leave();
        await();
        assertThat(context.isCompleted()).isTrue();
        world.advanceMs(5_000);
        assertThat(outcomes).isEmpty();
    }

    @Test
    void aResultThatCannotBeTakenIsAnError() {
        Deadline.await(context, loop, 1_000, stage, (value, error) -> {
            throw new StackOverflowError("in a test");
        });
        stage.complete("made");
        world.runUntilIdle();
        assertThat(context.failure()).isEqualTo(ErrorCode.UNKNOWN_SERVER_ERROR);
    }
}
