package io.odradek.core.request;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.RejectedExecutionException;
import org.junit.jupiter.api.Test;

class FewAtOnceTest {
    private final Queue<Runnable> threads = new ArrayDeque<>();
    private final List<String> done = new ArrayList<>();
    private boolean refuses;
    private final FewAtOnce few = new FewAtOnce(
            task -> {
                if (refuses) {
                    throw new RejectedExecutionException();
                }
                threads.add(task);
            },
            1,
            2);

    @Test
    void whatWasTakenIsDoneAlthoughTheThreadsTakeNoMore() {
        for (String name : List.of("a", "b", "c")) {
            assertThat(few.offer(() -> done.add(name))).isTrue();
        }
        assertThat(few.offer(() -> done.add("too many"))).isFalse();
        refuses = true;

        threads.remove().run();

        assertThat(done).containsExactly("a", "b", "c");
        assertThat(few.offer(() -> done.add("refused"))).isFalse();
        refuses = false;
        assertThat(few.offer(() -> done.add("d"))).isTrue();
        threads.remove().run();
        assertThat(done).containsExactly("a", "b", "c", "d");
    }
}
