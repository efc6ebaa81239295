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
    void anybody_may_commit_for_a_group_without_members() {
        assertThat(error(bed.commit("", -1, 0, 42))).isEqualTo(ErrorCode.NONE);

        assertThat(bed.offsets()).isEqualTo(Map.of(0, 42L));
    }

    @Test
    void a_position_comes_back_with_its_epoch_and_note() {
        bed.commit("", -1, 0, 42);

        var partition = bed.fetchAll().get().get(0).topics().get(0).partitions().get(0);

        assertThat(partition.committedLeaderEpoch()).isEqualTo(7);
        assertThat(partition.metadata()).isEqualTo("note");
    }

    @Test
    void what_was_never_committed_is_minus_one() {
        Reply<List<OffsetFetchResponseGroup>> reply = new Reply<>();
        var asked = List.of(new OffsetFetchRequestTopics("t", List.of(3)));
        bed.coordinator.fetch(List.of(new OffsetFetchRequestGroup("other", null, -1, asked)), false, reply);
        bed.world.runUntilIdle();

        var partition = reply.get().get(0).topics().get(0).partitions().get(0);
        assertThat(partition.committedOffset()).isEqualTo(-1);
        assertThat(partition.errorCode()).isEqualTo(ErrorCode.NONE);
    }

    @Test
    void commits_survive_the_coordinator() {
        bed.commit("", -1, 0, 42);
        bed.commit("", -1, 1, 43);
        bed.commit("", -1, 0, 44);

        bed.failOver();

        assertThat(bed.offsets()).isEqualTo(Map.of(0, 44L, 1, 43L));
    }

    @Test
    void a_commit_is_answered_when_it_is_committed_and_not_before() {
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
    void a_commit_that_the_replicas_do_not_follow_is_given_up() {
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
    void a_commit_that_is_refused_by_the_log_changes_nothing() {
        bed.commit("", -1, 0, 42);
        bed.log.refuse(ErrorCode.MESSAGE_TOO_LARGE);

        assertThat(error(bed.commit("", -1, 0, 43))).isEqualTo(ErrorCode.INVALID_COMMIT_OFFSET_SIZE);

        assertThat(bed.offsets()).isEqualTo(Map.of(0, 42L));
    }

    @Test
    void errors_of_the_log_become_errors_of_the_coordinator() {
        bed.log.refuse(ErrorCode.NOT_LEADER_OR_FOLLOWER);
        assertThat(error(bed.commit("", -1, 0, 43))).isEqualTo(ErrorCode.NOT_COORDINATOR);
        bed.log.refuse(ErrorCode.NOT_ENOUGH_REPLICAS);
        assertThat(error(bed.commit("", -1, 0, 43))).isEqualTo(ErrorCode.COORDINATOR_NOT_AVAILABLE);
        assertThat(bed.state()).isEqualTo("Dead");
    }

    @Test
    void members_commit_in_their_generation_only() {
        String member = bed.stableGroupOf(1).get(0);

        assertThat(error(bed.commit(member, 1, 0, 42))).isEqualTo(ErrorCode.NONE);
        assertThat(error(bed.commit(member, 0, 0, 42))).isEqualTo(ErrorCode.ILLEGAL_GENERATION);
        assertThat(error(bed.commit("who", 1, 0, 42))).isEqualTo(ErrorCode.UNKNOWN_MEMBER_ID);
        assertThat(error(bed.commit("", -1, 0, 42))).isEqualTo(ErrorCode.UNKNOWN_MEMBER_ID);
    }

    @Test
    void a_generation_of_a_group_that_is_not_there_is_illegal() {
        assertThat(error(bed.commit("who", 1, 0, 42))).isEqualTo(ErrorCode.ILLEGAL_GENERATION);
    }

    @Test
    void members_may_commit_while_a_rebalance_is_prepared_but_not_while_it_completes() {
        List<String> members = bed.stableGroupOf(2);
        bed.join(Joining.as(members.get(0)));
        assertThat(error(bed.commit(members.get(1), 1, 0, 42))).isEqualTo(ErrorCode.NONE);

        bed.join(Joining.as(members.get(1)));

        assertThat(error(bed.commit(members.get(1), 2, 0, 43))).isEqualTo(ErrorCode.REBALANCE_IN_PROGRESS);
    }

    @Test
    void partitions_that_do_not_exist_and_notes_too_long_are_refused() {
        var plain = new OffsetCommitRequestPartition(0, 1, -1, -1, null);
        assertThat(error(bed.commit("", -1, -1, "none", plain))).isEqualTo(ErrorCode.UNKNOWN_TOPIC_OR_PARTITION);
        assertThat(error(bed.commit("", -1, 4, 1))).isEqualTo(ErrorCode.UNKNOWN_TOPIC_OR_PARTITION);
        var longNote = new OffsetCommitRequestPartition(0, 1, -1, -1, "x".repeat(4_097));
        assertThat(error(bed.commit("", -1, -1, longNote))).isEqualTo(ErrorCode.OFFSET_METADATA_TOO_LARGE);
        assertThat(bed.log.endOffset()).isZero();
    }

    @Test
    void positions_of_a_group_that_never_had_members_expire_each_by_itself() {
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
    void positions_of_a_group_expire_after_its_last_member_has_gone() {
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
    void a_retention_time_of_its_own_overrides_the_brokers() {
        bed.commit("", -1, 60_000, new OffsetCommitRequestPartition(0, 42, -1, -1, ""));

        bed.world.advanceMs(600_000);

        assertThat(bed.offsets()).isEmpty();
    }

    @Test
    void a_retention_time_without_end_keeps_a_position() {
        bed.commit("", -1, Long.MAX_VALUE, new OffsetCommitRequestPartition(0, 42, -1, -1, ""));
        bed.commit("", -1, Long.MAX_VALUE - 1, new OffsetCommitRequestPartition(1, 43, -1, -1, ""));

        bed.world.advanceMs(20 * DAY_MS);

        assertThat(bed.offsets()).isEqualTo(Map.of(0, 42L, 1, 43L));
    }

    @Test
    void a_commit_dated_at_either_end_of_time_expires_by_that_date() {
        bed.commit("", -1, -1, new OffsetCommitRequestPartition(0, 42, -1, Long.MIN_VALUE, ""));
        bed.commit("", -1, -1, new OffsetCommitRequestPartition(1, 43, -1, Long.MAX_VALUE, ""));

        bed.world.advanceMs(600_000);

        assertThat(bed.offsets()).isEqualTo(Map.of(1, 43L));
    }

    @Test
    void a_commit_is_a_sign_of_life() {
        String member = bed.stableGroupOf(1).get(0);

        for (int i = 0; i < 4; i++) {
            bed.world.advanceMs(GroupBed.SESSION_MS - 1_000);
            assertThat(error(bed.commit(member, 1, 0, i))).isEqualTo(ErrorCode.NONE);
        }

        assertThat(bed.heartbeat(member, 1)).isEqualTo(ErrorCode.NONE);
    }

    @Test
    void a_commit_that_is_refused_is_none() {
        String member = bed.stableGroupOf(1).get(0);

        bed.world.advanceMs(GroupBed.SESSION_MS - 1_000);
        assertThat(error(bed.commit(member, 7, 0, 1))).isEqualTo(ErrorCode.ILLEGAL_GENERATION);
        bed.world.advanceMs(1_001);

        assertThat(bed.heartbeat(member, 1)).isEqualTo(ErrorCode.UNKNOWN_MEMBER_ID);
    }

    @Test
    void positions_in_deleted_partitions_are_forgotten() {
        bed.commit("", -1, 0, 42);
        bed.commit("", -1, 1, 43);

        bed.coordinator.partitionsDeleted(List.of(new TopicPartition("t", 0)));
        bed.world.runUntilIdle();

        assertThat(bed.offsets()).isEqualTo(Map.of(1, 43L));
    }

    @Test
    void a_group_without_members_can_be_deleted_with_its_positions() {
        bed.commit("", -1, 0, 42);

        assertThat(delete()).isEqualTo(ErrorCode.NONE);

        assertThat(bed.state()).isEqualTo("Dead");
        bed.failOver();
        assertThat(bed.offsets()).isEmpty();
        assertThat(delete()).isEqualTo(ErrorCode.GROUP_ID_NOT_FOUND);
    }

    @Test
    void a_group_with_members_cannot_be_deleted() {
        bed.stableGroupOf(1);

        assertThat(delete()).isEqualTo(ErrorCode.NON_EMPTY_GROUP);
    }

    @Test
    void positions_in_topics_that_are_subscribed_to_cannot_be_deleted() {
        String member = bed.stableGroupOf(1).get(0);
        bed.commit(member, 1, 0, 42);
        assertThat(deleteOffset()).isEqualTo(ErrorCode.GROUP_SUBSCRIBED_TO_TOPIC);

        bed.leave(member, null);

        assertThat(deleteOffset()).isEqualTo(ErrorCode.NONE);
        assertThat(bed.offsets()).isEmpty();
    }

    @Test
    void a_group_without_members_goes_with_its_last_position() {
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
