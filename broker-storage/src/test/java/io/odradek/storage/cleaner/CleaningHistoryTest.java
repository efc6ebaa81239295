package io.odradek.storage.cleaner;

import io.odradek.storage.env.SimulatedWorld;
import io.odradek.storage.io.FaultingFileSystem;
import java.io.IOException;
import org.junit.jupiter.api.Test;

/**
 * Random lives of a compacted log: keyed records, tombstones, transactions, cleanings in the middle of appends, ends of the
 * process or of the power between any two file operations of a cleaning, and leaders that have not got all of it.
 */
class CleaningHistoryTest {
    private static final int HISTORIES = Integer.getInteger("histories", 10_000);

    @Test
    void noCleaningChangesWhatALogSays() {
        long seed = SimulatedWorld.seedFromSystem();
        System.out.println("CleaningHistoryTest: " + HISTORIES + " histories from -Dseed=" + seed);
        long cleanings = 0;
        long crashes = 0;
        long truncations = 0;
        for (int i = 0; i < HISTORIES; i++) {
            long historySeed = seed + i;
            try {
                FaultingFileSystem disk = new FaultingFileSystem(historySeed);
                CleaningHistory history = new CleaningHistory(disk, historySeed);
                history.run();
                disk.close();
                cleanings += history.cleanings();
                crashes += history.crashes();
                truncations += history.truncations();
            } catch (IOException | UncleanableException | RuntimeException | AssertionError e) {
                throw new AssertionError("Failed with -Dhistories=1 -Dseed=" + historySeed, e);
            }
        }
        System.out.println("CleaningHistoryTest: " + cleanings + " cleanings, " + crashes + " crashes, " + truncations
                + " truncations");
        if (cleanings < HISTORIES || crashes < HISTORIES / 4 || truncations < HISTORIES / 20) {
            throw new AssertionError("The histories hold too little");
        }
    }
}
