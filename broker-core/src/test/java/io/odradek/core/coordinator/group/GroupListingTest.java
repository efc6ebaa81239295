package io.odradek.core.coordinator.group;

import static org.assertj.core.api.Assertions.assertThat;

import io.odradek.core.coordinator.Reply;
import io.odradek.protocol.api.DescribeGroupsResponse.DescribedGroup;
import io.odradek.protocol.api.ListGroupsRequest;
import io.odradek.protocol.api.ListGroupsResponse;
import io.odradek.protocol.errors.ErrorCode;
import java.util.List;
import org.junit.jupiter.api.Test;

class GroupListingTest {
    private final GroupBed bed = new GroupBed();

    private ListGroupsResponse list(List<String> states, List<String> types) {
        Reply<ListGroupsResponse> reply = new Reply<>();
        bed.coordinator.list(new ListGroupsRequest(states, types), reply);
        bed.world.runUntilIdle();
        return reply.get();
    }

    private DescribedGroup describe() {
        Reply<List<DescribedGroup>> reply = new Reply<>();
        bed.coordinator.describe(List.of(GroupBed.GROUP), reply);
        bed.world.runUntilIdle();
        return reply.get().get(0);
    }

    @Test
    void groups_are_listed_by_state_and_type() {
        bed.stableGroupOf(1);

        assertThat(list(List.of(), List.of()).groups())
                .singleElement()
                .satisfies(group -> assertThat(group.groupState()).isEqualTo("Stable"));
        assertThat(list(List.of("stable"), List.of("Classic")).groups()).hasSize(1);
        assertThat(list(List.of("Empty"), List.of()).groups()).isEmpty();
        assertThat(list(List.of(), List.of("consumer")).groups()).isEmpty();
    }

    @Test
    void a_listing_while_a_shard_is_loaded_says_so() {
        bed.coordinator.resigned(0);
        bed.log.holdReplay();
        bed.elect();

        assertThat(list(List.of(), List.of()).errorCode()).isEqualTo(ErrorCode.COORDINATOR_LOAD_IN_PROGRESS);
    }

    @Test
    void a_stable_group_is_described_with_subscriptions_and_assignments() {
        String member = bed.stableGroupOf(1).get(0);

        DescribedGroup described = describe();

        assertThat(described.protocolData()).isEqualTo("range");
        assertThat(described.members()).singleElement().satisfies(only -> {
            assertThat(only.memberId()).isEqualTo(member);
            assertThat(only.clientHost()).isEqualTo("/127.0.0.1");
            assertThat(only.memberMetadata()).isEqualTo(GroupBed.subscription("t"));
            assertThat(GroupBed.text(only.memberAssignment())).isEqualTo(member);
        });
    }

    @Test
    void a_group_that_does_not_exist_is_dead() {
        assertThat(describe().groupState()).isEqualTo("Dead");
        assertThat(describe().errorCode()).isEqualTo(ErrorCode.NONE);
    }
}
