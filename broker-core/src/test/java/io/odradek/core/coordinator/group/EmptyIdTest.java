package io.odradek.core.coordinator.group;

import static org.assertj.core.api.Assertions.assertThat;

import io.odradek.core.coordinator.Reply;
import io.odradek.core.coordinator.group.GroupBed.Joining;
import io.odradek.core.transport.Peer;
import io.odradek.protocol.api.DescribeGroupsResponse.DescribedGroup;
import io.odradek.protocol.api.HeartbeatRequest;
import io.odradek.protocol.api.ListGroupsRequest;
import io.odradek.protocol.api.ListGroupsResponse;
import io.odradek.protocol.api.OffsetCommitRequest;
import io.odradek.protocol.api.OffsetCommitRequest.OffsetCommitRequestPartition;
import io.odradek.protocol.api.OffsetCommitRequest.OffsetCommitRequestTopic;
import io.odradek.protocol.api.OffsetCommitResponse;
import io.odradek.protocol.api.OffsetDeleteRequest;
import io.odradek.protocol.api.OffsetDeleteResponse;
import io.odradek.protocol.api.OffsetFetchRequest.OffsetFetchRequestGroup;
import io.odradek.protocol.api.SyncGroupRequest;
import io.odradek.protocol.api.SyncGroupResponse;
import io.odradek.protocol.errors.ErrorCode;
import java.net.InetAddress;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The group "": its positions are a group's like any other's, and nobody can be a member of it. */
class EmptyIdTest {
    private static final String NAMELESS = "";

    private final GroupBed bed = new GroupBed();

    private void commit() {
        Reply<OffsetCommitResponse> reply = new Reply<>();
        var position = new OffsetCommitRequestPartition(0, 42, -1, -1, "note");
        var topics = List.of(new OffsetCommitRequestTopic("t", List.of(position)));
        bed.coordinator.commit(new OffsetCommitRequest(NAMELESS, -1, "", null, -1, topics), reply);
        bed.world.runUntilIdle();
        assertThat(GroupBed.error(reply)).isEqualTo(ErrorCode.NONE);
    }

    private DescribedGroup described() {
        Reply<List<DescribedGroup>> reply = new Reply<>();
        bed.coordinator.describe(List.of(NAMELESS), reply);
        bed.world.runUntilIdle();
        return reply.get().get(0);
    }

    @Test
    void whatIsStoredUnderItCanBeSeenAndRemoved() {
        commit();

        Reply<ListGroupsResponse> listed = new Reply<>();
        bed.coordinator.list(new ListGroupsRequest(List.of(), List.of()), listed);
        bed.world.runUntilIdle();
        assertThat(listed.get().groups()).extracting(group -> group.groupId()).containsExactly(NAMELESS);
        assertThat(described().errorCode()).isEqualTo(ErrorCode.NONE);
        assertThat(described().groupState()).isEqualTo("Empty");
        var fetched = bed.fetch(false, new OffsetFetchRequestGroup(NAMELESS, null, -1, null));
        assertThat(fetched.get().get(0).topics().get(0).partitions().get(0).committedOffset())
                .isEqualTo(42);

        assertThat(bed.delete(NAMELESS)).isEqualTo(ErrorCode.NONE);

        assertThat(described().groupState()).isEqualTo("Dead");
        assertThat(bed.delete(NAMELESS)).isEqualTo(ErrorCode.GROUP_ID_NOT_FOUND);
    }

    @Test
    void nobodyIsAMemberOfIt() {
        commit();

        assertThat(bed.join(NAMELESS, "consumer", Joining.as("")).get().errorCode())
                .isEqualTo(ErrorCode.INVALID_GROUP_ID);
        Reply<SyncGroupResponse> sync = new Reply<>();
        bed.coordinator.sync(
                new SyncGroupRequest(NAMELESS, 1, "m", null, null, null, List.of()),
                new Caller((short) 3, "client", Peer.anonymous(InetAddress.getLoopbackAddress(), "PLAINTEXT")),
                sync);
        Reply<ErrorCode> heartbeat = new Reply<>();
        bed.coordinator.heartbeat(new HeartbeatRequest(NAMELESS, 1, "m", null), heartbeat);
        Reply<ErrorCode> leave = new Reply<>();
        bed.coordinator.leave(NAMELESS, List.of(), (error, members) -> leave.accept(error));
        Reply<OffsetDeleteResponse> delete = new Reply<>();
        bed.coordinator.deleteOffsets(new OffsetDeleteRequest(NAMELESS, List.of()), delete);
        bed.world.runUntilIdle();

        assertThat(sync.get().errorCode()).isEqualTo(ErrorCode.INVALID_GROUP_ID);
        assertThat(heartbeat.get()).isEqualTo(ErrorCode.INVALID_GROUP_ID);
        assertThat(leave.get()).isEqualTo(ErrorCode.INVALID_GROUP_ID);
        assertThat(delete.get().errorCode()).isEqualTo(ErrorCode.INVALID_GROUP_ID);
    }
}
