package io.odradek.server.env;

import io.odradek.core.partition.OwnerLoop;
import io.odradek.storage.env.Clock;
import io.odradek.storage.env.FewLines;
import io.odradek.storage.env.Guests;
import io.odradek.storage.env.Meters;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An event loop with a thread of its own, whose tasks may also be run by the thread that brings one
 * ({@link #execute}). An inbox takes tasks from everywhere; whoever wins the {@code running} flag runs them, one thread at
 * a time.
 *
 * <p>Why every task sees what the tasks before it did: winning the flag is a compare-and-set, giving it up is a volatile
 * write, so one runner's work happens before the next one's. Why no task is left lying: a producer first adds to the
 * inbox and then looks at the flag; a runner first gives up the flag and then looks at the inbox. Both steps are volatile,
 * so at least one of the two sees the other, and runs the task or wakes the own thread. The same holds for timers: a
 * runner publishes nothing but gives up the flag and then compares the earliest deadline with the wake-up the own thread
 * has planned; the own thread first announces its plan and then tries the flag.
 *
 * <p>An exception of a task is logged and ends that task only.
 */
public final class ThreadEventLoop implements OwnerLoop, AutoCloseable {
    /** Tasks that a foreign thread runs for one of its own before the rest is left to the loop's thread. */
    private static final int FOREIGN_BATCH = 32;

    /** Tasks that the own thread runs before it looks at the timers again. */
    private static final int OWN_BATCH = 256;

    /** Of a delay that may be exceeded, so large a part. */
    private static final long LATEST_PART = 16;

    private static final long LATEST_NS = 100_000_000;

    private static final long LONGEST_DELAY_MS = Long.MAX_VALUE / 4_000_000;
    private static final Logger LOG = LoggerFactory.getLogger(ThreadEventLoop.class);
    /** More than one, as different tasks fail in different ways. */
    private static final int MOST_LINES = 10;

    private static final long LINES_INTERVAL_MS = 60_000;

    private final Clock clock;
    private final FewLines lines;
    private final Thread thread;
    private final TaskQueue inbox = new TaskQueue();
    private final AtomicBoolean running = new AtomicBoolean();
    private final AtomicBoolean wakePending = new AtomicBoolean();
    private final CountDownLatch ended = new CountDownLatch(1);

    /** Touched under the flag only. */
    private final TimerHeap timers = new TimerHeap();

    /** Touched under the flag only. */
    private long tasksRun;

    private volatile Thread runner;
    private volatile long plannedWakeNs = Long.MIN_VALUE;
    private volatile boolean closing;
    private volatile boolean closed;

    /**
     * Makes a loop; {@link #start} starts its thread.
     *
     * @param name the thread's name after {@code odradek-}
     * @param daemon whether the thread lets the JVM end
     * @param guests its clock, and the meters that show what its thread has used of the processor, as {@code loop.cpu.ns}
     */
    public ThreadEventLoop(String name, boolean daemon, Guests guests) {
        this.clock = guests.clock();
        this.lines = new FewLines(LOG, clock, MOST_LINES, LINES_INTERVAL_MS);
        this.thread = new Thread(this::runOwnThread, "odradek-" + name);
        this.thread.setDaemon(daemon);
        Meters meters = guests.meters();
        if (meters.kept()) {
            meters.gauge("loop.cpu.ns", () -> CpuTime.usedNs(List.of(thread)), "loop", name);
        }
    }

    /** Starts the loop's thread. Tasks may be posted before. */
    public ThreadEventLoop start() {
        thread.start();
        return this;
    }

    /** {@return its own thread} */
    public Thread thread() {
        return thread;
    }

    @Override
    public void post(Runnable task) {
        if (closed) {
            return;
        }
        inbox.offer(task);
        if (!running.get()) {
            wakeOwnThread();
        }
    }

    @Override
    public void execute(Runnable task) {
        if (closed) {
            return;
        }
        inbox.offer(task);
        int budget = FOREIGN_BATCH;
        while (budget > 0 && running.compareAndSet(false, true)) {
            budget = runTasks(budget);
            if (release()) {
                return;
            }
        }
        if (budget <= 0) {
            wakeOwnThread();
        }
    }

    @Override
    public Timeout schedule(long delayMs, Runnable task) {
        return scheduleAt(clock.monotonicNs() + nanos(delayMs), task);
    }

    /** The deadline is on a grid as fine as the delay is short, so that what is due about the same time is due at once. */
    @Override
    public Timeout scheduleAbout(long delayMs, Runnable task) {
        long gridNs = Math.max(1, Long.highestOneBit(Math.min(nanos(delayMs) / LATEST_PART, LATEST_NS)));
        return scheduleAt((clock.monotonicNs() + nanos(delayMs) + gridNs - 1) & -gridNs, task);
    }

    private static long nanos(long delayMs) {
        return Math.min(delayMs, LONGEST_DELAY_MS) * 1_000_000;
    }

    private Timeout scheduleAt(long deadlineNs, Runnable task) {
        TimerHeap.Entry entry = timers.entry(deadlineNs, task);
        if (inLoop()) {
            timers.add(entry);
        } else {
            post(() -> timers.add(entry));
        }
        return entry;
    }

    @Override
    public boolean inLoop() {
        return runner == Thread.currentThread();
    }

    /** {@return how many tasks it has begun, the one that asks among them}; for tasks of this loop */
    public long tasksRun() {
        return tasksRun;
    }

    /** {@return when the next timer is due, on the clock's monotonic time; Long.MAX_VALUE for never}; for tasks of this loop */
    public long nextDueNs() {
        return timers.earliestDeadlineNs();
    }

    /**
     * Runs what has been posted so far, drops everything that is posted later and all timers, and waits for the thread to
     * end. May be called again; must not be called by a task of this loop.
     */
    @Override
    public void close() {
        if (inLoop()) {
            throw new IllegalStateException("A loop cannot wait for its own end");
        }
        if (thread.getState() == Thread.State.NEW) {
            closed = true;
            return;
        }
        closing = true;
        wakeOwnThread();
        boolean interrupted = false;
        while (true) {
            try {
                ended.await();
                thread.join();
                break;
            } catch (InterruptedException notNow) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void runOwnThread() {
        while (!closed) {
            wakePending.set(false);
            plannedWakeNs = Long.MAX_VALUE;
            if (running.compareAndSet(false, true)) {
                runTasks(OWN_BATCH);
                plannedWakeNs = timers.earliestDeadlineNs();
                closed = closing && inbox.isEmpty();
                if (!release()) {
                    continue;
                }
            }
            if (!closed) {
                parkUntil(plannedWakeNs);
            }
        }
        ended.countDown();
    }

    private void parkUntil(long deadlineNs) {
        if (deadlineNs == Long.MAX_VALUE) {
            LockSupport.park(this);
        } else {
            LockSupport.parkNanos(this, deadlineNs - clock.monotonicNs());
        }
        if (Thread.interrupted()) {
            lines.warn("An event loop was interrupted, and goes on: it ends by being closed");
        }
    }

    /** Runs due timers and the inbox. {@return what is left of the budget} */
    private int runTasks(int budget) {
        runner = Thread.currentThread();
        int left = budget;
        left = runDueTimers(left);
        while (left > 0) {
            Runnable task = inbox.poll();
            if (task == null) {
                break;
            }
            run(task);
            left--;
        }
        runner = null;
        return left;
    }

    private int runDueTimers(int budget) {
        int left = budget;
        if (timers.size() > 0) {
            long nowNs = clock.monotonicNs();
            Runnable due;
            while (left > 0 && (due = timers.pollDue(nowNs)) != null) {
                run(due);
                left--;
            }
        }
        return left;
    }

    private void run(Runnable task) {
        tasksRun++;
        try {
            task.run();
        } catch (Throwable fault) {
            lines.error("A task of an event loop failed", fault);
        }
    }

    /** Gives up the flag and sees to it that nothing is forgotten. {@return false if there is more to run} */
    private boolean release() {
        long earliestNs = timers.earliestDeadlineNs();
        running.set(false);
        if (earliestNs < plannedWakeNs || closing && !closed) {
            wakeOwnThread();
        }
        return inbox.isEmpty();
    }

    private void wakeOwnThread() {
        if (!wakePending.get() && wakePending.compareAndSet(false, true)) {
            LockSupport.unpark(thread);
        }
    }
}
