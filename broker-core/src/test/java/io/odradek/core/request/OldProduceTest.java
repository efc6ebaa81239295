package io.odradek.core.request;

import static org.assertj.core.api.Assertions.assertThat;

import io.odradek.core.config.BrokerConfig;
import io.odradek.core.memory.MemoryAccount;
import io.odradek.core.partition.Partition;
import io.odradek.core.partition.RecordLimits;
import io.odradek.core.partition.TestBroker;
import io.odradek.protocol.api.ApiKey;
import io.odradek.protocol.api.ProduceRequest;
import io.odradek.protocol.api.ProduceRequest.PartitionProduceData;
import io.odradek.protocol.api.ProduceRequest.TopicProduceData;
import io.odradek.protocol.api.ProduceResponse;
import io.odradek.protocol.api.ProduceResponse.PartitionProduceResponse;
import io.odradek.protocol.errors.ErrorCode;
import io.odradek.protocol.record.BatchBuilder;
import io.odradek.protocol.record.CompressionCodec;
import io.odradek.protocol.record.RecordBatch;
import io.odradek.protocol.record.legacy.DownConversion;
import io.odradek.protocol.wire.BytesPayload;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Produce 0 to 2, which bring message sets. */
class OldProduceTest {
    private static final int MAX_BYTES = 64 << 20;
    private static final long TIMESTAMP_MS = 1_480_000_000_000L;

    private final Queue<Runnable> background = new ArrayDeque<>();
    private final TestBroker broker = new TestBroker(1).topic("a", 2, Map.of());
    private final ProduceHandler handler = new ProduceHandler(
            broker.owners, broker::image, broker.world.clock(), background::add, ProduceHandler.Bounds.DEFAULTS);

    @AfterEach
    void close() throws IOException {
        broker.close();
    }

    @ParameterizedTest
    @EnumSource(names = {"NONE", "GZIP", "SNAPPY", "LZ4"})
    void aMessageSetIsStoredAsOneBatchOfItsCodec(CompressionCodec codec) throws IOException {
        Partition partition = broker.partition("a", 0);
        for (int version = 0; version < 3; version++) {
            long before = partition.log().endOffset();

            PartitionProduceResponse answer = produce(version, 1, set(version < 2 ? 0 : 1, codec, 3, 10));

            assertThat(answer.errorCode()).isEqualTo(ErrorCode.NONE);
            assertThat(answer.baseOffset()).isEqualTo(before);
            ByteBuffer stored = TestRecords.bytes(
                    partition.read(before, MAX_BYTES, before + 3).records());
            assertThat(RecordBatch.magic(stored, 0)).isEqualTo(RecordBatch.MAGIC);
            assertThat(RecordBatch.baseOffset(stored, 0)).isEqualTo(before);
            assertThat(RecordBatch.recordCount(stored, 0)).isEqualTo(3);
            assertThat(RecordBatch.codecId(stored, 0)).isEqualTo(codec.id());
            assertThat(RecordBatch.hasValidCrc(stored, 0)).isTrue();
            assertThat(RecordBatch.maxTimestamp(stored, 0)).isEqualTo(version < 2 ? -1 : TIMESTAMP_MS + 2);
        }
    }

    @Test
    void whatIsRefusedStoresNothingAndHoldsUpNobody() {
        ByteBuffer broken = set(1, CompressionCodec.NONE, 3, 10);
        broken.put(broken.limit() - 1, (byte) 7);

        assertThat(produce(2, 1, broken).errorCode()).isEqualTo(ErrorCode.CORRUPT_MESSAGE);

        assertThat(broker.partition("a", 0).log().endOffset()).isZero();
        assertThat(produce(2, 1, set(1, CompressionCodec.NONE, 1, 10)).baseOffset())
                .isZero();
    }

