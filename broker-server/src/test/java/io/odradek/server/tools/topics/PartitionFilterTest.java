package io.odradek.server.tools.topics;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Set;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.TopicPartitionInfo;
import org.junit.jupiter.api.Test;

class PartitionFilterTest {
    private static final PartitionFilter ALL = new PartitionFilter(false, false, false, false, false);
    private static final PartitionFilter UNDER_REPLICATED = new PartitionFilter(true, false, false, false, false);
    private static final PartitionFilter UNAVAILABLE = new PartitionFilter(false, true, false, false, false);
    private static final PartitionFilter UNDER_MIN_ISR = new PartitionFilter(false, false, true, false, false);
    private static final PartitionFilter AT_MIN_ISR = new PartitionFilter(false, false, false, true, false);
    private static final PartitionFilter WITH_OVERRIDES = new PartitionFilter(false, false, false, false, true);
    private static final int MIN_ISR = 2;

    private static Node broker(int id) {
        return new Node(id, "host", 9092);
    }

    private static TopicPartitionInfo partition(Node leader, int replicas, int inSync) {
        List<Node> all = List.of(broker(1), broker(2), broker(3), broker(4)).subList(0, replicas);
        return new TopicPartitionInfo(0, leader, all, all.subList(0, inSync));
    }

    private static boolean shows(PartitionFilter filter, TopicPartitionInfo partition, int adding) {
        return filter.shows(partition, adding, MIN_ISR, Set.of(1, 2));
    }

    @Test
    void aPartitionIsUnderReplicatedWhenReplicasThatAreNotOnTheirWayLag() {
        assertThat(shows(UNDER_REPLICATED, partition(broker(1), 3, 3), 0)).isFalse();
        assertThat(shows(UNDER_REPLICATED, partition(broker(1), 3, 2), 0)).isTrue();
        assertThat(shows(UNDER_REPLICATED, partition(broker(1), 4, 3), 1)).isFalse();
    }

    @Test
    void aPartitionIsUnavailableWithoutALeaderThatLives() {
        assertThat(shows(UNAVAILABLE, partition(broker(1), 3, 3), 0)).isFalse();
        assertThat(shows(UNAVAILABLE, partition(null, 3, 3), 0)).isTrue();
        assertThat(shows(UNAVAILABLE, partition(broker(3), 3, 3), 0)).isTrue();
    }

    @Test
    void inSyncReplicasAreHeldAgainstTheLeastNumber() {
        assertThat(shows(UNDER_MIN_ISR, partition(broker(1), 3, 2), 0)).isFalse();
        assertThat(shows(UNDER_MIN_ISR, partition(broker(1), 3, 1), 0)).isTrue();
        assertThat(shows(UNDER_MIN_ISR, partition(null, 3, 3), 0)).isTrue();
        assertThat(shows(AT_MIN_ISR, partition(broker(1), 3, 2), 0)).isTrue();
        assertThat(shows(AT_MIN_ISR, partition(broker(1), 3, 3), 0)).isFalse();
    }

    @Test
    void topicsAreShownUnlessPartitionsAreAskedFor() {
        assertThat(ALL.showsTopic(false)).isTrue();
        assertThat(shows(ALL, partition(broker(1), 3, 3), 0)).isTrue();
        assertThat(UNDER_REPLICATED.showsTopic(true)).isFalse();
        assertThat(WITH_OVERRIDES.showsTopic(true)).isTrue();
        assertThat(WITH_OVERRIDES.showsTopic(false)).isFalse();
        assertThat(shows(WITH_OVERRIDES, partition(broker(1), 3, 2), 0)).isFalse();
    }
}
