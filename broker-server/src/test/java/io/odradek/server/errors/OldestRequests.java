package io.odradek.server.errors;

import io.odradek.protocol.api.AddOffsetsToTxnRequest;
import io.odradek.protocol.api.AddPartitionsToTxnRequest;
import io.odradek.protocol.api.AddPartitionsToTxnRequest.AddPartitionsToTxnTopic;
import io.odradek.protocol.api.AlterConfigsRequest;
import io.odradek.protocol.api.ApiRequest;
import io.odradek.protocol.api.CreatePartitionsRequest;
import io.odradek.protocol.api.CreatePartitionsRequest.CreatePartitionsTopic;
import io.odradek.protocol.api.CreateTopicsRequest;
import io.odradek.protocol.api.CreateTopicsRequest.CreatableReplicaAssignment;
import io.odradek.protocol.api.CreateTopicsRequest.CreatableTopic;
import io.odradek.protocol.api.CreateTopicsRequest.CreatableTopicConfig;
import io.odradek.protocol.api.DeleteGroupsRequest;
import io.odradek.protocol.api.DeleteRecordsRequest;
import io.odradek.protocol.api.DeleteRecordsRequest.DeleteRecordsPartition;
import io.odradek.protocol.api.DeleteRecordsRequest.DeleteRecordsTopic;
import io.odradek.protocol.api.DeleteTopicsRequest;
import io.odradek.protocol.api.DescribeAclsRequest;
import io.odradek.protocol.api.DescribeConfigsRequest;
import io.odradek.protocol.api.DescribeConfigsRequest.DescribeConfigsResource;
import io.odradek.protocol.api.DescribeDelegationTokenRequest;
import io.odradek.protocol.api.ElectLeadersRequest;
import io.odradek.protocol.api.EndTxnRequest;
import io.odradek.protocol.api.FindCoordinatorRequest;
import io.odradek.protocol.api.InitProducerIdRequest;
import io.odradek.protocol.api.ListOffsetsRequest;
import io.odradek.protocol.api.ListOffsetsRequest.ListOffsetsPartition;
import io.odradek.protocol.api.ListOffsetsRequest.ListOffsetsTopic;
import io.odradek.protocol.api.MetadataRequest;
import io.odradek.protocol.api.MetadataRequest.MetadataRequestTopic;
import io.odradek.protocol.api.OffsetForLeaderEpochRequest;
import io.odradek.protocol.api.OffsetForLeaderEpochRequest.OffsetForLeaderPartition;
import io.odradek.protocol.api.OffsetForLeaderEpochRequest.OffsetForLeaderTopic;
import io.odradek.protocol.api.SaslAuthenticateRequest;
import io.odradek.protocol.api.SaslHandshakeRequest;
import io.odradek.protocol.api.TxnOffsetCommitRequest;
import io.odradek.protocol.api.TxnOffsetCommitRequest.TxnOffsetCommitRequestPartition;
import io.odradek.protocol.api.TxnOffsetCommitRequest.TxnOffsetCommitRequestTopic;
import io.odradek.protocol.wire.Uuid;
import java.nio.ByteBuffer;
import java.util.List;

/** Requests that clients of long ago make, sound ones and others, of the topics t and u. */
final class OldestRequests {
    private OldestRequests() {}

    static MetadataRequest metadata(String... topics) {
        return new MetadataRequest(
                List.of(topics).stream()
                        .map(topic -> new MetadataRequestTopic(Uuid.ZERO, topic))
                        .toList(),
                false,
                false,
                false);
    }

    static ListOffsetsRequest listOffsets(long timestamp, int most) {
        List<ListOffsetsPartition> partitions = List.of(
                new ListOffsetsPartition(0, -1, timestamp, most),
                new ListOffsetsPartition(1, -1, timestamp, most),
                new ListOffsetsPartition(7, -1, timestamp, most));
        return new ListOffsetsRequest(
                -1,
                (byte) 0,
                List.of(
                        new ListOffsetsTopic("t", partitions),
                        new ListOffsetsTopic("none", List.of(new ListOffsetsPartition(0, -1, timestamp, most)))));
    }

    static CreateTopicsRequest create(String prefix) {
        CreatableTopicConfig unknown = new CreatableTopicConfig("no.such", "1");
        CreatableTopicConfig known = new CreatableTopicConfig("retention.ms", "1000000");
        return new CreateTopicsRequest(
                List.of(
                        new CreatableTopic(prefix, 2, (short) 1, List.of(), List.of(known)),
                        new CreatableTopic("t", 1, (short) 1, List.of(), List.of()),
                        new CreatableTopic("bad/name", 1, (short) 1, List.of(), List.of()),
                        new CreatableTopic("", 1, (short) 1, List.of(), List.of()),
                        new CreatableTopic(prefix + "-none", 0, (short) 1, List.of(), List.of()),
                        new CreatableTopic(prefix + "-replicas", 1, (short) 5, List.of(), List.of()),
                        new CreatableTopic(prefix + "-config", 1, (short) 1, List.of(), List.of(unknown)),
                        assigned(prefix + "-assigned", -1, 0),
                        assigned(prefix + "-gap", -1, 1),
                        assigned(prefix + "-both", 1, 0)),
                ErrorsBed.TIMEOUT_MS,
                false);
    }

