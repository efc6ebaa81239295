package io.odradek.server.errors;

import static io.odradek.protocol.errors.ErrorCode.CORRUPT_MESSAGE;
import static io.odradek.protocol.errors.ErrorCode.FETCH_SESSION_ID_NOT_FOUND;
import static io.odradek.protocol.errors.ErrorCode.FETCH_SESSION_TOPIC_ID_ERROR;
import static io.odradek.protocol.errors.ErrorCode.INVALID_FETCH_SESSION_EPOCH;
import static io.odradek.protocol.errors.ErrorCode.INVALID_PRODUCER_EPOCH;
import static io.odradek.protocol.errors.ErrorCode.INVALID_RECORD;
import static io.odradek.protocol.errors.ErrorCode.INVALID_REQUEST;
import static io.odradek.protocol.errors.ErrorCode.INVALID_REQUIRED_ACKS;
import static io.odradek.protocol.errors.ErrorCode.INVALID_TIMESTAMP;
import static io.odradek.protocol.errors.ErrorCode.INVALID_TOPIC_EXCEPTION;
import static io.odradek.protocol.errors.ErrorCode.MESSAGE_TOO_LARGE;
import static io.odradek.protocol.errors.ErrorCode.OFFSET_OUT_OF_RANGE;
import static io.odradek.protocol.errors.ErrorCode.OUT_OF_ORDER_SEQUENCE_NUMBER;
import static io.odradek.protocol.errors.ErrorCode.RECORD_LIST_TOO_LARGE;
import static io.odradek.protocol.errors.ErrorCode.UNKNOWN_LEADER_EPOCH;
import static io.odradek.protocol.errors.ErrorCode.UNKNOWN_TOPIC_ID;
import static io.odradek.protocol.errors.ErrorCode.UNKNOWN_TOPIC_OR_PARTITION;
import static io.odradek.protocol.errors.ErrorCode.UNSUPPORTED_COMPRESSION_TYPE;
import static io.odradek.protocol.errors.ErrorCode.UNSUPPORTED_VERSION;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.odradek.protocol.api.DescribeTopicPartitionsRequest;
import io.odradek.protocol.api.FetchRequest;
import io.odradek.protocol.api.FetchRequest.FetchPartition;
import io.odradek.protocol.api.FetchRequest.FetchTopic;
import io.odradek.protocol.api.FetchResponse;
import io.odradek.protocol.api.InitProducerIdRequest;
import io.odradek.protocol.api.InitProducerIdResponse;
import io.odradek.protocol.api.ListOffsetsRequest;
import io.odradek.protocol.api.ListOffsetsRequest.ListOffsetsPartition;
import io.odradek.protocol.api.ListOffsetsRequest.ListOffsetsTopic;
import io.odradek.protocol.api.MetadataRequest;
import io.odradek.protocol.api.MetadataRequest.MetadataRequestTopic;
import io.odradek.protocol.api.OffsetForLeaderEpochRequest;
import io.odradek.protocol.api.OffsetForLeaderEpochRequest.OffsetForLeaderPartition;
import io.odradek.protocol.api.OffsetForLeaderEpochRequest.OffsetForLeaderTopic;
import io.odradek.protocol.api.ProduceRequest;
import io.odradek.protocol.api.ProduceRequest.PartitionProduceData;
import io.odradek.protocol.api.ProduceRequest.TopicProduceData;
import io.odradek.protocol.errors.ErrorCode;
import io.odradek.protocol.record.CompressionCodec;
import io.odradek.protocol.wire.BytesPayload;
import io.odradek.protocol.wire.Uuid;
import io.odradek.server.hostile.HandmadeBatch;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What is refused of those who write and read records, and who ask where they are. */
@Timeout(120)
class RecordErrorsTest {
    private static ErrorsBed bed;

