package io.odradek.core.request.group;

import static org.assertj.core.api.Assertions.assertThat;

import io.odradek.core.coordinator.MemoryPartitionLog;
import io.odradek.core.coordinator.group.GroupCoordinator;
import io.odradek.core.coordinator.group.GroupSettings;
import io.odradek.core.memory.MemoryAccount;
import io.odradek.core.metadata.MetadataImage;
import io.odradek.core.partition.SimulatedOwnerLoop;
import io.odradek.protocol.api.DescribeGroupsRequest;
import io.odradek.protocol.api.DescribeGroupsResponse;
import io.odradek.protocol.api.DescribeGroupsResponse.DescribedGroup;
import io.odradek.protocol.api.LeaveGroupRequest;
import io.odradek.protocol.api.LeaveGroupRequest.MemberIdentity;
import io.odradek.protocol.api.LeaveGroupResponse;
import io.odradek.protocol.api.OffsetFetchRequest;
import io.odradek.protocol.api.OffsetFetchRequest.OffsetFetchRequestGroup;
import io.odradek.protocol.api.OffsetFetchRequest.OffsetFetchRequestTopic;
import io.odradek.protocol.api.OffsetFetchResponse;
import io.odradek.protocol.errors.ErrorCode;
import io.odradek.protocol.wire.Uuid;
import io.odradek.storage.env.SimulatedWorld;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** What handlers make of a group that this broker does not coordinate, in each form that the versions of an API have. */
class GroupHandlersTest {
    private final SimulatedWorld world = new SimulatedWorld(SimulatedWorld.seedFromSystem());
    private final GroupCoordinator nowhere = new GroupCoordinator(
            world.clock(),
            world.newRandoms("groups"),
            GroupSettings.DEFAULTS,
            () -> new MetadataImage("cluster", 1, new TreeMap<>(), new TreeMap<>(), Map.of()),
            MemoryAccount.unbounded().groups());

    private OffsetFetchResponse fetch(int version) {
        RecordingContext context = new RecordingContext(9, version);
        var topics = List.of(new OffsetFetchRequestTopic("t", List.of(0, 1)));
        var groups = List.of(
                new OffsetFetchRequestGroup("a", null, -1, null), new OffsetFetchRequestGroup("b", null, -1, null));
        new OffsetFetchHandler(nowhere, null).handle(new OffsetFetchRequest("g", topics, groups, false), context);
        return (OffsetFetchResponse) context.response();
    }

    @Test
    void beforeVersion2TheErrorOfAGroupIsThatOfEachPartition() {
        assertThat(fetch(1).topics().get(0).partitions())
                .extracting(partition -> partition.errorCode())
                .containsExactly(ErrorCode.NOT_COORDINATOR, ErrorCode.NOT_COORDINATOR);
    }

    @Test
    void upToVersion7TheErrorOfAGroupIsThatOfTheResponse() {
        assertThat(fetch(7).errorCode()).isEqualTo(ErrorCode.NOT_COORDINATOR);
        assertThat(fetch(7).topics()).isEmpty();
    }

    @Test
    void fromVersion8OnEachGroupHasItsOwnError() {
        assertThat(fetch(8).groups()).extracting(group -> group.groupId()).containsExactly("a", "b");
        assertThat(fetch(8).groups())
                .extracting(group -> group.errorCode())
                .containsExactly(ErrorCode.NOT_COORDINATOR, ErrorCode.NOT_COORDINATOR);
    }

    @Test
    void whatAClientMayDoWithAGroupIsToldIfItAsks() {
        int everything = 1 << 3 | 1 << 6 | 1 << 8;

        assertThat(operations(true, ErrorCode.NONE)).isEqualTo(everything);
        assertThat(operations(false, ErrorCode.NONE)).isEqualTo(Integer.MIN_VALUE);
        assertThat(operations(true, ErrorCode.NOT_COORDINATOR)).isEqualTo(Integer.MIN_VALUE);
    }

    private int operations(boolean asked, ErrorCode error) {
        GroupCoordinator coordinator = error == ErrorCode.NONE ? somewhere() : nowhere;
        RecordingContext context = new RecordingContext(15, 5);
        new DescribeGroupsHandler(coordinator).handle(new DescribeGroupsRequest(List.of("g"), asked), context);
        world.runUntilIdle();
        DescribedGroup group =
                ((DescribeGroupsResponse) context.response()).groups().get(0);
        assertThat(group.errorCode()).isEqualTo(error);
        return group.authorizedOperations();
    }

    private GroupCoordinator somewhere() {
        var partition = new MetadataImage.PartitionInfo(1, 0, List.of(1), List.of(1));
        var topic = new MetadataImage.TopicInfo(GroupSettings.OFFSETS_TOPIC, Uuid.ZERO, List.of(partition), Map.of());
        var topics = new TreeMap<>(Map.of(GroupSettings.OFFSETS_TOPIC, topic));
        GroupCoordinator coordinator = new GroupCoordinator(
                world.clock(),
                world.newRandoms("groups"),
                GroupSettings.DEFAULTS,
                () -> new MetadataImage("cluster", 1, new TreeMap<>(), topics, Map.of()),
                MemoryAccount.unbounded().groups());
        coordinator.elected(0, new SimulatedOwnerLoop(world.newLoop("owner")), new MemoryPartitionLog(0));
        return coordinator;
    }

    @Test
    void leavingIsRefusedForTheResponseInAllVersions() {
        for (int version : new int[] {0, 5}) {
            RecordingContext context = new RecordingContext(13, version);
            var members = List.of(new MemberIdentity("m", null, null));
            new LeaveGroupHandler(nowhere).handle(new LeaveGroupRequest("g", "m", members), context);

            var response = (LeaveGroupResponse) context.response();
            assertThat(response.errorCode()).isEqualTo(ErrorCode.NOT_COORDINATOR);
            assertThat(response.members()).isEmpty();
        }
    }
}
