package io.odradek.server.hostile;

import static org.assertj.core.api.Assertions.assertThat;

import io.odradek.protocol.api.DeleteTopicsRequest;
import io.odradek.protocol.api.DeleteTopicsResponse;
import io.odradek.protocol.api.InitProducerIdRequest;
import io.odradek.protocol.api.InitProducerIdResponse;
import io.odradek.protocol.api.ProduceRequest;
import io.odradek.protocol.api.ProduceRequest.PartitionProduceData;
import io.odradek.protocol.api.ProduceRequest.TopicProduceData;
import io.odradek.protocol.api.ProduceResponse;
import io.odradek.protocol.api.ProduceResponse.PartitionProduceResponse;
import io.odradek.protocol.errors.ErrorCode;
import io.odradek.protocol.record.CompressionCodec;
import io.odradek.protocol.wire.BytesPayload;
import io.odradek.server.net.RawClient;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;
import org.junit.jupiter.params.provider.ValueSource;

/** Records that do not hold together, sent to a broker that others use. */
class HostileBatchesTest {
    private static final short ALL = -1;
    private static final int INFLATED_BYTES = 1 << 23;
    private static HostileBed bed;
    private RawClient client;

    @BeforeAll
    static void start() throws IOException {
        bed = new HostileBed("odradek.records.max.inflated.bytes", Integer.toString(INFLATED_BYTES));
    }

    @AfterAll
    static void stop() throws IOException {
        bed.close();
    }

    @BeforeEach
    void connect() throws IOException {
        client = bed.connect();
    }

    @AfterEach
    void noOneIsHarmed() throws IOException {
        bed.assertUnharmed();
        bed.disconnect();
    }

    private static ProduceRequest produce(String topic, int partition, int acks, ByteBuffer records) {
        BytesPayload payload = records == null ? null : new BytesPayload(records);
        List<PartitionProduceData> data = List.of(new PartitionProduceData(partition, payload));
        return new ProduceRequest(null, (short) acks, 5_000, List.of(new TopicProduceData(topic, data)));
    }

    private PartitionProduceResponse send(int version, ProduceRequest request) throws IOException {
        ProduceResponse response = client.ask(request, version, ProduceResponse.class);
        return response.responses().get(0).partitionResponses().get(0);
    }

    private PartitionProduceResponse send(HandmadeBatch batch) throws IOException {
        return send(9, produce(HostileBed.TOPIC, 0, ALL, batch.build()));
    }

    private static HandmadeBatch sound() {
        return new HandmadeBatch().records(1, 0, 0);
    }

    @ParameterizedTest
    @EnumSource(CompressionCodec.class)
    void aSoundBatchIsTakenSoTheOthersFailForTheirFault(CompressionCodec codec) throws IOException {
        HandmadeBatch three = new HandmadeBatch().codec(codec).records(3, 2, 0, 1, 2);
        assertThat(send(three).errorCode()).isEqualTo(ErrorCode.NONE);
    }

    @Test
    void aWrongChecksumIsACorruptMessage() throws IOException {
        assertThat(send(sound().wrongCrc()).errorCode()).isEqualTo(ErrorCode.CORRUPT_MESSAGE);
    }

    @Test
    void onlyMagicTwoIsServed() throws IOException {
        assertThat(send(sound().magic(0)).errorCode()).isEqualTo(ErrorCode.INVALID_RECORD);
        assertThat(send(sound().magic(1)).errorCode()).isEqualTo(ErrorCode.INVALID_RECORD);
        assertThat(send(sound().magic(3)).errorCode()).isEqualTo(ErrorCode.CORRUPT_MESSAGE);
        assertThat(send(sound().magic(-1)).errorCode()).isEqualTo(ErrorCode.CORRUPT_MESSAGE);
    }

    @ParameterizedTest
    @EnumSource(CompressionCodec.class)
    void countsAndOffsetDeltasMustMatch(CompressionCodec codec) throws IOException {
        List<HandmadeBatch> wrong = List.of(
                new HandmadeBatch().records(3, 2, 0, 1),
                new HandmadeBatch().records(1, 0, 0, 1),
                new HandmadeBatch().records(2, 1, 0, 2),
                new HandmadeBatch().records(2, 1, 1, 0),
                new HandmadeBatch().records(2, 5, 0, 1),
                new HandmadeBatch().records(0, 0),
                new HandmadeBatch().records(-1, -2, 0),
                new HandmadeBatch().records(Integer.MAX_VALUE, Integer.MAX_VALUE - 1, 0),
                new HandmadeBatch().records(1, 0).garbage((byte) -1, (byte) -1, (byte) -1, (byte) -1, (byte) 15));
        for (HandmadeBatch batch : wrong) {
            assertThat(send(batch.codec(codec)).errorCode()).isEqualTo(ErrorCode.INVALID_RECORD);
        }
    }

