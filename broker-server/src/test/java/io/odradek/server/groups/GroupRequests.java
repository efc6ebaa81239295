package io.odradek.server.groups;

import io.odradek.protocol.api.DeleteGroupsRequest;
import io.odradek.protocol.api.DeleteGroupsResponse;
import io.odradek.protocol.api.DescribeGroupsRequest;
import io.odradek.protocol.api.DescribeGroupsResponse;
import io.odradek.protocol.api.HeartbeatRequest;
import io.odradek.protocol.api.HeartbeatResponse;
import io.odradek.protocol.api.JoinGroupRequest;
import io.odradek.protocol.api.JoinGroupRequest.JoinGroupRequestProtocol;
import io.odradek.protocol.api.JoinGroupResponse;
import io.odradek.protocol.api.LeaveGroupRequest;
import io.odradek.protocol.api.LeaveGroupRequest.MemberIdentity;
import io.odradek.protocol.api.LeaveGroupResponse;
import io.odradek.protocol.api.ListGroupsRequest;
import io.odradek.protocol.api.ListGroupsResponse;
import io.odradek.protocol.api.ListGroupsResponse.ListedGroup;
import io.odradek.protocol.api.OffsetCommitRequest;
import io.odradek.protocol.api.OffsetCommitRequest.OffsetCommitRequestPartition;
import io.odradek.protocol.api.OffsetCommitRequest.OffsetCommitRequestTopic;
import io.odradek.protocol.api.OffsetCommitResponse;
import io.odradek.protocol.api.OffsetDeleteRequest;
import io.odradek.protocol.api.OffsetDeleteRequest.OffsetDeleteRequestPartition;
import io.odradek.protocol.api.OffsetDeleteRequest.OffsetDeleteRequestTopic;
import io.odradek.protocol.api.OffsetDeleteResponse;
import io.odradek.protocol.api.OffsetFetchRequest;
import io.odradek.protocol.api.OffsetFetchRequest.OffsetFetchRequestGroup;
import io.odradek.protocol.api.OffsetFetchRequest.OffsetFetchRequestTopic;
import io.odradek.protocol.api.OffsetFetchResponse;
import io.odradek.protocol.api.OffsetFetchResponse.OffsetFetchResponseGroup;
import io.odradek.protocol.api.SyncGroupRequest;
import io.odradek.protocol.api.SyncGroupResponse;
import io.odradek.protocol.errors.ErrorCode;
import io.odradek.server.net.RawClient;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/** Each request that a broker is asked about a group, as it is on the wire, without a client that would ask again. */
final class GroupRequests implements AutoCloseable {
    private static final String MEMBER = "member";

    private final RawClient client;
    private final String topic;

    /** @param topic what positions are of */
    GroupRequests(InetSocketAddress broker, String topic) throws IOException {
        client = new RawClient(broker);
        this.topic = topic;
    }

    /** {@return the errors of all requests but Heartbeat and SyncGroup, which have one of their own while a coordinator loads} */
    List<ErrorCode> refusals(String group) throws IOException {
        return List.copyOf(errors(group).values());
    }

    /** {@return as {@link #refusals}, by API} */
    Map<String, ErrorCode> errors(String group) throws IOException {
        Map<String, ErrorCode> errors = new TreeMap<>();
        errors.put("OffsetFetch 8", fetch(group).get(0).errorCode());
        var asked = List.of(new OffsetFetchRequestTopic(topic, List.of(0)));
        var former = new OffsetFetchRequest(group, asked, List.of(), false);
        errors.put(
                "OffsetFetch 5",
                client.ask(former, 5, OffsetFetchResponse.class).errorCode());
        var first = client.ask(former, 1, OffsetFetchResponse.class).topics().get(0);
        errors.put("OffsetFetch 1", first.partitions().get(0).errorCode());
        errors.put("DescribeGroups", describe(group));
        var position = new OffsetCommitRequestPartition(0, 1, -1, -1, null);
        var commit = new OffsetCommitRequest(
                group, -1, "", null, -1, List.of(new OffsetCommitRequestTopic(topic, List.of(position))));
        errors.put(
                "OffsetCommit",
                client.ask(commit, 8, OffsetCommitResponse.class)
                        .topics()
                        .get(0)
                        .partitions()
                        .get(0)
                        .errorCode());
        errors.put(
                "DeleteGroups",
                client.ask(new DeleteGroupsRequest(List.of(group)), 2, DeleteGroupsResponse.class)
                        .results()
                        .get(0)
                        .errorCode());
        var deleted = List.of(new OffsetDeleteRequestTopic(topic, List.of(new OffsetDeleteRequestPartition(0))));
        errors.put(
                "OffsetDelete",
                client.ask(new OffsetDeleteRequest(group, deleted), 0, OffsetDeleteResponse.class)
                        .errorCode());
        var protocol = new JoinGroupRequestProtocol("range", ByteBuffer.allocate(0));
        var join = new JoinGroupRequest(group, 10_000, 10_000, "", null, "consumer", List.of(protocol), null);
        errors.put("JoinGroup", client.ask(join, 9, JoinGroupResponse.class).errorCode());
        var leave = new LeaveGroupRequest(group, MEMBER, List.of(new MemberIdentity(MEMBER, null, null)));
        errors.put("LeaveGroup", client.ask(leave, 5, LeaveGroupResponse.class).errorCode());
        return errors;
    }

    private ErrorCode describe(String group) throws IOException {
        return client.ask(new DescribeGroupsRequest(List.of(group), false), 5, DescribeGroupsResponse.class)
                .groups()
                .get(0)
                .errorCode();
    }

    /** {@return the positions of each group} */
    List<OffsetFetchResponseGroup> fetch(String... groups) throws IOException {
        List<OffsetFetchRequestGroup> asked = Stream.of(groups)
                .map(group -> new OffsetFetchRequestGroup(group, null, -1, null))
                .toList();
        return client.ask(new OffsetFetchRequest("", null, asked, false), 8, OffsetFetchResponse.class)
                .groups();
    }

    ErrorCode heartbeat(String group) throws IOException {
        return client.ask(new HeartbeatRequest(group, 1, MEMBER, null), 4, HeartbeatResponse.class)
                .errorCode();
    }

    ErrorCode sync(String group) throws IOException {
        var request = new SyncGroupRequest(group, 1, MEMBER, null, "consumer", "range", List.of());
        return client.ask(request, 5, SyncGroupResponse.class).errorCode();
    }

    ListGroupsResponse list() throws IOException {
        return client.ask(new ListGroupsRequest(List.of(), List.of()), 5, ListGroupsResponse.class);
    }

    List<String> listed() throws IOException {
        return list().groups().stream().map(ListedGroup::groupId).toList();
    }

    @Override
    public void close() throws IOException {
        client.close();
    }
}
