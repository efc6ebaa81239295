package io.odradek.protocol.record.legacy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.odradek.protocol.errors.ApiException;
import io.odradek.protocol.errors.ErrorCode;
import io.odradek.protocol.record.CompressionCodec;
import io.odradek.protocol.record.RecordBatch;
import io.odradek.protocol.record.RecordCursor;
import io.odradek.protocol.record.TimestampType;
import io.odradek.protocol.record.legacy.KafkaRecords25.Content;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Kafka's classes of 2.5 write message sets of all kinds, and are asked whether our batches hold the same. */
class UpConversionTest {
    private static final int SETS = 10_000;
    private static final int MAX_INFLATED_BYTES = 1 << 20;
    private static final int RUN_BYTES = 2_000;
    private static final CompressionCodec[] CODECS = {
        CompressionCodec.NONE,
        CompressionCodec.NONE,
        CompressionCodec.GZIP,
        CompressionCodec.SNAPPY,
        CompressionCodec.LZ4
    };

    private static KafkaRecords25 kafka;

    @BeforeAll
    static void load() throws Exception {
        kafka = new KafkaRecords25();
    }

    @Test
    void whatKafkaWroteInOlderFormatsIsTheSameAfterwards() throws Exception {
        Random random = new Random(seed());
        for (int i = 0; i < SETS; i++) {
            ByteBuffer entries = randomLog(kafka, random, random.nextInt(1_000_000));
            List<Content> written = kafka.read(entries);

            ByteBuffer batches = UpConversion.toBatches(entries, MAX_INFLATED_BYTES, RUN_BYTES);

            assertThat(kafka.read(batches)).isEqualTo(written);
            assertThat(readAll(batches)).isEqualTo(written);
        }
    }

    @Test
    void theRecordsOfEachMessageAreReadAsKafkaReadsThem() throws Exception {
        Random random = new Random(seed());
        try (LegacyCursor cursor = new LegacyCursor()) {
            for (int i = 0; i < 500; i++) {
                ByteBuffer set = randomSet(kafka, random, (byte) random.nextInt(2), random.nextInt(1_000_000));
                List<Content> read = new ArrayList<>();
                for (int at = 0; at < set.limit(); at += LegacyMessage.sizeBytes(set, at)) {
                    assertThat(LegacyMessage.isWhole(set, at, set.limit())).isTrue();
                    assertThat(LegacyMessage.hasValidCrc(set, at)).isTrue();
                    cursor.open(set, at, MAX_INFLATED_BYTES);
                    while (cursor.next()) {
                        read.add(new Content(
                                cursor.offset(),
                                cursor.timestampMs(),
                                KafkaRecords25.text(cursor.key()),
                                KafkaRecords25.text(cursor.value())));
                    }
                }
                assertThat(read).isEqualTo(kafka.read(set));
            }
        }
    }

    @Test
    void plainMessagesThatFollowEachOtherShareABatchUpToItsSize() throws Exception {
        ByteBuffer entries = kafka.write(
                (byte) 1, CompressionCodec.NONE, TimestampType.CREATE_TIME, -1, contents(new Random(1), 1000, 50));

        ByteBuffer batches = UpConversion.toBatches(entries, MAX_INFLATED_BYTES, RUN_BYTES);

        int count = 0;
        for (int at = 0; at < batches.limit(); at += RecordBatch.sizeBytes(batches, at)) {
            assertThat(RecordBatch.sizeBytes(batches, at)).isLessThanOrEqualTo(RUN_BYTES);
            count++;
        }
        assertThat(count).isBetween(2, 25);
    }

    @Test
    void batchesAloneAreLeftWhereTheyLie() throws Exception {
        ByteBuffer batch = kafka.write(
                (byte) 2, CompressionCodec.GZIP, TimestampType.CREATE_TIME, -1, contents(new Random(1), 7, 5));

        assertThat(UpConversion.toBatches(batch, MAX_INFLATED_BYTES, RUN_BYTES)).isSameAs(batch);
    }