    @ParameterizedTest
    @EnumSource(value = CompressionCodec.class, mode = Mode.EXCLUDE, names = "NONE")
    void aDecompressionBombIsNotInflated(CompressionCodec codec) throws IOException {
        HandmadeBatch bomb = new HandmadeBatch().codec(codec).bomb(INFLATED_BYTES + 1);
        assertThat(bomb.build().remaining()).isLessThan(1_000_000);
        assertThat(send(bomb).errorCode()).isEqualTo(ErrorCode.MESSAGE_TOO_LARGE);
    }

    @Test
    void zstdNeedsProduceSeven() throws IOException {
        ByteBuffer zstd = sound().codec(CompressionCodec.ZSTD).build();
        assertThat(send(6, produce(HostileBed.TOPIC, 0, ALL, zstd.duplicate())).errorCode())
                .isEqualTo(ErrorCode.UNSUPPORTED_COMPRESSION_TYPE);
        assertThat(send(7, produce(HostileBed.TOPIC, 0, ALL, zstd.duplicate())).errorCode())
                .isEqualTo(ErrorCode.NONE);
    }

    @Test
    void nullAndEmptyAndCutRecordsAreInvalid() throws IOException {
        for (int version = 3; version <= 11; version++) {
            assertThat(send(version, produce(HostileBed.TOPIC, 0, ALL, null)).errorCode())
                    .isEqualTo(ErrorCode.INVALID_RECORD);
            assertThat(send(version, produce(HostileBed.TOPIC, 0, ALL, ByteBuffer.allocate(0)))
                            .errorCode())
                    .isEqualTo(ErrorCode.INVALID_RECORD);
            ByteBuffer cut = sound().build();
            assertThat(send(version, produce(HostileBed.TOPIC, 0, ALL, cut.limit(cut.limit() - 1)))
                            .errorCode())
                    .isEqualTo(ErrorCode.INVALID_RECORD);
        }
    }

    @Test
    void aBatchBeyondTheLimitIsTooLarge() throws IOException {
        assertThat(send(new HandmadeBatch().bomb(2_000_000)).errorCode()).isEqualTo(ErrorCode.MESSAGE_TOO_LARGE);
    }

    @ParameterizedTest
    @ValueSource(ints = {2, -2, 32767, -32768})
    void illegalAcksAreRefused(int acks) throws IOException {
        assertThat(send(9, produce(HostileBed.TOPIC, 0, acks, sound().build())).errorCode())
                .isEqualTo(ErrorCode.INVALID_REQUIRED_ACKS);
    }

    @ParameterizedTest
    @ValueSource(strings = {"no-such-topic", "..", "", "a/b", "a\u0000b", "\u00fc"})
    void topicsThatAreNotThereAreUnknownWhateverTheirNames(String topic) throws IOException {
        assertThat(send(9, produce(topic, 0, ALL, sound().build())).errorCode())
                .isEqualTo(ErrorCode.UNKNOWN_TOPIC_OR_PARTITION);
    }

    @ParameterizedTest
    @ValueSource(ints = {3, -1, Integer.MAX_VALUE, Integer.MIN_VALUE})
    void unknownPartitionsAreRefused(int partition) throws IOException {
        assertThat(send(9, produce(HostileBed.TOPIC, partition, ALL, sound().build()))
                        .errorCode())
                .isEqualTo(ErrorCode.UNKNOWN_TOPIC_OR_PARTITION);
    }

    @Test
    void aFaultOfARequestThatIsNotAnsweredClosesItsConnection() throws IOException {
        client.send(produce(HostileBed.TOPIC, 0, 0, sound().wrongCrc().build()), (short) 9, 1);
        assertThat(client.isClosedByPeer()).isTrue();
    }

