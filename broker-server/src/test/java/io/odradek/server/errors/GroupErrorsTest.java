package io.odradek.server.errors;

import static io.odradek.protocol.errors.ErrorCode.FENCED_INSTANCE_ID;
import static io.odradek.protocol.errors.ErrorCode.GROUP_ID_NOT_FOUND;
import static io.odradek.protocol.errors.ErrorCode.GROUP_MAX_SIZE_REACHED;
import static io.odradek.protocol.errors.ErrorCode.ILLEGAL_GENERATION;
import static io.odradek.protocol.errors.ErrorCode.INCONSISTENT_GROUP_PROTOCOL;
import static io.odradek.protocol.errors.ErrorCode.INVALID_GROUP_ID;
import static io.odradek.protocol.errors.ErrorCode.INVALID_REQUEST;
import static io.odradek.protocol.errors.ErrorCode.INVALID_SESSION_TIMEOUT;
import static io.odradek.protocol.errors.ErrorCode.MEMBER_ID_REQUIRED;
import static io.odradek.protocol.errors.ErrorCode.NON_EMPTY_GROUP;
import static io.odradek.protocol.errors.ErrorCode.REBALANCE_IN_PROGRESS;
import static io.odradek.protocol.errors.ErrorCode.UNKNOWN_MEMBER_ID;
import static io.odradek.server.errors.Members.JOIN;
import static io.odradek.server.errors.Members.STATIC_JOIN;
import static io.odradek.server.errors.Members.SYNC;
import static io.odradek.server.errors.Members.join;
import static io.odradek.server.errors.Members.stable;
import static io.odradek.server.errors.Members.subscription;
import static io.odradek.server.errors.Members.sync;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.odradek.protocol.api.DeleteGroupsRequest;
import io.odradek.protocol.api.DescribeGroupsRequest;
import io.odradek.protocol.api.FindCoordinatorRequest;
import io.odradek.protocol.api.HeartbeatRequest;
import io.odradek.protocol.api.JoinGroupResponse;
import io.odradek.protocol.api.LeaveGroupRequest;
import io.odradek.protocol.api.LeaveGroupRequest.MemberIdentity;
import io.odradek.protocol.api.OffsetCommitRequest;
import io.odradek.protocol.api.OffsetCommitRequest.OffsetCommitRequestPartition;
import io.odradek.protocol.api.OffsetCommitRequest.OffsetCommitRequestTopic;
import io.odradek.protocol.api.SyncGroupRequest;
import io.odradek.protocol.errors.ErrorCode;
import io.odradek.server.net.RawClient;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What members of groups are refused, and those who look after groups. */
@Timeout(120)
class GroupErrorsTest {
    private static ErrorsBed bed;

    @BeforeAll
    static void start() throws Exception {
        bed = ErrorsBed.start("group.initial.rebalance.delay.ms", "0", "group.max.size", "2");
        bed.create("t", 2);
        bed.awaitCoordinator(0, "g");
    }

    @AfterAll
    static void stop() throws Exception {
        bed.close();
    }

    private static HeartbeatRequest heartbeat(String group, int generation, String member, String instance) {
        return new HeartbeatRequest(group, generation, member, instance);
    }

    private static LeaveGroupRequest leave(String group, String member, String instance) {
        return new LeaveGroupRequest(group, member, List.of(new MemberIdentity(member, instance, null)));
    }

    private static OffsetCommitRequest commit(String group, int generation, String member, String instance) {
        var partition = new OffsetCommitRequestPartition(0, 1, -1, -1, "");
        var topic = new OffsetCommitRequestTopic("t", List.of(partition));
        return new OffsetCommitRequest(group, generation, member, instance, -1, List.of(topic));
    }

    @Test
    void theEmptyIdIsNoGroupsButWherePositionsAreKept() throws IOException {
        assertThat(bed.errors(join("", "", null), JOIN)).containsExactly(INVALID_GROUP_ID);
        assertThat(bed.errors(sync("", 1, "m", null), SYNC)).containsExactly(INVALID_GROUP_ID);
        assertThat(bed.errors(heartbeat("", 1, "m", null), 4)).containsExactly(INVALID_GROUP_ID);
        assertThat(bed.errors(leave("", "m", null), 5)).containsExactly(INVALID_GROUP_ID);
        assertThat(bed.errors(leave("", "m", null), 2)).containsExactly(INVALID_GROUP_ID);
        assertThat(bed.errors(commit("", -1, "", null), 8)).isEmpty();
        assertThat(bed.errors(new DescribeGroupsRequest(List.of(""), false), 5)).isEmpty();
        assertThat(bed.errors(new DeleteGroupsRequest(List.of("")), 2)).isEmpty();
        assertThat(bed.errors(new DeleteGroupsRequest(List.of("")), 2)).containsExactly(GROUP_ID_NOT_FOUND);
    }

