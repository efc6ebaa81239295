package io.odradek.core.coordinator.group;

import static org.assertj.core.api.Assertions.assertThat;

import io.odradek.core.coordinator.MemoryPartitionLog;
import io.odradek.core.coordinator.Reply;
import io.odradek.core.memory.MemoryShare;
import io.odradek.core.metadata.MetadataImage;
import io.odradek.core.metadata.MetadataImage.PartitionInfo;
import io.odradek.core.metadata.MetadataImage.TopicInfo;
import io.odradek.core.partition.SimulatedOwnerLoop;
import io.odradek.core.transport.Peer;
import io.odradek.protocol.api.HeartbeatRequest;
import io.odradek.protocol.api.JoinGroupRequest;
import io.odradek.protocol.api.JoinGroupRequest.JoinGroupRequestProtocol;
import io.odradek.protocol.api.JoinGroupResponse;
import io.odradek.protocol.api.JoinGroupResponse.JoinGroupResponseMember;
import io.odradek.protocol.api.LeaveGroupRequest.MemberIdentity;
import io.odradek.protocol.api.LeaveGroupResponse.MemberResponse;
import io.odradek.protocol.api.OffsetCommitRequest;
import io.odradek.protocol.api.OffsetCommitRequest.OffsetCommitRequestPartition;
import io.odradek.protocol.api.OffsetCommitRequest.OffsetCommitRequestTopic;
import io.odradek.protocol.api.OffsetCommitResponse;
import io.odradek.protocol.api.OffsetFetchRequest.OffsetFetchRequestGroup;
import io.odradek.protocol.api.OffsetFetchResponse.OffsetFetchResponseGroup;
import io.odradek.protocol.api.SyncGroupRequest;
import io.odradek.protocol.api.SyncGroupRequest.SyncGroupRequestAssignment;
import io.odradek.protocol.api.SyncGroupResponse;
import io.odradek.protocol.errors.ErrorCode;
import io.odradek.protocol.record.ControlRecord;
import io.odradek.protocol.wire.Uuid;
import io.odradek.storage.env.SimulatedWorld;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;

/** A group coordinator with one shard, over simulated time and a log in memory. The topic {@code t} has four partitions. */
final class GroupBed {
    private static final Peer LOCAL = Peer.anonymous(InetAddress.getLoopbackAddress(), "PLAINTEXT");
    static final int SESSION_MS = 10_000;
    static final int REBALANCE_MS = 60_000;
    static final String GROUP = "g";
    private static final long PLENTY_BYTES = 1L << 40;

    final SimulatedWorld world;
    GroupCoordinator coordinator;
    final MemoryShare memory;
    private final SimulatedOwnerLoop loop;
    MemoryPartitionLog log = new MemoryPartitionLog(0);

    GroupBed() {
        this(GroupSettings.DEFAULTS);
    }

    GroupBed(GroupSettings settings) {
        this(settings, SimulatedWorld.seedFromSystem());
    }

    GroupBed(GroupSettings settings, long seed) {
        this(settings, seed, PLENTY_BYTES);
    }

    GroupBed(GroupSettings settings, long seed, long memoryBytes) {
        memory = new MemoryShare("odradek.memory.groups.bytes", memoryBytes);
        world = new SimulatedWorld(seed);
        loop = new SimulatedOwnerLoop(world.newLoop("owner"));
        coordinator = coordinator(settings);
        elect();
    }

    private GroupCoordinator coordinator(GroupSettings settings) {
        return new GroupCoordinator(world.clock(), world.newRandoms("groups"), settings, GroupBed::image, memory);
    }

    void elect() {
        coordinator.elected(0, loop, log);
    }

    /** Another term begins, with what was committed in the last one. */
    void failOver() {
        coordinator.resigned(0);
        log = log.committedCopy();
        elect();
    }

    /** As {@link #failOver()}, to a broker with settings of its own. */
    void failOver(GroupSettings settings) {
        coordinator.resigned(0);
        coordinator = coordinator(settings);
        failOver();
    }

    static MetadataImage image() {
        TreeMap<String, TopicInfo> topics = new TreeMap<>();
        topics.put(GroupSettings.OFFSETS_TOPIC, topic(GroupSettings.OFFSETS_TOPIC, 1));
        topics.put("t", topic("t", 4));
        return new MetadataImage("cluster", 1, new TreeMap<>(), topics, Map.of());
    }

    private static TopicInfo topic(String name, int partitions) {
        List<PartitionInfo> infos = new ArrayList<>();
        for (int i = 0; i < partitions; i++) {
            infos.add(new PartitionInfo(1, 0, List.of(1), List.of(1)));
        }
        return new TopicInfo(name, Uuid.ZERO, infos, Map.of());
    }