    @Test
    void noTopicsAndNoPartitionsAreAnsweredWithNothing() throws IOException {
        ProduceRequest none = new ProduceRequest(null, ALL, 100, List.of());
        assertThat(client.ask(none, 9, ProduceResponse.class).responses()).isEmpty();
        TopicProduceData empty = new TopicProduceData(HostileBed.TOPIC, List.of());
        ProduceRequest noPartitions = new ProduceRequest(null, ALL, -1, List.of(empty));
        assertThat(client.ask(noPartitions, 9, ProduceResponse.class)
                        .responses()
                        .get(0)
                        .partitionResponses())
                .isEmpty();
    }

    @Test
    void thePartitionsOfARequestFailOneByOne() throws IOException {
        TopicProduceData topic = new TopicProduceData(
                HostileBed.TOPIC,
                List.of(
                        new PartitionProduceData(1, new BytesPayload(sound().build())),
                        new PartitionProduceData(
                                1, new BytesPayload(sound().wrongCrc().build())),
                        new PartitionProduceData(9, new BytesPayload(sound().build())),
                        new PartitionProduceData(1, new BytesPayload(sound().build()))));
        ProduceResponse response =
                client.ask(new ProduceRequest(null, ALL, 5_000, List.of(topic)), 9, ProduceResponse.class);
        assertThat(response.responses().get(0).partitionResponses())
                .extracting(PartitionProduceResponse::errorCode)
                .containsExactly(
                        ErrorCode.NONE,
                        ErrorCode.CORRUPT_MESSAGE,
                        ErrorCode.UNKNOWN_TOPIC_OR_PARTITION,
                        ErrorCode.NONE);
    }

    @Test
    void sequencesOfIdempotentProducersAreKept() throws IOException {
        long id = client.ask(new InitProducerIdRequest(null, 0, -1, (short) -1), 4, InitProducerIdResponse.class)
                .producerId();
        long first = sendSequence(id, 1, 0, ErrorCode.NONE);
        long second = sendSequence(id, 1, 2, ErrorCode.NONE);
        assertThat(second).isEqualTo(first + 2);
        assertThat(sendSequence(id, 1, 0, ErrorCode.NONE)).isEqualTo(first);
        assertThat(sendSequence(id, 1, 2, ErrorCode.NONE)).isEqualTo(second);
        sendSequence(id, 1, 6, ErrorCode.OUT_OF_ORDER_SEQUENCE_NUMBER);
        sendSequence(id, 0, 4, ErrorCode.INVALID_PRODUCER_EPOCH);
        assertThat(sendSequence(id, 1, 4, ErrorCode.NONE)).isEqualTo(first + 4);
        sendSequence(id, 2, 5, ErrorCode.OUT_OF_ORDER_SEQUENCE_NUMBER);
        assertThat(sendSequence(id, 2, 0, ErrorCode.NONE)).isEqualTo(first + 6);
    }

    @Test
    void aNewProducerBeginsWithItsFirstSequenceUnlessItsTopicIsMadeAgain() throws IOException {
        bed.createTopic("made-again", 1);
        sendSequence("made-again", 0, 77, 0, 5, ErrorCode.OUT_OF_ORDER_SEQUENCE_NUMBER);
        sendSequence("made-again", 0, 77, 0, 0, ErrorCode.NONE);
        DeleteTopicsRequest delete = new DeleteTopicsRequest(List.of(), List.of("made-again"), 5_000);
        assertThat(client.ask(delete, 4, DeleteTopicsResponse.class)
                        .responses()
                        .get(0)
                        .errorCode())
                .isEqualTo(ErrorCode.NONE);
        bed.createTopic("made-again", 1);
        assertThat(sendSequence("made-again", 0, 77, 0, 2, ErrorCode.NONE)).isZero();
    }

    private long sendSequence(long id, int epoch, int sequence, ErrorCode expected) throws IOException {
        return sendSequence(HostileBed.TOPIC, 2, id, epoch, sequence, expected);
    }

    private long sendSequence(String topic, int partition, long id, int epoch, int sequence, ErrorCode expected)
            throws IOException {
        HandmadeBatch batch = new HandmadeBatch().producer(id, epoch, sequence).records(2, 1, 0, 1);
        PartitionProduceResponse response = send(9, produce(topic, partition, ALL, batch.build()));
        assertThat(response.errorCode()).isEqualTo(expected);
        return response.baseOffset();
    }
}
