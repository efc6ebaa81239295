package io.odradek.core.controller;

import static io.odradek.core.controller.Known.next;
import static io.odradek.core.controller.Known.recovering;
import static io.odradek.core.controller.Known.t;
import static org.assertj.core.api.Assertions.assertThat;

import io.odradek.protocol.TopicPartition;
import io.odradek.protocol.errors.ErrorCode;
import java.util.List;
import org.junit.jupiter.api.Test;

class LeaderWishesTest {
    private static ErrorCode refusal(Known known, ElectionType type) {
        LeaderWishes wishes = LeaderWishes.of(known.state(), type, List.of(t(0)));
        assertThat(wishes.next()).isEmpty();
        return wishes.refused().get(t(0)).error();
    }

    @Test
    void theFirstReplicaLeadsIfItIsLiveAndInSync() {
        Known known = Known.brokers(1, 2).partition(2, List.of(2, 1), List.of(1, 2));
        assertThat(LeaderWishes.of(known.state(), ElectionType.PREFERRED, List.of(t(0)))
                        .next())
                .containsEntry(t(0), next(1, 2, 1));
        assertThat(refusal(Known.brokers(1, 2).partition(1, List.of(2, 1), List.of(1, 2)), ElectionType.PREFERRED))
                .isEqualTo(ErrorCode.ELECTION_NOT_NEEDED);
        assertThat(refusal(Known.brokers(1, 2).partition(2, List.of(2), List.of(1, 2)), ElectionType.PREFERRED))
                .isEqualTo(ErrorCode.PREFERRED_LEADER_NOT_AVAILABLE);
        assertThat(refusal(Known.brokers(2).partition(2, List.of(2, 1), List.of(1, 2)), ElectionType.PREFERRED))
                .isEqualTo(ErrorCode.PREFERRED_LEADER_NOT_AVAILABLE);
        assertThat(refusal(
                        Known.brokers(1, 2).leaving(1).partition(2, List.of(2, 1), List.of(1, 2)),
                        ElectionType.PREFERRED))
                .isEqualTo(ErrorCode.PREFERRED_LEADER_NOT_AVAILABLE);
    }

    @Test
    void aLiveReplicaLeadsWhereNobodyDoesIfThatIsWished() {
        Known known = Known.brokers(2).partition(-1, List.of(1), List.of(1, 2));
        assertThat(LeaderWishes.of(known.state(), ElectionType.UNCLEAN, List.of(t(0)))
                        .next())
                .containsEntry(t(0), recovering(2, 2));
        assertThat(refusal(Known.brokers(1, 2).partition(1, List.of(1), List.of(1, 2)), ElectionType.UNCLEAN))
                .isEqualTo(ErrorCode.ELECTION_NOT_NEEDED);
        assertThat(refusal(Known.brokers(3).partition(-1, List.of(1), List.of(1, 2)), ElectionType.UNCLEAN))
                .isEqualTo(ErrorCode.ELIGIBLE_LEADERS_NOT_AVAILABLE);
    }

    @Test
    void thereIsNoElectionForWhatIsNotThere() {
        ControllerState state =
                Known.brokers(1).partition(1, List.of(1), List.of(1)).state();
        TopicPartition other = new TopicPartition("other", 0);
        LeaderWishes wishes = LeaderWishes.of(state, ElectionType.PREFERRED, List.of(t(1), other));
        assertThat(wishes.refused().get(t(1)).error()).isEqualTo(ErrorCode.UNKNOWN_TOPIC_OR_PARTITION);
        assertThat(wishes.refused().get(other).error()).isEqualTo(ErrorCode.UNKNOWN_TOPIC_OR_PARTITION);
    }

    @Test
    void thereIsNoElectionForATopicThatIsOnItsWayOut() {
        Known known = Known.brokers(1, 2).partition(2, List.of(2, 1), List.of(1, 2));
        ControllerState state = known.state();
        state.deletions().put("t", Deletion.of(state.topics().get("t")));
        for (ElectionType type : ElectionType.values()) {
            LeaderWishes wishes = LeaderWishes.of(state, type, List.of(t(0)));
            assertThat(wishes.next()).isEmpty();
            assertThat(wishes.refused().get(t(0)).error()).isEqualTo(ErrorCode.INVALID_TOPIC_EXCEPTION);
        }
    }

    @Test
    void leadershipGoesBackWhereMoreOfItThanAllowedIsElsewhere() {
        Known known = Known.brokers(1, 2);
        for (int i = 0; i < 9; i++) {
            known.partition(1, List.of(1, 2), List.of(1, 2));
        }
        ControllerState state = known.partition(2, List.of(1, 2), List.of(1, 2)).state();
        assertThat(LeaderWishes.balance(state, 10)).as("one of ten").isEmpty();
        assertThat(LeaderWishes.balance(state, 9)).containsOnlyKeys(t(9)).containsEntry(t(9), next(1, 1, 2));
        ControllerState outOfSync = Known.brokers(1, 2)
                .partition(2, List.of(2), List.of(1, 2))
                .partition(2, List.of(2, 1), List.of(1, 2))
                .state();
        assertThat(LeaderWishes.balance(outOfSync, 10)).containsOnlyKeys(t(1));
    }

    @Test
    void leadershipStaysWhereItIsWhileReplicasComeOrGo() {
        Known known = Known.brokers(1, 2, 3).partition(2, List.of(2, 1), List.of(1, 2));
        assertThat(LeaderWishes.balance(known.state(), 10)).containsOnlyKeys(t(0));
        known.partition(1, List.of(1), List.of(3, 1)).moving(List.of(3), List.of(1));
        assertThat(LeaderWishes.balance(known.state(), 10)).isEmpty();
        assertThat(LeaderWishes.of(known.state(), ElectionType.PREFERRED, null).next())
                .as("what somebody asks for is done")
                .containsOnlyKeys(t(0));
        Known over = Known.brokers(1, 2, 3)
                .partition(2, List.of(2, 1), List.of(1, 2))
                .partition(1, List.of(1), List.of(1))
                .moving(List.of(), List.of(4));
        assertThat(LeaderWishes.balance(over.state(), 10))
                .as("one that is away has yet to delete its log")
                .containsOnlyKeys(t(0));
    }

    @Test
    void aPartitionOnTheMoveIsLedByOneOfAllItsReplicas() {
        Known known = Known.brokers(1, 2, 3)
                .partition(1, List.of(1, 3), List.of(3, 4, 1, 2))
                .moving(List.of(3, 4), List.of(1, 2));
        assertThat(LeaderWishes.of(known.state(), ElectionType.PREFERRED, List.of(t(0)))
                        .next())
                .containsEntry(t(0), next(3, 1, 3));
        assertThat(refusal(
                        Known.brokers(1, 2, 3)
                                .partition(1, List.of(1, 2), List.of(3, 1, 2))
                                .moving(List.of(3), List.of(1)),
                        ElectionType.PREFERRED))
                .isEqualTo(ErrorCode.PREFERRED_LEADER_NOT_AVAILABLE);
        assertThat(LeaderWishes.of(
                                Known.brokers(3)
                                        .partition(-1, List.of(1), List.of(3, 1))
                                        .moving(List.of(3), List.of(1))
                                        .state(),
                                ElectionType.UNCLEAN,
                                List.of(t(0)))
                        .next())
                .containsEntry(t(0), recovering(3, 3));
    }
}
