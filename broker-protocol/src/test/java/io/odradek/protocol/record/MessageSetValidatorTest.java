package io.odradek.protocol.record;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.odradek.protocol.errors.ApiException;
import io.odradek.protocol.errors.ErrorCode;
import io.odradek.protocol.record.legacy.KafkaRecords25;
import io.odradek.protocol.record.legacy.KafkaRecords25.Content;
import io.odradek.protocol.record.legacy.LegacyMessage;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Sets are written by the classes of kafka-clients 2.5, which are asked what our batches hold, too. */
class MessageSetValidatorTest {
    private static final long NOW_MS = 1_700_000_000_000L;
    private static final List<Content> THREE =
            List.of(new Content(0, 10, "a", "1"), new Content(1, 30, "b", null), new Content(2, 20, null, "3"));

    /** Where a message of magic 1 has the size of its key, and that of its value behind a key of one byte. */
    private static final int KEY_SIZE = 26;

    private static final int VALUE_SIZE = 31;

    private static KafkaRecords25 kafka;

    @BeforeAll
    static void load() throws Exception {
        kafka = new KafkaRecords25();
    }

    @ParameterizedTest
    @EnumSource(names = {"NONE", "GZIP", "SNAPPY", "LZ4"})
    void aSetBecomesOneBatchOfItsCodec(CompressionCodec codec) throws Exception {
        Random random = new Random(SampleRecord.seed());
        for (byte magic = 0; magic < 2; magic++) {
            for (int count = 1; count < 50; count += 7) {
                List<Content> contents = contents(random, magic, count);

                ValidatedRecords valid = validate(set(magic, codec, contents), RecordRules.DEFAULTS);

                ByteBuffer batch = valid.records();
                assertThat(kafka.read(batch)).isEqualTo(contents);
                assertThat(RecordBatch.codecId(batch, batch.position())).isEqualTo(codec.id());
                assertThat(valid.recordCount()).isEqualTo(count);
                assertThat(valid.lastOffsetDelta()).isEqualTo(count - 1);
                assertThat(valid.maxTimestampMs())
                        .isEqualTo(contents.stream()
                                .mapToLong(Content::timestampMs)
                                .max()
                                .orElseThrow());
            }
        }
    }

    @Test
    void offsetsAreGivenAnewWhateverTheProducerSaid() throws Exception {
        List<Content> far = List.of(new Content(700, 1, null, "x"), new Content(900, 2, null, "y"));

        for (CompressionCodec codec : List.of(CompressionCodec.NONE, CompressionCodec.GZIP)) {
            ByteBuffer batch =
                    validate(set((byte) 1, codec, far), RecordRules.DEFAULTS).records();
            assertThat(kafka.read(batch)).containsExactly(new Content(0, 1, null, "x"), new Content(1, 2, null, "y"));
        }
    }

    @Test
    void theTopicsCodecAndItsAppendTimeHold() throws Exception {
        RecordRules rules = new RecordRules(
                10_000,
                new RecordRules.Timestamps(TimestampType.LOG_APPEND_TIME, Long.MAX_VALUE, Long.MAX_VALUE),
                false,
                new RecordRules.Target(CompressionCodec.ZSTD, 3),
                true,
                1 << 20);

        ValidatedRecords valid = validate(set((byte) 0, CompressionCodec.SNAPPY, THREE), rules);

        assertThat(RecordBatch.codecId(valid.records(), 0)).isEqualTo(CompressionCodec.ZSTD.id());
        assertThat(kafka.read(valid.records())).extracting(Content::timestampMs).containsOnly(NOW_MS);
        assertThat(valid.maxTimestampMs()).isEqualTo(NOW_MS);
    }

    @Test
    void whatIsCutAtTheEndIsLeftOut() throws Exception {
        ByteBuffer set = set((byte) 1, CompressionCodec.NONE, THREE);

        ByteBuffer batch = validate(set.duplicate().limit(set.limit() - 1), RecordRules.DEFAULTS)
                .records();

        assertThat(kafka.read(batch)).isEqualTo(THREE.subList(0, 2));
    }

    @Test
    void withoutAWholeMessageThereIsNothingToAppend() throws Exception {
        ByteBuffer set = set((byte) 1, CompressionCodec.NONE, THREE.subList(0, 1));
        for (int size : new int[] {0, 1, 11, 20, set.limit() - 1}) {
            assertThat(validate(set.duplicate().limit(size), RecordRules.DEFAULTS)
                            .recordCount())
                    .isZero();
        }
    }

