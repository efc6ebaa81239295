package io.odradek.core.request;

import static org.assertj.core.api.Assertions.assertThat;

import io.odradek.protocol.api.ApiKey;
import io.odradek.protocol.api.DescribeLogDirsResponse;
import io.odradek.protocol.errors.ErrorCode;
import io.odradek.storage.env.SimulatedWorld;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

class SlowRequestsTest {
    private static final DescribeLogDirsResponse ANSWER = new DescribeLogDirsResponse(ErrorCode.NONE, List.of());

    private final SimulatedWorld world = new SimulatedWorld(SimulatedWorld.seedFromSystem());
    private final Queue<Runnable> threads = new ArrayDeque<>();
    private final SlowRequests disk = new SlowRequests(threads::add, world.newLoop("cluster"), 2, 60_000, "Too many");

    private TestContext serve(Supplier<DescribeLogDirsResponse> work) {
        TestContext context = new TestContext(ApiKey.DESCRIBE_LOG_DIRS, 4);
        disk.serve(context, work::get);
        return context;
    }

    private TestContext serve() {
        return serve(() -> ANSWER);
    }

    private void runAll() {
        while (!threads.isEmpty()) {
            threads.remove().run();
        }
    }

    @Test
    void oneIsServedAtATimeAndTheOthersInTheirOrder() {
        TestContext first = serve();
        TestContext second = serve();
        assertThat(threads).hasSize(1);
        threads.remove().run();
        assertThat(first.isCompleted()).isTrue();
        assertThat(second.isCompleted()).isFalse();
        runAll();
        assertThat(second.response(DescribeLogDirsResponse.class)).isSameAs(ANSWER);
    }

    @Test
    void whateverGoesWrongIsAnsweredAndTheNextIsServed() {
        TestContext failing = serve(() -> {
            throw new StackOverflowError("in a test");
        });
        TestContext next = serve();
        runAll();
        assertThat(failing.failure()).isEqualTo(ErrorCode.UNKNOWN_SERVER_ERROR);
        assertThat(next.response(DescribeLogDirsResponse.class)).isSameAs(ANSWER);
    }

    @Test
    void oneTooManyIsToldSoAtOnce() {
        List<TestContext> served = List.of(serve(), serve(), serve());
        assertThat(serve().failure()).isEqualTo(ErrorCode.REQUEST_TIMED_OUT);
        runAll();
        assertThat(served).allMatch(TestContext::isCompleted).allMatch(context -> context.failure() == null);
    }

    /** Or a client that asks again and again fills the heap with them. */
    @Test
    void oneThatIsAnsweredOrGoneLeavesNoTimer() {
        serve();
        world.runUntilIdle();
        serve().leave();
        runAll();
        serve();
        runAll();
        serve();
        serve();
        serve();
        assertThat(serve().failure()).isEqualTo(ErrorCode.REQUEST_TIMED_OUT);
        runAll();
        world.runUntilIdle();
        long history = world.history();
        world.advanceMs(120_000);
        assertThat(world.history()).as("nothing has run").isEqualTo(history);
    }

    @Test
    void oneThatWaitsTooLongIsToldSo() {
        TestContext first = serve();
        world.advanceMs(60_000);
        assertThat(first.failure()).isEqualTo(ErrorCode.REQUEST_TIMED_OUT);
        TestContext second = serve();
        runAll();
        assertThat(second.response(DescribeLogDirsResponse.class)).isSameAs(ANSWER);
    }

    @Test
    void oneWhoseClientHasLeftIsNotServed() {
        serve();
        TestContext gone = serve(() -> {
            throw new AssertionError("served");
        });
        gone.leave();
        assertThat(gone.isCompleted()).isTrue();
        runAll();
        assertThat(gone.failure()).isNull();
    }

    @Test
    void whatHasBeenAnsweredOrLeftWaitsForNoTime() {
        serve();
        TestContext gone = serve();
        world.runUntilIdle();
        gone.leave();
        TestContext servedBeforeItsTimeIsCounted = serve();
        runAll();
        world.runUntilIdle();
        assertThat(servedBeforeItsTimeIsCounted.isCompleted()).isTrue();
        assertThat(world.isEmpty()).as("nothing waits, now or later").isTrue();
    }
}
