package io.odradek.storage.cleaner;

import static org.assertj.core.api.Assertions.assertThat;

import io.odradek.storage.env.SimulatedWorld;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class OffsetMapTest {
    private static OffsetMap map(long budgetBytes, double loadFactor) {
        return new OffsetMap(new KeyHash(1, 2), budgetBytes, loadFactor);
    }

    private static ByteBuffer key(int number) {
        return ByteBuffer.allocate(4).putInt(0, number);
    }

    @Test
    void theLastOffsetOfEachKeyIsKnown() {
        long seed = SimulatedWorld.seedFromSystem();
        System.out.println("OffsetMapTest: -Dseed=" + seed);
        Random random = new Random(seed);
        OffsetMap map = map(4 << 20, 0.9);
        Map<Integer, Long> model = new HashMap<>();
        for (long offset = 0; offset < 200_000; offset++) {
            int key = random.nextInt(50_000);
            assertThat(map.put(key(key), 0, 4, offset)).isTrue();
            model.put(key, offset);
        }
        for (int key = 0; key < 60_000; key++) {
            assertThat(map.get(key(key), 0, 4)).isEqualTo(model.getOrDefault(key, OffsetMap.NONE));
        }
        assertThat(map.size()).isEqualTo(model.size());
        assertThat(map.latestOffset()).isEqualTo(199_999);
    }

    @Test
    void aFullMapTakesNoNewKeyButNewOffsetsOfThoseItHas() {
        OffsetMap map = map(OffsetMap.ENTRY_BYTES * 10L, 0.9);
        assertThat(map.capacity()).isEqualTo(9);
        for (int i = 0; i < 9; i++) {
            assertThat(map.put(key(i), 0, 4, i)).isTrue();
        }
        assertThat(map.put(key(9), 0, 4, 9)).isFalse();
        assertThat(map.latestOffset()).isEqualTo(8);
        assertThat(map.put(key(3), 0, 4, 10)).isTrue();
        assertThat(map.get(key(3), 0, 4)).isEqualTo(10);
        assertThat(map.get(key(9), 0, 4)).isEqualTo(OffsetMap.NONE);
    }

    @Test
    void evenALoadFactorOfOneLeavesAnEndToSearches() {
        OffsetMap map = map(OffsetMap.ENTRY_BYTES * 4L, 1);
        for (int i = 0; i < 3; i++) {
            assertThat(map.put(key(i), 0, 4, i)).isTrue();
        }
        assertThat(map.put(key(3), 0, 4, 3)).isFalse();
    }

    @Test
    void aMapWithoutMemoryTakesNothing() {
        OffsetMap map = map(10, 0.9);
        assertThat(map.put(key(1), 0, 4, 0)).isFalse();
        assertThat(map.get(key(1), 0, 4)).isEqualTo(OffsetMap.NONE);
    }

    @Test
    void aLargeMapHoldsNearlyAllThatItsBudgetHasRoomFor() {
        OffsetMap map = map(8 << 20, 0.9);
        int count = 0;
        while (map.put(key(count), 0, 4, count)) {
            count++;
        }
        assertThat((double) count / map.capacity()).isBetween(0.95, 1.0);
    }
}
