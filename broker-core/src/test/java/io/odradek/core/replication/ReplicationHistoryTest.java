package io.odradek.core.replication;

import static org.assertj.core.api.Assertions.assertThat;

import io.odradek.storage.env.SimulatedWorld;
import org.junit.jupiter.api.Test;

/** Many {@link ReplicationHistory}s: {@code -Dhistories=N} runs more of them, {@code -Dseed=N} begins with another seed. */
class ReplicationHistoryTest {
    private static final int HISTORIES = Integer.getInteger("histories", 15);
    private static final int STEPS = 250;

    @Test
    void nothingThatWasCommittedIsLostAndTheLogsAreEqualInTheEnd() {
        int committed = 0;
        for (int i = 0; i < HISTORIES; i++) {
            committed += run(SimulatedWorld.seedFromSystem() + i);
        }
        assertThat(committed).as("appends that were committed").isGreaterThan(HISTORIES * 10);
    }

    @Test
    void aFollowerIsCutThatEndsInsideOfTheBatchThatTheLeadersLogBeginsIn() {
        run(70192);
    }

    /** {@return how many appends were committed} */
    private static int run(long seed) {
        ReplicationHistory history = new ReplicationHistory(seed);
        try {
            history.run(STEPS);
        } catch (AssertionError | RuntimeException e) {
            throw new AssertionError("History of seed " + seed + ":\n" + history.describe() + "\n" + e, e);
        }
        return history.committedAppends();
    }
}
