package io.odradek.core.controller;

import static org.assertj.core.api.Assertions.assertThat;

import io.odradek.core.controller.LeaderElection.Decision;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class LeaderElectionTest {
    @Test
    void theFirstReplicaThatIsLiveAndInSyncLeads() {
        assertThat(LeaderElection.elect(List.of(3, 1, 2), List.of(2, 1), Set.of(1, 2, 3), false))
                .isEqualTo(new Decision(1, List.of(2, 1)));
    }

    @Test
    void theDeadLeaveTheIsr() {
        assertThat(LeaderElection.elect(List.of(1, 2, 3), List.of(1, 2, 3), Set.of(2, 3), false))
                .isEqualTo(new Decision(2, List.of(2, 3)));
    }

    @Test
    void withoutALiveReplicaInSyncNobodyLeadsAndTheIsrIsKept() {
        assertThat(LeaderElection.elect(List.of(1, 2), List.of(1), Set.of(2), false))
                .isEqualTo(new Decision(-1, List.of(1)));
    }

    @Test
    void anUncleanElectionTakesAnyLiveReplica() {
        assertThat(LeaderElection.elect(List.of(1, 2, 3), List.of(1), Set.of(3, 2), true))
                .isEqualTo(new Decision(2, List.of(2)));
        assertThat(LeaderElection.elect(List.of(1), List.of(1), Set.of(), true))
                .isEqualTo(new Decision(-1, List.of(1)));
    }
}
