package io.odradek.protocol.record;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.record.internal.ControlRecordType;
import org.apache.kafka.common.record.internal.EndTransactionMarker;
import org.apache.kafka.common.record.internal.MemoryRecordsBuilder;
import org.apache.kafka.common.record.internal.MutableRecordBatch;
import org.apache.kafka.common.record.internal.Record;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Kafka's own client is the judge of what a batch is. */
class KafkaRecordsTest {
    private static final int MAX_INFLATED_BYTES = 64 << 20;

    @ParameterizedTest
    @EnumSource
    void recordsThatKafkaWroteAreReadInHeapAndDirectBuffers(CompressionCodec codec) {
        Random random = new Random(SampleRecord.seed());
        for (int round = 0; round < 20; round++) {
            List<SampleRecord> sample = SampleRecord.random(random, 1 + random.nextInt(300));

            ByteBuffer batch = kafkaBatch(codec, sample);

            assertThat(SampleRecord.readAll(batch)).isEqualTo(sample);
            ByteBuffer direct = ByteBuffer.allocateDirect(batch.remaining() + 7).position(7);
            direct.put(batch.duplicate()).position(7);
            assertThat(SampleRecord.readAll(direct)).isEqualTo(sample);
            assertThat(direct.position()).isEqualTo(7);
        }
    }

    @ParameterizedTest
    @EnumSource
    void recordsThatWeWroteAreReadByKafka(CompressionCodec codec) {
        Random random = new Random(SampleRecord.seed());
        for (int round = 0; round < 20; round++) {
            List<SampleRecord> sample = SampleRecord.random(random, 1 + random.nextInt(300));

            ByteBuffer batch = SampleRecord.builder(sample).codec(codec).build();

            MutableRecordBatch kafka = kafkaView(batch);
            kafka.ensureValid();
            List<SampleRecord> read = new ArrayList<>();
            for (Record record : kafka) {
                assertThat(record.offset()).isEqualTo(read.size());
                read.add(SampleRecord.read(record));
            }
            assertThat(read).isEqualTo(sample);
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"NONE", "LZ4", "SNAPPY"})
    void batchesAreTheSameByteForByte(CompressionCodec codec) {
        Random random = new Random(SampleRecord.seed());
        List<SampleRecord> sample = SampleRecord.random(random, 200);

        ByteBuffer ours = SampleRecord.builder(sample).codec(codec).build();

        assertThat(ours).isEqualTo(kafkaBatch(codec, sample));
    }

    @Test
    void everyHeaderFieldReadsAsKafkaReadsIt() {
        List<SampleRecord> sample = SampleRecord.random(new Random(SampleRecord.seed()), 12);
        ByteBuffer batch = SampleRecord.builder(sample)
                .codec(CompressionCodec.ZSTD)
                .producer(77, (short) 5, Integer.MAX_VALUE - 3)
                .transactional()
                .leaderEpoch(9)
                .build();
        RecordBatch.setBaseOffset(batch, 0, 123_456_789_012L);

        MutableRecordBatch kafka = kafkaView(batch);

        kafka.ensureValid();
        assertThat(RecordBatch.baseOffset(batch, 0)).isEqualTo(kafka.baseOffset());
        assertThat(RecordBatch.lastOffset(batch, 0)).isEqualTo(kafka.lastOffset());
        assertThat(RecordBatch.nextOffset(batch, 0)).isEqualTo(kafka.nextOffset());
        assertThat(RecordBatch.sizeBytes(batch, 0)).isEqualTo(kafka.sizeInBytes());
        assertThat(RecordBatch.leaderEpoch(batch, 0))
                .isEqualTo(kafka.partitionLeaderEpoch())
                .isEqualTo(9);
        assertThat(RecordBatch.magic(batch, 0)).isEqualTo(kafka.magic());
        assertThat(Integer.toUnsignedLong(RecordBatch.crc(batch, 0))).isEqualTo(kafka.checksum());
        assertThat(RecordBatch.codecId(batch, 0)).isEqualTo((int) kafka.compressionType().id);
        assertThat(RecordBatch.isTransactional(batch, 0))
                .isEqualTo(kafka.isTransactional())
                .isTrue();
        assertThat(RecordBatch.isControl(batch, 0))
                .isEqualTo(kafka.isControlBatch())
                .isFalse();
        assertThat(RecordBatch.hasDeleteHorizon(batch, 0)).isFalse();
        assertThat(RecordBatch.maxTimestamp(batch, 0)).isEqualTo(kafka.maxTimestamp());
        assertThat(RecordBatch.producerId(batch, 0)).isEqualTo(kafka.producerId());
        assertThat(RecordBatch.producerEpoch(batch, 0)).isEqualTo(kafka.producerEpoch());
        assertThat(RecordBatch.baseSequence(batch, 0)).isEqualTo(kafka.baseSequence());
        assertThat(RecordBatch.lastSequence(batch, 0))
                .isEqualTo(kafka.lastSequence())
                .isEqualTo(7);
        assertThat(RecordBatch.recordCount(batch, 0)).isEqualTo(kafka.countOrNull());
    }

