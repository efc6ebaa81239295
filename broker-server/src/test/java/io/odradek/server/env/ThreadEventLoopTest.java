package io.odradek.server.env;

import static org.assertj.core.api.Assertions.assertThat;

import io.odradek.storage.env.EventLoop;
import io.odradek.storage.env.Guests;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ThreadEventLoopTest {
    private final long seed = Long.getLong("seed", System.nanoTime());
    private final ThreadEventLoop loop =
            new ThreadEventLoop("test", true, new Guests(new SystemClock(), new SecureRandoms())).start();

    @AfterEach
    void closeLoop() {
        loop.close();
    }

    @Test
    void manyProducersLoseNothingKeepTheirOrderAndNeverRunTwoTasksAtOnce() throws Exception {
        System.out.println("seed " + seed);
        int producers = 4;
        int tasksEach = 100_000;
        Ledger ledger = new Ledger(producers);
        CountDownLatch done = new CountDownLatch(producers * tasksEach);
        List<Thread> threads = new ArrayList<>();
        for (int producer = 0; producer < producers; producer++) {
            int id = producer;
            SplittableRandom random = new SplittableRandom(seed + producer);
            threads.add(new Thread(() -> {
                for (int i = 0; i < tasksEach; i++) {
                    int number = i;
                    Runnable task = () -> {
                        ledger.enter(id, number);
                        done.countDown();
                    };
                    if (random.nextInt(3) == 0) {
                        loop.post(task);
                    } else {
                        loop.execute(task);
                    }
                    if (random.nextInt(1000) == 0) {
                        Thread.yield();
                    }
                }
            }));
        }
        threads.forEach(Thread::start);
        for (Thread thread : threads) {
            thread.join();
        }

        assertThat(done.await(30, TimeUnit.SECONDS)).as("all tasks have run").isTrue();
        assertThat(ledger.violations).isZero();
        assertThat(ledger.entries).isEqualTo(producers * tasksEach);
    }

    @Test
    void tasksThatFailAgainAndAgainAreToldOfAFewTimes() throws Exception {
        Logger logger = Logger.getLogger(ThreadEventLoop.class.getName());
        List<LogRecord> written = new CopyOnWriteArrayList<>();
        Handler keeper = new Handler() {
            @Override
            public void publish(LogRecord line) {
                written.add(line);
            }

            @Override
            public void flush() {
                // Nothing is held.
            }

            @Override
            public void close() {
                // Nothing is held.
            }
        };
        logger.addHandler(keeper);
        try {
            CountDownLatch over = new CountDownLatch(1);
            for (int i = 0; i < 100; i++) {
                loop.post(() -> {
                    throw new IllegalStateException("as this test wants it");
                });
            }
            loop.post(over::countDown);
            assertThat(over.await(30, TimeUnit.SECONDS)).isTrue();
        } finally {
            logger.removeHandler(keeper);
        }
        assertThat(written)
                .hasSize(10)
                .allSatisfy(line -> assertThat(line.getThrown()).isInstanceOf(IllegalStateException.class));
    }

    @Test
    void singlePostsToAnIdleLoopAreNeverLeftLying() throws Exception {
        for (int i = 0; i < 20_000; i++) {
            CountDownLatch ran = new CountDownLatch(1);
            if (i % 2 == 0) {
                loop.post(ran::countDown);
            } else {
                loop.execute(ran::countDown);
            }
            assertThat(ran.await(10, TimeUnit.SECONDS)).as("task %d", i).isTrue();
        }
    }

    @Test
    void executeRunsTheTaskOnTheCallerWhenTheLoopIsIdle() throws Exception {
        CountDownLatch started = new CountDownLatch(1);
        loop.post(started::countDown);
        started.await();
        Thread[] runner = new Thread[1];
        boolean ranHere = false;
        for (int attempt = 0; attempt < 1000 && !ranHere; attempt++) {
            CountDownLatch ran = new CountDownLatch(1);
            loop.execute(() -> {
                runner[0] = Thread.currentThread();
                assertThat(loop.inLoop()).isTrue();
                ran.countDown();
            });
            ran.await();
            ranHere = runner[0] == Thread.currentThread();
        }

        assertThat(ranHere).isTrue();
        assertThat(loop.inLoop()).isFalse();
    }

    @Test
    void aTaskThatExecutesMoreOnItsOwnLoopIsFinishedFirst() throws Exception {
        List<String> order = new ArrayList<>();
        CountDownLatch ran = new CountDownLatch(1);
        loop.execute(() -> {
            loop.execute(() -> {
                order.add("inner");
                ran.countDown();
            });
            order.add("outer");
        });

        assertThat(ran.await(10, TimeUnit.SECONDS)).isTrue();
        assertThat(order).containsExactly("outer", "inner");
    }

    @Test
    void timersFireInOrderOfTheirDeadlinesAndNeverEarly() throws Exception {
        System.out.println("seed " + seed);
        SplittableRandom random = new SplittableRandom(seed);
        int timers = 500;
        CountDownLatch fired = new CountDownLatch(timers);
        AtomicInteger early = new AtomicInteger();
        for (int i = 0; i < timers; i++) {
            long delayMs = random.nextInt(100);
            long notBeforeNs = System.nanoTime() + delayMs * 1_000_000;
            Runnable task = () -> {
                if (System.nanoTime() < notBeforeNs) {
                    early.incrementAndGet();
                }
                fired.countDown();
            };
            switch (random.nextInt(3)) {
                case 0 -> loop.schedule(delayMs, task);
                case 1 -> loop.execute(() -> loop.schedule(delayMs, task));
                default -> loop.post(() -> loop.schedule(delayMs, task));
            }
        }

        assertThat(fired.await(10, TimeUnit.SECONDS)).isTrue();
        assertThat(early).hasValue(0);
    }

    @Test
    void anEarlierTimerOvertakesTheWakeUpThatWasPlanned() throws Exception {
        CountDownLatch fired = new CountDownLatch(1);
        loop.schedule(60_000, () -> {});
        loop.execute(() -> loop.schedule(5, fired::countDown));

        assertThat(fired.await(10, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void aTimerThatMayBeLateIsDueAtOnceWithOthersAndNeverEarlyNorMuchLate() throws Exception {
        SystemClock clock = new SystemClock();
        List<Long> due = new ArrayList<>();
        List<Long> delays = List.of(0L, 1L, 20L, 500L, 60_000L, Long.MAX_VALUE);
        CountDownLatch done = new CountDownLatch(1);
        loop.post(() -> {
            for (long delayMs : delays) {
                long before = clock.monotonicNs();
                EventLoop.Timeout timeout = loop.scheduleAbout(delayMs, () -> {});
                due.add(loop.nextDueNs() - before);
                due.add(loop.nextDueNs() - clock.monotonicNs());
                due.add(loop.nextDueNs());
                timeout.cancel();
            }
            done.countDown();
        });

        assertThat(done.await(10, TimeUnit.SECONDS)).isTrue();
        for (int i = 0; i < delays.size() - 1; i++) {
            long delayNs = delays.get(i) * 1_000_000;
            assertThat(due.get(3 * i)).isGreaterThanOrEqualTo(delayNs);
            assertThat(due.get(3 * i + 1)).isLessThanOrEqualTo(delayNs + Math.min(delayNs / 16, 100_000_000));
        }
        assertThat(due.get(3 * 3 + 2) % (1 << 24)).as("of half a second").isZero();
    }

    @Test
    void aCancelledTimerDoesNotFire() throws Exception {
        AtomicInteger fired = new AtomicInteger();
        CountDownLatch later = new CountDownLatch(1);
        loop.post(() -> {
            EventLoop.Timeout timeout = loop.schedule(10, fired::incrementAndGet);
            loop.schedule(30, later::countDown);
            timeout.cancel();
            timeout.cancel();
        });

        assertThat(later.await(10, TimeUnit.SECONDS)).isTrue();
        assertThat(fired).hasValue(0);
    }

    @Test
    void aTaskThatFailsDoesNotEndTheLoop() throws Exception {
        CountDownLatch ran = new CountDownLatch(1);
        loop.post(() -> {
            throw new IllegalStateException("expected in this test");
        });
        loop.post(ran::countDown);

        assertThat(ran.await(10, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void closeRunsWhatWasPostedAndEndsTheThread() {
        AtomicInteger ran = new AtomicInteger();
        for (int i = 0; i < 10_000; i++) {
            loop.post(ran::incrementAndGet);
        }
        loop.close();
        loop.post(ran::incrementAndGet);
        loop.execute(ran::incrementAndGet);

        assertThat(ran).hasValue(10_000);
        assertThat(Thread.getAllStackTraces().keySet())
                .noneMatch(thread -> thread.getName().equals("odradek-test"));
    }

    @Test
    void anInterruptDoesNotEndTheLoop() throws Exception {
        Thread[] own = new Thread[1];
        CountDownLatch scheduled = new CountDownLatch(1);
        loop.schedule(1, () -> {
            own[0] = Thread.currentThread();
            scheduled.countDown();
        });
        assertThat(scheduled.await(10, TimeUnit.SECONDS)).isTrue();
        own[0].interrupt();
        CountDownLatch ran = new CountDownLatch(1);
        loop.post(ran::countDown);

        assertThat(ran.await(10, TimeUnit.SECONDS)).isTrue();
    }

    /** Plain fields on purpose: the loop alone must make them safe. */
    private static final class Ledger {
        private final int[] next;
        private int entries;
        private int violations;
        private boolean inside;

        Ledger(int producers) {
            next = new int[producers];
        }

        void enter(int producer, int number) {
            if (inside || next[producer] != number) {
                violations++;
            }
            inside = true;
            next[producer] = number + 1;
            entries++;
            inside = false;
        }
    }
}
