package io.odradek.core.purgatory;

import static org.assertj.core.api.Assertions.assertThat;

import io.odradek.protocol.errors.ErrorCode;
import io.odradek.storage.env.SimulatedWorld;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class DelayedProduceTest {
    private final SimulatedWorld world = new SimulatedWorld(1);
    private final Purgatory purgatory = new Purgatory(world.newLoop("owner"));
    private final OffsetWatches watchers = new OffsetWatches();
    private final List<ErrorCode> ended = new ArrayList<>();
    private ErrorCode outcome;

    private void park(long timeoutMs) {
        DelayedProduce.Wait wait = new DelayedProduce.Wait() {
            @Override
            public OffsetWatches watchers() {
                return watchers;
            }

            @Override
            public long awaitedOffset() {
                return 0;
            }

            @Override
            public ErrorCode outcome() {
                return outcome;
            }

            @Override
            public void ended(ErrorCode error) {
                ended.add(error);
            }
        };
        DelayedProduce.park(purgatory, List.of(wait), timeoutMs, () -> ended.add(null));
    }

    @Test
    void itCountsAsParkedUntilItEnds() {
        park(1_000);
        watchers.changed();
        assertThat(purgatory.size()).isEqualTo(1);
        outcome = ErrorCode.NONE;
        watchers.changed();
        assertThat(purgatory.size()).isZero();
        assertThat(watchers.size()).isZero();
        assertThat(ended).containsExactly(ErrorCode.NONE, null);
    }

    @Test
    void withATimeOutOfZeroItEndsAtOnce() {
        park(0);
        world.runUntilIdle();
        assertThat(ended).containsExactly(ErrorCode.REQUEST_TIMED_OUT, null);
        assertThat(purgatory.size()).isZero();
    }
}
