package io.odradek.storage.epoch;

import static org.assertj.core.api.Assertions.assertThat;

import io.odradek.storage.epoch.LeaderEpochCache.Entry;
import io.odradek.storage.io.FaultingFileSystem;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class LeaderEpochCacheTest {
    private static final Path FILE = Path.of("/data/leader-epoch-checkpoint");

    private final FaultingFileSystem disk = new FaultingFileSystem(1);
    private LeaderEpochCache cache;

    @BeforeEach
    void epochsTwoAndFive() throws IOException {
        disk.createFolders(FILE.getParent());
        cache = LeaderEpochCache.empty(disk, FILE);
        cache.assign(2, 10);
        cache.assign(5, 30);
    }

    @Test
    void anEpochEndsWhereTheNextBeginsAndTheNewestAtTheLogEnd() {
        assertThat(cache.endOffsetFor(5, 44)).isEqualTo(new Entry(5, 44));
        assertThat(cache.endOffsetFor(2, 44)).isEqualTo(new Entry(2, 30));
        assertThat(cache.endOffsetFor(4, 44)).isEqualTo(new Entry(2, 30));
        assertThat(cache.endOffsetFor(1, 44)).isEqualTo(new Entry(1, 10));
        assertThat(cache.endOffsetFor(6, 44)).isEqualTo(new Entry(-1, -1));
        assertThat(cache.endOffsetFor(-1, 44)).isEqualTo(new Entry(-1, -1));
    }

    @Test
    void anOffsetIsOfTheEpochThatBeganLastBeforeIt() {
        assertThat(cache.epochOf(9)).isEqualTo(-1);
        assertThat(cache.epochOf(10)).isEqualTo(2);
        assertThat(cache.epochOf(29)).isEqualTo(2);
        assertThat(cache.epochOf(30)).isEqualTo(5);
    }

    @Test
    void anEpochThatContradictsLaterOnesReplacesThem() throws IOException {
        cache.assign(6, 20);
        assertThat(cache.entries()).containsExactly(new Entry(2, 10), new Entry(6, 20));
    }

    @Test
    void truncationFromTheEndForgetsEpochsThatBeginThere() throws IOException {
        cache.truncateFromEnd(30);
        assertThat(cache.entries()).containsExactly(new Entry(2, 10));
    }

    @Test
    void truncationFromTheStartMovesTheEpochThatIsCut() throws IOException {
        cache.truncateFromStart(15);
        assertThat(cache.entries()).containsExactly(new Entry(2, 15), new Entry(5, 30));
        cache.truncateFromStart(31);
        assertThat(cache.entries()).containsExactly(new Entry(5, 31));
    }

    @Test
    void anEpochThatBeginsIsKnownAtOnceAndWrittenWithItsFirstRecords() throws IOException {
        long before = disk.operations();
        cache.begin(7, 44);
        assertThat(cache.endOffsetFor(7, 44)).isEqualTo(new Entry(7, 44));
        assertThat(cache.endOffsetFor(5, 44)).isEqualTo(new Entry(5, 44));
        assertThat(disk.operations()).isEqualTo(before);
        assertThat(LeaderEpochCache.load(disk, FILE).latestEpoch()).isEqualTo(5);
        cache.assign(7, 44);
        assertThat(LeaderEpochCache.load(disk, FILE).entries()).isEqualTo(cache.entries());
    }

    @Test
    void anEpochThatHasBegunBeforeDoesNotBeginAgain() throws IOException {
        cache.begin(5, 40);
        cache.begin(3, 44);
        assertThat(cache.entries()).containsExactly(new Entry(2, 10), new Entry(5, 30));
    }

    @Test
    void theFileHoldsWhatTheCacheDoes() throws IOException {
        assertThat(LeaderEpochCache.load(disk, FILE).entries()).isEqualTo(cache.entries());
    }
}