    @Test
    void stampsOutsideTheChecksumLeaveItAndOthersRenewIt() {
        ByteBuffer batch = SampleRecord.builder(List.of(SampleRecord.of(5, "k", "v")))
                .codec(CompressionCodec.LZ4)
                .transactional()
                .producer(1, (short) 0, 0)
                .build();

        RecordBatch.setBaseOffset(batch, 0, 42);
        RecordBatch.setLeaderEpoch(batch, 0, 3);
        assertThat(RecordBatch.hasValidCrc(batch, 0)).isTrue();
        RecordBatch.setMaxTimestamp(batch, 0, TimestampType.LOG_APPEND_TIME, 1_000);

        MutableRecordBatch kafka = kafkaView(batch);
        kafka.ensureValid();
        assertThat(kafka.baseOffset()).isEqualTo(42);
        assertThat(kafka.partitionLeaderEpoch()).isEqualTo(3);
        assertThat(kafka.timestampType()).isEqualTo(org.apache.kafka.common.record.TimestampType.LOG_APPEND_TIME);
        assertThat(kafka.iterator().next().timestamp()).isEqualTo(1_000);
        assertThat(kafka.isTransactional()).isTrue();
        assertThat(kafka.compressionType().id).isEqualTo((byte) CompressionCodec.LZ4.id());
        assertThat(SampleRecord.readAll(batch)).containsExactly(SampleRecord.of(1_000, "k", "v"));
    }

    @ParameterizedTest
    @EnumSource
    void transactionMarkersAreThoseOfKafkaInBothDirections(ControlRecord.Type type) {
        ControlRecord marker = new ControlRecord(type, 31);
        ByteBuffer kafka = org.apache.kafka.common.record.internal.MemoryRecords.withEndTransactionMarker(
                        0,
                        1_234,
                        -1,
                        55,
                        (short) 2,
                        new EndTransactionMarker(ControlRecordType.valueOf(type.name()), 31))
                .buffer();

        ByteBuffer ours = marker.toBatch(55, (short) 2, 1_234);

        assertThat(ours).isEqualTo(kafka);
        assertThat(RecordBatch.isControl(ours, 0)).isTrue();
        try (RecordCursor cursor = new RecordCursor().open(kafka, 0, MAX_INFLATED_BYTES)) {
            assertThat(cursor.next()).isTrue();
            assertThat(ControlRecord.read(cursor)).isEqualTo(marker);
            assertThat(cursor.next()).isFalse();
        }
    }

    static ByteBuffer kafkaBatch(CompressionCodec codec, List<SampleRecord> records) {
        try (MemoryRecordsBuilder builder = org.apache.kafka.common.record.internal.MemoryRecords.builder(
                ByteBuffer.allocate(1024),
                Compression.of(codec.name().toLowerCase(java.util.Locale.ROOT)).build(),
                org.apache.kafka.common.record.TimestampType.CREATE_TIME,
                0)) {
            records.forEach(record -> builder.append(record.toKafka()));
            return builder.build().buffer().slice();
        }
    }

    static MutableRecordBatch kafkaView(ByteBuffer batch) {
        return org.apache.kafka.common.record.internal.MemoryRecords.readableRecords(batch.duplicate())
                .batches()
                .iterator()
                .next();
    }
}
