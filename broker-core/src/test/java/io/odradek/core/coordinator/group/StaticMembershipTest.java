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
    void a_stable_group_of_two() {
        Reply<JoinGroupResponse> one = bed.join(Joining.as("").instance("one"));
        Reply<JoinGroupResponse> two = bed.join(Joining.as("").instance("two"));
        bed.world.advanceMs(6_000);
        leader = one.get().memberId();
        follower = two.get().memberId();
        bed.sync(leader, 1, Map.of(leader, "a", follower, "b"));
        bed.sync(follower, 1, Map.of());
    }

    @Test
    void a_member_that_comes_back_gets_its_assignment_without_a_rebalance() {
        var back = bed.join(Joining.as("").instance("two")).get();

        assertThat(back.generationId()).isEqualTo(1);
        assertThat(back.memberId()).startsWith("two-").isNotEqualTo(follower);
        assertThat(bed.state()).isEqualTo("Stable");
        assertThat(text(bed.sync(back.memberId(), "two", 1, Map.of()).get().assignment()))
                .isEqualTo("b");
    }

    @Test
    void whoever_speaks_under_the_old_member_id_is_fenced() {
        bed.join(Joining.as("").instance("two"));

        assertThat(bed.heartbeat(follower, "two", 1)).isEqualTo(ErrorCode.FENCED_INSTANCE_ID);
        assertThat(bed.sync(follower, "two", 1, Map.of()).get().errorCode()).isEqualTo(ErrorCode.FENCED_INSTANCE_ID);
        assertThat(bed.join(Joining.as(follower).instance("two")).get().errorCode())
                .isEqualTo(ErrorCode.FENCED_INSTANCE_ID);
        assertThat(bed.leave(follower, "two").get(0).errorCode()).isEqualTo(ErrorCode.FENCED_INSTANCE_ID);
    }

    @Test
    void a_leader_that_comes_back_is_told_to_skip_the_assignment() {
        var back = bed.join(Joining.as("").instance("one")).get();

        assertThat(back.skipAssignment()).isTrue();
        assertThat(back.leader()).isEqualTo(back.memberId());
        assertThat(back.members()).hasSize(2);
    }

    @Test
    void a_leader_that_cannot_be_told_learns_the_old_leaders_id() {
        var back = bed.join(Joining.as("").instance("one").version(8));

        assertThat(back.get().leader()).isEqualTo(leader);
        assertThat(back.get().members()).isEmpty();
    }

    @Test
    void the_new_member_id_survives_the_coordinator() {
        var back = bed.join(Joining.as("").instance("two")).get();

        bed.failOver();

        assertThat(bed.heartbeat(back.memberId(), "two", 1)).isEqualTo(ErrorCode.NONE);
        assertThat(bed.heartbeat(follower, "two", 1)).isEqualTo(ErrorCode.FENCED_INSTANCE_ID);
    }

    @Test
    void a_new_member_id_that_cannot_be_stored_is_taken_back() {
        bed.log.refuse(ErrorCode.NOT_ENOUGH_REPLICAS);

        var back = bed.join(Joining.as("").instance("two")).get();

        assertThat(back.errorCode()).isEqualTo(ErrorCode.COORDINATOR_NOT_AVAILABLE);
        assertThat(bed.heartbeat(follower, "two", 1)).isEqualTo(ErrorCode.NONE);
    }

    @Test
    void a_member_that_comes_back_amid_a_rebalance_takes_part_in_it() {
        bed.join(Joining.as(leader).instance("one"));

        var back = bed.join(Joining.as("").instance("two")).get();

        assertThat(back.generationId()).isEqualTo(2);
    }

    @Test
    void an_instance_that_joins_twice_fences_the_first_that_waits() {
        bed.join(Joining.as(leader).instance("one"));
        var first = bed.join(Joining.as("").instance("three"));
        var second = bed.join(Joining.as("").instance("three"));

        assertThat(first.get().errorCode()).isEqualTo(ErrorCode.FENCED_INSTANCE_ID);
        assertThat(second.isHere()).isFalse();
    }

    @Test
    void an_absent_static_member_stays_in_the_next_generation() {
        var alone = bed.join(Joining.as(leader).instance("one").session(300_000));

        for (int i = 0; i < 60; i++) {
            bed.heartbeat(follower, "two", 1);
            bed.world.advanceMs(1_000);
        }

        assertThat(alone.get().generationId()).isEqualTo(2);
        assertThat(alone.get().members()).hasSize(2);
    }

    @Test
    void an_administrator_takes_a_member_out_by_its_instance_id() {
        assertThat(bed.leave("", "two"))
                .extracting(result -> result.errorCode())
                .isEqualTo(List.of(ErrorCode.NONE));

        assertThat(bed.heartbeat(follower, "two", 1)).isEqualTo(ErrorCode.UNKNOWN_MEMBER_ID);
        assertThat(bed.heartbeat(leader, "one", 1)).isEqualTo(ErrorCode.REBALANCE_IN_PROGRESS);
    }
}