    @BeforeAll
    static void start() throws Exception {
        bed = ErrorsBed.start();
        bed.create("t", 1);
        bed.create("small", 1, "max.message.bytes", "100");
        bed.create("short", 1, "segment.bytes", "100");
        bed.create("compacted", 1, "cleanup.policy", "compact");
        bed.create("current", 1, "message.timestamp.before.max.ms", "3600000");
        bed.create("zstd", 1, "compression.type", "zstd");
        bed.awaitCoordinator(0, "g");
    }

    @AfterAll
    static void stop() throws Exception {
        bed.close();
    }

    private static HandmadeBatch sound() {
        return new HandmadeBatch().records(1, 0, 0);
    }

    private static void produce(String topic, int partition, int version, HandmadeBatch batch, ErrorCode... expected)
            throws IOException {
        bed.expect(request(topic, partition, -1, batch), version, expected);
    }

    private static ProduceRequest request(String topic, int partition, int acks, HandmadeBatch batch)
            throws IOException {
        var data = List.of(new PartitionProduceData(partition, new BytesPayload(batch.build())));
        return new ProduceRequest(null, (short) acks, 5_000, List.of(new TopicProduceData(topic, data)));
    }

    @Test
    void recordsThatAreNotTaken() throws IOException {
        for (int version : new int[] {3, 7, 8, 11}) {
            produce("t", 0, version, sound());
            produce("none", 0, version, sound(), UNKNOWN_TOPIC_OR_PARTITION);
            produce("t", 1, version, sound(), UNKNOWN_TOPIC_OR_PARTITION);
            produce("t", -1, version, sound(), UNKNOWN_TOPIC_OR_PARTITION);
            produce("", 0, version, sound(), UNKNOWN_TOPIC_OR_PARTITION);
            produce("__consumer_offsets", 0, version, sound(), INVALID_TOPIC_EXCEPTION);
            produce("t", 0, version, sound().wrongCrc(), CORRUPT_MESSAGE);
            produce("t", 0, version, new HandmadeBatch().records(2, 1, 0), INVALID_RECORD);
            produce("compacted", 0, version, sound(), INVALID_RECORD);
            produce("small", 0, version, new HandmadeBatch().bomb(200), MESSAGE_TOO_LARGE);
            produce("short", 0, version, new HandmadeBatch().bomb(200), RECORD_LIST_TOO_LARGE);
            produce("current", 0, version, sound(), INVALID_TIMESTAMP);
            bed.expect(request("t", 0, 2, sound()), version, INVALID_REQUIRED_ACKS);
            bed.expect(request("t", 0, -2, sound()), version, INVALID_REQUIRED_ACKS);
        }
        produce("t", 0, 6, sound().codec(CompressionCodec.ZSTD), UNSUPPORTED_COMPRESSION_TYPE);
    }

    @Test
    void aProducerThatLeavesItsOrder() throws IOException {
        InitProducerIdRequest init = new InitProducerIdRequest(null, 60_000, -1, (short) -1);
        long id = await().atMost(ErrorsBed.PATIENCE)
                .until(() -> bed.ask(init, 4, InitProducerIdResponse.class), answer -> answer.producerId() >= 0)
                .producerId();
        produce("t", 0, 9, sound().producer(id, 0, 0));
        produce("t", 0, 9, sound().producer(id, 0, 5), OUT_OF_ORDER_SEQUENCE_NUMBER);
        produce("t", 0, 9, sound().producer(id, 0, 0));
        for (int sequence = 1; sequence < 6; sequence++) {
            produce("t", 0, 9, sound().producer(id, 0, sequence));
        }
        produce("t", 0, 9, sound().producer(id, 0, 1));
        produce("t", 0, 9, sound().producer(id, 0, 0), OUT_OF_ORDER_SEQUENCE_NUMBER);
        produce("t", 0, 9, sound().producer(id, 1, 3), OUT_OF_ORDER_SEQUENCE_NUMBER);
        produce("t", 0, 9, sound().producer(id, 1, 0));
        produce("t", 0, 9, sound().producer(id, 0, 1), INVALID_PRODUCER_EPOCH);
    }