    @Test
    void magicsAreNotMixed() throws Exception {
        ByteBuffer zero = set((byte) 0, CompressionCodec.NONE, THREE);
        ByteBuffer one = set((byte) 1, CompressionCodec.NONE, THREE);
        ByteBuffer two = set((byte) 2, CompressionCodec.NONE, THREE);
        refused(joined(zero, one), ErrorCode.INVALID_RECORD);
        refused(joined(one, zero), ErrorCode.INVALID_RECORD);
        refused(joined(one, two), ErrorCode.INVALID_RECORD);
        refused(joined(two, one), ErrorCode.INVALID_RECORD);
    }

    @Test
    void aBatchIsTakenAsItIs() throws Exception {
        ByteBuffer batch = set((byte) 2, CompressionCodec.LZ4, THREE);

        assertThat(validate(batch, RecordRules.DEFAULTS).records()).isEqualTo(batch);
    }

    @Test
    void checksumsAreComparedOutsideAndInside() throws Exception {
        ByteBuffer plain = set((byte) 1, CompressionCodec.NONE, THREE);
        plain.put(plain.limit() - 1, (byte) 99);
        refused(plain, ErrorCode.CORRUPT_MESSAGE);
    }

    @Test
    void aWrapperIsAloneAndHoldsNoOther() throws Exception {
        ByteBuffer wrapper = set((byte) 1, CompressionCodec.GZIP, THREE);
        ByteBuffer plain = set((byte) 1, CompressionCodec.NONE, THREE);
        refused(joined(wrapper, wrapper), ErrorCode.INVALID_RECORD);
        refused(joined(plain, wrapper), ErrorCode.INVALID_RECORD);
        refused(joined(wrapper, plain), ErrorCode.INVALID_RECORD);
    }

    @Test
    void sizesAndMagicsThatCannotBeAreRefused() throws Exception {
        ByteBuffer set = set((byte) 1, CompressionCodec.NONE, THREE);
        for (int size : new int[] {-1, 0, 13, Integer.MIN_VALUE}) {
            refused(copy(set).putInt(8, size), ErrorCode.CORRUPT_MESSAGE);
        }
        refused(copy(set).put(16, (byte) 3), ErrorCode.CORRUPT_MESSAGE);
        refused(copy(set).put(16, (byte) -1), ErrorCode.CORRUPT_MESSAGE);
    }

    @Test
    void fieldsThatLeaveTheirMessageAreRefusedThoughTheChecksumIsRight() throws Exception {
        for (int at : new int[] {KEY_SIZE, VALUE_SIZE}) {
            for (int size : new int[] {-2, 1_000, Integer.MAX_VALUE, Integer.MIN_VALUE}) {
                ByteBuffer set = copy(set((byte) 1, CompressionCodec.NONE, THREE.subList(0, 1)));
                set.putInt(at, size);
                set.putInt(12, LegacyMessage.computeCrc(set, 0));
                if (at == VALUE_SIZE && size < 0) {
                    // As for Kafka, any such size stands for null.
                    assertThat(validate(set, RecordRules.DEFAULTS).recordCount())
                            .isEqualTo(1);
                } else {
                    refused(set, ErrorCode.CORRUPT_MESSAGE);
                }
            }
        }
    }

    @Test
    void aCompactedTopicWantsKeysAndATopicMayWantTimesNearNow() throws Exception {
        RecordRules keys = rules(true, Long.MAX_VALUE);
        RecordRules near = rules(false, 1_000);
        for (CompressionCodec codec : List.of(CompressionCodec.NONE, CompressionCodec.SNAPPY)) {
            refused(set((byte) 1, codec, THREE), keys, ErrorCode.INVALID_RECORD);
            refused(set((byte) 1, codec, THREE), near, ErrorCode.INVALID_TIMESTAMP);
            assertThat(validate(set((byte) 0, codec, THREE), near).maxTimestampMs())
                    .isEqualTo(-1);
        }
    }

    @Test
    void theTimeOfAppendingIsTheProducersToSetOnlyWhereNothingComesOfIt() throws Exception {
        RecordRules appendTime = new RecordRules(
                10_000,
                new RecordRules.Timestamps(TimestampType.LOG_APPEND_TIME, Long.MAX_VALUE, Long.MAX_VALUE),
                false,
                null,
                true,
                1 << 20);
        for (CompressionCodec codec : List.of(CompressionCodec.NONE, CompressionCodec.SNAPPY)) {
            ByteBuffer set = kafka.write((byte) 1, codec, TimestampType.LOG_APPEND_TIME, 55, THREE);
            refused(set, appendTime, ErrorCode.INVALID_TIMESTAMP);

            ByteBuffer batch = validate(set, RecordRules.DEFAULTS).records();

            assertThat(RecordBatch.timestampType(batch, batch.position())).isEqualTo(TimestampType.CREATE_TIME);
            assertThat(kafka.read(batch)).extracting(Content::timestampMs).containsOnly(55L);
        }
    }