    @Test
    void whatIsNoWholeMessageIsRefused() throws Exception {
        ByteBuffer set = kafka.write(
                (byte) 1, CompressionCodec.NONE, TimestampType.CREATE_TIME, -1, contents(new Random(1), 7, 3));

        refused(set.duplicate().limit(set.limit() - 1), ErrorCode.CORRUPT_MESSAGE);
    }

    @Test
    void aWrapperMayInflateToSoMuchAndNoMore() throws Exception {
        List<Content> large = List.of(new Content(0, 0, null, "x".repeat(3 * MAX_INFLATED_BYTES)));

        for (CompressionCodec codec : List.of(CompressionCodec.GZIP, CompressionCodec.SNAPPY, CompressionCodec.LZ4)) {
            refused(kafka.write((byte) 1, codec, TimestampType.CREATE_TIME, -1, large), ErrorCode.MESSAGE_TOO_LARGE);
        }
    }

    private static void refused(ByteBuffer entries, ErrorCode error) {
        assertThatExceptionOfType(ApiException.class)
                .isThrownBy(() -> UpConversion.toBatches(entries, MAX_INFLATED_BYTES, RUN_BYTES))
                .satisfies(e -> assertThat(e.error()).isEqualTo(error));
    }

    /** {@return sets of several formats one after the other, as a log may hold them} */
    static ByteBuffer randomLog(KafkaRecords25 kafka, Random random, long firstOffset)
            throws ReflectiveOperationException {
        ByteArrayOutputStream log = new ByteArrayOutputStream();
        long offset = firstOffset;
        for (int sets = 1 + random.nextInt(3); sets > 0; sets--) {
            ByteBuffer set = randomSet(kafka, random, (byte) random.nextInt(3), offset);
            log.write(set.array(), set.arrayOffset() + set.position(), set.remaining());
            List<Content> contents = kafka.read(set);
            offset = contents.get(contents.size() - 1).offset() + 1 + random.nextInt(3);
        }
        return ByteBuffer.wrap(log.toByteArray());
    }

    private static ByteBuffer randomSet(KafkaRecords25 kafka, Random random, byte magic, long offset)
            throws ReflectiveOperationException {
        TimestampType type =
                random.nextInt(4) == 0 && magic > 0 ? TimestampType.LOG_APPEND_TIME : TimestampType.CREATE_TIME;
        CompressionCodec codec = CODECS[random.nextInt(CODECS.length)];
        return kafka.write(
                magic,
                codec,
                type,
                1_480_000_000_000L + random.nextInt(1_000),
                contents(random, offset, 1 + random.nextInt(12)));
    }

    /** {@return records of growing offsets, with gaps as cleaning leaves them} */
    static List<Content> contents(Random random, long firstOffset, int count) {
        List<Content> contents = new ArrayList<>();
        long offset = firstOffset;
        for (int i = 0; i < count; i++) {
            String key = random.nextInt(4) == 0 ? null : "k".repeat(random.nextInt(9));
            String value = random.nextInt(6) == 0
                    ? null
                    : "v" + Long.toHexString(random.nextLong()).repeat(random.nextInt(9));
            long timestampMs = random.nextInt(9) == 0 ? -1 : 1_480_000_000_000L + random.nextInt(100_000);
            contents.add(new Content(offset, timestampMs, key, value));
            offset += 1 + (random.nextInt(5) == 0 ? random.nextInt(9) : 0);
        }
        return contents;
    }

    private static List<Content> readAll(ByteBuffer batches) {
        List<Content> contents = new ArrayList<>();
        try (RecordCursor cursor = new RecordCursor()) {
            for (int at = batches.position(); at < batches.limit(); at += RecordBatch.sizeBytes(batches, at)) {
                assertThat(RecordBatch.hasValidCrc(batches, at)).isTrue();
                cursor.open(batches, at, MAX_INFLATED_BYTES);
                while (cursor.next()) {
                    contents.add(new Content(
                            cursor.offset(),
                            cursor.timestampMs(),
                            KafkaRecords25.text(cursor.key()),
                            KafkaRecords25.text(cursor.value())));
                }
            }
        }
        return contents;
    }

    static long seed() {
        String given = System.getProperty("seed");
        long seed = given == null ? new Random().nextLong() : Long.parseLong(given);
        System.out.println("seed=" + seed);
        return seed;
    }
}