    private static FetchRequest fetch(int session, int epoch, FetchTopic... topics) {
        return new FetchRequest(
                null,
                -1,
                new FetchRequest.ReplicaState(-1, -1),
                50,
                0,
                1 << 20,
                (byte) 0,
                session,
                epoch,
                List.of(topics),
                List.of(),
                "");
    }

    private static FetchTopic read(String topic, Uuid id, int partition, int leaderEpoch, long offset) {
        var wanted = new FetchPartition(partition, leaderEpoch, offset, -1, -1, 1 << 20, Uuid.ZERO);
        return new FetchTopic(topic, id, List.of(wanted));
    }

    private static FetchTopic read(String topic, int partition, long offset) {
        return read(topic, Uuid.ZERO, partition, -1, offset);
    }

    @Test
    void whatCannotBeRead() throws IOException {
        for (int version : new int[] {4, 7, 12}) {
            bed.expect(fetch(0, -1, read("t", 0, 0)), version);
            bed.expect(fetch(0, -1, read("none", 0, 0)), version, UNKNOWN_TOPIC_OR_PARTITION);
            bed.expect(fetch(0, -1, read("", 0, 0)), version, UNKNOWN_TOPIC_OR_PARTITION);
            bed.expect(fetch(0, -1, read("t", 1, 0)), version, UNKNOWN_TOPIC_OR_PARTITION);
            bed.expect(fetch(0, -1, read("t", -1, 0)), version, UNKNOWN_TOPIC_OR_PARTITION);
            bed.expect(fetch(0, -1, read("t", 0, 1_000_000)), version, OFFSET_OUT_OF_RANGE);
            bed.expect(fetch(0, -1, read("t", 0, -5)), version, OFFSET_OUT_OF_RANGE);
        }
        bed.expect(fetch(0, -1, read("t", Uuid.ZERO, 0, 9, 0)), 12, UNKNOWN_LEADER_EPOCH);
        bed.expect(fetch(0, -1, read("zstd", 0, 0)), 9, UNSUPPORTED_COMPRESSION_TYPE);
        bed.expect(fetch(0, -1, read("zstd", 0, 0)), 10);
        for (int version : new int[] {13, 16}) {
            bed.expect(fetch(0, -1, read("", new Uuid(7, 7), 0, -1, 0)), version, UNKNOWN_TOPIC_ID);
            bed.expect(fetch(0, -1, read("", Uuid.ZERO, 0, -1, 0)), version, UNKNOWN_TOPIC_ID);
        }
    }

    @Test
    void sessionsThatThereAreNot() throws IOException {
        bed.expect(fetch(99, 1, read("t", 0, 0)), 12, FETCH_SESSION_ID_NOT_FOUND);
        bed.expect(fetch(99, 1), 16, FETCH_SESSION_ID_NOT_FOUND);
        int session =
                bed.ask(fetch(0, 0, read("t", 0, 0)), 12, FetchResponse.class).sessionId();
        assertThat(session).isNotZero();
        bed.expect(fetch(session, 5), 12, INVALID_FETCH_SESSION_EPOCH);
        bed.expect(fetch(session, 1), 13, FETCH_SESSION_TOPIC_ID_ERROR);
    }

    private static ListOffsetsRequest offsets(String topic, int partition, int leaderEpoch, long timestamp) {
        var wanted = List.of(new ListOffsetsPartition(partition, leaderEpoch, timestamp, 1));
        return new ListOffsetsRequest(-1, (byte) 0, List.of(new ListOffsetsTopic(topic, wanted)));
    }