    @Test
    void ofWhatIsTooLargeTheRestIsNotMadeIntoABatch() throws Exception {
        List<Content> many = new ArrayList<>();
        for (int i = 0; i < 1_000; i++) {
            many.add(new Content(i, 1, null, "x".repeat(300)));
        }
        RecordRules compressed = new RecordRules(
                10_000,
                RecordRules.DEFAULTS.timestamps(),
                false,
                new RecordRules.Target(CompressionCodec.GZIP, CompressionCodec.DEFAULT_LEVEL),
                true,
                20_000);
        for (RecordRules rules : List.of(sizes(10_000, 20_000), compressed)) {
            assertThatExceptionOfType(ApiException.class)
                    .isThrownBy(() -> validate(set((byte) 1, CompressionCodec.NONE, many), rules))
                    .withMessageContaining("bytes or more")
                    .satisfies(e -> assertThat(e.error()).isEqualTo(ErrorCode.MESSAGE_TOO_LARGE));
        }
    }

    @Test
    void whatIsTooLargeIsRefusedByItselfTogetherOrInflated() throws Exception {
        List<Content> large =
                List.of(new Content(0, 1, null, "x".repeat(300)), new Content(1, 1, null, "x".repeat(300)));
        refused(set((byte) 1, CompressionCodec.NONE, large), sizes(200, 10_000), ErrorCode.MESSAGE_TOO_LARGE);
        refused(set((byte) 1, CompressionCodec.NONE, large), sizes(400, 10_000), ErrorCode.MESSAGE_TOO_LARGE);
        refused(set((byte) 1, CompressionCodec.GZIP, large), sizes(400, 500), ErrorCode.MESSAGE_TOO_LARGE);
        assertThat(validate(set((byte) 1, CompressionCodec.GZIP, large), sizes(400, 10_000))
                        .recordCount())
                .isEqualTo(2);
    }

    private static RecordRules sizes(int maxBatchBytes, int maxInflatedBytes) {
        return new RecordRules(maxBatchBytes, RecordRules.DEFAULTS.timestamps(), false, null, true, maxInflatedBytes);
    }

    private static RecordRules rules(boolean keysRequired, long beforeMaxMs) {
        return new RecordRules(
                10_000,
                new RecordRules.Timestamps(TimestampType.CREATE_TIME, beforeMaxMs, Long.MAX_VALUE),
                keysRequired,
                null,
                true,
                1 << 20);
    }

    private static void refused(ByteBuffer set, ErrorCode error) {
        refused(set, RecordRules.DEFAULTS, error);
    }

    private static void refused(ByteBuffer set, RecordRules rules, ErrorCode error) {
        assertThatExceptionOfType(ApiException.class)
                .isThrownBy(() -> validate(set, rules))
                .satisfies(e -> assertThat(e.error()).isEqualTo(error));
    }

    private static ValidatedRecords validate(ByteBuffer set, RecordRules rules) {
        return MessageSetValidator.validate(set, rules, NOW_MS);
    }

    private static ByteBuffer set(byte magic, CompressionCodec codec, List<Content> contents)
            throws ReflectiveOperationException {
        return kafka.write(magic, codec, TimestampType.CREATE_TIME, -1, contents);
    }

    private static List<Content> contents(Random random, byte magic, int count) {
        List<Content> contents = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            contents.add(new Content(
                    i,
                    magic == 0 ? -1 : 1_480_000_000_000L + random.nextInt(1_000_000),
                    random.nextInt(4) == 0 ? null : "k" + random.nextInt(10),
                    random.nextInt(4) == 0 ? null : "v".repeat(random.nextInt(300))));
        }
        return contents;
    }

    private static ByteBuffer joined(ByteBuffer first, ByteBuffer second) {
        return ByteBuffer.allocate(first.remaining() + second.remaining())
                .put(first.duplicate())
                .put(second.duplicate())
                .flip();
    }

    private static ByteBuffer copy(ByteBuffer set) {
        return ByteBuffer.allocate(set.remaining()).put(set.duplicate()).flip();
    }
}
