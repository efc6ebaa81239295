package io.odradek.storage.cleaner;

import static org.assertj.core.api.Assertions.assertThat;

import io.odradek.storage.cleaner.SegmentGroups.Sizes;
import java.util.List;
import org.junit.jupiter.api.Test;

class SegmentGroupsTest {
    private static Sizes sizes(long baseOffset, long endOffset, long sizeBytes, long indexBytes) {
        return new Sizes(baseOffset, endOffset, sizeBytes, indexBytes);
    }

    @Test
    void neighboursBecomeOneAsLongAsTheyFit() {
        List<Sizes> segments = List.of(
                sizes(0, 10, 40, 1),
                sizes(10, 20, 60, 1),
                sizes(20, 30, 1, 1),
                sizes(30, 40, 200, 1),
                sizes(40, 50, 0, 1));
        assertThat(SegmentGroups.of(segments, 100, 100))
                .containsExactly(new int[] {0, 2}, new int[] {2, 3}, new int[] {3, 4}, new int[] {4, 5});
    }

    @Test
    void indexesMustFitToo() {
        List<Sizes> segments = List.of(sizes(0, 10, 1, 8), sizes(10, 20, 1, 8), sizes(20, 30, 1, 8));
        assertThat(SegmentGroups.of(segments, 100, 16)).containsExactly(new int[] {0, 2}, new int[] {2, 3});
    }

    @Test
    void offsetsDifferBy32BitsAtMost() {
        long far = Integer.MAX_VALUE;
        List<Sizes> segments = List.of(sizes(5, 10, 1, 1), sizes(10, far + 6, 1, 1), sizes(far + 6, far + 7, 1, 1));
        assertThat(SegmentGroups.of(segments, 100, 100)).containsExactly(new int[] {0, 2}, new int[] {2, 3});
    }
}