    /** {@return a consumer's subscription to topics, as its clients encode it} */
    static ByteBuffer subscription(String... topics) {
        ByteBuffer out = ByteBuffer.allocate(256);
        out.putShort((short) 0).putInt(topics.length);
        for (String topic : topics) {
            byte[] name = topic.getBytes(StandardCharsets.UTF_8);
            out.putShort((short) name.length).put(name);
        }
        return out.putInt(0).flip();
    }

    static ByteBuffer bytes(String text) {
        return ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
    }

    static String text(ByteBuffer bytes) {
        return StandardCharsets.UTF_8.decode(bytes.duplicate()).toString();
    }

    /** What a member joins with. */
    record Joining(String memberId, String instanceId, int version, List<String> protocols, int sessionTimeoutMs) {
        static Joining as(String memberId) {
            return new Joining(memberId, null, 3, List.of("range"), SESSION_MS);
        }

        Joining instance(String id) {
            return new Joining(memberId, id, 9, protocols, sessionTimeoutMs);
        }

        Joining version(int newVersion) {
            return new Joining(memberId, instanceId, newVersion, protocols, sessionTimeoutMs);
        }

        Joining protocols(String... names) {
            return new Joining(memberId, instanceId, version, List.of(names), sessionTimeoutMs);
        }

        Joining session(int timeoutMs) {
            return new Joining(memberId, instanceId, version, protocols, timeoutMs);
        }
    }

    Reply<JoinGroupResponse> join(Joining joining) {
        return join(GROUP, "consumer", joining);
    }

    Reply<JoinGroupResponse> join(String group, String type, Joining joining) {
        List<JoinGroupRequestProtocol> protocols = new ArrayList<>();
        for (String name : joining.protocols()) {
            protocols.add(new JoinGroupRequestProtocol(name, subscription("t")));
        }
        return join(group, type, joining, protocols);
    }

    Reply<JoinGroupResponse> join(
            String group, String type, Joining joining, List<JoinGroupRequestProtocol> protocols) {
        Reply<JoinGroupResponse> reply = new Reply<>();
        var request = new JoinGroupRequest(
                group,
                joining.sessionTimeoutMs(),
                REBALANCE_MS,
                joining.memberId(),
                joining.instanceId(),
                type,
                protocols,
                null);
        coordinator.join(request, new Caller((short) joining.version(), "client", LOCAL), reply);
        world.runUntilIdle();
        return reply;
    }

    Reply<SyncGroupResponse> sync(String memberId, int generation, Map<String, String> assignments) {
        return sync(memberId, null, generation, assignments);
    }

    Reply<SyncGroupResponse> sync(String memberId, String instanceId, int generation, Map<String, String> assignments) {
        List<SyncGroupRequestAssignment> list = new ArrayList<>();
        new TreeMap<>(assignments).forEach((id, text) -> list.add(new SyncGroupRequestAssignment(id, bytes(text))));
        Reply<SyncGroupResponse> reply = new Reply<>();
        var request = new SyncGroupRequest(GROUP, generation, memberId, instanceId, "consumer", "range", list);
        coordinator.sync(request, new Caller((short) 5, "client", LOCAL), reply);
        world.runUntilIdle();
        return reply;
    }

    /** A generation's leader gives every member its own id as assignment, and all fetch theirs. */
    void syncAll(JoinGroupResponse leader, List<String> members) {
        Map<String, String> assignments = new TreeMap<>();
        for (JoinGroupResponseMember member : leader.members()) {
            assignments.put(member.memberId(), member.memberId());
        }
        for (String member : members) {
            sync(member, leader.generationId(), member.equals(leader.leader()) ? assignments : Map.of());
        }
    }

    /** {@return the ids of so many members of a stable group, the leader first} */
    List<String> stableGroupOf(int members) {
        List<Reply<JoinGroupResponse>> replies = new ArrayList<>();
        for (int i = 0; i < members; i++) {
            replies.add(join(Joining.as("")));
        }
        world.advanceMs(6_001);
        return settle(replies);
    }

    /** The generation that members have joined is given its assignment. {@return their ids} */
    List<String> settle(List<Reply<JoinGroupResponse>> replies) {
        List<String> ids = new ArrayList<>();
        for (Reply<JoinGroupResponse> reply : replies) {
            ids.add(reply.get().memberId());
        }
        for (Reply<JoinGroupResponse> reply : replies) {
            if (reply.get().leader().equals(reply.get().memberId())) {
                syncAll(reply.get(), ids);
            }
        }
        return ids;
    }

    ErrorCode heartbeat(String memberId, int generation) {
        return heartbeat(memberId, null, generation);
    }

