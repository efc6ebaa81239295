package io.odradek.core.coordinator.group;

import static io.odradek.core.coordinator.group.GroupBed.text;
import static org.assertj.core.api.Assertions.assertThat;

import io.odradek.core.coordinator.Reply;
import io.odradek.core.coordinator.group.GroupBed.Joining;
import io.odradek.protocol.api.JoinGroupResponse;
import io.odradek.protocol.api.SyncGroupResponse;
import io.odradek.protocol.errors.ErrorCode;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RebalanceTest {
    private final GroupBed bed = new GroupBed();

    @Test
    void membersThatComeWithinTheInitialDelayMakeOneGeneration() {
        var first = bed.join(Joining.as(""));
        var second = bed.join(Joining.as(""));
        bed.world.advanceMs(2_999);
        assertThat(first.isHere()).isFalse();

        bed.world.advanceMs(3_001);

        assertThat(first.get().generationId()).isEqualTo(1);
        assertThat(first.get().leader()).isEqualTo(first.get().memberId());
        assertThat(first.get().members()).hasSize(2);
        assertThat(second.get().generationId()).isEqualTo(1);
        assertThat(second.get().leader()).isEqualTo(first.get().memberId());
        assertThat(second.get().members()).isEmpty();
    }

    @Test
    void aLoneMemberWaitsForOneInitialDelayOnly() {
        var only = bed.join(Joining.as(""));

        bed.world.advanceMs(3_000);

        assertThat(only.get().generationId()).isEqualTo(1);
    }

    @Test
    void withoutInitialDelayTheFirstMemberIsAnsweredAtOnce() {
        var eager = new GroupBed(GroupSettings.DEFAULTS.withInitialRebalanceDelayMs(0));

        assertThat(eager.join(Joining.as("")).get().generationId()).isEqualTo(1);
    }

    @Test
    void everyoneGetsTheAssignmentTheLeaderMadeForIt() {
        var first = bed.join(Joining.as(""));
        var second = bed.join(Joining.as(""));
        bed.world.advanceMs(6_000);
        String leader = first.get().memberId();
        String follower = second.get().memberId();

        var waiting = bed.sync(follower, 1, Map.of());
        assertThat(waiting.isHere()).isFalse();
        var led = bed.sync(leader, 1, Map.of(leader, "a", follower, "b"));

        assertThat(text(led.get().assignment())).isEqualTo("a");
        assertThat(text(waiting.get().assignment())).isEqualTo("b");
        assertThat(bed.state()).isEqualTo("Stable");
    }

    @Test
    void theAssignmentIsGivenOutWhenItIsCommittedAndNotBefore() {
        String member = join();
        bed.log.commitAtOnce(false);
        var sync = bed.sync(member, 1, Map.of(member, "a"));
        assertThat(sync.isHere()).isFalse();

        bed.log.commitAll();

        assertThat(text(sync.get().assignment())).isEqualTo("a");
    }

    @Test
    void anAssignmentThatCannotBeStoredSendsEveryoneBack() {
        String member = join();
        bed.log.refuse(ErrorCode.NOT_ENOUGH_REPLICAS);

        var sync = bed.sync(member, 1, Map.of(member, "a"));

        assertThat(sync.get().errorCode()).isEqualTo(ErrorCode.COORDINATOR_NOT_AVAILABLE);
        assertThat(bed.heartbeat(member, 1)).isEqualTo(ErrorCode.REBALANCE_IN_PROGRESS);
    }

    @Test
    void anAssignmentTooLargeToStoreIsAServerError() {
        String member = join();
        bed.log.refuse(ErrorCode.MESSAGE_TOO_LARGE);

        assertThat(bed.sync(member, 1, Map.of(member, "a")).get().errorCode())
                .isEqualTo(ErrorCode.UNKNOWN_SERVER_ERROR);
    }

    @Test
    void aMemberThatJoinsAStableGroupStartsARebalanceThatWaitsForTheOthers() {
        List<String> members = bed.stableGroupOf(2);

        var late = bed.join(Joining.as(""));
        assertThat(bed.heartbeat(members.get(0), 1)).isEqualTo(ErrorCode.REBALANCE_IN_PROGRESS);
        var first = bed.join(Joining.as(members.get(0)));
        assertThat(late.isHere()).isFalse();
        bed.join(Joining.as(members.get(1)));

        assertThat(late.get().generationId()).isEqualTo(2);
        assertThat(first.get().members()).hasSize(3);
        assertThat(bed.state()).isEqualTo("CompletingRebalance");
    }

    @Test
    void aMemberThatDoesNotJoinAgainInTimeIsOut() {
        List<String> members = bed.stableGroupOf(2);
        var late = bed.join(Joining.as(""));
        keepAlive(members, 1, GroupBed.REBALANCE_MS - 1_000);
        bed.join(Joining.as(members.get(0)));

        bed.world.advanceMs(1_000);

        assertThat(late.get().generationId()).isEqualTo(2);
        assertThat(bed.heartbeat(members.get(1), 1)).isEqualTo(ErrorCode.UNKNOWN_MEMBER_ID);
    }

    @Test
    void aMemberThatLeavesStartsARebalanceOfTheRest() {
        List<String> members = bed.stableGroupOf(3);

        assertThat(bed.leave(members.get(0), null).get(0).errorCode()).isEqualTo(ErrorCode.NONE);

        var second = bed.join(Joining.as(members.get(1)));
        var third = bed.join(Joining.as(members.get(2)));
        assertThat(second.get().generationId()).isEqualTo(2);
        assertThat(second.get().leader()).isEqualTo(members.get(1));
        assertThat(second.get().members()).hasSize(2);
        assertThat(third.get().members()).isEmpty();
    }

    @Test
    void aMemberWithoutHeartbeatForItsSessionTimeoutIsOut() {
        List<String> members = bed.stableGroupOf(2);
        bed.world.advanceMs(GroupBed.SESSION_MS - 1);
        assertThat(bed.heartbeat(members.get(0), 1)).isEqualTo(ErrorCode.NONE);

        bed.world.advanceMs(1);

        assertThat(bed.heartbeat(members.get(1), 1)).isEqualTo(ErrorCode.UNKNOWN_MEMBER_ID);
        assertThat(bed.heartbeat(members.get(0), 1)).isEqualTo(ErrorCode.REBALANCE_IN_PROGRESS);
        assertThat(bed.join(Joining.as(members.get(0))).get().members()).hasSize(1);
    }

    @Test
    void aMemberThatWaitsForARebalanceIsAlive() {
        List<String> members = bed.stableGroupOf(2);
        var waiting = bed.join(Joining.as(members.get(0)));

        keepAlive(members.subList(1, 2), 1, 3 * GroupBed.SESSION_MS);
        bed.join(Joining.as(members.get(1)));

        assertThat(waiting.get().errorCode()).isEqualTo(ErrorCode.NONE);
    }

    @Test
    void aGroupWhoseLastMemberGoesIsEmptyAndStoredSo() {
        List<String> members = bed.stableGroupOf(1);

        bed.leave(members.get(0), null);
        assertThat(bed.state()).isEqualTo("Empty");
        bed.failOver();

        assertThat(bed.state()).isEqualTo("Empty");
        bed.join(Joining.as(""));
        bed.world.advanceMs(3_000);
        assertThat(bed.state()).isEqualTo("CompletingRebalance");
    }

    @Test
    void membersThatDoNotSendSyncInTimeAreOut() {
        var first = bed.join(Joining.as(""));
        var second = bed.join(Joining.as(""));
        bed.world.advanceMs(6_000);
        String leader = first.get().memberId();
        String silent = second.get().memberId();
        bed.sync(leader, 1, Map.of(leader, "a", silent, "b"));

        keepAlive(List.of(leader, silent), 1, GroupBed.REBALANCE_MS);

        assertThat(bed.heartbeat(silent, 1)).isEqualTo(ErrorCode.UNKNOWN_MEMBER_ID);
        assertThat(bed.heartbeat(leader, 1)).isEqualTo(ErrorCode.REBALANCE_IN_PROGRESS);
    }

    @Test
    void aRebalanceSendsThoseWhoWaitForAnAssignmentBack() {
        var first = bed.join(Joining.as(""));
        var second = bed.join(Joining.as(""));
        bed.world.advanceMs(6_000);
        Reply<SyncGroupResponse> waiting = bed.sync(second.get().memberId(), 1, Map.of());

        bed.join(Joining.as(""));

        assertThat(waiting.get().errorCode()).isEqualTo(ErrorCode.REBALANCE_IN_PROGRESS);
        assertThat(bed.sync(first.get().memberId(), 1, Map.of()).get().errorCode())
                .isEqualTo(ErrorCode.REBALANCE_IN_PROGRESS);
    }

    @Test
    void aFollowerThatJoinsAStableGroupAsBeforeLearnsTheGenerationWithoutARebalance() {
        List<String> members = bed.stableGroupOf(2);

        JoinGroupResponse again = bed.join(Joining.as(members.get(1))).get();

        assertThat(again.generationId()).isEqualTo(1);
        assertThat(bed.state()).isEqualTo("Stable");
    }

    @Test
    void aCooperativeLeaderThatJoinsAgainStartsTheSecondRebalance() {
        List<String> members = bed.stableGroupOf(2);

        var leader = bed.join(Joining.as(members.get(0)));
        assertThat(leader.isHere()).isFalse();
        var follower = bed.join(Joining.as(members.get(1)));

        assertThat(leader.get().generationId()).isEqualTo(2);
        assertThat(follower.get().generationId()).isEqualTo(2);
    }

    @Test
    void theProtocolThatAllSupportAndMostPreferIsChosen() {
        var first = bed.join(Joining.as("").protocols("sticky", "range", "mine"));
        bed.join(Joining.as("").protocols("range", "sticky"));
        bed.join(Joining.as("").protocols("range", "sticky", "roundrobin"));

        bed.world.advanceMs(6_000);

        assertThat(first.get().protocolName()).isEqualTo("range");
    }

    @Test
    void aRequestThatItsMemberRepeatsIsAnsweredToo() {
        List<String> members = bed.stableGroupOf(2);
        var older = bed.join(Joining.as(members.get(0)));

        bed.join(Joining.as(members.get(0)));

        assertThat(older.get().errorCode()).isEqualTo(ErrorCode.REBALANCE_IN_PROGRESS);
    }

    private String join() {
        var reply = bed.join(Joining.as(""));
        bed.world.advanceMs(3_000);
        return reply.get().memberId();
    }

    private void keepAlive(List<String> members, int generation, long durationMs) {
        for (long passedMs = 0; passedMs < durationMs; passedMs += 1_000) {
            bed.world.advanceMs(1_000);
            members.forEach(member -> bed.heartbeat(member, generation));
        }
    }
}
