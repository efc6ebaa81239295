package io.odradek.storage.epoch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.odradek.storage.epoch.LeaderEpochCache.Entry;
import io.odradek.storage.io.FaultingFileSystem;
import io.odradek.storage.io.LogFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

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
    void anEpochThatGoesOnAfterALaterOneWithoutRecordsHasBegunWhereItBegan() throws IOException {
        cache.begin(7, 44);
        cache.assign(5, 44);
        assertThat(cache.entries()).containsExactly(new Entry(2, 10), new Entry(5, 30));
        assertThat(cache.endOffsetFor(2, 50)).isEqualTo(new Entry(2, 30));
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

    @Test
    void anEpochThatBeginsWhereTheLastOneDidReplacesIt() throws IOException {
        cache.assign(6, 30);
        assertThat(cache.entries()).containsExactly(new Entry(2, 10), new Entry(6, 30));
        cache.assign(2, 40);
        assertThat(cache.entries()).containsExactly(new Entry(2, 40));
    }

    @Test
    void epochZeroIsAnEpoch() throws IOException {
        cache.clear();
        cache.assign(0, 0);
        assertThat(cache.entries()).containsExactly(new Entry(0, 0));
        assertThat(cache.endOffsetFor(0, 7)).isEqualTo(new Entry(0, 7));
    }

    @Test
    void everyChangeIsInTheFile() throws IOException {
        cache.truncateFromStart(30);
        assertThat(cache.entries()).containsExactly(new Entry(5, 30));
        assertThat(LeaderEpochCache.load(disk, FILE).entries()).isEqualTo(cache.entries());
        cache.assign(7, 50);
        cache.truncateFromEnd(50);
        assertThat(LeaderEpochCache.load(disk, FILE).entries()).containsExactly(new Entry(5, 30));
        cache.clear();
        assertThat(LeaderEpochCache.load(disk, FILE).entries()).isEmpty();
    }

    @Test
    void aChangeThatCouldNotBeWrittenIsWrittenWithTheNextCall() throws IOException {
        disk.failOperation(1);
        assertThatThrownBy(() -> cache.assign(6, 40)).isInstanceOf(IOException.class);
        cache.assign(6, 40);
        assertThat(LeaderEpochCache.load(disk, FILE).entries()).endsWith(new Entry(6, 40));
    }

    @Test
    void whatACrashLeftOfAnEarlierWriteIsNotKept() throws IOException {
        try (LogFile left = disk.open(FILE.resolveSibling(FILE.getFileName() + ".tmp"))) {
            left.append(ByteBuffer.wrap("left of a longer one".repeat(10).getBytes(StandardCharsets.UTF_8)));
        }
        cache.assign(6, 40);
        assertThat(LeaderEpochCache.load(disk, FILE).entries()).isEqualTo(cache.entries());
    }

    @Test
    void aForceIsDoneOnceForEachChange() throws IOException {
        String name = FILE.getFileName().toString();
        assertThat(cache.unforced()).isTrue();
        assertThat(cache.force()).isTrue();
        assertThat(disk.forces(name)).isEqualTo(1);
        assertThat(cache.unforced()).isFalse();
        assertThat(cache.force()).isFalse();
        assertThat(disk.forces(name)).isEqualTo(1);
        cache.assign(6, 40);
        assertThat(cache.unforced()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "0\n2\n2 10\n2 30\n", "0\n2\n2 10\n5 9\n", "0\n1\n210\n", "0\n2\n2 10\n", "1\n0\n", "0\n0"})
    void aDamagedFileIsRefused(String text) throws IOException {
        try (LogFile file = disk.open(FILE)) {
            file.truncate(0);
            file.append(ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)));
        }
        assertThatThrownBy(() -> LeaderEpochCache.load(disk, FILE)).isInstanceOf(MalformedCheckpointException.class);
    }
}
