package io.odradek.core.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.odradek.storage.env.SimulatedWorld;
import org.junit.jupiter.api.Test;

/** Many short lives of a broker, each from a seed of its own. */
class EngineHistoryTest {
    private static final int HISTORIES = Integer.getInteger("histories", 100);

    @Test
    void nothingAcknowledgedIsLostAndEverythingIsCompleted() {
        long seed = SimulatedWorld.seedFromSystem();
        long answers = 0;
        long records = 0;
        for (int i = 0; i < HISTORIES; i++) {
            EngineHistory history = new EngineHistory(seed + i);
            try {
                history.run();
            } catch (RuntimeException | AssertionError e) {
                throw new AssertionError("Failed with -Dhistories=1 -Dseed=" + (seed + i) + ": " + history.course(), e);
            }
            answers += history.answers();
            records += history.records();
        }
        System.out.println(HISTORIES + " histories, " + answers + " answers, " + records + " records at the end");
        assertThat(answers).isGreaterThan(HISTORIES * 50L);
        assertThat(records).isGreaterThan(HISTORIES);
    }

    @Test
    void aSeedIsAlwaysTheSameHistory() {
        long seed = SimulatedWorld.seedFromSystem();
        for (int i = 0; i < 5; i++) {
            EngineHistory first = new EngineHistory(seed + i);
            first.run();
            EngineHistory second = new EngineHistory(seed + i);
            second.run();
            assertThat(second.fingerprint()).as("seed " + (seed + i)).isEqualTo(first.fingerprint());
        }
    }
}
