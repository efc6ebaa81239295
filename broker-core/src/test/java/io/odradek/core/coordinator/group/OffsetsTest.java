package io.odradek.core.coordinator.group;

import static io.odradek.core.coordinator.group.GroupBed.error;
import static org.assertj.core.api.Assertions.assertThat;

import io.odradek.core.coordinator.Reply;
import io.odradek.core.coordinator.group.GroupBed.Joining;
import io.odradek.protocol.TopicPartition;
import io.odradek.protocol.api.OffsetCommitRequest.OffsetCommitRequestPartition;
import io.odradek.protocol.api.OffsetDeleteRequest;
import io.odradek.protocol.api.OffsetDeleteRequest.OffsetDeleteRequestPartition;
import io.odradek.protocol.api.OffsetDeleteRequest.OffsetDeleteRequestTopic;
import io.odradek.protocol.api.OffsetDeleteResponse;
import io.odradek.protocol.api.OffsetFetchRequest.OffsetFetchRequestGroup;
import io.odradek.protocol.api.OffsetFetchRequest.OffsetFetchRequestTopics;
import io.odradek.protocol.api.OffsetFetchResponse.OffsetFetchResponseGroup;
import io.odradek.protocol.errors.ErrorCode;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class OffsetsTest {
    private static final long DAY_MS = 86_400_000L;

    private final GroupBed bed = new GroupBed();

    @Test
    void anybodyMayCommitForAGroupWithoutMembers() {
        assertThat(error(bed.commit("", -1, 0, 42))).isEqualTo(ErrorCode.NONE);

        assertThat(bed.offsets()).isEqualTo(Map.of(0, 42L));
    }

    @Test
    void aPositionComesBackWithItsEpochAndNote() {
        bed.commit("", -1, 0, 42);

        var partition = bed.fetchAll().get().get(0).topics().get(0).partitions().get(0);

        assertThat(partition.committedLeaderEpoch()).isEqualTo(7);
        assertThat(partition.metadata()).isEqualTo("note");
    }

    @Test
    void whatWasNeverCommittedIsMinusOne() {
        Reply<List<OffsetFetchResponseGroup>> reply = new Reply<>();
        var asked = List.of(new OffsetFetchRequestTopics("t", List.of(3)));
        bed.coordinator.fetch(List.of(new OffsetFetchRequestGroup("other", null, -1, asked)), false, reply);
        bed.world.runUntilIdle();

        var partition = reply.get().get(0).topics().get(0).partitions().get(0);
        assertThat(partition.committedOffset()).isEqualTo(-1);
        assertThat(partition.errorCode()).isEqualTo(ErrorCode.NONE);
    }

    @Test
    void commitsSurviveTheCoordinator() {
        bed.commit("", -1, 0, 42);
        bed.commit("", -1, 1, 43);
        bed.commit("", -1, 0, 44);

        bed.failOver();

        assertThat(bed.offsets()).isEqualTo(Map.of(0, 44L, 1, 43L));
    }

    @Test
    void aCommitIsAnsweredWhenItIsCommittedAndNotBefore() {
        bed.log.commitAtOnce(false);
        var commit = bed.commit("", -1, 0, 42);
        var fetch = bed.fetchAll();
        assertThat(commit.isHere()).isFalse();
        assertThat(fetch.isHere()).isFalse();

        bed.log.commitAll();

        assertThat(error(commit)).isEqualTo(ErrorCode.NONE);
        assertThat(fetch.get().get(0).topics().get(0).partitions().get(0).committedOffset())
                .isEqualTo(42);
    }

    @Test
    void aCommitThatTheReplicasDoNotFollowIsGivenUp() {
        bed.log.commitAtOnce(false);
        var commit = bed.commit("", -1, 0, 42);

        bed.world.advanceMs(5_000);

        assertThat(error(commit)).isEqualTo(ErrorCode.COORDINATOR_NOT_AVAILABLE);
        var fetch = bed.fetchAll();
        assertThat(fetch.isHere()).isFalse();
        bed.log.commitAll();
        assertThat(fetch.isHere()).isTrue();
    }

    @Test
    void aCommitThatIsRefusedByTheLogChangesNothing() {
        bed.commit("", -1, 0, 42);
        bed.log.refuse(ErrorCode.MESSAGE_TOO_LARGE);

        assertThat(error(bed.commit("", -1, 0, 43))).isEqualTo(ErrorCode.INVALID_COMMIT_OFFSET_SIZE);

        assertThat(bed.offsets()).isEqualTo(Map.of(0, 42L));
    }

    @Test
    void errorsOfTheLogBecomeErrorsOfTheCoordinator() {
        bed.log.refuse(ErrorCode.NOT_LEADER_OR_FOLLOWER);
        assertThat(error(bed.commit("", -1, 0, 43))).isEqualTo(ErrorCode.NOT_COORDINATOR);
        bed.log.refuse(ErrorCode.NOT_ENOUGH_REPLICAS);
        assertThat(error(bed.commit("", -1, 0, 43))).isEqualTo(ErrorCode.COORDINATOR_NOT_AVAILABLE);
        assertThat(bed.state()).isEqualTo("Dead");
    }

    @Test
    void membersCommitInTheirGenerationOnly() {
        String member = bed.stableGroupOf(1).get(0);

        assertThat(error(bed.commit(member, 1, 0, 42))).isEqualTo(ErrorCode.NONE);
        assertThat(error(bed.commit(member, 0, 0, 42))).isEqualTo(ErrorCode.ILLEGAL_GENERATION);
        assertThat(error(bed.commit("who", 1, 0, 42))).isEqualTo(ErrorCode.UNKNOWN_MEMBER_ID);
        assertThat(error(bed.commit("", -1, 0, 42))).isEqualTo(ErrorCode.UNKNOWN_MEMBER_ID);
    }

    @Test
    void aGenerationOfAGroupThatIsNotThereIsIllegal() {
        assertThat(error(bed.commit("who", 1, 0, 42))).isEqualTo(ErrorCode.ILLEGAL_GENERATION);
    }

    @Test
    void membersMayCommitWhileARebalanceIsPreparedButNotWhileItCompletes() {
        List<String> members = bed.stableGroupOf(2);
        bed.join(Joining.as(members.get(0)));
        assertThat(error(bed.commit(members.get(1), 1, 0, 42))).isEqualTo(ErrorCode.NONE);

        bed.join(Joining.as(members.get(1)));

        assertThat(error(bed.commit(members.get(1), 2, 0, 43))).isEqualTo(ErrorCode.REBALANCE_IN_PROGRESS);
    }

    @Test
    void partitionsThatDoNotExistAndNotesTooLongAreRefused() {
        var plain = new OffsetCommitRequestPartition(0, 1, -1, -1, null);
        assertThat(error(bed.commit("", -1, -1, "none", plain))).isEqualTo(ErrorCode.UNKNOWN_TOPIC_OR_PARTITION);
        assertThat(error(bed.commit("", -1, 4, 1))).isEqualTo(ErrorCode.UNKNOWN_TOPIC_OR_PARTITION);
        var longNote = new OffsetCommitRequestPartition(0, 1, -1, -1, "x".repeat(4_097));
        assertThat(error(bed.commit("", -1, -1, longNote))).isEqualTo(ErrorCode.OFFSET_METADATA_TOO_LARGE);
        assertThat(bed.log.endOffset()).isZero();
    }

    @Test
    void positionsOfAGroupThatNeverHadMembersExpireEachByItself() {
        bed.commit("", -1, 0, 42);
        bed.world.advanceMs(4 * DAY_MS);
        bed.commit("", -1, 1, 43);

        bed.world.advanceMs(3 * DAY_MS + 600_000);

        assertThat(bed.offsets()).isEqualTo(Map.of(1, 43L));
        bed.world.advanceMs(4 * DAY_MS);
        assertThat(bed.state()).isEqualTo("Dead");
        bed.failOver();
        assertThat(bed.state()).isEqualTo("Dead");
    }

    @Test
    void positionsOfAGroupExpireAfterItsLastMemberHasGone() {
        String member = bed.stableGroupOf(1).get(0);
        bed.commit(member, 1, 0, 42);
        for (int day = 0; day < 8; day++) {
            bed.world.advanceMs(1);
            stayFor(member, DAY_MS);
        }
        assertThat(bed.offsets()).isEqualTo(Map.of(0, 42L));
        bed.leave(member, null);
        bed.world.advanceMs(6 * DAY_MS);
        assertThat(bed.offsets()).isEqualTo(Map.of(0, 42L));

        bed.world.advanceMs(DAY_MS + 600_000);

        assertThat(bed.offsets()).isEmpty();
        assertThat(bed.state()).isEqualTo("Dead");
    }

    /** Keeps the only member alive by heartbeats. */
    private void stayFor(String member, long durationMs) {
        for (long passedMs = 0; passedMs < durationMs; passedMs += 9_000) {
            assertThat(bed.heartbeat(member, 1)).isEqualTo(ErrorCode.NONE);
            bed.world.advanceMs(9_000);
        }
    }

    @Test
    void aRetentionTimeOfItsOwnOverridesTheBrokers() {
        bed.commit("", -1, 60_000, new OffsetCommitRequestPartition(0, 42, -1, -1, ""));

        bed.world.advanceMs(600_000);

        assertThat(bed.offsets()).isEmpty();
    }

    @Test
    void aRetentionTimeWithoutEndKeepsAPosition() {
        bed.commit("", -1, Long.MAX_VALUE, new OffsetCommitRequestPartition(0, 42, -1, -1, ""));
        bed.commit("", -1, Long.MAX_VALUE - 1, new OffsetCommitRequestPartition(1, 43, -1, -1, ""));

        bed.world.advanceMs(20 * DAY_MS);

        assertThat(bed.offsets()).isEqualTo(Map.of(0, 42L, 1, 43L));
    }

    @Test
    void aCommitDatedAtEitherEndOfTimeExpiresByThatDate() {
        bed.commit("", -1, -1, new OffsetCommitRequestPartition(0, 42, -1, Long.MIN_VALUE, ""));
        bed.commit("", -1, -1, new OffsetCommitRequestPartition(1, 43, -1, Long.MAX_VALUE, ""));

        bed.world.advanceMs(600_000);

        assertThat(bed.offsets()).isEqualTo(Map.of(1, 43L));
    }

    @Test
    void aCommitIsASignOfLife() {
        String member = bed.stableGroupOf(1).get(0);

        for (int i = 0; i < 4; i++) {
            bed.world.advanceMs(GroupBed.SESSION_MS - 1_000);
            assertThat(error(bed.commit(member, 1, 0, i))).isEqualTo(ErrorCode.NONE);
        }

        assertThat(bed.heartbeat(member, 1)).isEqualTo(ErrorCode.NONE);
    }

    @Test
    void aCommitThatIsRefusedIsNone() {
        String member = bed.stableGroupOf(1).get(0);

        bed.world.advanceMs(GroupBed.SESSION_MS - 1_000);
        assertThat(error(bed.commit(member, 7, 0, 1))).isEqualTo(ErrorCode.ILLEGAL_GENERATION);
        bed.world.advanceMs(1_001);

        assertThat(bed.heartbeat(member, 1)).isEqualTo(ErrorCode.UNKNOWN_MEMBER_ID);
    }

    @Test
    void positionsInDeletedPartitionsAreForgotten() {
        bed.commit("", -1, 0, 42);
        bed.commit("", -1, 1, 43);

        bed.coordinator.partitionsDeleted(List.of(new TopicPartition("t", 0)));
        bed.world.runUntilIdle();

        assertThat(bed.offsets()).isEqualTo(Map.of(1, 43L));
    }

    @Test
    void aGroupWithoutMembersCanBeDeletedWithItsPositions() {
        bed.commit("", -1, 0, 42);

        assertThat(delete()).isEqualTo(ErrorCode.NONE);

        assertThat(bed.state()).isEqualTo("Dead");
        bed.failOver();
        assertThat(bed.offsets()).isEmpty();
        assertThat(delete()).isEqualTo(ErrorCode.GROUP_ID_NOT_FOUND);
    }

    @Test
    void aGroupWithMembersCannotBeDeleted() {
        bed.stableGroupOf(1);

        assertThat(delete()).isEqualTo(ErrorCode.NON_EMPTY_GROUP);
    }

    @Test
    void positionsInTopicsThatAreSubscribedToCannotBeDeleted() {
        String member = bed.stableGroupOf(1).get(0);
        bed.commit(member, 1, 0, 42);
        assertThat(deleteOffset()).isEqualTo(ErrorCode.GROUP_SUBSCRIBED_TO_TOPIC);

        bed.leave(member, null);

        assertThat(deleteOffset()).isEqualTo(ErrorCode.NONE);
        assertThat(bed.offsets()).isEmpty();
    }

    @Test
    void aGroupWithoutMembersGoesWithItsLastPosition() {
        String member = bed.stableGroupOf(1).get(0);
        bed.commit(member, 1, 0, 42);
        bed.leave(member, null);

        assertThat(deleteOffset()).isEqualTo(ErrorCode.NONE);

        assertThat(bed.state()).isEqualTo("Dead");
        bed.failOver();
        assertThat(bed.state()).isEqualTo("Dead");
    }

    private ErrorCode delete() {
        Reply<ErrorCode> reply = new Reply<>();
        bed.coordinator.delete(
                List.of(GroupBed.GROUP), results -> reply.accept(results.get(0).errorCode()));
        bed.world.runUntilIdle();
        return reply.get();
    }

    private ErrorCode deleteOffset() {
        Reply<OffsetDeleteResponse> reply = new Reply<>();
        var topic = new OffsetDeleteRequestTopic("t", List.of(new OffsetDeleteRequestPartition(0)));
        bed.coordinator.deleteOffsets(new OffsetDeleteRequest(GroupBed.GROUP, List.of(topic)), reply);
        bed.world.runUntilIdle();
        return reply.get().topics().get(0).partitions().get(0).errorCode();
    }
}
