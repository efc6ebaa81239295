package io.odradek.core.coordinator.group;

import static io.odradek.core.coordinator.group.GroupBed.text;
import static org.assertj.core.api.Assertions.assertThat;

import io.odradek.core.coordinator.Reply;
import io.odradek.core.coordinator.group.GroupBed.Joining;
import io.odradek.protocol.api.JoinGroupResponse;
import io.odradek.protocol.errors.ErrorCode;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Static members (KIP-345): two of them, {@code one} leading, in a stable group. */
class StaticMembershipTest {
    private final GroupBed bed = new GroupBed();
    private String leader;
    private String follower;

    @BeforeEach
    void aStableGroupOfTwo() {
        Reply<JoinGroupResponse> one = bed.join(Joining.as("").instance("one"));
        Reply<JoinGroupResponse> two = bed.join(Joining.as("").instance("two"));
        bed.world.advanceMs(6_000);
        leader = one.get().memberId();
        follower = two.get().memberId();
        bed.sync(leader, 1, Map.of(leader, "a", follower, "b"));
        bed.sync(follower, 1, Map.of());
    }

    @Test
    void aMemberThatComesBackGetsItsAssignmentWithoutARebalance() {
        var back = bed.join(Joining.as("").instance("two")).get();

        assertThat(back.generationId()).isEqualTo(1);
        assertThat(back.memberId()).startsWith("two-").isNotEqualTo(follower);
        assertThat(bed.state()).isEqualTo("Stable");
        assertThat(text(bed.sync(back.memberId(), "two", 1, Map.of()).get().assignment()))
                .isEqualTo("b");
    }

    @Test
    void whoeverSpeaksUnderTheOldMemberIdIsFenced() {
        bed.join(Joining.as("").instance("two"));

        assertThat(bed.heartbeat(follower, "two", 1)).isEqualTo(ErrorCode.FENCED_INSTANCE_ID);
        assertThat(bed.sync(follower, "two", 1, Map.of()).get().errorCode()).isEqualTo(ErrorCode.FENCED_INSTANCE_ID);
        assertThat(bed.join(Joining.as(follower).instance("two")).get().errorCode())
                .isEqualTo(ErrorCode.FENCED_INSTANCE_ID);
        assertThat(bed.leave(follower, "two").get(0).errorCode()).isEqualTo(ErrorCode.FENCED_INSTANCE_ID);
    }

    @Test
    void aLeaderThatComesBackIsToldToSkipTheAssignment() {
        var back = bed.join(Joining.as("").instance("one")).get();

        assertThat(back.skipAssignment()).isTrue();
        assertThat(back.leader()).isEqualTo(back.memberId());
        assertThat(back.members()).hasSize(2);
    }

    @Test
    void aLeaderThatCannotBeToldLearnsTheOldLeadersId() {
        var back = bed.join(Joining.as("").instance("one").version(8));

        assertThat(back.get().leader()).isEqualTo(leader);
        assertThat(back.get().members()).isEmpty();
    }

    @Test
    void theNewMemberIdSurvivesTheCoordinator() {
        var back = bed.join(Joining.as("").instance("two")).get();

        bed.failOver();

        assertThat(bed.heartbeat(back.memberId(), "two", 1)).isEqualTo(ErrorCode.NONE);
        assertThat(bed.heartbeat(follower, "two", 1)).isEqualTo(ErrorCode.FENCED_INSTANCE_ID);
    }

    @Test
    void aNewMemberIdThatCannotBeStoredIsTakenBack() {
        bed.log.refuse(ErrorCode.NOT_ENOUGH_REPLICAS);

        var back = bed.join(Joining.as("").instance("two")).get();

        assertThat(back.errorCode()).isEqualTo(ErrorCode.COORDINATOR_NOT_AVAILABLE);
        assertThat(bed.heartbeat(follower, "two", 1)).isEqualTo(ErrorCode.NONE);
    }

    @Test
    void aMemberThatComesBackAmidARebalanceTakesPartInIt() {
        bed.join(Joining.as(leader).instance("one"));

        var back = bed.join(Joining.as("").instance("two")).get();

        assertThat(back.generationId()).isEqualTo(2);
    }

    @Test
    void anInstanceThatJoinsTwiceFencesTheFirstThatWaits() {
        bed.join(Joining.as(leader).instance("one"));
        var first = bed.join(Joining.as("").instance("three"));
        var second = bed.join(Joining.as("").instance("three"));

        assertThat(first.get().errorCode()).isEqualTo(ErrorCode.FENCED_INSTANCE_ID);
        assertThat(second.isHere()).isFalse();
    }

    @Test
    void anAbsentStaticMemberStaysInTheNextGeneration() {
        var alone = bed.join(Joining.as(leader).instance("one").session(300_000));

        for (int i = 0; i < 60; i++) {
            bed.heartbeat(follower, "two", 1);
            bed.world.advanceMs(1_000);
        }

        assertThat(alone.get().generationId()).isEqualTo(2);
        assertThat(alone.get().members()).hasSize(2);
    }

    @Test
    void anAdministratorTakesAMemberOutByItsInstanceId() {
        assertThat(bed.leave("", "two"))
                .extracting(result -> result.errorCode())
                .isEqualTo(List.of(ErrorCode.NONE));

        assertThat(bed.heartbeat(follower, "two", 1)).isEqualTo(ErrorCode.UNKNOWN_MEMBER_ID);
        assertThat(bed.heartbeat(leader, "one", 1)).isEqualTo(ErrorCode.REBALANCE_IN_PROGRESS);
    }
}
