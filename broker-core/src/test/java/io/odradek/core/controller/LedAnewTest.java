package io.odradek.core.controller;

import static io.odradek.core.controller.Known.next;
import static io.odradek.core.controller.Known.t;
import static org.assertj.core.api.Assertions.assertThat;

import io.odradek.core.coordination.node.PartitionStateNode;
import io.odradek.protocol.TopicPartition;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class LedAnewTest {
    private final Known known = Known.brokers(1, 2, 3);
    private final SortedMap<TopicPartition, PartitionStateNode> next = new TreeMap<>();

    private void partition(int leader, PartitionStateNode then) {
        next.put(t(next.size()), then);
        known.partition(leader, List.of(1, 2, 3), List.of(1, 2, 3));
    }

    @Test
    void aDecisionThatLeavesAllLeadersIsNotTold() {
        partition(1, next(1, 1, 3));

        assertThat(LedAnew.describe(known.state(), next)).isNull();
    }

    @Test
    void whoLeadsAndWhoDidAreTold() {
        partition(1, next(2, 2, 3));
        partition(2, next(2, 2, 3));
        partition(1, next(-1, 1));

        assertThat(LedAnew.describe(known.state(), next))
                .isEqualTo("Partitions are led anew: t-0 by broker 2 after broker 1, t-2 by nobody after broker 1;"
                        + " 1 of 2 have no leader, as no replica in sync is there");
    }

    @Test
    void thousandsOfPartitionsAreOneLine() {
        for (int i = 0; i < 5_000; i++) {
            partition(1, next(2, 2, 3));
        }

        assertThat(LedAnew.describe(known.state(), next))
                .endsWith("t-19 by broker 2 after broker 1 and 4980 more")
                .hasSizeLessThan(1_000)
                .doesNotContain("\n");
    }
}
