package io.odradek.core.controller;

import static io.odradek.core.controller.Known.next;
import static io.odradek.core.controller.Known.recovering;
import static io.odradek.core.controller.Known.t;
import static org.assertj.core.api.Assertions.assertThat;

import io.odradek.core.coordination.node.PartitionStateNode;
import io.odradek.protocol.TopicPartition;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import org.junit.jupiter.api.Test;

class ElectionsTest {
    private static PartitionStateNode elected(Known known) {
        ControllerState state = known.state();
        SortedMap<TopicPartition, PartitionStateNode> next = state.elections().needed(state.staying(), state.brokers());
        return next.get(t(0));
    }

    @Test
    void whoHasNoReplicaAnyMoreLeadsOnlyWhereNobodyElseIsInSync() {
        ControllerState state = Known.brokers(1, 2, 4)
                .partition(4, List.of(1, 4), List.of(1, 2))
                .partition(1, List.of(1, 4), List.of(1, 2))
                .partition(4, List.of(4), List.of(1, 2))
                .state();
        assertThat(state.elections().needed(state.staying(), state.brokers()))
                .containsOnlyKeys(Known.t(0), Known.t(1))
                .containsEntry(Known.t(0), Known.next(1, 1))
                .containsEntry(Known.t(1), Known.next(1, 1));
    }

    @Test
    void nothingIsElectedWhereLeaderAndIsrAreThere() {
        assertThat(elected(Known.brokers(1, 2, 3).partition(1, List.of(1, 2, 3), List.of(1, 2, 3))))
                .isNull();
        assertThat(elected(Known.brokers(1, 3).partition(1, List.of(1, 3), List.of(1, 2, 3))))
                .as("a dead broker that was out of sync changes nothing")
                .isNull();
    }

    @Test
    void theFirstReplicaInSyncTakesOverFromADeadLeader() {
        assertThat(elected(Known.brokers(2, 3).partition(1, List.of(1, 3, 2), List.of(1, 2, 3))))
                .isEqualTo(next(2, 3, 2));
        assertThat(elected(Known.brokers(2, 3).partition(1, List.of(1, 3), List.of(1, 2, 3))))
                .isEqualTo(next(3, 3));
    }

    @Test
    void theDeadLeaveTheIsrInANewLeaderEpoch() {
        assertThat(elected(Known.brokers(1, 3).partition(1, List.of(1, 2, 3), List.of(1, 2, 3))))
                .isEqualTo(next(1, 1, 3));
        assertThat(elected(Known.brokers(1).partition(1, List.of(1, 2, 3), List.of(1, 2, 3))))
                .isEqualTo(next(1, 1));
    }

    @Test
    void aReplicaOnAFailedDiskIsAsGoodAsDead() {
        assertThat(elected(Known.brokers(1, 2).failed(1, 0).partition(1, List.of(1, 2), List.of(1, 2))))
                .isEqualTo(next(2, 2));
        assertThat(elected(Known.brokers(1, 2).failed(2, 0).partition(1, List.of(1, 2), List.of(1, 2))))
                .isEqualTo(next(1, 1));
    }

    @Test
    void theLastInSyncStaysOnRecordWithoutALeader() {
        assertThat(elected(Known.brokers(2).partition(1, List.of(1), List.of(1, 2))))
                .isEqualTo(next(-1, 1));
        assertThat(elected(Known.brokers(3).partition(1, List.of(1, 2), List.of(1, 2))))
                .as("both have all that was acknowledged")
                .isEqualTo(next(-1, 1, 2));
        assertThat(elected(Known.brokers(2).partition(-1, List.of(1), List.of(1, 2))))
                .as("and it waits")
                .isNull();
    }

    @Test
    void whoeverHasRegisteredSinceTheStateWasWrittenIsNotTrustedWhereOthersAre() {
        Known known = Known.brokers(1, 2, 3)
                .partitionWritten(102, 2, List.of(2, 3, 1), List.of(1, 2, 3))
                .partitionWritten(104, 2, List.of(2, 3, 1), List.of(1, 2, 3))
                .partitionWritten(100, 2, List.of(2, 3, 1), List.of(1, 2, 3));
        ControllerState state = known.state();
        assertThat(state.elections().comeUnseen(state.staying(), state.brokers()))
                .as("2 and 3 have come after the first was written, nobody after the second, all after the third")
                .isEqualTo(Map.of(2, Set.of(t(0)), 3, Set.of(t(0))));
    }

