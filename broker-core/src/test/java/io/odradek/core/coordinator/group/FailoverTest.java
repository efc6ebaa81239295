package io.odradek.core.coordinator.group;

import static io.odradek.core.coordinator.group.GroupBed.error;
import static org.assertj.core.api.Assertions.assertThat;

import io.odradek.core.coordinator.group.GroupBed.Joining;
import io.odradek.protocol.errors.ErrorCode;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class FailoverTest {
    private final GroupBed bed = new GroupBed();

    @Test
    void membersGoOnWithTheNextCoordinator() {
        List<String> members = bed.stableGroupOf(2);

        bed.failOver();

        assertThat(bed.state()).isEqualTo("Stable");
        assertThat(bed.heartbeat(members.get(0), 1)).isEqualTo(ErrorCode.NONE);
        assertThat(bed.sync(members.get(1), 1, Map.of()).get().errorCode()).isEqualTo(ErrorCode.NONE);
        assertThat(error(bed.commit(members.get(1), 1, 0, 42))).isEqualTo(ErrorCode.NONE);
    }

    @Test
    void membersThatNeverFindTheNextCoordinatorAreOut() {
        bed.stableGroupOf(2);

        bed.failOver();
        bed.world.advanceMs(GroupBed.SESSION_MS);
        bed.world.advanceMs(GroupBed.REBALANCE_MS);

        assertThat(bed.state()).isEqualTo("Empty");
    }

    @Test
    void theGenerationGrowsOnAfterAFailOver() {
        List<String> members = bed.stableGroupOf(1);
        bed.failOver();

        assertThat(bed.join(Joining.as(members.get(0))).get().generationId()).isEqualTo(2);
    }

    @Test
    void whatWaitsWhenThisBrokerResignsIsAnswered() {
        List<String> members = bed.stableGroupOf(2);
        var join = bed.join(Joining.as(members.get(0)));
        bed.log.commitAtOnce(false);
        var commit = bed.commit(members.get(1), 1, 0, 42);
        var fetch = bed.fetchAll();

        bed.coordinator.resigned(0);

        assertThat(join.get().errorCode()).isEqualTo(ErrorCode.NOT_COORDINATOR);
        assertThat(error(commit)).isEqualTo(ErrorCode.NOT_COORDINATOR);
        assertThat(fetch.get().get(0).errorCode()).isEqualTo(ErrorCode.NOT_COORDINATOR);
    }

    @Test
    void anAssignmentThatWaitsWhenThisBrokerResignsIsAnsweredOnce() {
        var joined = bed.join(Joining.as(""));
        bed.world.advanceMs(3_000);
        bed.log.commitAtOnce(false);
        var sync = bed.sync(joined.get().memberId(), 1, Map.of());

        bed.coordinator.resigned(0);
        bed.log.fail(ErrorCode.NOT_LEADER_OR_FOLLOWER);

        assertThat(sync.get().errorCode()).isEqualTo(ErrorCode.NOT_COORDINATOR);
    }

    @Test
    void aCommitThatWasAppendedAndNeverCommittedIsGoneWithItsCoordinator() {
        bed.commit("", -1, 0, 42);
        bed.log.commitAtOnce(false);
        bed.commit("", -1, 0, 43);

        bed.failOver();

        assertThat(bed.offsets()).isEqualTo(Map.of(0, 42L));
    }

    @Test
    void anAssignmentThatANewCoordinatorHasFoundIsToldOnceItIsKnownToBeCommitted() {
        List<String> members = bed.stableGroupOf(2);
        bed.log.commitAtOnce(false);
        bed.commit(members.get(0), 1, 0, 42);
        bed.coordinator.resigned(0);
        bed.elect();

        var sync = bed.sync(members.get(1), 1, Map.of());

        assertThat(sync.isHere()).isFalse();
        bed.log.commitAll();
        assertThat(sync.get().errorCode()).isEqualTo(ErrorCode.NONE);
    }

    @Test
    void timersOfATermThatIsOverDoNothing() {
        bed.stableGroupOf(1);
        long endOffset = bed.log.endOffset();

        bed.coordinator.resigned(0);
        bed.world.advanceMs(600_000);

        assertThat(bed.log.endOffset()).isEqualTo(endOffset);
    }

    @Test
    void nothingIsCoordinatedBeforeTheElectionAndAfterResigning() {
        bed.coordinator.resigned(0);

        assertThat(bed.join(Joining.as("")).get().errorCode()).isEqualTo(ErrorCode.NOT_COORDINATOR);
        assertThat(bed.heartbeat("m", 1)).isEqualTo(ErrorCode.NOT_COORDINATOR);
        assertThat(error(bed.commit("", -1, 0, 1))).isEqualTo(ErrorCode.NOT_COORDINATOR);
    }

    @Test
    void whileTheLogIsReplayedEachRequestIsToldSoInItsOwnWay() {
        List<String> members = bed.stableGroupOf(1);
        bed.coordinator.resigned(0);
        bed.log.holdReplay();
        bed.elect();

        assertThat(bed.join(Joining.as(members.get(0))).get().errorCode())
                .isEqualTo(ErrorCode.COORDINATOR_LOAD_IN_PROGRESS);
        assertThat(error(bed.commit(members.get(0), 1, 0, 1))).isEqualTo(ErrorCode.COORDINATOR_LOAD_IN_PROGRESS);
        assertThat(bed.heartbeat(members.get(0), 1)).isEqualTo(ErrorCode.NONE);
        assertThat(bed.sync(members.get(0), 1, Map.of()).get().errorCode()).isEqualTo(ErrorCode.REBALANCE_IN_PROGRESS);

        bed.log.releaseReplay();

        assertThat(bed.state()).isEqualTo("Stable");
    }

    @Test
    void aReplayThatOutlivesItsTermChangesNothing() {
        bed.commit("", -1, 0, 42);
        bed.coordinator.resigned(0);
        bed.log.holdReplay();
        bed.elect();
        bed.coordinator.resigned(0);

        bed.log.releaseReplay();

        assertThat(error(bed.commit("", -1, 0, 1))).isEqualTo(ErrorCode.NOT_COORDINATOR);
    }
}
