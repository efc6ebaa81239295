package io.odradek.storage.env;

import java.util.ArrayList;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/**
 * Time and threads in one thread. Of the loops that have work the seed draws the next one, so that tasks of different loops
 * meet in every order that threads could bring about; the tasks of one loop keep theirs. The clock moves only when no loop
 * has work, to the next time for which something is scheduled. A task never runs inside another; what a task throws comes
 * out of the method that ran it.
 */
public final class SimulatedWorld {
    private static final long START_WALL_MS = 1_700_000_000_000L;
    private static final long NANOS_PER_MS = 1_000_000L;
    private static final int MOST_EVENTS_IN_A_SECOND = 1_000_000;
    private static final long NANOS_PER_SECOND = 1_000 * NANOS_PER_MS;
    private static final long SYSTEM_SEED = systemSeed();

    /** A task that waits for its time; {@code task} is null once it has been cancelled. */
    static final class Event implements Comparable<Event>, EventLoop.Timeout {
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

    private final PriorityQueue<Event> scheduled = new PriorityQueue<>();
    private final List<SimulatedLoop> withWork = new ArrayList<>();
    private final SimulatedClock clock = new SimulatedClock();
    private final Thread thread = Thread.currentThread();
    private final long seed;
    private final Random order;
    private long sequence;
    private long history;
    private int eventsInThisSecond;
    private int mostEventsInASecond = MOST_EVENTS_IN_A_SECOND;
    private SimulatedLoop running;
    private Consumer<SimulatedLoop> observer = loop -> {};

    /** @param seed what all chance of this world comes from */
    public SimulatedWorld(long seed) {
        this.seed = seed;
        this.order = newRandom("order of the loops");
    }

    /** {@return the seed of the system property {@code seed}, or else a fresh one; the same throughout a JVM, and printed} */
    public static long seedFromSystem() {
        return SYSTEM_SEED;
    }

    private static long systemSeed() {
        Long given = Long.getLong("seed");
        long seed = given != null ? given : new Random().nextInt(1_000_000_000);
        System.out.println("Seed " + seed + "; -Dseed=" + seed + " runs these tests again");
        return seed;
    }

    /** {@return the clock that all loops of this world go by} */
    public SimulatedClock clock() {
        return clock;
    }

    /** {@return a new loop of this world} */
    public SimulatedLoop newLoop(String name) {
        return new SimulatedLoop(this, name);
    }

    /** Says who looks at the world after each task, and is told on which loop it ran. */
    public void afterEachTask(Consumer<SimulatedLoop> newObserver) {
        observer = newObserver;
    }

    /** Says how many tasks a second of simulated time may take; with more of them the world does not get on, and fails. */
    public void limitTasksInASecond(int most) {
        mostEventsInASecond = most;
    }

    /** {@return chance for one guest: the same name draws the same numbers in every run of this seed} */
    public Randoms newRandoms(String name) {
        return new SeededRandoms(newRandom(name));
    }

    /** {@return as {@link #newRandoms}, as a {@link Random}} */
    public Random newRandom(String name) {
        // The first draws of generators with seeds that lie close together are much alike.
        return new Random((seed * 31 + name.hashCode()) * 0x9E3779B97F4A7C15L);
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
     * Runs tasks, moving the time from one to the next, until the condition holds.
     *
     * @param boundMs simulated time after which the test fails
     */
    public void runUntil(BooleanSupplier condition, long boundMs) {
        long endNs = clock.nowNs + boundMs * NANOS_PER_MS;
        while (!condition.getAsBoolean()) {
            if (!step(endNs)) {
                throw new AssertionError(
                        "The condition did not come true in " + boundMs + " simulated ms; seed " + seed);
            }
        }
    }

    /** {@return whether nothing is waiting, now or later} */
    public boolean isEmpty() {
        return withWork.isEmpty() && scheduled.stream().allMatch(event -> event.task == null);
    }

    /** {@return a number that tells one course of tasks from another: two runs of a seed must have the same} */
    public long history() {
        return history;
    }

    private void runUntilTime(long endNs) {
        while (step(endNs)) {
            // One task after the other.
        }
        moveTo(endNs);
    }

    /** Runs a task. {@return whether there was one until that time} */
    private boolean step(long endNs) {
        if (running != null) {
            throw new IllegalStateException("A task of " + running + " tries to run the world it runs in");
        }
        while (withWork.isEmpty()) {
            if (scheduled.isEmpty() || scheduled.peek().timeNs > endNs) {
                return false;
            }
            moveTo(scheduled.peek().timeNs);
        }
        if (++eventsInThisSecond > mostEventsInASecond) {
            throw new AssertionError("Tasks go on posting tasks and time stands still, or almost; seed " + seed);
        }
        run(draw());
        return true;
    }

    /** Moves the time; what has fallen due is then work of its loop. */
    private void moveTo(long timeNs) {
        if (timeNs > clock.nowNs) {
            if (timeNs / NANOS_PER_SECOND > clock.nowNs / NANOS_PER_SECOND) {
                eventsInThisSecond = 0;
            }
            clock.nowNs = timeNs;
        }
        while (!scheduled.isEmpty() && scheduled.peek().timeNs <= clock.nowNs) {
            becomeDue(scheduled.remove());
        }
    }

    private void becomeDue(Event event) {
        if (event.loop.isClosed()) {
            return;
        }
        if (event.loop.due().isEmpty() && !event.loop.isPaused()) {
            withWork.add(event.loop);
        }
        event.loop.due().add(event);
    }

    /** A loop stands still from now on, or is closed: what is due there is drawn no more. */
    void withdraw(SimulatedLoop loop) {
        withWork.remove(loop);
    }

    /** A loop that stood still goes on. */
    void resumed(SimulatedLoop loop) {
        if (!loop.due().isEmpty()) {
            withWork.add(loop);
        }
    }

    private Event draw() {
        int index = order.nextInt(withWork.size());
        SimulatedLoop loop = withWork.get(index);
        Event event = loop.due().remove();
        if (loop.due().isEmpty()) {
            withWork.set(index, withWork.get(withWork.size() - 1));
            withWork.remove(withWork.size() - 1);
        }
        return event;
    }

    private void run(Event event) {
        Runnable task = event.task;
        event.task = null;
        if (task == null || event.loop.isClosed()) {
            return;
        }
        history = (history * 31 + event.loop.toString().hashCode()) * 31 + clock.nowNs;
        running = event.loop;
        try {
            task.run();
        } finally {
            running = null;
        }
        observer.accept(event.loop);
    }

    EventLoop.Timeout add(SimulatedLoop loop, long delayMs, Runnable task) {
        if (Thread.currentThread() != thread) {
            throw new IllegalStateException("A simulated world lives in one thread: " + thread.getName());
        }
        if (delayMs < 0) {
            throw new IllegalArgumentException("A task cannot be scheduled " + delayMs + " ms from now");
        }
        Event event = new Event(clock.nowNs + delayMs * NANOS_PER_MS, sequence++, loop, task);
        if (delayMs == 0) {
            becomeDue(event);
        } else {
            scheduled.add(event);
        }
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
