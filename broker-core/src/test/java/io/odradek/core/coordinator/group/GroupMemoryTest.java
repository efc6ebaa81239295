package io.odradek.core.coordinator.group;

import static io.odradek.core.coordinator.group.GroupBed.error;
import static org.assertj.core.api.Assertions.assertThat;

import io.odradek.core.coordinator.Reply;
import io.odradek.core.coordinator.group.GroupBed.Joining;
import io.odradek.protocol.api.JoinGroupRequest.JoinGroupRequestProtocol;
import io.odradek.protocol.api.JoinGroupResponse;
import io.odradek.protocol.api.OffsetCommitRequest.OffsetCommitRequestPartition;
import io.odradek.protocol.api.OffsetCommitResponse;
import io.odradek.protocol.errors.ErrorCode;
import io.odradek.storage.env.SimulatedWorld;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** All groups together take no more memory than their share, and what they took comes back. */
class GroupMemoryTest {
    private static final int MIB = 1 << 20;
    private static final long SHARE_BYTES = 10 * MIB;

    private final GroupBed bed = new GroupBed(GroupSettings.DEFAULTS, SimulatedWorld.seedFromSystem(), SHARE_BYTES);

    private Reply<JoinGroupResponse> join(String group, String memberId, int metadataBytes) {
        var protocol = new JoinGroupRequestProtocol("range", ByteBuffer.allocate(metadataBytes));
        return bed.join(group, "consumer", Joining.as(memberId), List.of(protocol));
    }

    private Reply<OffsetCommitResponse> commit(String group, int partition, int noteBytes) {
        return bed.commit(
                group, "", -1, -1, "t", new OffsetCommitRequestPartition(partition, 1, -1, -1, "n".repeat(noteBytes)));
    }

    @Test
    void manyMembersWithMuchToTellAreRefusedBeyondTheShareAndComeInWhenThereIsRoomAgain() {
        List<Reply<JoinGroupResponse>> waiting = new ArrayList<>();
        int refused = 0;
        for (int i = 0; i < 60; i++) {
            var reply = join("group-" + i, "", MIB);
            if (reply.isHere()) {
                assertThat(reply.get().errorCode()).isEqualTo(ErrorCode.COORDINATOR_NOT_AVAILABLE);
                refused++;
            } else {
                waiting.add(reply);
            }
        }
        assertThat(waiting).hasSize(9);
        assertThat(refused).isEqualTo(51);
        assertThat(bed.memory.usedBytes()).isLessThan(SHARE_BYTES);

        bed.world.advanceMs(3_001);
        assertThat(waiting)
                .allSatisfy(reply -> assertThat(reply.get().errorCode()).isEqualTo(ErrorCode.NONE));
        bed.world.advanceMs(GroupBed.SESSION_MS + GroupBed.REBALANCE_MS);
        assertThat(join("late", "", MIB).isHere()).isFalse();
    }

    @Test
    void aRefusedJoinLeavesNothing() {
        assertThat(join("g", "", (int) SHARE_BYTES).get().errorCode()).isEqualTo(ErrorCode.COORDINATOR_NOT_AVAILABLE);

        assertThat(bed.memory.usedBytes()).isZero();
        assertThat(bed.state()).isEqualTo("Dead");
    }

    @Test
    void aMemberThatTellsMoreThanBeforeIsRefusedAndStaysWhatItWas() {
        String member = bed.stableGroupOf(1).get(0);

        assertThat(join("g", member, (int) SHARE_BYTES).get().errorCode())
                .isEqualTo(ErrorCode.COORDINATOR_NOT_AVAILABLE);

        assertThat(bed.heartbeat(member, 1)).isEqualTo(ErrorCode.NONE);
    }

    @Test
    void anAssignmentBeyondTheShareIsRefusedAndTheMembersJoinAgain() {
        var first = bed.join(Joining.as(""));
        bed.world.advanceMs(3_001);
        String member = first.get().memberId();

        var sync = bed.sync(member, 1, Map.of(member, "a".repeat(6 * MIB)));

        assertThat(sync.get().errorCode()).isEqualTo(ErrorCode.COORDINATOR_NOT_AVAILABLE);
        assertThat(bed.state()).isEqualTo("PreparingRebalance");
        assertThat(bed.join(Joining.as(member)).get().generationId()).isEqualTo(2);
        assertThat(bed.sync(member, 2, Map.of(member, "a".repeat(MIB))).get().errorCode())
                .isEqualTo(ErrorCode.NONE);
        assertThat(bed.memory.usedBytes()).isBetween(2L * MIB, SHARE_BYTES);
    }

    @Test
    void aFullShareTakesNewPositionsOfThoseThatHaveSomeAndNoMore() {
        int commits = 0;
        while (error(commit("group-" + commits, 0, 4_000)) == ErrorCode.NONE) {
            commits++;
        }
        assertThat(commits).isGreaterThan(500);
        assertThat(error(commit("another", 0, 4_000))).isEqualTo(ErrorCode.COORDINATOR_NOT_AVAILABLE);
        assertThat(error(commit("group-0", 1, 4_000))).isEqualTo(ErrorCode.COORDINATOR_NOT_AVAILABLE);

        assertThat(error(commit("group-0", 0, 4_000))).isEqualTo(ErrorCode.NONE);

        assertThat(bed.delete("group-1")).isEqualTo(ErrorCode.NONE);
        assertThat(error(commit("another", 0, 1_000))).isEqualTo(ErrorCode.NONE);
        assertThat(bed.memory.usedBytes()).isLessThanOrEqualTo(SHARE_BYTES);
    }

    @Test
    void whatIsStoredIsLoadedEvenBeyondTheShare() {
        var roomy = new GroupBed(GroupSettings.DEFAULTS, SimulatedWorld.seedFromSystem());
        roomy.commit("", -1, -1, new OffsetCommitRequestPartition(0, 42, -1, -1, "n".repeat(4_000)));
        var narrow = new GroupBed(GroupSettings.DEFAULTS, SimulatedWorld.seedFromSystem(), 1_000);

        narrow.coordinator.resigned(0);
        narrow.log = roomy.log.committedCopy();
        narrow.elect();

        assertThat(narrow.offsets()).isEqualTo(Map.of(0, 42L));
        assertThat(narrow.memory.usedBytes()).isGreaterThan(4_000);
        narrow.coordinator.resigned(0);
        assertThat(narrow.memory.usedBytes()).isZero();
    }

    @Test
    void aLoadThatFailsGivesBackWhatItTook() {
        bed.commit("", -1, 0, 42);
        bed.commit("", -1, 1, 43);
        bed.coordinator.resigned(0);
        bed.log.failReplays(1);

        bed.elect();
        bed.world.runUntilIdle();

        assertThat(bed.memory.usedBytes()).isZero();
        bed.world.advanceMs(1_001);
        assertThat(bed.memory.usedBytes()).isPositive();
        assertThat(bed.delete("g")).isEqualTo(ErrorCode.NONE);
        assertThat(bed.memory.usedBytes()).isZero();
    }
}
