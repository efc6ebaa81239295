package io.odradek.storage.log;

import static org.assertj.core.api.Assertions.assertThat;

import io.odradek.storage.env.SimulatedWorld;
import io.odradek.storage.io.FaultingFileSystem;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class IndexLookupTest {
    private static final Path FILE = Path.of("/data/00000000000000000100.index");
    private static final long BASE_OFFSET = 100;

    @Test
    void aLookUpFindsWhatALinearScanDoesInFileAndMemory() throws IOException {
        long seed = SimulatedWorld.seedFromSystem();
        Random random = new Random(seed);
        try (FaultingFileSystem disk = new FaultingFileSystem(seed)) {
            disk.createFolders(FILE.getParent());
            OffsetIndex index = new OffsetIndex(disk, FILE, new IndexBlock(), BASE_OFFSET, Integer.MAX_VALUE, true);
            List<long[]> entries = new ArrayList<>();
            long offset = BASE_OFFSET;
            int position = 0;
            for (int i = 0; i < 3_000; i++) {
                offset += 1 + random.nextInt(20);
                position += 1 + random.nextInt(5_000);
                index.append(offset, position);
                entries.add(new long[] {offset, position});
                if (random.nextInt(3) == 0) {
                    long wanted = BASE_OFFSET + random.nextLong(offset - BASE_OFFSET + 10);
                    assertThat(floorPosition(index, wanted)).as("seed " + seed).isEqualTo(linear(entries, wanted));
                }
                if (random.nextInt(500) == 0) {
                    long end = BASE_OFFSET + random.nextLong(offset - BASE_OFFSET + 1);
                    index.truncateTo(end);
                    entries.removeIf(entry -> entry[0] >= end);
                    assertThat(index.entries()).as("seed " + seed).isEqualTo(entries.size());
                }
            }
            index.close();
        }
    }

    private static int floorPosition(OffsetIndex index, long wanted) throws IOException {
        int slot = index.floorSlotOf(wanted);
        return slot < 0 ? 0 : index.position(slot);
    }

    private static int linear(List<long[]> entries, long wanted) {
        int found = 0;
        for (long[] entry : entries) {
            found = entry[0] <= wanted ? (int) entry[1] : found;
        }
        return found;
    }
}
