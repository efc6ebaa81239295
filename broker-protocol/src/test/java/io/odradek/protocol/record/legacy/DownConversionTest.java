package io.odradek.protocol.record.legacy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.odradek.protocol.errors.ApiException;
import io.odradek.protocol.errors.ErrorCode;
import io.odradek.protocol.record.BatchBuilder;
import io.odradek.protocol.record.CompressionCodec;
import io.odradek.protocol.record.RecordBatch;
import io.odradek.protocol.record.RecordHeader;
import io.odradek.protocol.record.TimestampType;
import io.odradek.protocol.record.legacy.KafkaRecords25.Content;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What Kafka's classes of 2.5 make of logs of all kinds for old readers, we make too, byte for byte. */
class DownConversionTest {
    private static final int LOGS = 10_000;
    private static final int MAX_INFLATED_BYTES = 1 << 20;

    private static KafkaRecords25 kafka;

    @BeforeAll
    static void load() throws Exception {
        kafka = new KafkaRecords25();
    }

    @ParameterizedTest
    @ValueSource(bytes = {0, 1})
    void whatLiesInALogIsConvertedAsKafkaConvertsIt(byte magic) throws Exception {
        Random random = new Random(UpConversionTest.seed());
        for (int i = 0; i < LOGS / 2; i++) {
            ByteBuffer log = UpConversionTest.randomLog(kafka, random, random.nextInt(1_000_000));
            long fromOffset = someOffsetOfTheFirstEntry(log, random);

            ByteBuffer ours = convert(magic, log, fromOffset);

            ByteBuffer kafkas = kafka.downConvert(log, magic, fromOffset);
            assertThat(kafka.read(ours)).isEqualTo(kafka.read(kafkas));
            assertThat(ours).as("log %d", i).isEqualTo(kafkas);
        }
    }

    private static long someOffsetOfTheFirstEntry(ByteBuffer log, Random random) {
        if (LegacyMessage.isLegacy(log, 0)) {
            return LegacyMessage.offset(log, 0);
        }
        return RecordBatch.baseOffset(log, 0) + random.nextInt(RecordBatch.lastOffsetDelta(log, 0) + 1);
    }

    private static ByteBuffer convert(byte magic, ByteBuffer log, long fromOffset) {
        try (DownConversion conversion = new DownConversion(magic, MAX_INFLATED_BYTES)) {
            for (int at = 0; at < log.limit(); at += RecordBatch.sizeBytes(log, at)) {
                conversion.add(log, at, fromOffset, Integer.MAX_VALUE);
            }
            return conversion.written();
        }
    }

    @Test
    void plainRecordsAreAddedUntilThereAreEnough() {
        BatchBuilder builder = new BatchBuilder(10_000);
        for (int i = 0; i < 100; i++) {
            builder.append(1_000 + i, null, ByteBuffer.allocate(10), List.of(RecordHeader.of("h", new byte[4])));
        }
        try (DownConversion conversion = new DownConversion((byte) 0, MAX_INFLATED_BYTES)) {
            conversion.add(builder.build(), 0, 40, 100);

            assertThat(conversion.sizeBytes()).isEqualTo(3 * 36);
            assertThat(conversion.wholeWithin(100)).isEqualTo(2 * 36);
            assertThat(conversion.wholeWithin(35)).isZero();
            assertThat(conversion.firstBytes()).isEqualTo(36);
            assertThat(LegacyMessage.offset(conversion.written(), 0)).isEqualTo(40);
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"NONE", "GZIP", "SNAPPY", "LZ4"})
    void ofABatchThatEndsBeforeTheOffsetNothingIsAdded(CompressionCodec codec) throws Exception {
        ByteBuffer batch =
                kafka.write((byte) 2, codec, TimestampType.CREATE_TIME, -1, List.of(new Content(3, 1, "a", "b")));
        try (DownConversion conversion = new DownConversion((byte) 1, MAX_INFLATED_BYTES)) {
            conversion.add(batch, 0, 4, 1_000);
            assertThat(conversion.sizeBytes()).isZero();
            conversion.add(batch, 0, 3, 1_000);
            assertThat(kafka.read(conversion.written())).containsExactly(new Content(3, 1, "a", "b"));
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"GZIP", "SNAPPY", "LZ4"})
    void aCompressedBatchThatIsTooLargeIsAddedInPiecesOfWhichTheFirstFits(CompressionCodec codec) throws Exception {
        Random random = new Random(UpConversionTest.seed());
        for (int maxBytes : new int[] {0, 200, 1_000, 5_000, 20_000}) {
            List<Content> contents = UpConversionTest.contents(random, 7, 1 + random.nextInt(400));
            ByteBuffer batch = kafka.write((byte) 2, codec, TimestampType.CREATE_TIME, -1, contents);
            Content from = contents.get(random.nextInt(contents.size()));
            try (DownConversion conversion = new DownConversion((byte) 1, MAX_INFLATED_BYTES)) {
                conversion.add(batch, 0, from.offset(), maxBytes);
                conversion.addInPieces(batch, 0, from.offset(), maxBytes);

                List<Content> read = kafka.read(conversion.written());
                int first = contents.indexOf(from);
                assertThat(read).isEqualTo(contents.subList(first, first + read.size()));
                int firstCount = kafka.read(conversion.written().limit(conversion.firstBytes()))
                        .size();
                assertThat(conversion.firstBytes() <= maxBytes || firstCount == 1)
                        .isTrue();
                assertThat(read.size() == contents.size() - first || conversion.sizeBytes() >= maxBytes)
                        .isTrue();
            }
        }
    }

