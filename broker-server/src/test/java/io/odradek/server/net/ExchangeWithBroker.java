package io.odradek.server.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.odradek.core.transport.BrokerAnswer;
import io.odradek.core.transport.BrokerConnection;
import io.odradek.protocol.api.ApiVersionsRequest;
import io.odradek.protocol.api.ApiVersionsResponse;
import io.odradek.protocol.api.FetchRequest;
import io.odradek.protocol.api.FetchRequest.FetchPartition;
import io.odradek.protocol.api.FetchRequest.FetchTopic;
import io.odradek.protocol.api.FetchRequest.ReplicaState;
import io.odradek.protocol.api.FetchResponse;
import io.odradek.protocol.api.FetchResponse.PartitionData;
import io.odradek.protocol.api.MetadataRequest;
import io.odradek.protocol.api.MetadataRequest.MetadataRequestTopic;
import io.odradek.protocol.api.MetadataResponse;
import io.odradek.protocol.api.MetadataResponse.MetadataResponseTopic;
import io.odradek.protocol.api.ProduceRequest;
import io.odradek.protocol.api.ProduceRequest.PartitionProduceData;
import io.odradek.protocol.api.ProduceRequest.TopicProduceData;
import io.odradek.protocol.api.ProduceResponse;
import io.odradek.protocol.errors.ErrorCode;
import io.odradek.protocol.record.BatchBuilder;
import io.odradek.protocol.record.MemoryRecords;
import io.odradek.protocol.wire.BytesPayload;
import io.odradek.protocol.wire.Uuid;
import io.odradek.server.net.socket.Transport;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** What brokers and clients say to a broker, said over the way to other brokers, to one that runs. */
public final class ExchangeWithBroker {
    private static final int BATCHES = 40;
    private static final int BATCH_CRC_AT = 17;
    private static final int VALUE_BYTES = 50_000;
    private static final String TOPIC = "exchange";
    private static final ReplicaState NO_REPLICA = new ReplicaState(-1, -1L);

    private final CallingBroker broker;
    private final BrokerConnection connection;

    private ExchangeWithBroker(CallingBroker broker, BrokerConnection connection) {
        this.broker = broker;
        this.connection = connection;
    }

    /** Asks for versions and metadata, appends records and fetches them in a session, over each transport. */
    public static void hold(InetSocketAddress address) throws Exception {
        for (Transport transport : Transport.values()) {
            try (CallingBroker broker = new CallingBroker(transport, Map.of())) {
                new ExchangeWithBroker(broker, broker.connection(address)).hold();
            }
        }
    }

    private void hold() throws Exception {
        ApiVersionsResponse versions =
                broker.ask(connection, 3, new ApiVersionsRequest("test", "1"), ApiVersionsResponse.class);
        assertThat(versions.errorCode()).isEqualTo(ErrorCode.NONE);

        Uuid topicId = topicId();
        long firstOffset = produce(0);
        for (int i = 1; i < BATCHES; i++) {
            assertThat(produce(i)).isEqualTo(firstOffset + i);
        }
        fetch(topicId, firstOffset);
    }

    private Uuid topicId() {
        MetadataRequest request =
                new MetadataRequest(List.of(new MetadataRequestTopic(Uuid.ZERO, TOPIC)), true, false, false);
        return await().atMost(Duration.ofSeconds(30))
                .until(
                        () -> {
                            MetadataResponseTopic topic = broker.ask(connection, 12, request, MetadataResponse.class)
                                    .topics()
                                    .get(0);
                            boolean led = topic.errorCode() == ErrorCode.NONE
                                    && topic.partitions().get(0).leaderId() >= 0;
                            return led ? topic.topicId() : Uuid.ZERO;
                        },
                        id -> !id.equals(Uuid.ZERO));
    }

    private long produce(int number) throws Exception {
        ProduceRequest request = new ProduceRequest(
                null,
                (short) -1,
                10_000,
                List.of(new TopicProduceData(
                        TOPIC, List.of(new PartitionProduceData(0, new BytesPayload(batch(number)))))));
        ProduceResponse.PartitionProduceResponse result = broker.ask(connection, 9, request, ProduceResponse.class)
                .responses()
                .get(0)
                .partitionResponses()
                .get(0);
        assertThat(result.errorCode()).isEqualTo(ErrorCode.NONE);
        return result.baseOffset();
    }

    /** As a follower does: a session, in which the partition is named once, and then only where it has got on. */
    private void fetch(Uuid topicId, long firstOffset) throws Exception {
        int sessionId = 0;
        int sessionEpoch = 0;
        long offset = firstOffset;
        while (offset < firstOffset + BATCHES) {
            try (BrokerAnswer answer = CallingBroker.within(broker.send(
                    connection, 17, request(topicId, offset, sessionId, sessionEpoch), CallingBroker.PATIENCE_MS))) {
                FetchResponse response = (FetchResponse) answer.response();
                assertThat(response.errorCode()).isEqualTo(ErrorCode.NONE);
                sessionId = response.sessionId();
                sessionEpoch++;
                offset = take(response.responses().get(0).partitions().get(0), offset, firstOffset);
            }
        }
        assertThat(sessionId).isNotZero();
        assertThat(sessionEpoch).as("several answers were needed").isGreaterThan(2);
    }

    private static long take(PartitionData data, long from, long firstOffset) {
        assertThat(data.errorCode()).isEqualTo(ErrorCode.NONE);
        ByteBuffer received = ((BytesPayload) data.records()).buffer();
        assertThat(received.isDirect()).isTrue();
        long offset = from;
        MemoryRecords records = MemoryRecords.tolerant(received);
        while (records.next()) {
            ByteBuffer expected = batch((int) (offset - firstOffset));
            assertThat(received.getLong(records.position())).isEqualTo(offset);
            // From the checksum on a batch is as it was produced.
            ByteBuffer stored = received.duplicate();
            stored.position(records.position() + BATCH_CRC_AT).limit(records.position() + records.sizeBytes());
            assertThat(stored).isEqualTo(expected.position(BATCH_CRC_AT));
            offset++;
        }
        assertThat(offset).isGreaterThan(from);
        return offset;
    }

    private static FetchRequest request(Uuid topicId, long offset, int sessionId, int sessionEpoch) {
        FetchPartition partition = new FetchPartition(0, -1, offset, -1, -1L, 300_000, Uuid.ZERO);
        return new FetchRequest(
                null,
                -1,
                NO_REPLICA,
                5_000,
                1,
                10_485_760,
                (byte) 0,
                sessionId,
                sessionEpoch,
                List.of(new FetchTopic(null, topicId, List.of(partition))),
                List.of(),
                "");
    }

    private static ByteBuffer batch(int number) {
        ByteBuffer value = ByteBuffer.allocate(VALUE_BYTES).putInt(number).rewind();
        return new BatchBuilder(VALUE_BYTES + 1_000)
                .append(1_700_000_000_000L + number, null, value)
                .build();
    }
}
