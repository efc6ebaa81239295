package io.odradek.server.hostile;

import io.odradek.protocol.api.AlterConfigsRequest;
import io.odradek.protocol.api.ApiCodecs;
import io.odradek.protocol.api.ApiKey;
import io.odradek.protocol.api.ApiRequest;
import io.odradek.protocol.api.ApiVersionsRequest;
import io.odradek.protocol.api.CreateTopicsRequest;
import io.odradek.protocol.api.CreateTopicsRequest.CreatableTopic;
import io.odradek.protocol.api.CreateTopicsRequest.CreatableTopicConfig;
import io.odradek.protocol.api.DeleteGroupsRequest;
import io.odradek.protocol.api.DeleteTopicsRequest;
import io.odradek.protocol.api.DeleteTopicsRequest.DeleteTopicState;
import io.odradek.protocol.api.DescribeClusterRequest;
import io.odradek.protocol.api.DescribeConfigsRequest;
import io.odradek.protocol.api.DescribeConfigsRequest.DescribeConfigsResource;
import io.odradek.protocol.api.DescribeGroupsRequest;
import io.odradek.protocol.api.FetchRequest;
import io.odradek.protocol.api.FetchRequest.FetchPartition;
import io.odradek.protocol.api.FetchRequest.FetchTopic;
import io.odradek.protocol.api.FindCoordinatorRequest;
import io.odradek.protocol.api.HeartbeatRequest;
import io.odradek.protocol.api.IncrementalAlterConfigsRequest;
import io.odradek.protocol.api.InitProducerIdRequest;
import io.odradek.protocol.api.JoinGroupRequest;
import io.odradek.protocol.api.JoinGroupRequest.JoinGroupRequestProtocol;
import io.odradek.protocol.api.LeaveGroupRequest;
import io.odradek.protocol.api.LeaveGroupRequest.MemberIdentity;
import io.odradek.protocol.api.ListGroupsRequest;
import io.odradek.protocol.api.ListOffsetsRequest;
import io.odradek.protocol.api.ListOffsetsRequest.ListOffsetsPartition;
import io.odradek.protocol.api.ListOffsetsRequest.ListOffsetsTopic;
import io.odradek.protocol.api.MetadataRequest;
import io.odradek.protocol.api.MetadataRequest.MetadataRequestTopic;
import io.odradek.protocol.api.OffsetCommitRequest;
import io.odradek.protocol.api.OffsetCommitRequest.OffsetCommitRequestPartition;
import io.odradek.protocol.api.OffsetCommitRequest.OffsetCommitRequestTopic;
import io.odradek.protocol.api.OffsetDeleteRequest;
import io.odradek.protocol.api.OffsetDeleteRequest.OffsetDeleteRequestPartition;
import io.odradek.protocol.api.OffsetDeleteRequest.OffsetDeleteRequestTopic;
import io.odradek.protocol.api.OffsetFetchRequest;
import io.odradek.protocol.api.OffsetFetchRequest.OffsetFetchRequestGroup;
import io.odradek.protocol.api.OffsetFetchRequest.OffsetFetchRequestTopic;
import io.odradek.protocol.api.OffsetFetchRequest.OffsetFetchRequestTopics;
import io.odradek.protocol.api.OffsetForLeaderEpochRequest;
import io.odradek.protocol.api.OffsetForLeaderEpochRequest.OffsetForLeaderPartition;
import io.odradek.protocol.api.OffsetForLeaderEpochRequest.OffsetForLeaderTopic;
import io.odradek.protocol.api.ProduceRequest;
import io.odradek.protocol.api.ProduceRequest.PartitionProduceData;
import io.odradek.protocol.api.ProduceRequest.TopicProduceData;
import io.odradek.protocol.api.SyncGroupRequest;
import io.odradek.protocol.api.SyncGroupRequest.SyncGroupRequestAssignment;
import io.odradek.protocol.wire.BytesPayload;
import io.odradek.protocol.wire.Uuid;
import io.odradek.server.net.RawClient;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;

/** One sound request of every API that clients use. */
final class SampleRequests {
    private static final String T = HostileBed.TOPIC;
    private static final int HEADER_BEFORE_CLIENT_ID = 12;

    private SampleRequests() {}

    /** {@return the oldest version that is served} */
    static short first(ApiRequest request) {
        return ApiCodecs.minVersion(ApiCodecs.key(request));
    }

    /** {@return the newest version that is served} */
    static short last(ApiRequest request) {
        ApiKey key = ApiCodecs.key(request);
        short last = ApiCodecs.maxVersion(key);
        while (!io.odradek.core.request.SupportedApis.CLIENT.serves(key.key(), last)) {
            last--;
        }
        return last;
    }

    static JoinGroupRequest join(String group) {
        return new JoinGroupRequest(
                group,
                6_000,
                6_000,
                "",
                null,
                "consumer",
                List.of(new JoinGroupRequestProtocol("range", ByteBuffer.wrap(new byte[10]))),
                "");
    }

    static FetchRequest fetch(Uuid topicId, int session, int epoch, FetchPartition... partitions) {
        return new FetchRequest(
                null,
                -1,
                new FetchRequest.ReplicaState(-1, -1),
                50,
                1,
                1 << 20,
                (byte) 0,
                session,
                epoch,
                List.of(new FetchTopic(T, topicId, List.of(partitions))),
                List.of(),
                "");
    }

