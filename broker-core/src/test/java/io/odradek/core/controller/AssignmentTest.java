package io.odradek.core.controller;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AssignmentTest {
    private static List<Integer> ids(String text) {
        return text == null
                ? List.of()
                : List.of(text.split(" ")).stream().map(Integer::valueOf).toList();
    }

    private static Assignment assignment(String replicas, String adding, String removing) {
        return new Assignment(ids(replicas), ids(adding), ids(removing));
    }

    @ParameterizedTest
    @CsvSource({
        // replicas, adding, removing, wanted, replicas, adding, removing
        "1 2,   ,    , 1 2,   1 2,     ,      ",
        "1 2,   ,    , 2 1,   2 1,     ,      ",
        "1 2,   ,    , 3 4,   3 4 1 2, 3 4, 1 2",
        "1 2 3, ,    , 1 2,   1 2 3,   ,    3",
        "1,     ,    , 1 2 3, 1 2 3,   2 3,  ",
        // changed under way: who is not wanted any more goes at once, and the origin stays the origin
        "3 4 1 2, 3 4, 1 2, 5 6, 5 6 1 2, 5 6, 1 2 3 4",
        "3 4 1 2, 3 4, 1 2, 3 1, 3 1 2,   3,   2 4",
        // cancelled, also by asking for what there was
        "3 4 1 2, 3 4, 1 2, 1 2, 1 2,     ,    3 4",
        // others are wanted while logs are yet to be deleted
        "3 4, , 1 2, 1 4, 1 4 3, 1, 3 2",
        "3 4, , 1 2, 3 4, 3 4,   ,  1 2"
    })
    void isOnItsWayFromWhereItWas(
            String replicas,
            String adding,
            String removing,
            String wanted,
            String nextReplicas,
            String nextAdding,
            String nextRemoving) {
        assertThat(assignment(replicas, adding, removing).towards(ids(wanted)))
                .isEqualTo(assignment(nextReplicas, nextAdding, nextRemoving));
    }

    @Test
    void hasArrivedWhenItHasWhatIsWantedAndIsSettledWhenTheRestIsDeleted() {
        Assignment moving = Assignment.settled(List.of(1, 2, 3)).towards(List.of(2, 4));
        assertThat(moving.isMoving()).isTrue();
        assertThat(moving.target()).containsExactly(2, 4);
        assertThat(moving.origin()).containsExactly(2, 1, 3);
        assertThat(moving.leaving()).isEmpty();

        Assignment arrived = moving.arrived();
        assertThat(arrived).isEqualTo(new Assignment(List.of(2, 4), List.of(), List.of(1, 3)));
        assertThat(arrived.isMoving()).isFalse();
        assertThat(arrived.leaving()).containsExactly(1, 3);
        assertThat(arrived.isUnderWay(Set.of(3, 4))).isTrue();
        assertThat(arrived.isUnderWay(Set.of(2, 4)))
                .as("nobody waits for the dead")
                .isFalse();
        assertThat(arrived.cleared(Set.of(3))).isEqualTo(new Assignment(List.of(2, 4), List.of(), List.of(1)));
        assertThat(arrived.cleared(Set.of(1, 3)).isSettled()).isTrue();
    }

    @Test
    void whoIsStillAReplicaIsNotTakenForGone() {
        Assignment moving = Assignment.settled(List.of(1, 2)).towards(List.of(3));
        assertThat(moving.cleared(Set.of(1, 2))).isEqualTo(moving);
    }
}
