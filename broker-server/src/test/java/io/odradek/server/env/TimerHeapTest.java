package io.odradek.server.env;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class TimerHeapTest {
    private final long seed = Long.getLong("seed", System.nanoTime());

    @Test
    void timeoutsComeByDeadlineThenByAgeAndCancelledOnesNever() {
        System.out.println("seed " + seed);
        SplittableRandom random = new SplittableRandom(seed);
        TimerHeap heap = new TimerHeap();
        List<Long> expected = new ArrayList<>();
        List<Long> fired = new ArrayList<>();
        List<TimerHeap.Entry> entries = new ArrayList<>();
        List<Long> keys = new ArrayList<>();
        for (int i = 0; i < 2_000; i++) {
            long deadlineNs = random.nextInt(300);
            long key = deadlineNs * 10_000 + i;
            TimerHeap.Entry entry = heap.entry(deadlineNs, () -> fired.add(key));
            heap.add(entry);
            entries.add(entry);
            keys.add(key);
        }
        for (int i = 0; i < entries.size(); i++) {
            if (random.nextInt(3) == 0) {
                entries.get(i).cancel();
            } else {
                expected.add(keys.get(i));
            }
        }
        expected.sort(Comparator.naturalOrder());
        assertThat(heap.size()).isEqualTo(expected.size());

        for (long nowNs = 0; nowNs <= 301; nowNs += 7) {
            Runnable due;
            while ((due = heap.pollDue(nowNs)) != null) {
                due.run();
            }
            long now = nowNs;
            assertThat(heap.earliestDeadlineNs()).isGreaterThan(now);
        }

        assertThat(fired).isEqualTo(expected);
        assertThat(heap.earliestDeadlineNs()).isEqualTo(Long.MAX_VALUE);
    }
}