    static FetchPartition partition(int index, long offset, int maxBytes) {
        return new FetchPartition(index, -1, offset, -1, -1, maxBytes, Uuid.ZERO);
    }

    static ListOffsetsRequest listOffsets(String topic, int partition, long timestamp) {
        return new ListOffsetsRequest(
                -1,
                (byte) 0,
                List.of(new ListOffsetsTopic(topic, List.of(new ListOffsetsPartition(partition, -1, timestamp, 1)))));
    }

    static OffsetCommitRequest commit(String group, String topic, int partition, String metadata) {
        return new OffsetCommitRequest(
                group,
                -1,
                "",
                null,
                -1,
                List.of(new OffsetCommitRequestTopic(
                        topic, List.of(new OffsetCommitRequestPartition(partition, 5, -1, -1, metadata)))));
    }

    static OffsetFetchRequest offsetFetch(String group, String topic, int partition) {
        return new OffsetFetchRequest(
                group,
                List.of(new OffsetFetchRequestTopic(topic, List.of(partition))),
                List.of(new OffsetFetchRequestGroup(
                        group, null, -1, List.of(new OffsetFetchRequestTopics(topic, List.of(partition))))),
                false);
    }

    static OffsetForLeaderEpochRequest epochEnd(String topic, int partition) {
        return new OffsetForLeaderEpochRequest(
                -2, List.of(new OffsetForLeaderTopic(topic, List.of(new OffsetForLeaderPartition(partition, -1, 0)))));
    }

    static OffsetDeleteRequest offsetDelete(String group, String topic, int partition) {
        return new OffsetDeleteRequest(
                group,
                List.of(new OffsetDeleteRequestTopic(topic, List.of(new OffsetDeleteRequestPartition(partition)))));
    }

    static SyncGroupRequest sync(String group) {
        return new SyncGroupRequest(
                group,
                1,
                "m",
                null,
                "consumer",
                "range",
                List.of(new SyncGroupRequestAssignment("m", ByteBuffer.wrap(new byte[4]))));
    }

    static List<ApiRequest> all() throws IOException {
        ByteBuffer records = new HandmadeBatch().records(2, 1, 0, 1).build();
        return List.of(
                new ProduceRequest(
                        null,
                        (short) 1,
                        1_000,
                        List.of(new TopicProduceData(
                                T, List.of(new PartitionProduceData(1, new BytesPayload(records)))))),
                fetch(Uuid.ZERO, 0, 0, partition(1, 0, 1000)),
                listOffsets(T, 1, -1),
                new MetadataRequest(List.of(new MetadataRequestTopic(Uuid.ZERO, T)), false, false, false),
                commit("g", T, 1, "note"),
                offsetFetch("g", T, 1),
                new FindCoordinatorRequest("g", (byte) 0, List.of("g")),
                join("g"),
                new HeartbeatRequest("g", 1, "m", null),
                new LeaveGroupRequest("g", "m", List.of(new MemberIdentity("m", null, null))),
                sync("g"),
                new DescribeGroupsRequest(List.of("g"), false),
                new ListGroupsRequest(List.of(), List.of()),
                new ApiVersionsRequest("raw", "1"),
                new CreateTopicsRequest(
                        List.of(new CreatableTopic(
                                "made",
                                1,
                                (short) 1,
                                List.of(),
                                List.of(new CreatableTopicConfig("retention.ms", "1000")))),
                        1_000,
                        true),
                new DeleteTopicsRequest(List.of(new DeleteTopicState("gone", Uuid.ZERO)), List.of("gone"), 1_000),
                new InitProducerIdRequest(null, 1_000, -1, (short) -1),
                epochEnd(T, 1),
                new DescribeConfigsRequest(
                        List.of(new DescribeConfigsResource((byte) 2, T, List.of("retention.ms"))), true, false),
                new AlterConfigsRequest(
                        List.of(new AlterConfigsRequest.AlterConfigsResource(
                                (byte) 2,
                                "gone",
                                List.of(new AlterConfigsRequest.AlterableConfig("retention.ms", "1000")))),
                        true),
                new IncrementalAlterConfigsRequest(
                        List.of(new IncrementalAlterConfigsRequest.AlterConfigsResource(
                                (byte) 2,
                                T,
                                List.of(new IncrementalAlterConfigsRequest.AlterableConfig(
                                        "retention.ms", (byte) 0, "1000")))),
                        true),
                new DeleteGroupsRequest(List.of("none")),
                offsetDelete("g", T, 1),
                new DescribeClusterRequest(false, (byte) 1));
    }

    /** Encodes a request of correlation id 77 with a client id of any bytes. */
    static byte[] withClientId(ApiRequest request, short version, byte[] clientId) {
        byte[] frame = RawClient.frame(request, version, 77);
        int body = HEADER_BEFORE_CLIENT_ID + 2 + "raw".length();
        ByteBuffer out = ByteBuffer.allocate(frame.length + clientId.length - "raw".length());
        out.putInt(out.capacity() - 4).put(frame, 4, HEADER_BEFORE_CLIENT_ID - 4);
        out.putShort((short) clientId.length).put(clientId).put(frame, body, frame.length - body);
        return out.array();
    }
}