    @Test
    void anEmptySetIsTakenAsKafkaTakesIt() {
        for (int acks : new int[] {1, -1}) {
            PartitionProduceResponse answer = produce(2, acks, ByteBuffer.allocate(0));
            assertThat(answer.errorCode()).isEqualTo(ErrorCode.NONE);
            assertThat(answer.baseOffset()).isEqualTo(-1);
        }
        assertThat(broker.partition("a", 0).log().endOffset()).isZero();
    }

    @Test
    void aWrapperThatInflatesFarIsConvertedInTheBackground() {
        TestContext context = send(2, 1, set(1, CompressionCodec.GZIP, 1, 20 << 20));
        assertThat(background).hasSize(1);
        assertThat(context.isCompleted()).isFalse();

        background.remove().run();
        broker.world.runUntilIdle();

        assertThat(answer(context).errorCode()).isEqualTo(ErrorCode.NONE);
        assertThat(broker.partition("a", 0).log().endOffset()).isEqualTo(1);
    }

    @Test
    void aWrapperIsInflatedAsFarAsTheMemoryForItGoes() {
        broker.limits = new RecordLimits(true, 128 << 20, 1 << 20, 4 << 20);
        broker.topic("b", 1, Map.of());
        for (int magic = 0; magic <= 1; magic++) {
            TestContext large = send("b", 2, 1, set(magic, CompressionCodec.GZIP, 3, 2 << 20));
            TestContext small = send("b", 2, 1, set(magic, CompressionCodec.GZIP, 3, 1 << 20));
            while (!background.isEmpty()) {
                background.remove().run();
                broker.world.runUntilIdle();
            }
            assertThat(answer(large).errorCode()).isEqualTo(ErrorCode.MESSAGE_TOO_LARGE);
            assertThat(answer(small).errorCode()).isEqualTo(ErrorCode.NONE);
        }
    }

    @Test
    void howFarThatIsTheHeapSays() {
        BrokerConfig config = BrokerConfig.of(Map.of());
        assertThat(MemoryAccount.of(config, 1L << 30, 1 << 20).convertedBytes(config))
                .isEqualTo(32 << 20);
        assertThat(MemoryAccount.unbounded().convertedBytes(config)).isEqualTo(128 << 20);
    }

    @Test
    void aSetInALaterVersionIsNoBatch() {
        assertThat(produce(3, 1, set(1, CompressionCodec.NONE, 1, 10)).errorCode())
                .isEqualTo(ErrorCode.INVALID_RECORD);
    }

    private PartitionProduceResponse produce(int version, int acks, ByteBuffer set) {
        return answer(send(version, acks, set));
    }

    private TestContext send(int version, int acks, ByteBuffer set) {
        return send("a", version, acks, set);
    }

    private TestContext send(String topic, int version, int acks, ByteBuffer set) {
        TestContext context = new TestContext(ApiKey.PRODUCE, version);
        PartitionProduceData data = new PartitionProduceData(0, new BytesPayload(set));
        handler.handle(
                new ProduceRequest(null, (short) acks, 1_000, List.of(new TopicProduceData(topic, List.of(data)))),
                context);
        broker.world.runUntilIdle();
        return context;
    }

    private static PartitionProduceResponse answer(TestContext context) {
        return context.response(ProduceResponse.class)
                .responses()
                .get(0)
                .partitionResponses()
                .get(0);
    }

    private static ByteBuffer set(int magic, CompressionCodec codec, int records, int valueBytes) {
        BatchBuilder batch = new BatchBuilder(MAX_BYTES).codec(codec);
        for (int i = 0; i < records; i++) {
            batch.append(TIMESTAMP_MS + i, ByteBuffer.wrap(new byte[] {'k'}), ByteBuffer.allocate(valueBytes));
        }
        try (DownConversion conversion = new DownConversion((byte) magic, MAX_BYTES)) {
            conversion.add(batch.build(), 0, 0, MAX_BYTES);
            return conversion.written();
        }
    }
}
