package io.odradek.storage.cleaner;

import static org.assertj.core.api.Assertions.assertThat;

import io.odradek.storage.cleaner.CleanableRange.Piece;
import io.odradek.storage.cleaner.CleanableRange.Shape;
import io.odradek.storage.log.LogConfig;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class CleanableRangeTest {
    private static final long NOW_MS = 1_000_000;

    /** Segments of 100 bytes from 0, 10, 20, 30, with timestamps that grow, and the active one from 40. */
    private static Shape log(long stableOffset) {
        return new Shape(
                0,
                45,
                stableOffset,
                List.of(
                        new Piece(0, 100, 100_000, 190_000),
                        new Piece(10, 100, 200_000, 290_000),
                        new Piece(20, 100, 300_000, 390_000),
                        new Piece(30, 100, 400_000, 490_000),
                        new Piece(40, 50, -1, -1)));
    }

    private static CleanableRange range(Shape log, long checkpoint, Map<String, String> settings) {
        return CleanableRange.of(log, checkpoint, LogConfig.of(Map.of(), settings), NOW_MS);
    }

    @Test
    void ofALogThatWasNeverCleanedAllClosedSegmentsAreDirty() {
        CleanableRange range = range(log(45), CleanableRange.NO_CHECKPOINT, Map.of());
        assertThat(range).isEqualTo(new CleanableRange(0, false, 40, 0, 400, 0));
        assertThat(range.dirtyRatio()).isEqualTo(1.0);
        assertThat(range.due(0.5)).isTrue();
    }

    @Test
    void theCheckpointPartsTheCleanFromTheDirty() {
        CleanableRange range = range(log(45), 30, Map.of());
        assertThat(range).isEqualTo(new CleanableRange(30, false, 40, 300, 100, 0));
        assertThat(range.due(0.25)).isFalse();
        assertThat(range.due(0.24)).isTrue();
        assertThat(range(log(45), 40, Map.of()).due(0)).isFalse();
    }

    @Test
    void nothingIsCleanedFromTheSegmentOnInWhichALogIsNotStable() {
        assertThat(range(log(29), 0, Map.of()).endOffset()).isEqualTo(20);
        assertThat(range(log(30), 0, Map.of()).endOffset()).isEqualTo(30);
        assertThat(range(log(0), 0, Map.of()).due(0)).isFalse();
        assertThat(range(log(15), 20, Map.of()).due(0)).isFalse();
    }

    @Test
    void aCheckpointOutsideTheLogIsOfNoUse() {
        assertThat(range(log(45), 46, Map.of()).checkpointWrong()).isTrue();
        assertThat(range(log(45), 46, Map.of()).firstDirtyOffset()).isZero();
        Shape shortened = new Shape(20, 45, 45, log(45).pieces().subList(2, 5));
        CleanableRange range = range(shortened, 10, Map.of());
        assertThat(range).isEqualTo(new CleanableRange(20, true, 40, 0, 200, 0));
    }

    @Test
    void youngRecordsWait() {
        Map<String, String> lag = Map.of("min.compaction.lag.ms", Long.toString(NOW_MS - 300_000));
        assertThat(range(log(45), 0, lag).endOffset()).isEqualTo(20);
        assertThat(range(log(45), 0, Map.of("min.compaction.lag.ms", "900000")).due(0))
                .isFalse();
    }

    @Test
    void oldRecordsAreNotLetWaitWhateverTheRatio() {
        Map<String, String> lag = Map.of("max.compaction.lag.ms", Long.toString(NOW_MS - 400_001));
        CleanableRange range = range(log(45), 30, lag);
        assertThat(range.overdueMs()).isEqualTo(1);
        assertThat(range.due(0.99)).isTrue();
        Map<String, String> longer = Map.of("max.compaction.lag.ms", Long.toString(NOW_MS - 400_000));
        assertThat(range(log(45), 30, longer).due(0.99)).isFalse();
    }
}
