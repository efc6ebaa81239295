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
    void groupsAreListedByStateAndType() {
        bed.stableGroupOf(1);

        assertThat(list(List.of(), List.of()).groups())
                .singleElement()
                .satisfies(group -> assertThat(group.groupState()).isEqualTo("Stable"));
        assertThat(list(List.of("stable"), List.of("Classic")).groups()).hasSize(1);
        assertThat(list(List.of("Empty"), List.of()).groups()).isEmpty();
        assertThat(list(List.of(), List.of("consumer")).groups()).isEmpty();
    }

    @Test
    void aListingWhileAShardIsLoadedSaysSo() {
        bed.coordinator.resigned(0);
        bed.log.holdReplay();
        bed.elect();

        assertThat(list(List.of(), List.of()).errorCode()).isEqualTo(ErrorCode.COORDINATOR_LOAD_IN_PROGRESS);
    }

    @Test
    void aStableGroupIsDescribedWithSubscriptionsAndAssignments() {
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
    void aGroupThatDoesNotExistIsDead() {
        assertThat(describe().groupState()).isEqualTo("Dead");
        assertThat(describe().errorCode()).isEqualTo(ErrorCode.NONE);
    }
}