    @Test
    void aLeaderThatHasComeUnseenLeadsOnOnlyInANewEpochWhereItHasFollowers() {
        Known known = Known.brokers(1, 2, 3)
                .partitionWritten(100, 2, List.of(2, 3), List.of(2, 3))
                .partitionWritten(103, 2, List.of(2, 3), List.of(2, 3))
                .partitionWritten(100, 1, List.of(1), List.of(1))
                .partitionWritten(100, -1, List.of(3), List.of(3, 2))
                .partition(2, List.of(2, 3), List.of(2, 3));
        ControllerState state = known.state();
        assertThat(state.elections().ledByOnesComeUnseen(state.staying(), state.brokers()))
                .isEqualTo(Map.of(t(0), next(2, 2, 3)));
    }

    @Test
    void whoeverWasInSyncLastLeadsWhenItIsBack() {
        assertThat(elected(Known.brokers(1, 2).partition(-1, List.of(1), List.of(1, 2))))
                .isEqualTo(next(1, 1));
    }

    @Test
    void recordsAreLostOnlyWhereTheTopicAllowsIt() {
        assertThat(elected(Known.brokers(2, 3).unclean().partition(1, List.of(1), List.of(1, 3, 2))))
                .isEqualTo(recovering(3, 3));
        assertThat(elected(Known.brokers(2, 3).unclean().partition(1, List.of(1, 2), List.of(1, 3, 2))))
                .as("a clean leader comes first")
                .isEqualTo(next(2, 2));
        assertThat(elected(Known.brokers(4).unclean().partition(-1, List.of(1), List.of(1, 3, 2))))
                .isNull();
    }

    @Test
    void thatALeaderHasNotRecoveredStaysOnRecordThroughElections() {
        ControllerState state = Known.brokers(2).state();
        ControlledPartition.Assigned partition = new ControlledPartition.Assigned(
                List.of(1, 2), new PartitionStateNode(1, 5, List.of(1, 2), 6, true), 9);
        assertThat(state.elections().needed(t(0), partition, state.brokers(), false))
                .isEqualTo(recovering(2, 2));
    }

    @Test
    void whoIsAboutToStopIsElectedForNothingButServesWhatItHas() {
        assertThat(elected(Known.brokers(1, 2).leaving(1).partition(1, List.of(1, 2), List.of(1, 2))))
                .isNull();
        assertThat(elected(Known.brokers(2, 3).leaving(2).partition(1, List.of(1, 2, 3), List.of(1, 2, 3))))
                .isEqualTo(next(3, 3));
    }

    @Test
    void theFirstStateHasAllReplicasThatAreThere() {
        ControllerState state = Known.brokers(2, 3).partition(List.of(1, 2, 3)).state();
        assertThat(state.elections().first(state.topics().get("t"), state.brokers()))
                .containsEntry(
                        0,
                        new ControlledPartition.Assigned(
                                List.of(1, 2, 3),
                                new PartitionStateNode(2, 0, List.of(2, 3), Known.CONTROLLER_EPOCH),
                                0));
        ControllerState none = Known.brokers(4).partition(List.of(1, 2)).state();
        assertThat(none.elections().first(none.topics().get("t"), none.brokers()))
                .isEmpty();
    }

    private static PartitionStateNode withoutLeaving(int broker, Known known) {
        ControllerState state = known.state();
        return state.elections()
                .withoutLeaving(state.staying(), broker, state.brokers().withLeaving(broker))
                .get(t(0));
    }

    @Test
    void whoIsAboutToStopGivesUpWhatOthersCanLead() {
        assertThat(withoutLeaving(1, Known.brokers(1, 2, 3).partition(1, List.of(1, 3, 2), List.of(1, 2, 3))))
                .isEqualTo(next(2, 3, 2));
        assertThat(withoutLeaving(2, Known.brokers(1, 2, 3).partition(1, List.of(1, 2, 3), List.of(1, 2, 3))))
                .as("a follower leaves the ISR")
                .isEqualTo(next(1, 1, 3));
        assertThat(withoutLeaving(1, Known.brokers(1, 2, 3).leaving(2).partition(1, List.of(1, 2), List.of(1, 2, 3))))
                .as("others that are about to stop do not lead")
                .isNull();
        assertThat(withoutLeaving(1, Known.brokers(1, 2).partition(1, List.of(1), List.of(1, 2))))
                .isNull();
        assertThat(withoutLeaving(1, Known.brokers(1, 2).partition(1, List.of(1), List.of(1))))
                .isNull();
    }
}
