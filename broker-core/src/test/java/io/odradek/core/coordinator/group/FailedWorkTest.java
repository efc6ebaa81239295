package io.odradek.core.coordinator.group;

import static io.odradek.core.coordinator.group.GroupBed.error;
import static org.assertj.core.api.Assertions.assertThat;

import io.odradek.core.coordinator.group.GroupBed.Joining;
import io.odradek.protocol.errors.ErrorCode;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** A request or a timer that fails half-way costs its group what waits there, and no other group anything. */
class FailedWorkTest {
    private final GroupBed bed = new GroupBed();

    @Test
    void aCommitThatFailsIsAnsweredAndItsGroupGoesOn() {
        List<String> members = bed.stableGroupOf(2);
        bed.log.breakNextAppend(true);

        assertThat(error(bed.commit(members.get(0), 1, 0, 42))).isEqualTo(ErrorCode.UNKNOWN_SERVER_ERROR);

        assertThat(bed.state()).isEqualTo("Stable");
        assertThat(bed.heartbeat(members.get(1), 1)).isEqualTo(ErrorCode.NONE);
        assertThat(error(bed.commit(members.get(0), 1, 0, 43))).isEqualTo(ErrorCode.NONE);
        assertThat(bed.offsets()).isEqualTo(Map.of(0, 43L));
    }

    @Test
    void otherGroupsNoticeNothing() {
        String member = bed.stableGroupOf(1).get(0);
        var waiting = bed.join("other", "consumer", Joining.as(""));
        bed.log.breakNextAppend(true);

        assertThat(error(bed.commit(member, 1, 0, 42))).isEqualTo(ErrorCode.UNKNOWN_SERVER_ERROR);

        assertThat(waiting.isHere()).isFalse();
        bed.world.advanceMs(3_001);
        assertThat(waiting.get().errorCode()).isEqualTo(ErrorCode.NONE);
    }

    @Test
    void anAssignmentWhoseStoringFailsSendsEverybodyBackToTheLastStoredGeneration() {
        List<String> members = bed.stableGroupOf(2);
        var first = bed.join(Joining.as(members.get(0)));
        var second = bed.join(Joining.as(members.get(1)));
        String leader = first.get().leader();
        String other = members.get(0).equals(leader) ? members.get(1) : members.get(0);
        assertThat(second.get().generationId()).isEqualTo(2);
        var waits = bed.sync(other, 2, Map.of());
        bed.log.breakNextAppend(true);

        var fails = bed.sync(leader, 2, Map.of(leader, "all"));

        assertThat(fails.get().errorCode()).isEqualTo(ErrorCode.UNKNOWN_SERVER_ERROR);
        assertThat(waits.get().errorCode()).isEqualTo(ErrorCode.COORDINATOR_NOT_AVAILABLE);
        assertThat(bed.state()).isEqualTo("Stable");
        assertThat(bed.heartbeat(other, 2)).isEqualTo(ErrorCode.ILLEGAL_GENERATION);
        var again = bed.join(Joining.as(leader));
        bed.join(Joining.as(other));
        assertThat(again.get().generationId()).isEqualTo(2);
    }

    @Test
    void aTimerThatFailsTakesItsGroupBackToTheLastStoredGeneration() {
        String member = bed.stableGroupOf(1).get(0);
        bed.log.breakNextAppend(true);

        bed.world.advanceMs(GroupBed.SESSION_MS);

        assertThat(bed.log.isBroken()).isFalse();
        assertThat(bed.state()).isEqualTo("Stable");
        assertThat(bed.heartbeat(member, 1)).isEqualTo(ErrorCode.NONE);
        bed.world.advanceMs(GroupBed.SESSION_MS);
        assertThat(bed.state()).isEqualTo("Empty");
    }

    @Test
    void memoryOfWhatWasHalfDoneIsGivenBack() {
        List<String> members = bed.stableGroupOf(2);
        long before = bed.memory.usedBytes();
        bed.log.breakNextAppend(true);

        bed.commit(members.get(0), 1, 0, 42);

        assertThat(bed.memory.usedBytes()).isLessThanOrEqualTo(before).isPositive();
    }
}
