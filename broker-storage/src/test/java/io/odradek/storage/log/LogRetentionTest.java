package io.odradek.storage.log;

import static org.assertj.core.api.Assertions.assertThat;

import io.odradek.storage.log.LogRetention.Decision;
import io.odradek.storage.log.LogRetention.Limits;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Which segments go, by Kafka's rules; each segment has ten offsets, the last one is active. */
class LogRetentionTest {
    private static final long NOW_MS = 10_000;
    private static final int ALL = Integer.MAX_VALUE;

    private final FakeSegments segments = new FakeSegments();

    private record FakeSegment(long sizeBytes, long timestampMs) {}

    private static final class FakeSegments implements LogRetention.Segments {
        private final List<FakeSegment> all = new ArrayList<>();

        FakeSegments add(long sizeBytes, long timestampMs) {
            all.add(new FakeSegment(sizeBytes, timestampMs));
            return this;
        }

        @Override
        public int count() {
            return all.size();
        }

        @Override
        public long baseOffset(int index) {
            return index * 10L;
        }

        @Override
        public long sizeBytes(int index) {
            return all.get(index).sizeBytes();
        }

        @Override
        public long largestTimestampMs(int index) {
            return all.get(index).timestampMs();
        }
    }

    private Decision decide(long startOffset, long highWatermark, long retentionMs, long retentionBytes, int most)
            throws IOException {
        return LogRetention.decide(
                segments, new Limits(startOffset, highWatermark, NOW_MS, retentionMs, retentionBytes, most));
    }

    private Decision byTime(long retentionMs) throws IOException {
        return decide(0, 1_000, retentionMs, -1, ALL);
    }

    private Decision bySize(long retentionBytes) throws IOException {
        return decide(0, 1_000, -1, retentionBytes, ALL);
    }

    @Test
    void aSegmentGoesWhenItsLargestTimestampIsMoreThanTheTimeAgo() throws IOException {
        segments.add(1, 8_999).add(1, 9_000).add(1, 9_500);
        assertThat(byTime(1_000)).isEqualTo(new Decision(0, 0, 1, false));
        assertThat(byTime(999).byTime()).isEqualTo(2);
        assertThat(byTime(-1).segments()).isZero();
    }

    @Test
    void anOldSegmentStaysBehindAYoungerOne() throws IOException {
        segments.add(1, 9_990).add(1, 1).add(1, 1);
        assertThat(byTime(1_000).segments()).isZero();
    }

    @Test
    void aTimestampOfTheFutureKeepsItsSegment() throws IOException {
        segments.add(1, Long.MAX_VALUE).add(1, 1);
        assertThat(byTime(0).segments()).isZero();
    }

    @Test
    void theActiveSegmentGoesByTimeUnlessItIsEmpty() throws IOException {
        segments.add(1, 1).add(1, 2);
        assertThat(byTime(1_000).byTime()).isEqualTo(2);
        segments.add(0, -1);
        assertThat(byTime(1_000).byTime()).isEqualTo(2);
    }

    @Test
    void nothingGoesAtOrAboveTheHighWatermark() throws IOException {
        segments.add(5, 1).add(5, 1).add(5, 1);
        for (long highWatermark = 0; highWatermark <= 30; highWatermark++) {
            int below = (int) highWatermark / 10;
            assertThat(decide(0, highWatermark, 0, -1, ALL).segments()).isEqualTo(below);
            assertThat(decide(0, highWatermark, -1, 0, ALL).segments()).isEqualTo(below);
            assertThat(decide(30, highWatermark, -1, -1, ALL).segments()).isEqualTo(Math.min(2, below));
        }
    }

    @Test
    void segmentsGoWhileTheRestHasTheSizeThatIsKept() throws IOException {
        segments.add(10, NOW_MS).add(20, NOW_MS).add(5, NOW_MS);
        assertThat(bySize(35).bySize()).isZero();
        assertThat(bySize(26).bySize()).isZero();
        assertThat(bySize(25).bySize()).isEqualTo(1);
        assertThat(bySize(5).bySize()).isEqualTo(2);
        assertThat(bySize(1).bySize()).isEqualTo(2);
        assertThat(bySize(0).bySize()).isEqualTo(3);
        assertThat(bySize(-1).bySize()).isZero();
        assertThat(bySize(Long.MAX_VALUE).bySize()).isZero();
    }

    @Test
    void segmentsBelowTheStartGoButNeverTheActiveOne() throws IOException {
        segments.add(1, NOW_MS).add(1, NOW_MS).add(1, NOW_MS);
        assertThat(decide(9, 1_000, -1, -1, ALL).byStart()).isZero();
        assertThat(decide(10, 1_000, -1, -1, ALL).byStart()).isEqualTo(1);
        assertThat(decide(29, 1_000, -1, -1, ALL).byStart()).isEqualTo(2);
        assertThat(decide(30, 1_000, -1, -1, ALL).byStart()).isEqualTo(2);
    }

    @Test
    void theReasonsAreTriedOneAfterTheOtherOnWhatIsLeft() throws IOException {
        segments.add(10, NOW_MS).add(10, NOW_MS).add(10, 1).add(10, NOW_MS);
        assertThat(decide(10, 1_000, 1_000, 20, ALL)).isEqualTo(new Decision(1, 1, 1, false));
    }

    @Test
    void aTimestampThatIsNotInMemoryIsAskedForWhenItDecides() throws IOException {
        segments.add(10, 1).add(10, LogRetention.Segments.UNREAD).add(10, NOW_MS);
        assertThat(byTime(1_000)).isEqualTo(new Decision(0, 0, 1, true));
        assertThat(decide(0, 10, 1_000, -1, ALL).unread()).isFalse();
        assertThat(bySize(0)).isEqualTo(new Decision(0, 3, 0, false));
    }

    @Test
    void noMoreGoAtOnceThanAreAllowed() throws IOException {
        segments.add(10, 1).add(10, 1).add(10, 1).add(10, 1);
        assertThat(decide(0, 1_000, 1_000, -1, 3).byTime()).isEqualTo(3);
        assertThat(decide(0, 1_000, -1, 0, 2).bySize()).isEqualTo(2);
        assertThat(decide(40, 1_000, -1, -1, 1).byStart()).isEqualTo(1);
    }
}
