package io.odradek.storage.env;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class SimulatedWorldTest {
    private final SimulatedWorld world = new SimulatedWorld(1);
    private final SimulatedLoop one = world.newLoop("one");
    private final SimulatedLoop two = world.newLoop("two");
    private final List<String> seen = new ArrayList<>();

    @Test
    void tasksOfALoopRunInTheOrderTheyWerePosted() {
        one.post(() -> seen.add("a"));
        one.post(() -> seen.add("b"));
        one.post(() -> seen.add("c"));
        assertThat(seen).isEmpty();
        world.runUntilIdle();
        assertThat(seen).containsExactly("a", "b", "c");
    }

    @Test
    void theSeedDrawsTheOrderAmongLoopsAndEveryOrderComes() {
        Set<String> orders = new TreeSet<>();
        for (int seed = 0; seed < 200; seed++) {
            String order = orderUnder(seed);
            assertThat(orderUnder(seed)).isEqualTo(order);
            orders.add(order);
        }
        assertThat(orders).containsExactly("abxy", "axby", "axyb", "xaby", "xayb", "xyab");
    }

    private static String orderUnder(long seed) {
        SimulatedWorld world = new SimulatedWorld(seed);
        StringBuilder order = new StringBuilder();
        SimulatedLoop one = world.newLoop("one");
        SimulatedLoop two = world.newLoop("two");
        one.post(() -> order.append("a"));
        one.post(() -> order.append("b"));
        two.post(() -> order.append("x"));
        two.post(() -> order.append("y"));
        world.runUntilIdle();
        return order.toString();
    }

    @Test
    void whatFallsDueRunsAfterWhatItsLoopWasGivenBefore() {
        one.schedule(10, () -> seen.add("timer"));
        two.schedule(10, () -> one.post(() -> seen.add("posted")));
        world.advanceMs(10);
        assertThat(seen).containsExactly("timer", "posted");
    }

    @Test
    void aPausedLoopStandsStillWhileOthersGoOnAndThenDoesWhatHasWaited() {
        one.post(() -> seen.add("posted"));
        one.schedule(10, () -> seen.add("timer"));
        one.pause();
        two.schedule(20, () -> seen.add("other"));
        world.advanceMs(30);
        assertThat(seen).containsExactly("other");
        one.resume();
        world.runUntilIdle();
        assertThat(seen).containsExactly("other", "posted", "timer");
    }

    @Test
    void theObserverSeesTheWorldAfterEachTaskAndOnWhichLoopItWas() {
        world.afterEachTask(loop -> seen.add("after " + loop));
        one.post(() -> seen.add("task"));
        one.schedule(5, () -> {});
        world.advanceMs(10);
        assertThat(seen).containsExactly("task", "after one", "after one");
    }

    @Test
    void twoCoursesOfOneSeedHaveTheSameHistory() {
        assertThat(historyOf(3)).isEqualTo(historyOf(3));
        assertThat(historyOf(3)).isNotEqualTo(historyOf(4));
    }

    private static long historyOf(long seed) {
        SimulatedWorld world = new SimulatedWorld(seed);
        for (int i = 0; i < 10; i++) {
            SimulatedLoop loop = world.newLoop("loop-" + i);
            loop.post(() -> {});
            loop.schedule(i, () -> {});
        }
        world.advanceMs(10);
        return world.history();
    }

    @Test
    void aTaskPostedByATaskRunsAfterIt() {
        one.post(() -> {
            one.post(() -> seen.add("inner"));
            seen.add("outer");
        });
        world.runUntilIdle();
        assertThat(seen).containsExactly("outer", "inner");
    }

    @Test
    void scheduledTasksRunAtTheirTimeAndNotBefore() {
        long startMs = world.clock().wallMs();
        one.schedule(20, () -> seen.add("late " + (world.clock().wallMs() - startMs)));
        two.schedule(10, () -> seen.add("early " + (world.clock().wallMs() - startMs)));
        world.runUntilIdle();
        assertThat(seen).isEmpty();
        world.advanceMs(15);
        assertThat(seen).containsExactly("early 10");
        assertThat(world.clock().monotonicNs()).isEqualTo(15_000_000);
        world.advanceMs(5);
        assertThat(seen).containsExactly("early 10", "late 20");
        assertThat(world.isEmpty()).isTrue();
    }

    @Test
    void aCancelledTaskDoesNotRun() {
        EventLoop.Timeout timeout = one.schedule(5, () -> seen.add("never"));
        timeout.cancel();
        world.advanceMs(10);
        assertThat(seen).isEmpty();
    }

    @Test
    void aConditionIsReachedByMovingTheTimeOrFailsAtTheBound() {
        one.schedule(30, () -> seen.add("done"));
        world.runUntil(() -> !seen.isEmpty(), 30);
        assertThat(world.clock().monotonicNs()).isEqualTo(30_000_000);
        one.schedule(30, () -> seen.add("too late"));
        assertThatThrownBy(() -> world.runUntil(() -> seen.size() == 2, 29))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("seed 1");
    }

    @Test
    void aTaskKnowsItsLoop() {
        one.post(() -> seen.add(one.inLoop() + " " + two.inLoop()));
        world.runUntilIdle();
        assertThat(seen).containsExactly("true false");
        assertThat(one.inLoop()).isFalse();
    }

    @Test
    void whatATaskThrowsComesOutAndTheWorldGoesOn() {
        one.post(() -> {
            throw new IllegalStateException("broken");
        });
        one.post(() -> seen.add("next"));
        assertThatThrownBy(world::runUntilIdle).hasMessage("broken");
        world.runUntilIdle();
        assertThat(seen).containsExactly("next");
    }

    @Test
    void aClosedLoopDropsItsTasks() {
        one.post(() -> seen.add("dropped"));
        one.close();
        one.post(() -> seen.add("dropped too"));
        world.runUntilIdle();
        assertThat(seen).isEmpty();
    }

    @Test
    void aTaskCannotRunTheWorld() {
        one.post(world::runUntilIdle);
        one.post(() -> seen.add("queued"));
        assertThatThrownBy(world::runUntilIdle).isInstanceOf(IllegalStateException.class);
        assertThat(seen).isEmpty();
    }

    @Test
    void theWallClockMayJumpWhileTheMonotonicOneDoesNot() {
        long wallMs = world.clock().wallMs();
        world.clock().jumpWallMs(-1000);
        assertThat(world.clock().wallMs()).isEqualTo(wallMs - 1000);
        assertThat(world.clock().monotonicNs()).isZero();
    }

    @Test
    void chanceRepeatsWithTheSeedAndDiffersByName() {
        SimulatedWorld same = new SimulatedWorld(1);
        assertThat(same.newRandoms("a").nextUuid())
                .isEqualTo(world.newRandoms("a").nextUuid());
        assertThat(same.newRandoms("a").nextLong())
                .isNotEqualTo(same.newRandoms("b").nextLong());
    }
}
