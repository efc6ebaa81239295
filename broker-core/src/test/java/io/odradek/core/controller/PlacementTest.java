package io.odradek.core.controller;

import static org.assertj.core.api.Assertions.assertThat;

import io.odradek.storage.env.Randoms;
import io.odradek.storage.env.SimulatedWorld;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class PlacementTest {
    private final Randoms randoms = new SimulatedWorld(SimulatedWorld.seedFromSystem()).newRandoms("placement");

    private static SortedMap<Integer, String> brokers(int count, int racks) {
        SortedMap<Integer, String> brokers = new TreeMap<>();
        for (int id = 0; id < count; id++) {
            brokers.put(id, racks == 0 ? null : "rack-" + id % racks);
        }
        return brokers;
    }

    /** The example that Kafka's documentation of the algorithm gives, from start 0 and shift 0. */
    @Test
    void tenPartitionsOfThreeReplicasGoRoundFiveBrokers() {
        Randoms zero = new Randoms() {
            @Override
            public long nextLong() {
                return 0;
            }

            @Override
            public int nextInt(int bound) {
                return 0;
            }
        };
        assertThat(Placement.assign(brokers(5, 0), 10, 3, zero).values())
                .containsExactly(
                        List.of(0, 1, 2),
                        List.of(1, 2, 3),
                        List.of(2, 3, 4),
                        List.of(3, 4, 0),
                        List.of(4, 0, 1),
                        List.of(0, 2, 3),
                        List.of(1, 3, 4),
                        List.of(2, 4, 0),
                        List.of(3, 0, 1),
                        List.of(4, 1, 2));
    }

    @Test
    void leadersAndReplicasAreSpreadEvenlyWhateverTheStart() {
        for (int count = 1; count <= 6; count++) {
            for (int factor = 1; factor <= count; factor++) {
                SortedMap<Integer, List<Integer>> placed =
                        Placement.assign(brokers(count, 0), count * 6, factor, randoms);
                int[] leaders = new int[count];
                for (List<Integer> replicas : placed.values()) {
                    leaders[replicas.get(0)]++;
                    assertThat(replicas).hasSize(factor).doesNotHaveDuplicates();
                }
                assertThat(leaders).containsOnly(6);
            }
        }
    }

    @Test
    void noRackHoldsTwoReplicasBeforeEachHoldsOne() {
        SortedMap<Integer, String> brokers = brokers(6, 3);
        for (List<Integer> replicas : Placement.assign(brokers, 60, 3, randoms).values()) {
            Set<String> racks = new HashSet<>();
            replicas.forEach(broker -> racks.add(brokers.get(broker)));
            assertThat(racks).hasSize(3);
        }
    }

    @Test
    void moreReplicasThanRacksStillLiveOnDifferentBrokers() {
        SortedMap<Integer, String> uneven = new TreeMap<>(Map.of(0, "a", 1, "a", 2, "a", 3, "b"));
        for (List<Integer> replicas : Placement.assign(uneven, 40, 4, randoms).values()) {
            assertThat(replicas).containsExactlyInAnyOrder(0, 1, 2, 3);
        }
        for (List<Integer> replicas : Placement.assign(uneven, 40, 2, randoms).values()) {
            assertThat(replicas).contains(3);
        }
    }

    @Test
    void racksAreIgnoredUnlessEveryBrokerHasOne() {
        SortedMap<Integer, String> some = new TreeMap<>(brokers(3, 1));
        some.put(1, null);
        assertThat(Placement.assign(some, 3, 3, randoms).values())
                .allSatisfy(replicas -> assertThat(replicas).hasSize(3).doesNotHaveDuplicates());
        assertThat(Collections.frequency(some.values(), null)).isEqualTo(1);
    }
}
