package io.odradek.protocol.record;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.apache.kafka.common.record.internal.MemoryRecords.RecordFilter;
import org.apache.kafka.common.record.internal.MutableRecordBatch;
import org.apache.kafka.common.record.internal.Record;
import org.apache.kafka.common.utils.internals.BufferSupplier;
import org.junit.jupiter.api.Test;

/** What stays of batches, beside what Kafka's own filter makes of the same ones. */
class BatchFilterTest {
    private static final long NOW_MS = 1_700_000_000_000L;
    private static final long RETENTION_MS = 86_400_000L;
    private static final CompressionCodec[] CODECS = CompressionCodec.values();

    private static ByteBuffer bytes(String text) {
        return ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
    }

    private static ByteBuffer batch(Random random) {
        BatchBuilder builder = new BatchBuilder(1 << 20)
                .codec(CODECS[random.nextInt(CODECS.length)])
                .leaderEpoch(random.nextInt(5));
        if (random.nextBoolean()) {
            builder.producer(random.nextInt(9), (short) random.nextInt(3), random.nextInt(1000));
        }
        if (random.nextInt(4) == 0) {
            builder.logAppendTime(NOW_MS - random.nextInt(1000));
        }
        int count = 1 + random.nextInt(8);
        for (int i = 0; i < count; i++) {
            List<RecordHeader> headers = new ArrayList<>();
            for (int h = random.nextInt(3); h > 0; h--) {
                headers.add(new RecordHeader(bytes("h" + h), random.nextBoolean() ? null : bytes("v")));
            }
            builder.append(
                    NOW_MS - random.nextInt(100_000),
                    bytes("k" + random.nextInt(5)),
                    random.nextInt(3) == 0 ? null : bytes("v".repeat(random.nextInt(50))),
                    headers);
        }
        ByteBuffer batch = builder.build();
        RecordBatch.setBaseOffset(batch, 0, random.nextInt(1_000_000));
        return batch;
    }

    private static RecordFilter kafkas(long kept) {
        return new RecordFilter(NOW_MS, RETENTION_MS) {
            @Override
            protected BatchRetentionResult checkBatchRetention(
                    org.apache.kafka.common.record.internal.RecordBatch batch) {
                return new BatchRetentionResult(BatchRetention.RETAIN_EMPTY, false);
            }

            @Override
            protected boolean shouldRetainRecord(
                    org.apache.kafka.common.record.internal.RecordBatch batch, Record record) {
                return (kept >> (record.offset() - batch.baseOffset()) & 1) == 1;
            }
        };
    }

    private static List<MutableRecordBatch> filteredByKafka(ByteBuffer batch, long kept) {
        ByteBuffer out = ByteBuffer.allocate(1 << 20);
        var records = org.apache.kafka.common.record.internal.MemoryRecords.readableRecords(batch.duplicate());
        var result = records.filterTo(kafkas(kept), out, BufferSupplier.NO_CACHING, Integer.MAX_VALUE);
        return batches(result.outputBuffer().flip());
    }

    private static List<MutableRecordBatch> batches(ByteBuffer bytes) {
        List<MutableRecordBatch> batches = new ArrayList<>();
        org.apache.kafka.common.record.internal.MemoryRecords.readableRecords(bytes)
                .batches()
                .forEach(batches::add);
        return batches;
    }

    @Test
    void whatStaysIsWhatKafkaKeeps() {
        long seed = Long.getLong("seed", 42);
        System.out.println("BatchFilterTest: -Dseed=" + seed);
        Random random = new Random(seed);
        try (BatchFilter filter = new BatchFilter(1 << 20)) {
            for (int i = 0; i < 3_000; i++) {
                ByteBuffer batch = batch(random);
                long kept = random.nextInt(4) == 0 ? 0 : random.nextLong();
                BatchFilter.Retention retention = record -> (kept >> record.offsetDelta() & 1) == 1;
                int count = filter.filter(batch, 0, retention);
                ByteBuffer ours = count == 0
                        ? filter.emptied()
                        : filter.rebuild(
                                filter.keptTombstone() ? NOW_MS + RETENTION_MS : BatchFilter.NO_DELETE_HORIZON,
                                retention);
                assertSame(batches(ours.duplicate()), filteredByKafka(batch, kept));
            }
        }
    }

    private static void assertSame(List<MutableRecordBatch> ours, List<MutableRecordBatch> kafkas) {
        assertThat(ours).hasSize(1);
        assertThat(kafkas).hasSize(1);
        MutableRecordBatch a = ours.get(0);
        MutableRecordBatch b = kafkas.get(0);
        a.ensureValid();
        assertThat(a.baseOffset()).isEqualTo(b.baseOffset());
        assertThat(a.lastOffset()).isEqualTo(b.lastOffset());
        assertThat(a.countOrNull()).isEqualTo(b.countOrNull());
        assertThat(a.compressionType()).isEqualTo(b.compressionType());
        assertThat(a.timestampType()).isEqualTo(b.timestampType());
        assertThat(a.maxTimestamp()).isEqualTo(b.maxTimestamp());
        assertThat(a.deleteHorizonMs()).isEqualTo(b.deleteHorizonMs());
        assertThat(a.producerId()).isEqualTo(b.producerId());
        assertThat(a.producerEpoch()).isEqualTo(b.producerEpoch());
        assertThat(a.baseSequence()).isEqualTo(b.baseSequence());
        assertThat(a.lastSequence()).isEqualTo(b.lastSequence());
        assertThat(a.partitionLeaderEpoch()).isEqualTo(b.partitionLeaderEpoch());
        assertThat(records(a)).isEqualTo(records(b));
    }

    private static List<String> records(MutableRecordBatch batch) {
        List<String> records = new ArrayList<>();
        for (Record record : batch) {
            StringBuilder text = new StringBuilder()
                    .append(record.offset())
                    .append(' ')
                    .append(record.timestamp())
                    .append(' ')
                    .append(text(record.key()))
                    .append('=')
                    .append(text(record.value()));
            for (var header : record.headers()) {
                text.append(' ').append(header.key()).append(header.value() == null ? "" : "!");
            }
            records.add(text.toString());
        }
        return records;
    }

    private static String text(ByteBuffer bytes) {
        return bytes == null ? null : StandardCharsets.UTF_8.decode(bytes).toString();
    }
}