    @Test
    void whoIsNoMemberIsToldSo() throws IOException {
        assertThat(bed.errors(join("none", "m", null), JOIN)).containsExactly(UNKNOWN_MEMBER_ID);
        assertThat(bed.errors(sync("none", 1, "m", null), SYNC)).containsExactly(UNKNOWN_MEMBER_ID);
        assertThat(bed.errors(heartbeat("none", 1, "m", null), 4)).containsExactly(UNKNOWN_MEMBER_ID);
        assertThat(bed.errors(leave("none", "m", null), 5)).containsExactly(UNKNOWN_MEMBER_ID);
        assertThat(bed.errors(leave("none", "m", null), 2)).containsExactly(UNKNOWN_MEMBER_ID);
        assertThat(bed.errors(commit("none", 1, "m", null), 8)).containsExactly(ILLEGAL_GENERATION);

        JoinGroupResponse member = stable(bed, join("some", "", null), JOIN);
        assertThat(bed.errors(join("some", "m", null), JOIN)).containsExactly(UNKNOWN_MEMBER_ID);
        assertThat(bed.errors(sync("some", 1, "m", null), SYNC)).containsExactly(UNKNOWN_MEMBER_ID);
        assertThat(bed.errors(heartbeat("some", 1, "m", null), 4)).containsExactly(UNKNOWN_MEMBER_ID);
        assertThat(bed.errors(leave("some", "m", null), 5)).containsExactly(UNKNOWN_MEMBER_ID);
        assertThat(bed.errors(commit("some", 1, "m", null), 8)).containsExactly(UNKNOWN_MEMBER_ID);
        assertThat(bed.errors(commit("some", -1, "", null), 8))
                .as("who is outside the group while it has members")
                .containsExactly(UNKNOWN_MEMBER_ID);
        assertThat(bed.errors(leave("some", member.memberId(), null), 5)).isEmpty();
    }

    @Test
    void aMemberOfAnotherGenerationIsToldSo() throws IOException {
        String id = stable(bed, join("generations", "", null), JOIN).memberId();
        for (int other : new int[] {0, 2, -1, Integer.MAX_VALUE}) {
            assertThat(bed.errors(sync("generations", other, id, null), SYNC)).containsExactly(ILLEGAL_GENERATION);
            assertThat(bed.errors(heartbeat("generations", other, id, null), 4)).containsExactly(ILLEGAL_GENERATION);
            assertThat(bed.errors(commit("generations", other, id, null), 8)).containsExactly(ILLEGAL_GENERATION);
        }
    }

    @Test
    void whatAGroupCannotAgreeOnIsNotJoined() throws IOException {
        assertThat(bed.errors(join("new", "", null, "consumer", 5_999, subscription("t"), "range"), JOIN))
                .containsExactly(INVALID_SESSION_TIMEOUT);
        assertThat(bed.errors(join("new", "", null, "consumer", 1_800_001, subscription("t"), "range"), JOIN))
                .containsExactly(INVALID_SESSION_TIMEOUT);
        assertThat(bed.errors(join("new", "", null, "consumer", -1, subscription("t"), "range"), JOIN))
                .containsExactly(INVALID_SESSION_TIMEOUT);
        assertThat(bed.errors(join("new", "", null, "consumer", 6_000, subscription("t")), JOIN))
                .as("no protocol")
                .containsExactly(INCONSISTENT_GROUP_PROTOCOL);
        assertThat(bed.errors(join("new", "", null, "", 6_000, subscription("t"), "range"), JOIN))
                .as("no type of protocols")
                .containsExactly(INCONSISTENT_GROUP_PROTOCOL);

        String id = stable(bed, join("agreed", "", null), JOIN).memberId();
        assertThat(bed.errors(join("agreed", "", null, "connect", 6_000, subscription("t"), "range"), JOIN))
                .containsExactly(INCONSISTENT_GROUP_PROTOCOL);
        assertThat(bed.errors(join("agreed", "", null, "consumer", 6_000, subscription("t"), "sticky"), JOIN))
                .containsExactly(INCONSISTENT_GROUP_PROTOCOL);
        assertThat(bed.errors(new SyncGroupRequest("agreed", 1, id, null, "connect", "range", List.of()), SYNC))
                .containsExactly(INCONSISTENT_GROUP_PROTOCOL);
        assertThat(bed.errors(new SyncGroupRequest("agreed", 1, id, null, "consumer", "sticky", List.of()), SYNC))
                .containsExactly(INCONSISTENT_GROUP_PROTOCOL);
        assertThat(bed.errors(heartbeat("agreed", 1, id, null), 4))
                .as("nobody was disturbed")
                .isEmpty();
    }

