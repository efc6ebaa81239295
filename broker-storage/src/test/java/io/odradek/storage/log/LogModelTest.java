package io.odradek.storage.log;

import static org.assertj.core.api.Assertions.assertThat;

import io.odradek.storage.env.SimulatedWorld;
import io.odradek.storage.io.FaultingFileSystem;
import java.io.IOException;
import org.junit.jupiter.api.Test;

/** Random lives of a log against a list of batches: what was forced stays, and what was written when only the process died. */
class LogModelTest {
    private static final int HISTORIES = Integer.getInteger("histories", 10_000);

    @Test
    void aLogEqualsItsModelThroughAllThatCanHappenToIt() {
        long seed = SimulatedWorld.seedFromSystem();
        System.out.println("LogModelTest: -Dseed=" + seed + " -Dhistories=" + HISTORIES);
        int powerLosses = 0;
        for (int i = 0; i < HISTORIES; i++) {
            long historySeed = seed + i;
            try (FaultingFileSystem disk = new FaultingFileSystem(historySeed)) {
                LogHistory history = new LogHistory(disk, historySeed);
                history.run();
                powerLosses += history.powerLosses();
            } catch (IOException | RuntimeException | AssertionError e) {
                throw new AssertionError("Failed with -Dhistories=1 -Dseed=" + historySeed, e);
            }
        }
        assertThat(powerLosses).isGreaterThan(HISTORIES / 10 - 1);
    }
}
