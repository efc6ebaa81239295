package io.odradek.core.request.group;

import static org.assertj.core.api.Assertions.assertThat;

import io.odradek.core.coordinator.MemoryPartitionLog;
import io.odradek.core.coordinator.group.GroupCoordinator;
import io.odradek.core.coordinator.group.GroupSettings;
import io.odradek.core.memory.MemoryAccount;
import io.odradek.core.metadata.MetadataImage;
import io.odradek.core.metadata.MetadataImage.PartitionInfo;
import io.odradek.core.metadata.MetadataImage.TopicInfo;
import io.odradek.core.partition.SimulatedOwnerLoop;
import io.odradek.core.request.RequestHandler;
import io.odradek.protocol.api.ApiKey;
import io.odradek.protocol.api.ApiRequest;
import io.odradek.protocol.api.DeleteGroupsRequest;
import io.odradek.protocol.api.DescribeGroupsRequest;
import io.odradek.protocol.api.HeartbeatRequest;
import io.odradek.protocol.api.JoinGroupRequest;
import io.odradek.protocol.api.JoinGroupRequest.JoinGroupRequestProtocol;
import io.odradek.protocol.api.JoinGroupResponse;
import io.odradek.protocol.api.ListGroupsRequest;
import io.odradek.protocol.api.OffsetCommitRequest;
import io.odradek.protocol.api.OffsetCommitRequest.OffsetCommitRequestPartition;
import io.odradek.protocol.api.OffsetCommitRequest.OffsetCommitRequestTopic;
import io.odradek.protocol.api.SyncGroupRequest;
import io.odradek.protocol.wire.Uuid;
import io.odradek.storage.env.SimulatedWorld;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Requests to groups are in work while they stand in a shard's queue, and hold nothing while they wait for others. */
class GroupWaitsTest {
    private final SimulatedWorld world = new SimulatedWorld(SimulatedWorld.seedFromSystem());
    private final MemoryPartitionLog log = new MemoryPartitionLog(0);
    private final GroupCoordinator coordinator = new GroupCoordinator(
            world.clock(),
            world.newRandoms("groups"),
            GroupSettings.DEFAULTS,
            this::image,
            MemoryAccount.unbounded().groups());

    GroupWaitsTest() {
        coordinator.elected(0, new SimulatedOwnerLoop(world.newLoop("owner")), log);
        world.runUntilIdle();
    }

    private MetadataImage image() {
        PartitionInfo led = new PartitionInfo(1, 0, List.of(1), List.of(1));
        TreeMap<String, TopicInfo> topics = new TreeMap<>();
        for (String topic : List.of(GroupSettings.OFFSETS_TOPIC, "t")) {
            topics.put(topic, new TopicInfo(topic, Uuid.ZERO, List.of(led), Map.of()));
        }
        return new MetadataImage("cluster", 1, new TreeMap<>(), topics, Map.of());
    }

    private <R extends ApiRequest> RecordingContext served(
            RequestHandler<R> handler, ApiKey api, int version, R request) {
        RecordingContext context = new RecordingContext(api.key(), version);
        handler.handle(request, context);
        assertThat(context.isInWork()).as("in the shard's queue").isTrue();
        world.runUntilIdle();
        assertThat(context.isInWork()).as("once it was served").isFalse();
        return context;
    }

    private RecordingContext join(String memberId) {
        var protocols = List.of(new JoinGroupRequestProtocol("range", ByteBuffer.allocate(10)));
        JoinGroupRequest request =
                new JoinGroupRequest("g", 10_000, 60_000, memberId, null, "consumer", protocols, null);
        return served(new JoinGroupHandler(coordinator), ApiKey.JOIN_GROUP, 3, request);
    }

    private JoinGroupResponse joined(RecordingContext context) {
        return (JoinGroupResponse) context.response();
    }

    @Test
    void aMemberThatWaitsForTheOthersToJoinHoldsNothing() {
        RecordingContext first = join("");
        world.advanceMs(3_000);
        assertThat(joined(first).generationId()).isEqualTo(1);
        assertThat(join("").response()).isNull();
    }

    @Test
    void aMemberThatWaitsForItsAssignmentHoldsNothing() {
        RecordingContext first = join("");
        RecordingContext second = join("");
        world.advanceMs(6_000);
        String leader = joined(first).leader();
        RecordingContext follower = leader.equals(joined(first).memberId()) ? second : first;
        SyncGroupRequest sync = new SyncGroupRequest(
                "g", joined(follower).generationId(), joined(follower).memberId(), null, null, null, List.of());
        assertThat(served(new SyncGroupHandler(coordinator), ApiKey.SYNC_GROUP, 3, sync)
                        .response())
                .isNull();
    }

    @Test
    void aCommitThatWaitsForOtherReplicasHoldsNothing() {
        log.commitAtOnce(false);
        var partition = new OffsetCommitRequestPartition(0, 5, -1, -1, "");
        OffsetCommitRequest commit = new OffsetCommitRequest(
                "g", -1, "", null, -1, List.of(new OffsetCommitRequestTopic("t", List.of(partition))));
        RecordingContext context = served(new OffsetCommitHandler(coordinator, null), ApiKey.OFFSET_COMMIT, 2, commit);
        assertThat(context.response()).isNull();
        log.commitAll();
        world.runUntilIdle();
        assertThat(context.response()).isNotNull();
    }

    @Test
    void whatIsAnsweredAtOnceIsInWorkUntilThen() {
        served(new HeartbeatHandler(coordinator), ApiKey.HEARTBEAT, 4, new HeartbeatRequest("g", 1, "nobody", null));
        served(
                new DescribeGroupsHandler(coordinator),
                ApiKey.DESCRIBE_GROUPS,
                5,
                new DescribeGroupsRequest(List.of("g", "h"), false));
        served(new ListGroupsHandler(coordinator), ApiKey.LIST_GROUPS, 5, new ListGroupsRequest(List.of(), List.of()));
        served(
                new DeleteGroupsHandler(coordinator),
                ApiKey.DELETE_GROUPS,
                2,
                new DeleteGroupsRequest(List.of("g", "h")));
    }
}
