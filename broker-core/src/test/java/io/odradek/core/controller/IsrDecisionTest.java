package io.odradek.core.controller;

import static io.odradek.core.controller.Known.t;
import static org.assertj.core.api.Assertions.assertThat;

import io.odradek.core.controller.IsrProposal.Member;
import io.odradek.core.coordination.node.PartitionStateNode;
import io.odradek.protocol.errors.ErrorCode;
import io.odradek.protocol.wire.Uuid;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Broker 1 leads partition 0 in leader epoch 5 and partition epoch 9, with brokers 1 and 2 in sync. */
class IsrDecisionTest {
    private final Known known = Known.brokers(1, 2, 3).partition(1, List.of(1, 2), List.of(1, 2, 3));

    private static IsrProposal proposal(int leaderEpoch, int partitionEpoch, int... isr) {
        List<Member> members = new ArrayList<>();
        for (int id : isr) {
            members.add(new Member(id, 100 + id));
        }
        return new IsrProposal(Known.ID, null, 0, leaderEpoch, partitionEpoch, members);
    }

    private ErrorCode answer(IsrProposal proposal) {
        return answer(1, proposal);
    }

    private ErrorCode answer(int broker, IsrProposal proposal) {
        IsrDecision decision = IsrDecision.of(known.state(), broker, List.of(proposal));
        if (decision.errors().get(0) != ErrorCode.NONE) {
            assertThat(decision.next()).isEmpty();
        }
        return decision.errors().get(0);
    }

    @Test
    void theIsrGrowsAndShrinksInTheSameLeaderEpoch() {
        assertThat(IsrDecision.of(known.state(), 1, List.of(proposal(5, 9, 1, 2, 3)))
                        .next())
                .containsEntry(t(0), new PartitionStateNode(1, 5, List.of(1, 2, 3), Known.CONTROLLER_EPOCH));
        assertThat(IsrDecision.of(known.state(), 1, List.of(proposal(5, 9, 1))).next())
                .containsEntry(t(0), new PartitionStateNode(1, 5, List.of(1), Known.CONTROLLER_EPOCH));
    }

    @Test
    void aLeaderThatChangesItsIsrHasRecovered() {
        ControllerState state = known.state();
        SortedMap<Integer, ControlledPartition> unclean = new TreeMap<>();
        unclean.put(
                0,
                new ControlledPartition.Assigned(
                        List.of(1, 2), new PartitionStateNode(1, 5, List.of(1), Known.CONTROLLER_EPOCH, true), 9));
        state.put(new ControlledTopic("t", Known.ID, unclean, new TreeMap<>()));
        assertThat(IsrDecision.of(state, 1, List.of(proposal(5, 9, 1, 2))).next())
                .containsEntry(t(0), new PartitionStateNode(1, 5, List.of(1, 2), Known.CONTROLLER_EPOCH, false));
    }

    @Test
    void topicsAreFoundByNameToo() {
        IsrProposal named = new IsrProposal(Uuid.ZERO, "t", 0, 5, 9, List.of(new Member(1, -1)));
        assertThat(answer(named)).isEqualTo(ErrorCode.NONE);
        assertThat(answer(new IsrProposal(Uuid.ZERO, "other", 0, 5, 9, List.of())))
                .isEqualTo(ErrorCode.UNKNOWN_TOPIC_OR_PARTITION);
        assertThat(answer(new IsrProposal(new Uuid(9, 9), null, 0, 5, 9, List.of())))
                .isEqualTo(ErrorCode.UNKNOWN_TOPIC_ID);
        assertThat(answer(new IsrProposal(Known.ID, null, 4, 5, 9, List.of())))
                .isEqualTo(ErrorCode.UNKNOWN_TOPIC_OR_PARTITION);
    }

    @Test
    void whoKnowsLessIsToldSoAndWhoKnowsMoreHasAnotherController() {
        assertThat(answer(proposal(4, 9, 1))).isEqualTo(ErrorCode.FENCED_LEADER_EPOCH);
        assertThat(answer(proposal(5, 8, 1))).isEqualTo(ErrorCode.INVALID_UPDATE_VERSION);
        assertThat(answer(proposal(6, 9, 1))).isEqualTo(ErrorCode.NOT_CONTROLLER);
        assertThat(answer(proposal(5, 10, 1))).isEqualTo(ErrorCode.NOT_CONTROLLER);
    }

    @Test
    void whatIsSoAlreadyIsAnsweredAsItIs() {
        IsrDecision decision = IsrDecision.of(known.state(), 1, List.of(proposal(5, 8, 1, 2)));
        assertThat(decision.errors()).containsExactly(ErrorCode.NONE);
        assertThat(decision.next()).isEmpty();
    }

    @Test
    void onlyTheLeaderProposesAndItIsInSyncItself() {
        assertThat(answer(2, proposal(5, 9, 1, 2))).isEqualTo(ErrorCode.INVALID_REQUEST);
        assertThat(answer(proposal(5, 9, 2))).isEqualTo(ErrorCode.INVALID_REQUEST);
        assertThat(answer(proposal(5, 9))).isEqualTo(ErrorCode.INVALID_REQUEST);
        assertThat(answer(proposal(5, 9, 1, 4))).isEqualTo(ErrorCode.INVALID_REQUEST);
        assertThat(answer(proposal(5, 9, 1, 1))).isEqualTo(ErrorCode.INVALID_REQUEST);
    }

    @Test
    void whoJoinsIsThereToStayInTheLifeInWhichItCaughtUp() {
        assertThat(answer(joining(103))).isEqualTo(ErrorCode.NONE);
        assertThat(answer(joining(-1))).isEqualTo(ErrorCode.NONE);
        assertThat(answer(joining(102))).as("an earlier life").isEqualTo(ErrorCode.INELIGIBLE_REPLICA);
        known.leaving(3);
        assertThat(answer(joining(103))).as("about to stop").isEqualTo(ErrorCode.INELIGIBLE_REPLICA);
    }

    @Test
    void whoJoinsHasADiskThatWorksAndABrokerThatLives() {
        known.failed(3, 0);
        assertThat(answer(joining(103))).isEqualTo(ErrorCode.INELIGIBLE_REPLICA);
        Known dead = Known.brokers(1, 2).partition(1, List.of(1, 2), List.of(1, 2, 3));
        assertThat(IsrDecision.of(dead.state(), 1, List.of(joining(103))).errors())
                .containsExactly(ErrorCode.INELIGIBLE_REPLICA);
    }

    private static IsrProposal joining(long brokerEpoch) {
        return new IsrProposal(
                Known.ID, null, 0, 5, 9, List.of(new Member(1, 101), new Member(2, 102), new Member(3, brokerEpoch)));
    }

    @Test
    void aPartitionThatIsNamedTwiceChangesOnce() {
        IsrDecision decision = IsrDecision.of(known.state(), 1, List.of(proposal(5, 9, 1), proposal(5, 9, 1, 2, 3)));
        assertThat(decision.errors()).containsExactly(ErrorCode.NONE, ErrorCode.INVALID_REQUEST);
        assertThat(decision.next().get(t(0)).isr()).containsExactly(1);
    }
}
