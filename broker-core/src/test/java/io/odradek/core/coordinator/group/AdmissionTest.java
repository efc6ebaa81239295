package io.odradek.core.coordinator.group;

import static org.assertj.core.api.Assertions.assertThat;

import io.odradek.core.coordinator.Reply;
import io.odradek.core.coordinator.group.GroupBed.Joining;
import io.odradek.core.transport.Peer;
import io.odradek.protocol.api.JoinGroupRequest;
import io.odradek.protocol.api.JoinGroupRequest.JoinGroupRequestProtocol;
import io.odradek.protocol.api.JoinGroupResponse;
import io.odradek.protocol.api.SyncGroupRequest;
import io.odradek.protocol.api.SyncGroupResponse;
import io.odradek.protocol.errors.ErrorCode;
import java.net.InetAddress;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class AdmissionTest {
    private static final Peer LOCAL = Peer.anonymous(InetAddress.getLoopbackAddress(), "PLAINTEXT");
    private final GroupBed bed = new GroupBed();

    private static ErrorCode errorOf(GroupBed bed, Joining joining) {
        return bed.join(joining).get().errorCode();
    }

    @Test
    void fromVersion4OnANewMemberIsGivenItsIdFirst() {
        var refused = bed.join(Joining.as("").version(4)).get();
        assertThat(refused.errorCode()).isEqualTo(ErrorCode.MEMBER_ID_REQUIRED);
        assertThat(refused.memberId()).startsWith("client-");

        var joined = bed.join(Joining.as(refused.memberId()).version(4));
        bed.world.advanceMs(3_000);

        assertThat(joined.get().errorCode()).isEqualTo(ErrorCode.NONE);
        assertThat(joined.get().memberId()).isEqualTo(refused.memberId());
    }

    @Test
    void aProtocolThatAMemberNamesTwiceIsElectedAllTheSame() {
        var joined = bed.join(Joining.as("").protocols("range", "range"));
        bed.world.advanceMs(3_000);

        assertThat(joined.get().errorCode()).isEqualTo(ErrorCode.NONE);
        assertThat(joined.get().protocolName()).isEqualTo("range");
    }

    @Test
    void aMemberIdFitsIntoAStringOfTheProtocolWhateverTheClientsName() {
        Reply<JoinGroupResponse> reply = new Reply<>();
        var request = new JoinGroupRequest(
                GroupBed.GROUP,
                10_000,
                60_000,
                "",
                null,
                "consumer",
                List.of(new JoinGroupRequestProtocol("range", GroupBed.subscription("t"))),
                null);
        bed.coordinator.join(request, new Caller((short) 4, "x".repeat(32_767), LOCAL), reply);
        bed.world.runUntilIdle();

        assertThat(reply.get().memberId()).hasSize(1_024 + 37);
    }

    @Test
    void aMemberIdThatNobodyComesBackWithLapsesWithTheSessionTimeout() {
        var refused = bed.join(Joining.as("").version(4)).get();

        bed.world.advanceMs(GroupBed.SESSION_MS);

        assertThat(errorOf(bed, Joining.as(refused.memberId()).version(4))).isEqualTo(ErrorCode.UNKNOWN_MEMBER_ID);
        assertThat(bed.state()).isEqualTo("Dead");
    }

    @Test
    void aRebalanceWaitsForAMemberThatWasGivenItsId() {
        List<String> members = bed.stableGroupOf(1);
        var pending = bed.join(Joining.as("").version(4)).get();
        var leader = bed.join(Joining.as(members.get(0)));
        assertThat(leader.isHere()).isFalse();

        bed.leave(pending.memberId(), null);

        assertThat(leader.get().generationId()).isEqualTo(2);
    }

    @Test
    void memberIdsGivenOutAreBounded() {
        var limits = new GroupSettings.Limits(Integer.MAX_VALUE, 2, 1_000_000);
        var small = new GroupBed(with(limits));
        small.join(Joining.as("").version(4));
        small.join(Joining.as("").version(4));

        assertThat(errorOf(small, Joining.as("").version(4))).isEqualTo(ErrorCode.GROUP_MAX_SIZE_REACHED);
    }

    @Test
    void membersAreBounded() {
        var small = new GroupBed(with(new GroupSettings.Limits(2, 10, 1_000_000)));
        small.join(Joining.as(""));
        small.join(Joining.as(""));

        assertThat(errorOf(small, Joining.as(""))).isEqualTo(ErrorCode.GROUP_MAX_SIZE_REACHED);
    }

    @Test
    void aGroupLargerThanItsBoundLetsThoseInWhoComeFirstAndDoesNotWaitForTheOthers() {
        List<String> members = bed.stableGroupOf(3);

        bed.failOver(with(new GroupSettings.Limits(2, 10, 1_000_000)));
        assertThat(bed.heartbeat(members.get(0), 1)).isEqualTo(ErrorCode.REBALANCE_IN_PROGRESS);
        assertThat(GroupBed.error(bed.commit(members.get(2), 1, 0, 42)))
                .as("there is time to commit")
                .isEqualTo(ErrorCode.NONE);
        var first = bed.join(Joining.as(members.get(0)));
        var second = bed.join(Joining.as(members.get(1)));
        var third = bed.join(Joining.as(members.get(2)));

        assertThat(third.get().errorCode()).isEqualTo(ErrorCode.GROUP_MAX_SIZE_REACHED);
        assertThat(third.get().memberId()).isEmpty();
        assertThat(first.get().generationId()).isEqualTo(2);
        assertThat(second.get().generationId()).isEqualTo(2);
        assertThat(bed.heartbeat(members.get(2), 1)).isEqualTo(ErrorCode.UNKNOWN_MEMBER_ID);
    }

    @Test
    void subscriptionsAreBounded() {
        var small = new GroupBed(with(new GroupSettings.Limits(10, 10, 30)));
        small.join(Joining.as(""));

        assertThat(errorOf(small, Joining.as(""))).isEqualTo(ErrorCode.GROUP_MAX_SIZE_REACHED);
    }

    @Test
    void aSessionTimeoutOutsideTheBoundsIsRefused() {
        assertThat(errorOf(bed, Joining.as("").session(5_999))).isEqualTo(ErrorCode.INVALID_SESSION_TIMEOUT);
        assertThat(errorOf(bed, Joining.as("").session(1_800_001))).isEqualTo(ErrorCode.INVALID_SESSION_TIMEOUT);
    }

    @Test
    void anUnknownMemberIdIsRefusedWithAndWithoutAGroup() {
        assertThat(errorOf(bed, Joining.as("who"))).isEqualTo(ErrorCode.UNKNOWN_MEMBER_ID);
        bed.stableGroupOf(1);
        assertThat(errorOf(bed, Joining.as("who"))).isEqualTo(ErrorCode.UNKNOWN_MEMBER_ID);
    }

    @Test
    void anEmptyGroupIdIsRefused() {
        assertThat(bed.join("", "consumer", Joining.as("")).get().errorCode()).isEqualTo(ErrorCode.INVALID_GROUP_ID);
    }

    @Test
    void protocolsMustHaveOneInCommonAndBeOfTheGroupsType() {
        bed.stableGroupOf(1);

        assertThat(errorOf(bed, Joining.as("").protocols("mine"))).isEqualTo(ErrorCode.INCONSISTENT_GROUP_PROTOCOL);
        assertThat(bed.join(GroupBed.GROUP, "connect", Joining.as("")).get().errorCode())
                .isEqualTo(ErrorCode.INCONSISTENT_GROUP_PROTOCOL);
    }

    @Test
    void aNewGroupNeedsAProtocolAndAType() {
        assertThat(errorOf(bed, Joining.as("").protocols(new String[0])))
                .isEqualTo(ErrorCode.INCONSISTENT_GROUP_PROTOCOL);
        assertThat(bed.join(GroupBed.GROUP, "", Joining.as("")).get().errorCode())
                .isEqualTo(ErrorCode.INCONSISTENT_GROUP_PROTOCOL);
        assertThat(bed.state()).isEqualTo("Dead");
    }

    @Test
    void aNewMemberThatVanishesIsOutAfterTheJoinTimeout() {
        var limits = GroupSettings.DEFAULTS;
        var brief = new GroupBed(new GroupSettings(
                new GroupSettings.Sessions(6_000, 1_800_000, 20_000),
                3_000,
                limits.limits(),
                limits.offsets(),
                limits.topic()));
        List<String> members = brief.stableGroupOf(1);
        var vanishing = brief.join(Joining.as(""));

        for (int i = 0; i < 20; i++) {
            brief.heartbeat(members.get(0), 1);
            brief.world.advanceMs(1_000);
        }

        assertThat(vanishing.get().errorCode()).isEqualTo(ErrorCode.UNKNOWN_MEMBER_ID);
        assertThat(brief.join(Joining.as(members.get(0))).get().members()).hasSize(1);
    }

    @Test
    void syncChecksMemberGenerationAndProtocol() {
        String member = bed.stableGroupOf(1).get(0);

        assertThat(bed.sync("who", 1, Map.of()).get().errorCode()).isEqualTo(ErrorCode.UNKNOWN_MEMBER_ID);
        assertThat(bed.sync(member, 2, Map.of()).get().errorCode()).isEqualTo(ErrorCode.ILLEGAL_GENERATION);
        var request = new SyncGroupRequest(GroupBed.GROUP, 1, member, null, "consumer", "other", List.of());
        Reply<SyncGroupResponse> reply = new Reply<>();
        bed.coordinator.sync(request, new Caller((short) 5, "client", LOCAL), reply);
        bed.world.runUntilIdle();
        assertThat(reply.get().errorCode()).isEqualTo(ErrorCode.INCONSISTENT_GROUP_PROTOCOL);
    }

    @Test
    void heartbeatChecksMemberAndGeneration() {
        assertThat(bed.heartbeat("who", 1)).isEqualTo(ErrorCode.UNKNOWN_MEMBER_ID);
        String member = bed.stableGroupOf(1).get(0);

        assertThat(bed.heartbeat("who", 1)).isEqualTo(ErrorCode.UNKNOWN_MEMBER_ID);
        assertThat(bed.heartbeat(member, 0)).isEqualTo(ErrorCode.ILLEGAL_GENERATION);
        assertThat(bed.heartbeat(member, 1)).isEqualTo(ErrorCode.NONE);
    }

    @Test
    void leavingNamesMembersThatAreNotThere() {
        assertThat(bed.leave("who", null).get(0).errorCode()).isEqualTo(ErrorCode.UNKNOWN_MEMBER_ID);
        bed.stableGroupOf(1);

        assertThat(bed.leave("who", null).get(0).errorCode()).isEqualTo(ErrorCode.UNKNOWN_MEMBER_ID);
        assertThat(bed.leave("", "nobody").get(0).errorCode()).isEqualTo(ErrorCode.UNKNOWN_MEMBER_ID);
    }

    private static GroupSettings with(GroupSettings.Limits limits) {
        var defaults = GroupSettings.DEFAULTS;
        return new GroupSettings(defaults.sessions(), 3_000, limits, defaults.offsets(), defaults.topic());
    }
}
