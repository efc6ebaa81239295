package io.odradek.core.coordinator.group;

import static org.assertj.core.api.Assertions.assertThat;

import io.odradek.core.coordinator.Reply;
import io.odradek.protocol.api.DeleteGroupsResponse.DeletableGroupResult;
import io.odradek.protocol.api.DescribeGroupsResponse.DescribedGroup;
import io.odradek.protocol.api.ListGroupsRequest;
import io.odradek.protocol.api.ListGroupsResponse;
import io.odradek.protocol.api.OffsetFetchRequest.OffsetFetchRequestGroup;
import io.odradek.protocol.api.OffsetFetchRequest.OffsetFetchRequestTopics;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A name that costs the client a few bytes must not be answered at length as often as it is said. */
class NamedTwiceTest {
    private static final int TIMES = 3_000;

    private final GroupBed bed = new GroupBed();

    private static List<String> names() {
        List<String> names = new ArrayList<>(List.of("z"));
        names.addAll(Collections.nCopies(TIMES, GroupBed.GROUP));
        names.addAll(Collections.nCopies(TIMES, "z"));
        names.add("a");
        return names;
    }

    @Test
    void groupsAreDescribedOnceInTheOrderInWhichTheyAreFirstNamed() {
        bed.stableGroupOf(1);
        Reply<List<DescribedGroup>> reply = new Reply<>();

        bed.coordinator.describe(names(), reply);
        bed.world.runUntilIdle();

        assertThat(reply.get()).extracting(DescribedGroup::groupId).containsExactly("z", GroupBed.GROUP, "a");
        assertThat(reply.get()).extracting(DescribedGroup::groupState).containsExactly("Dead", "Stable", "Dead");
    }

    @Test
    void groupsAreDeletedOnce() {
        bed.commit("", -1, 0, 42);
        Reply<List<DeletableGroupResult>> reply = new Reply<>();

        bed.coordinator.delete(names(), reply);
        bed.world.runUntilIdle();

        assertThat(reply.get())
                .extracting(result -> result.groupId() + " " + result.errorCode())
                .containsExactly("z GROUP_ID_NOT_FOUND", "g NONE", "a GROUP_ID_NOT_FOUND");
    }

    @Test
    void positionsAreFetchedOnceForEachGroupTopicAndPartition() {
        bed.commit("", -1, 0, 42);
        bed.commit("", -1, 1, 43);
        var asked = new OffsetFetchRequestTopics("t", Collections.nCopies(TIMES, 1));
        var some = new OffsetFetchRequestGroup(GroupBed.GROUP, null, -1, List.of(asked, asked));
        var more = new OffsetFetchRequestGroup(
                GroupBed.GROUP, "another", 1, List.of(new OffsetFetchRequestTopics("t", List.of(0, 1))));

        var groups = bed.fetch(false, some, some, more).get();

        assertThat(groups).hasSize(1);
        assertThat(groups.get(0).topics()).hasSize(1);
        assertThat(groups.get(0).topics().get(0).partitions())
                .extracting(partition -> partition.partitionIndex() + ":" + partition.committedOffset())
                .containsExactly("1:43", "0:42");
    }

    @Test
    void aGroupAskedForSomeAndForAllPositionsIsAskedForAll() {
        bed.commit("", -1, 0, 42);
        bed.commit("", -1, 1, 43);
        var all = new OffsetFetchRequestGroup(GroupBed.GROUP, null, -1, null);
        var none = new OffsetFetchRequestGroup(GroupBed.GROUP, null, -1, List.of());

        assertThat(bed.fetch(false, none, all, none).get())
                .singleElement()
                .satisfies(
                        group -> assertThat(group.topics().get(0).partitions()).hasSize(2));
    }

    @Test
    void aListingDoesNotCareHowOftenAStateIsNamed() {
        bed.stableGroupOf(1);
        Reply<ListGroupsResponse> reply = new Reply<>();

        bed.coordinator.list(new ListGroupsRequest(Collections.nCopies(TIMES, "STABLE"), List.of()), reply);
        bed.world.runUntilIdle();

        assertThat(reply.get().groups()).hasSize(1);
    }
}
