package io.odradek.storage.env;

import java.util.PriorityQueue;
import java.util.Random;
import java.util.function.BooleanSupplier;

/**
 * Time and threads in one thread: many loops on one queue ordered by (time, sequence), and a clock that moves only when
 * the queue says so. A task never runs inside another; what a task throws comes out of the method that ran it.
 */
public final class SimulatedWorld {
    private static final long START_WALL_MS = 1_700_000_000_000L;
    private static final long NANOS_PER_MS = 1_000_000L;
    private static final int MOST_EVENTS_AT_ONE_TIME = 1_000_000;

    /** A task that waits for its time; {@code task} is null once it has been cancelled. */
    private static final class Event implements Comparable<Event>, EventLoop.Timeout {
        private final long timeNs;
        private final long sequence;
        private final SimulatedLoop loop;
        private Runnable task;

        private Event(long timeNs, long sequence, SimulatedLoop loop, Runnable task) {
            this.timeNs = timeNs;
            this.sequence = sequence;
            this.loop = loop;
            this.task = task;
        }

        @Override
        public int compareTo(Event other) {
            int byTime = Long.compare(timeNs, other.timeNs);
            return byTime != 0 ? byTime : Long.compare(sequence, other.sequence);
        }

        @Override
        public void cancel() {
            task = null;
        }
    }

    private final PriorityQueue<Event> queue = new PriorityQueue<>();
    private final SimulatedClock clock = new SimulatedClock();
    private final Thread thread = Thread.currentThread();
    private final long seed;
    private long sequence;
    private SimulatedLoop running;

    /** @param seed what all chance of this world comes from */
    public SimulatedWorld(long seed) {
        this.seed = seed;
    }

    /** {@return the seed of the system property {@code seed}, or a fixed one} */
    public static long seedFromSystem() {
        return Long.getLong("seed", 42);
    }

    /** {@return the clock that all loops of this world go by} */
    public SimulatedClock clock() {
        return clock;
    }

    /** {@return a new loop on the world's queue} */
    public SimulatedLoop newLoop(String name) {
        return new SimulatedLoop(this, name);
    }

    /** {@return chance for one guest: the same name draws the same numbers in every run of this seed} */
    public Randoms newRandoms(String name) {
        return new SeededRandoms(newRandom(name));
    }

    /** {@return as {@link #newRandoms}, as a {@link Random}} */
    public Random newRandom(String name) {
        return new Random(seed * 31 + name.hashCode());
    }

    /** Runs everything that is due, and what that posts, without moving the time. */
    public void runUntilIdle() {
        runUntilTime(clock.nowNs);
    }

    /** Moves the time, running everything as it falls due. */
    public void advanceMs(long ms) {
        runUntilTime(clock.nowNs + ms * NANOS_PER_MS);
    }

    /**
     * Runs events, moving the time from one to the next, until the condition holds.
     *
     * @param boundMs simulated time after which the test fails
     */
    public void runUntil(BooleanSupplier condition, long boundMs) {
        long endNs = clock.nowNs + boundMs * NANOS_PER_MS;
        int atOneTime = 0;
        while (!condition.getAsBoolean()) {
            Event next = queue.peek();
            if (next == null || next.timeNs > endNs) {
                throw new AssertionError(
                        "The condition did not come true in " + boundMs + " simulated ms; seed " + seed);
            }
            atOneTime = next.timeNs > clock.nowNs ? 0 : atOneTime + 1;
            runNext(atOneTime);
        }
    }

    /** {@return whether nothing is waiting, now or later} */
    public boolean isEmpty() {
        return queue.isEmpty();
    }

    private void runUntilTime(long endNs) {
        int atOneTime = 0;
        while (!queue.isEmpty() && queue.peek().timeNs <= endNs) {
            atOneTime = queue.peek().timeNs > clock.nowNs ? 0 : atOneTime + 1;
            runNext(atOneTime);
        }
        clock.nowNs = endNs;
    }

    private void runNext(int atOneTime) {
        if (running != null) {
            throw new IllegalStateException("A task of " + running + " tries to run the world it runs in");
        }
        if (atOneTime > MOST_EVENTS_AT_ONE_TIME) {
            throw new AssertionError("Tasks go on posting tasks and time stands still; seed " + seed);
        }
        Event event = queue.remove();
        clock.nowNs = Math.max(clock.nowNs, event.timeNs);
        Runnable task = event.task;
        event.task = null;
        if (task != null && !event.loop.isClosed()) {
            running = event.loop;
            try {
                task.run();
            } finally {
                running = null;
            }
        }
    }

    EventLoop.Timeout add(SimulatedLoop loop, long delayMs, Runnable task) {
        if (Thread.currentThread() != thread) {
            throw new IllegalStateException("A simulated world lives in one thread: " + thread.getName());
        }
        if (delayMs < 0) {
            throw new IllegalArgumentException("A task cannot be scheduled " + delayMs + " ms from now");
        }
        Event event = new Event(clock.nowNs + delayMs * NANOS_PER_MS, sequence++, loop, task);
        queue.add(event);
        return event;
    }

    boolean isRunning(SimulatedLoop loop) {
        return running == loop;
    }

    /** The clock of a simulated world. */
    public static final class SimulatedClock implements Clock {
        private long nowNs;
        private long wallOffsetMs = START_WALL_MS;

        @Override
        public long wallMs() {
            return wallOffsetMs + nowNs / NANOS_PER_MS;
        }

        @Override
        public long monotonicNs() {
            return nowNs;
        }

        /** Lets the wall clock jump, as when an operator sets it; the monotonic clock does not notice. */
        public void jumpWallMs(long deltaMs) {
            wallOffsetMs += deltaMs;
        }
    }

    private record SeededRandoms(Random random) implements Randoms {
        @Override
        public long nextLong() {
            return random.nextLong();
        }

        @Override
        public int nextInt(int bound) {
            return random.nextInt(bound);
        }
    }
}
