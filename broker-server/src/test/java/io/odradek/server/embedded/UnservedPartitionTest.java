package io.odradek.server.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import io.odradek.protocol.api.DeleteRecordsRequest;
import io.odradek.protocol.api.DeleteRecordsRequest.DeleteRecordsPartition;
import io.odradek.protocol.api.DeleteRecordsRequest.DeleteRecordsTopic;
import io.odradek.protocol.api.DeleteRecordsResponse;
import io.odradek.protocol.api.DescribeProducersRequest;
import io.odradek.protocol.api.DescribeProducersResponse;
import io.odradek.protocol.api.ListOffsetsRequest;
import io.odradek.protocol.api.ListOffsetsRequest.ListOffsetsPartition;
import io.odradek.protocol.api.ListOffsetsRequest.ListOffsetsTopic;
import io.odradek.protocol.api.ListOffsetsResponse;
import io.odradek.protocol.api.OffsetForLeaderEpochRequest;
import io.odradek.protocol.api.OffsetForLeaderEpochRequest.OffsetForLeaderPartition;
import io.odradek.protocol.api.OffsetForLeaderEpochRequest.OffsetForLeaderTopic;
import io.odradek.protocol.api.OffsetForLeaderEpochResponse;
import io.odradek.protocol.errors.ErrorCode;
import io.odradek.server.net.RawClient;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Of two partitions in one request that of a fault is refused and the other served, whatever is asked of them. */
@Timeout(120)
class UnservedPartitionTest {
    private static final Map<Integer, ErrorCode> ONLY_THE_FIRST_IS_REFUSED =
            Map.of(0, ErrorCode.NOT_LEADER_OR_FOLLOWER, 1, ErrorCode.NONE);

    private final EmbeddedBroker broker = EmbeddedBroker.builder().topic("t", 2).start();
    private final Map<Integer, ErrorCode> answered = new TreeMap<>();
    private RawClient client;

    @BeforeEach
    void stopServing() throws Exception {
        broker.produce(
                "t", NewRecord.of("k", "v").partition(0), NewRecord.of("k", "v").partition(1));
        String[] address = broker.bootstrapServers().split(":");
        client = new RawClient(new InetSocketAddress(address[0], Integer.parseInt(address[1])));
        broker.faults().stopServing("t", 0);
    }

    @AfterEach
    void close() throws Exception {
        client.close();
        broker.close();
    }

    @Test
    void offsets() throws Exception {
        var both = List.of(new ListOffsetsPartition(0, -1, -1, 1), new ListOffsetsPartition(1, -1, -1, 1));
        client.ask(
                        new ListOffsetsRequest(-1, (byte) 0, List.of(new ListOffsetsTopic("t", both))),
                        7,
                        ListOffsetsResponse.class)
                .topics()
                .forEach(topic ->
                        topic.partitions().forEach(one -> answered.put(one.partitionIndex(), one.errorCode())));
        assertThat(answered).isEqualTo(ONLY_THE_FIRST_IS_REFUSED);
    }

    @Test
    void leaderEpochs() throws Exception {
        var both = List.of(new OffsetForLeaderPartition(0, -1, 0), new OffsetForLeaderPartition(1, -1, 0));
        client.ask(
                        new OffsetForLeaderEpochRequest(-1, List.of(new OffsetForLeaderTopic("t", both))),
                        4,
                        OffsetForLeaderEpochResponse.class)
                .topics()
                .forEach(topic -> topic.partitions().forEach(one -> answered.put(one.partition(), one.errorCode())));
        assertThat(answered).isEqualTo(ONLY_THE_FIRST_IS_REFUSED);
    }

    @Test
    void theDeletionOfRecords() throws Exception {
        var both = List.of(new DeleteRecordsPartition(0, -1), new DeleteRecordsPartition(1, -1));
        client.ask(
                        new DeleteRecordsRequest(List.of(new DeleteRecordsTopic("t", both)), 30_000),
                        2,
                        DeleteRecordsResponse.class)
                .topics()
                .forEach(topic ->
                        topic.partitions().forEach(one -> answered.put(one.partitionIndex(), one.errorCode())));
        assertThat(answered).isEqualTo(ONLY_THE_FIRST_IS_REFUSED);
        assertThat(broker.records("t"))
                .singleElement()
                .satisfies(left -> assertThat(left.partition()).isZero());
    }

    @Test
    void producers() throws Exception {
        client.ask(
                        new DescribeProducersRequest(
                                List.of(new DescribeProducersRequest.TopicRequest("t", List.of(0, 1)))),
                        0,
                        DescribeProducersResponse.class)
                .topics()
                .forEach(topic ->
                        topic.partitions().forEach(one -> answered.put(one.partitionIndex(), one.errorCode())));
        assertThat(answered).isEqualTo(ONLY_THE_FIRST_IS_REFUSED);
    }
}
