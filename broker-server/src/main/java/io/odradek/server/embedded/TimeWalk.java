package io.odradek.server.embedded;

import io.odradek.server.env.MovableClock;
import io.odradek.server.env.ThreadEventLoop;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * A clock's way to a later time, with all that becomes due on the way. It goes from one time at which something is due to the
 * next, and waits at each until that is done, with what follows from it: what is planned by what has become due is done on the
 * same way, if its time comes in it. Where much is due, a step takes together what lies in a sixteenth of the way that is left,
 * so that a week is a few hundred steps; nothing is done before its time, and nothing later than that sixteenth.
 */
final class TimeWalk {
    private static final long NANOS_PER_MS = 1_000_000;
    private static final long SHARE_OF_WAY_LEFT = 16;
    private static final long LEAST_STEP_NS = 20 * NANOS_PER_MS;

    /** So many hand-overs between loops are waited for where clients keep the broker busy, and it is never done. */
    private static final int MOST_ROUNDS = 100;

    private static final long LONGEST_TASK_S = 60;

    private final MovableClock clock;
    private final Supplier<List<ThreadEventLoop>> sleepers;

    /** @param sleepers who sleeps by this clock, asked again at each step */
    TimeWalk(MovableClock clock, Supplier<List<ThreadEventLoop>> sleepers) {
        this.clock = clock;
        this.sleepers = sleepers;
    }

    /**
     * Goes on by so much; returns when what has become due is done.
     *
     * @throws IllegalArgumentException if the clock does not go so far
     */
    void by(long ns) {
        clock.requireRoom(ns);
        long targetNs = clock.monotonicNs() + ns;
        long nextDueNs = settle();
        long leftNs = targetNs - clock.monotonicNs();
        while (leftNs > 0) {
            long dueInNs = nextDueNs - clock.monotonicNs();
            long stepNs = Math.max(LEAST_STEP_NS, leftNs / SHARE_OF_WAY_LEFT);
            clock.forward(Math.min(leftNs, Math.max(dueInNs, stepNs)));
            nextDueNs = settle();
            leftNs = targetNs - clock.monotonicNs();
        }
    }

    /**
     * Wakes everybody, and waits until nobody has anything to do any more: two rounds in which no loop ran anything but the
     * question, with nothing due.
     *
     * @return when something is due next
     */
    private long settle() {
        long tasksBefore = -1;
        Round round = Round.of(sleepers.get());
        for (int i = 1; i < MOST_ROUNDS; i++) {
            boolean calm = round.tasksRun == tasksBefore + round.loops && round.nextDueNs > clock.monotonicNs();
            if (calm) {
                break;
            }
            tasksBefore = round.tasksRun;
            round = Round.of(sleepers.get());
        }
        return round.nextDueNs;
    }

    /** What all loops said when they were asked. */
    private static final class Round {
        private final int loops;
        private long tasksRun;
        private long nextDueNs = Long.MAX_VALUE;

        private Round(int loops) {
            this.loops = loops;
        }

        static Round of(List<ThreadEventLoop> asked) {
            Round round = new Round(asked.size());
            CountDownLatch answered = new CountDownLatch(asked.size());
            for (ThreadEventLoop loop : new ArrayList<>(asked)) {
                loop.post(() -> {
                    round.add(loop.tasksRun(), loop.nextDueNs());
                    answered.countDown();
                });
            }
            try {
                if (!answered.await(LONGEST_TASK_S, TimeUnit.SECONDS)) {
                    throw new IllegalStateException(
                            "The broker does not get done in " + LONGEST_TASK_S + " s what has become due");
                }
            } catch (InterruptedException stop) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException("Interrupted while the clock was moved", stop);
            }
            return round;
        }

        private synchronized void add(long tasks, long dueNs) {
            tasksRun += tasks;
            nextDueNs = Math.min(nextDueNs, dueNs);
        }
    }
}
