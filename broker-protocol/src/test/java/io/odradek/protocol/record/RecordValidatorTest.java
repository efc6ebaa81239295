package io.odradek.protocol.record;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.junit.jupiter.params.provider.Arguments.argumentSet;

import io.odradek.protocol.errors.ApiException;
import io.odradek.protocol.errors.ErrorCode;
import io.odradek.protocol.errors.InvalidRecordsException;
import io.odradek.protocol.errors.InvalidRecordsException.RecordError;
import io.odradek.protocol.wire.Varints;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class RecordValidatorTest {
    private static final long NOW_MS = 1_700_000_000_000L;
    private static final byte[] VALUE = "value".getBytes(StandardCharsets.UTF_8);
    private static final RecordRules RULES = RecordRules.DEFAULTS;

    static Stream<Arguments> badBatches() {
        return Stream.of(
                row("no bytes", ErrorCode.INVALID_RECORD, ByteBuffer.allocate(0)),
                row("a cut batch", ErrorCode.INVALID_RECORD, good().limit(70)),
                row("a cut header", ErrorCode.INVALID_RECORD, good().limit(16)),
                row("two batches", ErrorCode.INVALID_RECORD, twice(good())),
                row("magic 0", ErrorCode.INVALID_RECORD, good().put(16, (byte) 0)),
                row("magic 1", ErrorCode.INVALID_RECORD, good().put(16, (byte) 1)),
                row("magic 3", ErrorCode.CORRUPT_MESSAGE, good().put(16, (byte) 3)),
                row("a negative length", ErrorCode.CORRUPT_MESSAGE, good().putInt(8, -1)),
                row("a length of zero", ErrorCode.CORRUPT_MESSAGE, good().putInt(8, 0)),
                row("a length below the header", ErrorCode.CORRUPT_MESSAGE, good().putInt(8, 48)),
                row("a huge length", ErrorCode.INVALID_RECORD, good().putInt(8, Integer.MAX_VALUE)),
                row("a wrong checksum", ErrorCode.CORRUPT_MESSAGE, good().putInt(17, 1)),
                row("a base offset", ErrorCode.INVALID_RECORD, good().putLong(0, 1)),
                row("a batch larger than allowed", ErrorCode.MESSAGE_TOO_LARGE, large()),
                row("codec 5", ErrorCode.UNSUPPORTED_COMPRESSION_TYPE, header(it -> it.putShort(21, (short) 5))),
                row("codec 7", ErrorCode.UNSUPPORTED_COMPRESSION_TYPE, header(it -> it.putShort(21, (short) 7))),
                row("no records", ErrorCode.INVALID_RECORD, count(0)),
                row("a negative count", ErrorCode.INVALID_RECORD, count(-1)),
                row("a last offset delta beyond the count", ErrorCode.INVALID_RECORD, header(it -> it.putInt(23, 5))),
                row("more records declared than there", ErrorCode.INVALID_RECORD, count(3)),
                row("fewer records declared than there", ErrorCode.INVALID_RECORD, count(1)),
                row("a huge count", ErrorCode.INVALID_RECORD, count(Integer.MAX_VALUE)),
                row("a control batch", ErrorCode.INVALID_RECORD, header(it -> it.putShort(21, (short) 0x20))),
                row(
                        "a transaction without producer",
                        ErrorCode.INVALID_RECORD,
                        header(it -> it.putShort(21, (short) 0x10))),
                row("a producer without sequence", ErrorCode.INVALID_RECORD, producer(7, 0, -1)),
                row("a producer without epoch", ErrorCode.INVALID_RECORD, producer(7, -1, 0)));
    }

    @Test
    void aProducerHasNoDeleteHorizonToSet() {
        for (boolean open : new boolean[] {true, false}) {
            for (short codec : new short[] {0, 1}) {
                ByteBuffer batch = new BatchBuilder(1 << 16)
                        .codec(CompressionCodec.ofId(codec))
                        .append(NOW_MS - 5, null, ByteBuffer.wrap(VALUE))
                        .append(NOW_MS, null, ByteBuffer.wrap(VALUE))
                        .build();
                batch.putShort(21, (short) (codec | 0x40)).putInt(17, RecordBatch.computeCrc(batch, 0));
                ByteBuffer stored = RecordValidator.validate(
                                batch,
                                new RecordRules(RULES.maxBatchBytes(), RULES.timestamps(), false, null, open, 1 << 20),
                                NOW_MS)
                        .records();
                assertThat(RecordBatch.attributes(stored, 0)).isEqualTo(codec);
                assertThat(RecordBatch.hasValidCrc(stored, 0)).isTrue();
                assertThat(RecordBatch.maxTimestamp(stored, 0)).isEqualTo(NOW_MS);
                assertThat(RecordBatch.baseTimestamp(stored, 0)).isEqualTo(NOW_MS - 5);
            }
        }
    }

    static Stream<Arguments> badRecords() {
        return Stream.of(
                argumentSet(
                        "offset deltas that skip",
                        new HandmadeBatch().record(0, VALUE).record(2, VALUE)),
                argumentSet(
                        "offset deltas that repeat",
                        new HandmadeBatch().record(0, VALUE).record(0, VALUE)),
                argumentSet("a first offset delta of 1", new HandmadeBatch().record(1, VALUE)),
                argumentSet("a record length of 0", new HandmadeBatch().bytes(out -> Varints.writeInt(out, 0))),
                argumentSet("a negative record length", new HandmadeBatch().bytes(out -> Varints.writeInt(out, -5))),
                argumentSet(
                        "a record length beyond the batch",
                        new HandmadeBatch().bytes(out -> record(out, 1_000, -1, VALUE.length, 0))),
                argumentSet(
                        "a record length beyond its fields",
                        new HandmadeBatch()
                                .bytes(out ->
                                        record(out, 12, -1, VALUE.length, 0).put((byte) 0))),
                argumentSet(
                        "a record length short of its fields",
                        new HandmadeBatch().bytes(out -> record(out, 10, -1, VALUE.length, 0))),
                argumentSet("a value beyond the record", shaped(-1, 6, 0)),
                argumentSet("a value of the largest size", shaped(-1, Integer.MAX_VALUE, 0)),
                argumentSet("a value of size -2", shaped(-1, -2, 0)),
                argumentSet("a key of size -2", shaped(-2, VALUE.length, 0)),
                argumentSet("a key beyond the record", shaped(100, VALUE.length, 0)),
                argumentSet("a header that is not there", shaped(-1, VALUE.length, 1)),
                argumentSet("a million headers", shaped(-1, VALUE.length, 1_000_000)),
                argumentSet("a negative number of headers", shaped(-1, VALUE.length, -1)),
                argumentSet("a header without key", headers(out -> Varints.writeInt(out, -1), null)),
                argumentSet("a header key beyond the record", headers(out -> Varints.writeInt(out, 9), null)),
                argumentSet("a header value of size -2", headers(out -> Varints.writeInt(out, 0), -2)),
                argumentSet(
                        "a record length of six bytes",
                        new HandmadeBatch()
                                .bytes(out -> out.putInt(-1).putInt(-1).put((byte) 1))),
                argumentSet(
                        "a timestamp delta of eleven bytes",
                        new HandmadeBatch()
                                .record(out -> out.put((byte) 0)
                                        .putLong(-1)
                                        .putInt(-1)
                                        .put((byte) 1)
                                        .putInt(0))),
                argumentSet(
                        "bytes after the last record",
                        new HandmadeBatch()
                                .bytes(out ->
                                        record(out, 11, -1, VALUE.length, 0).put((byte) 7))));
    }

    @ParameterizedTest
    @MethodSource("badBatches")
    void aBadBatchIsRefused(ErrorCode error, ByteBuffer records) {
        int position = records.position();

        ApiException refused = refusal(records, RULES);

        assertThat(refused.error()).as(refused.getMessage()).isEqualTo(error);
        assertThat(records.position()).isEqualTo(position);
    }

    @ParameterizedTest
    @MethodSource("badRecords")
    void recordsThatDoNotAddUpAreRefusedInEveryCodec(HandmadeBatch batch) {
        for (CompressionCodec codec : CompressionCodec.values()) {
            ApiException refused = refusal(batch.build(codec), RULES);

            assertThat(refused.error()).as(codec + " " + refused.getMessage()).isEqualTo(ErrorCode.INVALID_RECORD);
            assertThat(refused.getMessage()).containsPattern("[Rr]ecord 0|index 0|index 1");
        }
    }

    @ParameterizedTest
    @EnumSource
    void aGoodBatchIsTheProducersOwnBuffer(CompressionCodec codec) {
        List<SampleRecord> sample = List.of(
                SampleRecord.of(NOW_MS, "a", "1"),
                SampleRecord.of(NOW_MS + 9, "b", null),
                SampleRecord.of(NOW_MS + 9, null, "3"),
                SampleRecord.of(NOW_MS - 9, null, null));
        ByteBuffer batch = SampleRecord.builder(sample).codec(codec).build();
        ByteBuffer padded =
                ByteBuffer.allocate(batch.limit() + 5).position(5).put(batch).position(5);
        ByteBuffer before = copy(padded);

        ValidatedRecords validated = RecordValidator.validate(padded, RULES, NOW_MS);

        assertThat(validated.records()).isSameAs(padded).isEqualTo(before);
        assertThat(validated).isEqualTo(new ValidatedRecords(padded, 4, NOW_MS + 9, 1, 3));
    }

    @Test
    void aCutBatchAfterTheFirstIsLeftOut() {
        ByteBuffer records = twice(good());

        ValidatedRecords validated = RecordValidator.validate(records.limit(records.limit() - 1), RULES, NOW_MS);

        assertThat(validated.records()).isEqualTo(good());
    }

    @Test
    void recordsWithoutTimestampPassAnyBound() {
        ByteBuffer batch = new BatchBuilder(1_000)
                .append(RecordBatch.NO_TIMESTAMP, null, ByteBuffer.wrap(VALUE))
                .build();

        ValidatedRecords validated = RecordValidator.validate(batch, bounded(10, 10), NOW_MS);

        assertThat(validated.maxTimestampMs()).isEqualTo(RecordBatch.NO_TIMESTAMP);
    }

    @ParameterizedTest
    @EnumSource
    void timestampsOutOfRangeAreNamed(CompressionCodec codec) {
        List<SampleRecord> sample = List.of(
                SampleRecord.of(NOW_MS - 10, "a", ""),
                SampleRecord.of(NOW_MS - 11, "b", ""),
                SampleRecord.of(NOW_MS + 20, "c", ""),
                SampleRecord.of(NOW_MS + 21, "d", ""),
                SampleRecord.of(Long.MIN_VALUE, "e", ""),
                SampleRecord.of(Long.MAX_VALUE, "f", ""));
        ByteBuffer batch = SampleRecord.builder(sample).codec(codec).build();

        InvalidRecordsException refused = (InvalidRecordsException) refusal(batch, bounded(10, 20));

        assertThat(refused.error()).isEqualTo(ErrorCode.INVALID_TIMESTAMP);
        assertThat(refused.recordErrors()).extracting(RecordError::batchIndex).containsExactly(1, 3, 4, 5);
        assertThat(refused.recordErrors())
                .allSatisfy(it -> assertThat(it.message()).contains("timestamp"));
    }

    @ParameterizedTest
    @EnumSource
    void recordsWithoutKeyAreNamedOnACompactedTopic(CompressionCodec codec) {
        List<SampleRecord> sample =
                List.of(SampleRecord.of(1, "a", "1"), SampleRecord.of(1, null, "2"), SampleRecord.of(1, "", null));
        ByteBuffer batch = SampleRecord.builder(sample).codec(codec).build();

        InvalidRecordsException refused = (InvalidRecordsException) refusal(batch, compacted());

        assertThat(refused.error()).isEqualTo(ErrorCode.INVALID_RECORD);
        assertThat(refused.recordErrors()).extracting(RecordError::batchIndex).containsExactly(1);
    }

    @Test
    void notMoreThanAHundredRecordsAreNamed() {
        List<SampleRecord> sample = new ArrayList<>();
        for (int i = 0; i < 5_000; i++) {
            sample.add(SampleRecord.of(1, null, "v"));
        }

        InvalidRecordsException refused =
                (InvalidRecordsException) refusal(SampleRecord.builder(sample).build(), compacted());

        assertThat(refused.recordErrors()).hasSize(100);
    }

    @ParameterizedTest
    @EnumSource
    void aProducerMayNotSetLogAppendTimeOnAnyTopic(CompressionCodec codec) {
        ByteBuffer batch = SampleRecord.builder(List.of(SampleRecord.of(1, "k", "v")))
                .codec(codec)
                .logAppendTime(NOW_MS)
                .build();

        assertThat(refusal(copy(batch), RULES).error()).isEqualTo(ErrorCode.INVALID_TIMESTAMP);
        assertThat(refusal(copy(batch), unopened()).error()).isEqualTo(ErrorCode.INVALID_TIMESTAMP);
        assertThat(refusal(copy(batch), logAppendTime()).error()).isEqualTo(ErrorCode.INVALID_TIMESTAMP);
    }

    @ParameterizedTest
    @EnumSource
    void logAppendTimeIsStampedInPlace(CompressionCodec codec) {
        ByteBuffer batch = SampleRecord.builder(List.of(SampleRecord.of(1, "k", "v"), SampleRecord.of(2, "k", "w")))
                .codec(codec)
                .build();

        ValidatedRecords validated = RecordValidator.validate(batch, logAppendTime(), NOW_MS);

        assertThat(validated).isEqualTo(new ValidatedRecords(batch, 2, NOW_MS, 0, 1));
        KafkaRecordsTest.kafkaView(batch).ensureValid();
        assertThat(SampleRecord.readAll(batch))
                .containsExactly(SampleRecord.of(NOW_MS, "k", "v"), SampleRecord.of(NOW_MS, "k", "w"));
    }

    @Test
    void aMaxTimestampThatIsNotTheRecordsIsSetRight() {
        ByteBuffer batch = header(it -> it.putLong(35, Long.MAX_VALUE - 1));

        ValidatedRecords validated = RecordValidator.validate(batch, RULES, NOW_MS);

        assertThat(validated.maxTimestampMs()).isEqualTo(1_000);
        assertThat(RecordBatch.maxTimestamp(batch, 0)).isEqualTo(1_000);
        assertThat(RecordBatch.hasValidCrc(batch, 0)).isTrue();
    }

    @Test
    void aCompressedBatchIsNotOpenedWhereNothingInsideIsNeeded() {
        byte[] garbage = new byte[100];
        new Random(1).nextBytes(garbage);
        ByteBuffer batch = HandmadeBatch.of(CompressionCodec.LZ4.id(), 3, garbage);

        ValidatedRecords validated = RecordValidator.validate(batch, unopened(), NOW_MS);

        assertThat(validated).isEqualTo(new ValidatedRecords(batch, 3, 1_000, 2, 2));
        assertThat(refusal(batch, RULES).error()).isEqualTo(ErrorCode.INVALID_RECORD);
    }

    @ParameterizedTest
    @EnumSource
    void aBatchOfAnotherCodecIsRebuilt(CompressionCodec target) {
        List<SampleRecord> sample = SampleRecord.random(new Random(SampleRecord.seed()), 50);
        for (CompressionCodec source : CompressionCodec.values()) {
            ByteBuffer batch = SampleRecord.builder(sample)
                    .codec(source)
                    .producer(5, (short) 1, 17)
                    .build();
            RecordRules rules = new RecordRules(
                    1 << 20, RULES.timestamps(), false, new RecordRules.Target(target, 3), true, 1 << 26);

            ByteBuffer stored = RecordValidator.validate(batch, rules, NOW_MS).records();

            KafkaRecordsTest.kafkaView(stored).ensureValid();
            assertThat(RecordBatch.codecId(stored, stored.position())).isEqualTo(target.id());
            assertThat(RecordBatch.baseSequence(stored, stored.position())).isEqualTo(17);
            assertThat(SampleRecord.readAll(stored)).isEqualTo(sample);
        }
    }

    @Test
    void aBatchThatOutgrowsTheLimitWhenRebuiltIsRefused() {
        ByteBuffer batch = new BatchBuilder(1 << 20)
                .codec(CompressionCodec.ZSTD)
                .append(1, null, ByteBuffer.allocate(100_000))
                .build();
        RecordRules rules = new RecordRules(
                50_000,
                RULES.timestamps(),
                false,
                new RecordRules.Target(CompressionCodec.NONE, CompressionCodec.DEFAULT_LEVEL),
                true,
                1 << 26);

        assertThat(refusal(batch, rules).error()).isEqualTo(ErrorCode.MESSAGE_TOO_LARGE);
    }

    private static RecordRules bounded(long beforeMaxMs, long afterMaxMs) {
        return new RecordRules(
                1 << 20,
                new RecordRules.Timestamps(TimestampType.CREATE_TIME, beforeMaxMs, afterMaxMs),
                false,
                null,
                false,
                1 << 26);
    }

    private static RecordRules compacted() {
        return new RecordRules(1 << 20, RULES.timestamps(), true, null, false, 1 << 26);
    }

    private static RecordRules unopened() {
        return new RecordRules(1 << 20, RULES.timestamps(), false, null, false, 1 << 26);
    }

    private static RecordRules logAppendTime() {
        return new RecordRules(
                1 << 20, new RecordRules.Timestamps(TimestampType.LOG_APPEND_TIME, 1, 1), false, null, true, 1 << 26);
    }

    private static ApiException refusal(ByteBuffer records, RecordRules rules) {
        ApiException refused =
                catchThrowableOfType(ApiException.class, () -> RecordValidator.validate(records, rules, NOW_MS));
        assertThat(refused).as("a refusal").isNotNull();
        return refused;
    }

    private static Arguments row(String name, ErrorCode error, ByteBuffer records) {
        return argumentSet(name, error, records);
    }

    private static ByteBuffer good() {
        return new HandmadeBatch().record(0, VALUE).record(1, VALUE).build();
    }

    private static ByteBuffer header(Consumer<ByteBuffer> change) {
        return HandmadeBatch.with(good(), change);
    }

    private static ByteBuffer count(int count) {
        return header(it -> it.putInt(23, count - 1).putInt(57, count));
    }

    private static ByteBuffer producer(long id, int epoch, int sequence) {
        return header(it -> it.putLong(43, id).putShort(51, (short) epoch).putInt(53, sequence));
    }

    private static ByteBuffer large() {
        return new BatchBuilder(2 << 20)
                .append(1, null, ByteBuffer.allocate(1 << 20))
                .build();
    }

    private static ByteBuffer twice(ByteBuffer batch) {
        return ByteBuffer.allocate(2 * batch.limit())
                .put(batch.duplicate())
                .put(batch.duplicate())
                .flip();
    }

    private static HandmadeBatch shaped(int keySize, int valueSize, int headerCount) {
        return new HandmadeBatch().record(out -> fields(out, keySize, valueSize, headerCount));
    }

    private static ByteBuffer record(ByteBuffer out, int length, int keySize, int valueSize, int headerCount) {
        Varints.writeInt(out, length);
        return fields(out, keySize, valueSize, headerCount);
    }

    private static ByteBuffer fields(ByteBuffer out, int keySize, int valueSize, int headerCount) {
        out.put((byte) 0);
        Varints.writeLong(out, 0);
        Varints.writeInt(out, 0);
        Varints.writeInt(out, keySize);
        Varints.writeInt(out, valueSize);
        out.put(VALUE);
        Varints.writeInt(out, headerCount);
        return out;
    }

    private static HandmadeBatch headers(Consumer<ByteBuffer> key, Integer valueSize) {
        return new HandmadeBatch().record(out -> {
            fields(out, -1, VALUE.length, 1);
            key.accept(out);
            Varints.writeInt(out, valueSize == null ? 0 : valueSize);
        });
    }

    private static ByteBuffer copy(ByteBuffer buffer) {
        return ByteBuffer.allocate(buffer.capacity())
                .put(buffer.duplicate().clear())
                .position(buffer.position())
                .limit(buffer.limit());
    }
}