    private static CreatableTopic assigned(String name, int partitions, int index) {
        return new CreatableTopic(
                name, partitions, (short) -1, List.of(new CreatableReplicaAssignment(index, List.of(0))), List.of());
    }

    /** What is asked about topics, and changes some. */
    static List<ApiRequest> ofTopics() {
        return List.of(
                metadata("t", "none", "bad/name", ""),
                listOffsets(-1, 1),
                listOffsets(-1, 10),
                listOffsets(-1, 0),
                listOffsets(-2, 10),
                listOffsets(-3, 1),
                listOffsets(0, 10),
                listOffsets(Long.MAX_VALUE, 10),
                create("made"),
                create("made"),
                new CreatePartitionsRequest(
                        List.of(
                                new CreatePartitionsTopic("none", 3, null),
                                new CreatePartitionsTopic("u", 2, null),
                                new CreatePartitionsTopic("t", 1, null)),
                        ErrorsBed.TIMEOUT_MS,
                        false),
                new DeleteTopicsRequest(List.of(), List.of("made", "none", "bad/name"), ErrorsBed.TIMEOUT_MS),
                new DeleteRecordsRequest(
                        List.of(new DeleteRecordsTopic(
                                "t",
                                List.of(
                                        new DeleteRecordsPartition(0, 1),
                                        new DeleteRecordsPartition(1, 10),
                                        new DeleteRecordsPartition(7, 0)))),
                        ErrorsBed.TIMEOUT_MS),
                new OffsetForLeaderEpochRequest(
                        -2,
                        List.of(
                                new OffsetForLeaderTopic(
                                        "t",
                                        List.of(
                                                new OffsetForLeaderPartition(0, -1, 0),
                                                new OffsetForLeaderPartition(1, -1, 5))),
                                new OffsetForLeaderTopic("none", List.of(new OffsetForLeaderPartition(0, -1, 0))))),
                new DescribeConfigsRequest(
                        List.of(
                                new DescribeConfigsResource((byte) 2, "t", List.of("cleanup.policy", "no.such")),
                                new DescribeConfigsResource((byte) 2, "none", null),
                                new DescribeConfigsResource((byte) 4, "0", List.of("delete.topic.enable")),
                                new DescribeConfigsResource((byte) 4, "7", null)),
                        false,
                        false),
                new AlterConfigsRequest(
                        List.of(
                                altered("t", "retention.ms", "2000000"),
                                altered("none", "retention.ms", "1"),
                                altered("u", "no.such", "1")),
                        false),
                new AlterConfigsRequest(List.of(altered("u", "retention.ms", "many")), false),
                new ElectLeadersRequest(
                        (byte) 0,
                        List.of(
                                new ElectLeadersRequest.TopicPartitions("t", List.of(0, 9)),
                                new ElectLeadersRequest.TopicPartitions("none", List.of(0))),
                        ErrorsBed.TIMEOUT_MS));
    }

    private static AlterConfigsRequest.AlterConfigsResource altered(String topic, String name, String value) {
        return new AlterConfigsRequest.AlterConfigsResource(
                (byte) 2, topic, List.of(new AlterConfigsRequest.AlterableConfig(name, value)));
    }

    /** What is asked without a login, authorizer and tokens, and of groups that there are not. */
    static List<ApiRequest> ofTheBroker() {
        return List.of(
                new FindCoordinatorRequest("g", (byte) 0, List.of()),
                new FindCoordinatorRequest("", (byte) 0, List.of()),
                new SaslHandshakeRequest("PLAIN"),
                new SaslAuthenticateRequest(ByteBuffer.wrap(new byte[3])),
                new DescribeAclsRequest((byte) 2, null, (byte) 3, null, null, (byte) 1, (byte) 1),
                new DescribeDelegationTokenRequest(null),
                new DeleteGroupsRequest(List.of("none", "")));
    }

    /** What a producer asks in a transaction, in turn. */
    static List<ApiRequest> ofTransactions(String id, long producer, short epoch) {
        return List.of(
                new InitProducerIdRequest("", 10_000, -1, (short) -1),
                new InitProducerIdRequest("x", 1 << 30, -1, (short) -1),
                add(id, producer, epoch, "t"),
                add(id, producer, epoch, "none"),
                add(id, producer, (short) (epoch + 3), "t"),
                add(id, producer + 1_000, epoch, "t"),
                new AddOffsetsToTxnRequest(id, producer, epoch, "copying"),
                commit(id, producer, epoch, "t"),
                commit(id, producer, epoch, "none"),
                new EndTxnRequest(id, producer, (short) (epoch + 3), true),
                new EndTxnRequest(id, producer, epoch, true));
    }

    private static AddPartitionsToTxnRequest add(String id, long producer, short epoch, String topic) {
        return new AddPartitionsToTxnRequest(
                List.of(), id, producer, epoch, List.of(new AddPartitionsToTxnTopic(topic, List.of(0))));
    }

    private static TxnOffsetCommitRequest commit(String id, long producer, short epoch, String topic) {
        var position = new TxnOffsetCommitRequestPartition(0, 3, -1, "");
        return new TxnOffsetCommitRequest(
                id,
                "copying",
                producer,
                epoch,
                -1,
                "",
                null,
                List.of(new TxnOffsetCommitRequestTopic(topic, Uuid.ZERO, List.of(position))));
    }
}