    @Test
    void whatCannotBeConvertedLeavesNothingBehind() throws Exception {
        List<Content> contents = UpConversionTest.contents(new Random(1), 0, 20);
        ByteBuffer sound = kafka.write((byte) 2, CompressionCodec.LZ4, TimestampType.CREATE_TIME, -1, contents);
        ByteBuffer broken = kafka.write((byte) 2, CompressionCodec.LZ4, TimestampType.CREATE_TIME, -1, contents);
        broken.putInt(57, 21);
        ByteBuffer plain = kafka.write((byte) 2, CompressionCodec.NONE, TimestampType.CREATE_TIME, -1, contents);
        plain.putInt(57, 21);
        List<Content> large = List.of(new Content(0, 0, null, "x".repeat(3 * MAX_INFLATED_BYTES)));
        try (DownConversion conversion = new DownConversion((byte) 1, MAX_INFLATED_BYTES)) {
            conversion.add(sound, 0, 0, 1 << 20);
            refused(conversion, zstd(), ErrorCode.UNSUPPORTED_COMPRESSION_TYPE);
            refused(conversion, broken, ErrorCode.INVALID_RECORD);
            refused(conversion, plain, ErrorCode.INVALID_RECORD);
            for (CompressionCodec codec :
                    List.of(CompressionCodec.GZIP, CompressionCodec.SNAPPY, CompressionCodec.LZ4)) {
                refused(
                        conversion,
                        kafka.write((byte) 2, codec, TimestampType.CREATE_TIME, -1, large),
                        ErrorCode.MESSAGE_TOO_LARGE);
            }
            conversion.add(sound, 0, 0, 1 << 20);

            ByteBuffer written = conversion.written();
            assertThat(written.limit()).isEqualTo(2 * conversion.firstBytes());
            assertThat(kafka.read(written.duplicate().limit(written.limit() / 2)))
                    .isEqualTo(contents);
            assertThat(kafka.read(written.position(written.limit() / 2))).isEqualTo(contents);
        }
    }

    private static ByteBuffer zstd() {
        return new BatchBuilder(1_000)
                .codec(CompressionCodec.ZSTD)
                .append(1, null, null)
                .build();
    }

    private static void refused(DownConversion conversion, ByteBuffer batch, ErrorCode error) {
        int before = conversion.sizeBytes();
        assertThatExceptionOfType(ApiException.class)
                .isThrownBy(() -> conversion.add(batch, 0, 0, 1 << 20))
                .satisfies(e -> assertThat(e.error()).isEqualTo(error));
        assertThat(conversion.sizeBytes()).isEqualTo(before);
    }
}