    @Test
    void aNewMemberIsGivenItsIdFirst() throws IOException {
        JoinGroupResponse refused = bed.ask(join("ids", "", null), 4, JoinGroupResponse.class);
        assertThat(refused.errorCode()).isEqualTo(MEMBER_ID_REQUIRED);
        assertThat(bed.errors(heartbeat("ids", -1, refused.memberId(), null), 4))
                .containsExactly(UNKNOWN_MEMBER_ID);
        assertThat(bed.errors(join("ids", refused.memberId(), null), 9)).isEmpty();
    }

    @Test
    void whoIsReplacedIsFenced() throws IOException {
        JoinGroupResponse former = stable(bed, join("static", "", "one"), STATIC_JOIN);
        JoinGroupResponse now = bed.ask(join("static", "", "one"), STATIC_JOIN, JoinGroupResponse.class);
        assertThat(now.errorCode()).isEqualTo(ErrorCode.NONE);
        int generation = now.generationId();
        String old = former.memberId();
        assertThat(bed.errors(join("static", old, "one"), STATIC_JOIN)).containsExactly(FENCED_INSTANCE_ID);
        assertThat(bed.errors(sync("static", generation, old, "one"), SYNC)).containsExactly(FENCED_INSTANCE_ID);
        assertThat(bed.errors(heartbeat("static", generation, old, "one"), 4)).containsExactly(FENCED_INSTANCE_ID);
        assertThat(bed.errors(commit("static", generation, old, "one"), 8)).containsExactly(FENCED_INSTANCE_ID);
        assertThat(bed.errors(leave("static", old, "one"), 5)).containsExactly(FENCED_INSTANCE_ID);
        assertThat(bed.errors(heartbeat("static", generation, old, "two"), 4)).containsExactly(UNKNOWN_MEMBER_ID);
        assertThat(bed.errors(leave("static", "", "two"), 5)).containsExactly(UNKNOWN_MEMBER_ID);
    }

    @Test
    void membersAreToldOfARebalanceAndAThirdFindsNoRoom() throws IOException {
        String first = stable(bed, join("pair", "", null), JOIN).memberId();
        RawClient second = Members.joining(bed, join("pair", "", null), JOIN);
        await().atMost(ErrorsBed.PATIENCE)
                .until(() -> bed.errors(heartbeat("pair", 1, first, null), 4), List.of(REBALANCE_IN_PROGRESS)::equals);
        assertThat(bed.errors(sync("pair", 1, first, null), SYNC)).containsExactly(REBALANCE_IN_PROGRESS);
        JoinGroupResponse again = bed.ask(join("pair", first, null), JOIN, JoinGroupResponse.class);
        assertThat(again.generationId()).isEqualTo(2);
        assertThat(Members.joined(second, JOIN).generationId()).isEqualTo(2);
        assertThat(bed.errors(commit("pair", 2, first, null), 8)).containsExactly(REBALANCE_IN_PROGRESS);
        assertThat(bed.errors(join("pair", "", null), JOIN)).containsExactly(GROUP_MAX_SIZE_REACHED);
        assertThat(bed.errors(join("pair", "", null), 9)).containsExactly(GROUP_MAX_SIZE_REACHED);
    }

    @Test
    void groupsThatThereAreNotAndGroupsWithMembersAreNotDeleted() throws IOException {
        stable(bed, join("full", "", null), JOIN);
        assertThat(bed.errors(new DeleteGroupsRequest(List.of("full", "none")), 2))
                .containsExactlyInAnyOrder(NON_EMPTY_GROUP, GROUP_ID_NOT_FOUND);
        assertThat(bed.errors(new DeleteGroupsRequest(List.of()), 2)).isEmpty();
    }

    @Test
    void coordinatorsAreOfGroupsAndTransactionsOnly() throws IOException {
        assertThat(bed.errors(new FindCoordinatorRequest("k", (byte) 7, List.of("k")), 3))
                .containsExactly(INVALID_REQUEST);
        assertThat(bed.errors(new FindCoordinatorRequest("k", (byte) 7, List.of("k")), 4))
                .containsExactly(INVALID_REQUEST);
        assertThat(bed.errors(new FindCoordinatorRequest("k", (byte) -1, List.of("k")), 2))
                .containsExactly(INVALID_REQUEST);
    }
}
