package io.odradek.core.purgatory;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class WatchListTest {
    private final WatchList list = new WatchList();
    private final List<String> told = new ArrayList<>();

    private final class Waiting extends DelayedOperation {
        @Override
        protected int kind() {
            return FETCH;
        }

        private final String name;
        private final Runnable reaction;

        Waiting(String name, Runnable reaction) {
            this.name = name;
            this.reaction = reaction;
            watch(list, 0);
        }

        @Override
        protected void onChange(int slot) {
            told.add(name);
            reaction.run();
        }

        @Override
        protected void onTimeout() {}
    }

    @Test
    void oneThatFailsKeepsTheOthersFromNothing() {
        new Waiting("first", () -> {
            throw new StackOverflowError("in a test");
        });
        new Waiting("second", () -> {});
        list.changed();
        list.changed();
        assertThat(told).containsExactly("first", "second", "first", "second");
    }

    @Test
    void thoseThatComeMeanwhileAreAskedNextTime() {
        new Waiting("first", () -> new Waiting("late", () -> {}));
        list.changed();
        assertThat(told).containsExactly("first");
        list.changed();
        assertThat(told).containsExactly("first", "first", "late");
    }
}