    ErrorCode heartbeat(String memberId, String instanceId, int generation) {
        Reply<ErrorCode> reply = new Reply<>();
        coordinator.heartbeat(new HeartbeatRequest(GROUP, generation, memberId, instanceId), reply);
        world.runUntilIdle();
        return reply.get();
    }

    List<MemberResponse> leave(String memberId, String instanceId) {
        Reply<List<MemberResponse>> reply = new Reply<>();
        coordinator.leave(
                GROUP,
                List.of(new MemberIdentity(memberId, instanceId, null)),
                (error, members) -> reply.accept(members));
        world.runUntilIdle();
        return reply.get();
    }

    Reply<OffsetCommitResponse> commit(String memberId, int generation, int partition, long offset) {
        return commit(memberId, generation, -1, new OffsetCommitRequestPartition(partition, offset, 7, -1, "note"));
    }

    Reply<OffsetCommitResponse> commit(
            String memberId, int generation, long retentionMs, OffsetCommitRequestPartition partition) {
        return commit(memberId, generation, retentionMs, "t", partition);
    }

    Reply<OffsetCommitResponse> commit(
            String memberId, int generation, long retentionMs, String topic, OffsetCommitRequestPartition partition) {
        return commit(GROUP, memberId, generation, retentionMs, topic, partition);
    }

    Reply<OffsetCommitResponse> commit(
            String group,
            String memberId,
            int generation,
            long retentionMs,
            String topic,
            OffsetCommitRequestPartition partition) {
        Reply<OffsetCommitResponse> reply = new Reply<>();
        var request = new OffsetCommitRequest(
                group,
                generation,
                memberId,
                null,
                retentionMs,
                List.of(new OffsetCommitRequestTopic(topic, List.of(partition))));
        coordinator.commit(request, reply);
        world.runUntilIdle();
        return reply;
    }

    /** What asks the coordinator of transactions whether a group's partition is in one: it is. */
    Consumer<Consumer<ErrorCode>> verification = answer -> answer.accept(ErrorCode.NONE);

    /** Commits a position of topic t in a transaction. */
    Reply<OffsetCommitResponse> commitIn(
            CommitTransaction transaction,
            String memberId,
            String instanceId,
            int generation,
            int partition,
            long offset) {
        Reply<OffsetCommitResponse> reply = new Reply<>();
        var position = new OffsetCommitRequestPartition(partition, offset, 7, -1, "note");
        var topic = new OffsetCommitRequestTopic("t", List.of(position));
        var request = new OffsetCommitRequest(GROUP, generation, memberId, instanceId, -1, List.of(topic));
        coordinator.commit(request, transaction, verification, reply);
        world.runUntilIdle();
        return reply;
    }

    /** Ends a transaction in the group's partition. */
    Reply<ErrorCode> endTransaction(long producerId, int epoch, ControlRecord.Type type) {
        Reply<ErrorCode> reply = new Reply<>();
        Reply<Boolean> ended = new Reply<>();
        coordinator.endTransaction(
                0, producerId, (short) epoch, new ControlRecord(type, 0), reply, () -> ended.accept(true));
        world.runUntilIdle();
        assertThat(ended.isHere()).isTrue();
        return reply;
    }

    static ErrorCode error(Reply<OffsetCommitResponse> reply) {
        return reply.get().topics().get(0).partitions().get(0).errorCode();
    }

    Reply<List<OffsetFetchResponseGroup>> fetchAll() {
        return fetch(false, new OffsetFetchRequestGroup(GROUP, null, -1, null));
    }

    Reply<List<OffsetFetchResponseGroup>> fetch(boolean requireStable, OffsetFetchRequestGroup... groups) {
        Reply<List<OffsetFetchResponseGroup>> reply = new Reply<>();
        coordinator.fetch(List.of(groups), requireStable, reply);
        world.runUntilIdle();
        return reply;
    }

    /** {@return the group's committed positions in topic t by partition} */
    Map<Integer, Long> offsets() {
        Map<Integer, Long> offsets = new TreeMap<>();
        fetchAll()
                .get()
                .get(0)
                .topics()
                .forEach(topic -> topic.partitions()
                        .forEach(partition -> offsets.put(partition.partitionIndex(), partition.committedOffset())));
        return offsets;
    }

    ErrorCode delete(String group) {
        Reply<ErrorCode> reply = new Reply<>();
        coordinator.delete(
                List.of(group), results -> reply.accept(results.get(0).errorCode()));
        world.runUntilIdle();
        return reply.get();
    }

    String state() {
        Reply<String> reply = new Reply<>();
        coordinator.describe(
                List.of(GROUP), groups -> reply.accept(groups.get(0).groupState()));
        world.runUntilIdle();
        return reply.get();
    }
}