    @Test
    void offsetsThatAreNotKnown() throws IOException {
        for (int version : new int[] {0, 1, 9}) {
            bed.expect(offsets("none", 0, -1, -1), version, UNKNOWN_TOPIC_OR_PARTITION);
            bed.expect(offsets("", 0, -1, -1), version, UNKNOWN_TOPIC_OR_PARTITION);
            bed.expect(offsets("t", 1, -1, -1), version, UNKNOWN_TOPIC_OR_PARTITION);
            bed.expect(offsets("t", -1, -1, -1), version, UNKNOWN_TOPIC_OR_PARTITION);
        }
        bed.expect(offsets("t", 0, 9, -1), 4, UNKNOWN_LEADER_EPOCH);
        bed.expect(offsets("t", 0, -1, -3), 6, UNSUPPORTED_VERSION);
        bed.expect(offsets("t", 0, -1, -4), 7, UNSUPPORTED_VERSION);
        bed.expect(offsets("t", 0, -1, -9), 9, UNSUPPORTED_VERSION);
        var one = new ListOffsetsPartition(0, -1, -1, 1);
        bed.expect(
                new ListOffsetsRequest(-1, (byte) 0, List.of(new ListOffsetsTopic("t", List.of(one, one)))),
                7,
                INVALID_REQUEST,
                INVALID_REQUEST);
    }

    private static OffsetForLeaderEpochRequest epoch(String topic, int partition, int current) {
        var wanted = List.of(new OffsetForLeaderPartition(partition, current, 0));
        return new OffsetForLeaderEpochRequest(-1, List.of(new OffsetForLeaderTopic(topic, wanted)));
    }

    @Test
    void epochsThatAreNotKnown() throws IOException {
        bed.expect(epoch("none", 0, -1), 4, UNKNOWN_TOPIC_OR_PARTITION);
        bed.expect(epoch("t", 1, -1), 4, UNKNOWN_TOPIC_OR_PARTITION);
        bed.expect(epoch("t", -1, -1), 2, UNKNOWN_TOPIC_OR_PARTITION);
        bed.expect(epoch("t", 0, 9), 4, UNKNOWN_LEADER_EPOCH);
        bed.expect(epoch("t", 0, 0), 4);
    }

    private static void metadata(int version, String topic, Uuid id, ErrorCode... expected) throws IOException {
        bed.expect(
                new MetadataRequest(List.of(new MetadataRequestTopic(id, topic)), false, false, false),
                version,
                expected);
    }

    @Test
    void topicsThatAreNotKnown() throws IOException {
        for (int version : new int[] {4, 9, 12}) {
            metadata(version, "none", Uuid.ZERO, UNKNOWN_TOPIC_OR_PARTITION);
            metadata(version, "", Uuid.ZERO, INVALID_TOPIC_EXCEPTION);
            metadata(version, "a b", Uuid.ZERO, INVALID_TOPIC_EXCEPTION);
            metadata(version, "x".repeat(250), Uuid.ZERO, INVALID_TOPIC_EXCEPTION);
        }
        metadata(12, null, new Uuid(7, 7), UNKNOWN_TOPIC_ID);
        metadata(12, "", new Uuid(7, 7), UNKNOWN_TOPIC_ID);
        metadata(10, "none", new Uuid(7, 7), INVALID_REQUEST);
        metadata(11, null, new Uuid(7, 7), INVALID_REQUEST);
        if (!ErrorsBed.KAFKA) {
            metadata(12, null, Uuid.ZERO, UNKNOWN_TOPIC_ID);
        }
    }

    private static void describe(String topic, DescribeTopicPartitionsRequest.Cursor cursor, ErrorCode... expected)
            throws IOException {
        bed.expectHere(
                new DescribeTopicPartitionsRequest(
                        List.of(new DescribeTopicPartitionsRequest.TopicRequest(topic)), 10, cursor),
                0,
                expected);
    }

    @Test
    void pagesThatThereAreNot() throws IOException {
        describe("none", null, UNKNOWN_TOPIC_OR_PARTITION);
        describe("a b", null, INVALID_TOPIC_EXCEPTION);
        describe("t", new DescribeTopicPartitionsRequest.Cursor("t", -1), INVALID_REQUEST);
        describe("t", new DescribeTopicPartitionsRequest.Cursor("t", 9));
    }
}
