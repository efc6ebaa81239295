package io.odradek.core.controller;

import static io.odradek.core.controller.Known.next;
import static org.assertj.core.api.Assertions.assertThat;

import io.odradek.protocol.TopicPartition;
import io.odradek.protocol.errors.ErrorCode;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class MoveWishesTest {
    private static final CreationLimits LIMITS = new CreationLimits(10, 10, 3);

    private static MoveWishes wish(ControllerState state, TopicPartition id, List<Integer> replicas) {
        return wish(state, id, replicas, MoveWishes.Check.LIVE);
    }

    private static MoveWishes wish(
            ControllerState state, TopicPartition id, List<Integer> replicas, MoveWishes.Check check) {
        SortedMap<TopicPartition, List<Integer>> wanted = new TreeMap<>();
        wanted.put(id, replicas);
        return MoveWishes.of(state, wanted, LIMITS, check);
    }

    private static ErrorCode error(ControllerState state, List<Integer> replicas) {
        return wish(state, Known.t(0), replicas).outcomes().get(Known.t(0)).error();
    }

    private static MoveStep step(ControllerState state, List<Integer> replicas) {
        MoveWishes wishes = wish(state, Known.t(0), replicas);
        assertThat(wishes.outcomes()).containsEntry(Known.t(0), Outcome.DONE);
        return wishes.steps().get("t").get(0);
    }

    @Test
    void newReplicasComeFirstInANewLeaderEpoch() {
        ControllerState state = Known.brokers(1, 2, 3)
                .partition(1, List.of(1, 2), List.of(1, 2))
                .state();
        assertThat(step(state, List.of(3, 2)))
                .isEqualTo(new MoveStep(new Assignment(List.of(3, 2, 1), List.of(3), List.of(1)), next(1, 1, 2)));
    }

    @Test
    void replicasThatAreInSyncAlreadyAreAllThereIsAtOnce() {
        ControllerState state = Known.brokers(1, 2, 3)
                .partition(1, List.of(1, 2, 3), List.of(1, 2, 3))
                .state();
        assertThat(step(state, List.of(3, 2)))
                .isEqualTo(new MoveStep(new Assignment(List.of(3, 2), List.of(), List.of(1)), next(3, 2, 3)));
        assertThat(step(state, List.of(2, 1, 3)))
                .as("another order only")
                .isEqualTo(new MoveStep(Assignment.settled(List.of(2, 1, 3)), next(1, 1, 2, 3)));
    }

    @Test
    void aPartitionIsLeftWhereItIsWanted() {
        ControllerState state =
                Known.brokers(1, 2).partition(1, List.of(1, 2), List.of(1, 2)).state();
        MoveWishes wishes = wish(state, Known.t(0), List.of(1, 2));
        assertThat(wishes.outcomes()).containsEntry(Known.t(0), Outcome.DONE);
        assertThat(wishes.steps()).isEmpty();
    }

    @Test
    void whatCannotBeIsRefused() {
        ControllerState state = Known.brokers(1, 2, 4)
                .leaving(4)
                .partition(1, List.of(1), List.of(1))
                .state();
        for (List<Integer> replicas :
                List.of(List.<Integer>of(), List.of(1, 1), List.of(-1), List.of(1, 3), List.of(1, 4))) {
            assertThat(error(state, replicas)).as("%s", replicas).isEqualTo(ErrorCode.INVALID_REPLICA_ASSIGNMENT);
        }
        assertThat(error(state, null)).isEqualTo(ErrorCode.NO_REASSIGNMENT_IN_PROGRESS);
        TopicPartition none = new TopicPartition("none", 0);
        assertThat(wish(state, none, List.of(1)).outcomes().get(none).error())
                .isEqualTo(ErrorCode.UNKNOWN_TOPIC_OR_PARTITION);
        assertThat(wish(state, Known.t(7), List.of(1))
                        .outcomes()
                        .get(Known.t(7))
                        .error())
                .isEqualTo(ErrorCode.UNKNOWN_TOPIC_OR_PARTITION);
        assertThat(wish(state, none, null).outcomes().get(none).error())
                .isEqualTo(ErrorCode.NO_REASSIGNMENT_IN_PROGRESS);
    }

    @Test
    void oldToolsMayNameBrokersThatAreNotThereYet() {
        ControllerState state =
                Known.brokers(1).partition(1, List.of(1), List.of(1)).state();
        assertThat(wish(state, Known.t(0), List.of(1, 3), MoveWishes.Check.FORM).outcomes())
                .containsEntry(Known.t(0), Outcome.DONE);
    }

    @Test
    void whereItIsAskedForAPartitionHasAsManyReplicasAsItIsToHaveAnyway() {
        ControllerState settled = Known.brokers(1, 2, 3)
                .partition(1, List.of(1, 2), List.of(1, 2))
                .state();
        ControllerState moving = Known.brokers(1, 2, 3)
                .partition(1, List.of(1), List.of(2, 3, 1))
                .moving(List.of(2, 3), List.of(1))
                .state();
        for (ControllerState state : List.of(settled, moving)) {
            for (List<Integer> other : List.of(List.of(3), List.of(1, 2, 3))) {
                Outcome refusal = wish(state, Known.t(0), other, MoveWishes.Check.SAME_COUNT)
                        .outcomes()
                        .get(Known.t(0));
                assertThat(refusal.error()).isEqualTo(ErrorCode.INVALID_REPLICATION_FACTOR);
                assertThat(refusal.message()).isEqualTo("The replication factor is changed from 2 to " + other.size());
            }
            assertThat(wish(state, Known.t(0), List.of(1, 3), MoveWishes.Check.SAME_COUNT)
                            .outcomes())
                    .containsEntry(Known.t(0), Outcome.DONE);
        }
        assertThat(wish(moving, Known.t(0), null, MoveWishes.Check.SAME_COUNT).outcomes())
                .as("back to one replica")
                .containsEntry(Known.t(0), Outcome.DONE);
        assertThat(wish(settled, Known.t(0), List.of(1, 4, 4), MoveWishes.Check.SAME_COUNT)
                        .outcomes()
                        .get(Known.t(0))
                        .error())
                .isEqualTo(ErrorCode.INVALID_REPLICA_ASSIGNMENT);
    }

    @Test
    void brokersTakeNoMoreReplicasThanTheyHaveRoomFor() {
        Known known = Known.brokers(1, 2);
        for (int i = 0; i < 5; i++) {
            known.partition(1, List.of(1), List.of(1));
        }
        ControllerState state = known.state();
        SortedMap<TopicPartition, List<Integer>> wanted = new TreeMap<>();
        wanted.put(Known.t(0), List.of(1, 2));
        wanted.put(Known.t(1), List.of(1, 2));
        MoveWishes wishes = MoveWishes.of(state, wanted, LIMITS, MoveWishes.Check.LIVE);
        assertThat(wishes.outcomes().get(Known.t(0))).isEqualTo(Outcome.DONE);
        assertThat(wishes.outcomes().get(Known.t(1)).error()).isEqualTo(ErrorCode.POLICY_VIOLATION);
    }

    @Test
    void aMoveIsCancelledIntoWhatThereWas() {
        ControllerState state = Known.brokers(1, 2, 3)
                .partition(1, List.of(1, 2), List.of(3, 2, 1))
                .moving(List.of(3), List.of(1))
                .state();
        assertThat(step(state, null))
                .isEqualTo(new MoveStep(new Assignment(List.of(2, 1), List.of(), List.of(3)), next(1, 1, 2)));
    }

    @Test
    void aMoveIsNotUndoneWhereThatWouldLoseRecords() {
        ControllerState state = Known.brokers(1, 2, 3)
                .partition(3, List.of(3), List.of(3, 2, 1))
                .moving(List.of(3), List.of(1))
                .state();
        assertThat(error(state, null)).isEqualTo(ErrorCode.INVALID_REPLICA_ASSIGNMENT);
        assertThat(error(state, List.of(2)))
                .as("elsewhere, without the only one in sync")
                .isEqualTo(ErrorCode.INVALID_REPLICA_ASSIGNMENT);
    }

    @Test
    void aLeaderThatIsNotWantedGivesWayToTheFirstInSync() {
        ControllerState state = Known.brokers(1, 2, 3)
                .partition(3, List.of(3, 2), List.of(3, 2, 1))
                .moving(List.of(3), List.of(2))
                .state();
        assertThat(step(state, null).state()).isEqualTo(next(2, 2));
    }

    @Test
    void aMoveIsDueWhenAllThatIsWantedIsInSyncAndOneOfThemCanLead() {
        Assignment arrived = new Assignment(List.of(3, 4), List.of(), List.of(1, 2));
        assertThat(due(Known.brokers(1, 2, 3, 4), 1, List.of(1, 2, 3, 4)))
                .isEqualTo(new MoveStep(arrived, next(3, 3, 4)));
        assertThat(due(Known.brokers(1, 2, 3, 4), 4, List.of(4, 3))).isEqualTo(new MoveStep(arrived, next(4, 4, 3)));
        assertThat(due(Known.brokers(1, 2, 4), 1, List.of(1, 3, 4)))
                .as("the first is dead")
                .isEqualTo(new MoveStep(arrived, next(4, 3, 4)));
        assertThat(due(Known.brokers(1, 2, 3, 4), 1, List.of(1, 2, 3))).isNull();
        assertThat(due(Known.brokers(1, 2), 1, List.of(1, 3, 4)))
                .as("nobody could lead")
                .isNull();
    }

    private static MoveStep due(Known known, int leader, List<Integer> isr) {
        ControllerState state = known.partition(leader, isr, List.of(3, 4, 1, 2))
                .moving(List.of(3, 4), List.of(1, 2))
                .state();
        return MoveStep.due(state.topics().get("t"), 0, state);
    }

    @Test
    void aPartitionThatNobodyHasHadIsElsewhereAtOnce() {
        ControllerState state = Known.brokers(3).partition(List.of(1, 2)).state();
        assertThat(step(state, List.of(3))).isEqualTo(new MoveStep(Assignment.settled(List.of(3)), null));
    }

    @Test
    void aTopicOnItsWayOutIsNotMoved() {
        ControllerState state =
                Known.brokers(1, 2).partition(1, List.of(1), List.of(1)).state();
        state.deletions().put("t", Deletion.of(state.topics().get("t")));
        assertThat(error(state, List.of(2))).isEqualTo(ErrorCode.UNKNOWN_TOPIC_OR_PARTITION);
    }
}
