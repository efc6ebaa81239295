package io.odradek.core.purgatory;

import static org.assertj.core.api.Assertions.assertThat;

import io.odradek.protocol.errors.ErrorCode;
import io.odradek.storage.env.SimulatedWorld;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class OffsetWatchesTest {
    private final Purgatory purgatory = new Purgatory(new SimulatedWorld(1).newLoop("owner"));
    private final OffsetWatches watches = new OffsetWatches();
    private final List<Long> ended = new ArrayList<>();
    private long reached;
    private boolean over;
    private int asked;

    private final class Waiting implements DelayedProduce.Wait {
        private final long offset;

        Waiting(long offset) {
            this.offset = offset;
        }

        @Override
        public OffsetWatches watchers() {
            return watches;
        }

        @Override
        public long awaitedOffset() {
            return offset;
        }

        @Override
        public ErrorCode outcome() {
            asked++;
            return over ? ErrorCode.NOT_LEADER_OR_FOLLOWER : reached >= offset ? ErrorCode.NONE : null;
        }

        @Override
        public void ended(ErrorCode outcome) {
            ended.add(offset);
        }
    }

    private DelayedProduce park(long... offsets) {
        List<Waiting> waits = new ArrayList<>();
        for (long offset : offsets) {
            waits.add(new Waiting(offset));
        }
        return DelayedProduce.park(purgatory, waits, -1, () -> ended.add(null));
    }

    private void reach(long offset) {
        reached = offset;
        watches.reached(offset);
    }

    @Test
    void whatIsReachedIsToldToThoseWhoWaitForItAndToNobodyElse() {
        for (int offset = 1; offset <= 10_000; offset++) {
            park(offset);
        }
        for (int offset = 1; offset <= 100; offset++) {
            reach(offset);
        }
        assertThat(asked).as("each has been asked once").isEqualTo(100);
        assertThat(purgatory.size()).isEqualTo(9_900);
        reach(10_000);
        assertThat(ended).hasSize(20_000);
        assertThat(watches.size()).isZero();
    }

    @Test
    void whoWaitsForAnEarlierOffsetThanThoseBeforeIsToldAtItsOwn() {
        park(5);
        park(9);
        park(7);
        park(5);
        reach(6);
        reach(8);
        assertThat(ended).containsExactly(5L, null, 5L, null, 7L, null);
        reach(9);
        assertThat(ended).containsExactly(5L, null, 5L, null, 7L, null, 9L, null);
    }

    @Test
    void oneThatWaitsForSeveralEndsWithTheLast() {
        park(3, 8);
        reach(4);
        assertThat(ended).containsExactly(3L);
        reach(8);
        assertThat(ended).containsExactly(3L, 8L, null);
        assertThat(purgatory.size()).isZero();
    }

    @Test
    void whoHasLeftIsNotTold() {
        DelayedProduce first = park(3);
        DelayedProduce second = park(4, 2);
        park(5);
        reach(2);
        second.unpark();
        first.unpark();
        assertThat(watches.size()).isEqualTo(1);
        reach(5);
        assertThat(ended).containsExactly(2L, 5L, null);
    }

    @Test
    void everybodyIsAskedWhenOffsetsMayNotBeReachedAnyMore() {
        park(3);
        park(5, 4);
        watches.changed();
        assertThat(ended).as("it was not so").isEmpty();
        reach(3);
        assertThat(ended).as("they are in order still").containsExactly(3L, null);
        over = true;
        watches.changed();
        assertThat(ended).containsExactly(3L, null, 4L, 5L, null);
        assertThat(watches.size()).isZero();
    }
}
