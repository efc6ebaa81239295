package io.odradek.protocol.record;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.odradek.protocol.errors.ApiException;
import io.odradek.protocol.errors.ErrorCode;
import io.odradek.protocol.wire.Varints;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.apache.kafka.common.record.internal.Record;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.xerial.snappy.Snappy;

class DecompressionTest {
    private static final int MIB = 1 << 20;
    private static final int BOMB_BYTES = 1 << 30;
    private static final int MAX_INFLATED_BYTES = 16 * MIB;
    private static final RecordRules RULES =
            new RecordRules(64 * MIB, RecordRules.DEFAULTS.timestamps(), false, null, true, MAX_INFLATED_BYTES);

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "NONE")
    void aGibibyteOfZerosIsRefusedWithoutHoldingIt(CompressionCodec codec) throws IOException {
        ByteBuffer bomb = HandmadeBatch.of(codec.id(), 1, compressedZeros(codec));

        ApiException refused = refusedWithin(2 * MIB, bomb);

        assertThat(refused.error()).isEqualTo(ErrorCode.MESSAGE_TOO_LARGE);
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "NONE")
    void aRecordThatClaimsAGibibyteCostsACursorNothing(CompressionCodec codec) {
        ByteBuffer batch = new HandmadeBatch()
                .bytes(out -> {
                    Varints.writeInt(out, BOMB_BYTES);
                    out.putLong(0);
                })
                .build(codec);
        readRefused(batch);

        long before = allocatedBytes();
        ApiException refused = readRefused(batch);

        assertThat(refused.error()).isEqualTo(ErrorCode.INVALID_RECORD);
        assertThat(allocatedBytes() - before).isLessThan(MIB);
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "NONE")
    void aRecordLargerThanACursorMayHoldIsToldOfAndNotHeldAndThoseAfterItAreRead(CompressionCodec codec) {
        byte[] records = recordsOf(
                List.of(SampleRecord.of(0, "k", "v".repeat(8 * MIB)), SampleRecord.of(1, "another", "small")));
        ByteBuffer batch = HandmadeBatch.of(codec.id(), 2, HandmadeBatch.compress(codec, records));

        long before = allocatedBytes();
        try (RecordCursor cursor = new RecordCursor().holdAtMost(MIB).open(batch, 0, MAX_INFLATED_BYTES)) {
            assertThat(cursor.next()).isTrue();
            assertThat(cursor.isTooLarge()).isTrue();
            assertThat(cursor.offsetDelta()).isZero();
            assertThat(cursor.keySize()).isEqualTo(1);
            assertThat(cursor.valueSize()).isEqualTo(8 * MIB);

            assertThat(cursor.next()).isTrue();
            assertThat(cursor.isTooLarge()).isFalse();
            assertThat(cursor.offsetDelta()).isEqualTo(1);
            assertThat(UTF_8.decode(cursor.value()).toString()).isEqualTo("small");
            assertThat(cursor.next()).isFalse();
        }
        assertThat(allocatedBytes() - before).isLessThan(3 * MIB);
    }

    @Test
    void aSnappyBlockThatClaimsMoreThanItCanHoldIsRefusedAtOnce() {
        for (int claim : new int[] {1_000, 15 * MIB, Integer.MAX_VALUE, -1}) {
            ByteBuffer block = ByteBuffer.allocate(16);
            Varints.writeUnsigned(block, claim);

            ApiException bare = refusedWithin(MIB, HandmadeBatch.of(2, 1, block.array()));
            ApiException framed = refusedWithin(MIB, HandmadeBatch.of(2, 1, xerialFrame(block.array())));

            assertThat(bare.error()).isEqualTo(ErrorCode.INVALID_RECORD);
            assertThat(framed.error()).isEqualTo(ErrorCode.INVALID_RECORD);
        }
    }

    @Test
    void aSnappyChunkBeyondTheBatchIsRefused() {
        for (int size : new int[] {-1, 100, Integer.MAX_VALUE, Integer.MIN_VALUE}) {
            byte[] frame = xerialFrame(new byte[8]);
            ByteBuffer.wrap(frame).putInt(16, size);

            assertThat(refusedWithin(MIB, HandmadeBatch.of(2, 1, frame)).error())
                    .isEqualTo(ErrorCode.INVALID_RECORD);
        }
    }

    @Test
    void anLz4FrameOfFourMebibyteBlocksCostsWhatItsBlocksHold() {
        List<SampleRecord> sample = List.of(SampleRecord.of(1, "k", "v"));
        byte[] body = HandmadeBatch.compress(CompressionCodec.LZ4, recordsOf(sample));
        body[5] = 0x70;
        body[6] = Lz4Frame.headerChecksum(body, 4, 2);
        ByteBuffer batch = HandmadeBatch.of(CompressionCodec.LZ4.id(), 1, body);
        RecordValidator.validate(batch, RULES, 1);

        long before = allocatedBytes();
        RecordValidator.validate(batch, RULES, 1);

        assertThat(allocatedBytes() - before).isLessThan(MIB);
        assertThat(SampleRecord.readAll(batch)).hasSize(1);
    }

    @Test
    void anLz4FrameWithEveryOptionalFieldIsRead() {
        byte[] records = recordsOf(SampleRecord.random(new Random(SampleRecord.seed()), 20));
        ByteBuffer frame = ByteBuffer.allocate(records.length + 100).order(ByteOrder.LITTLE_ENDIAN);
        frame.putInt(Lz4Frame.MAGIC).put((byte) 0x7c).put((byte) 0x50).putLong(records.length);
        frame.put(Lz4Frame.headerChecksum(frame.array(), 4, 10));
        frame.putInt(records.length | Lz4Frame.STORED_BLOCK).put(records);
        frame.putInt(Lz4Frame.blockChecksum(records, 0, records.length))
                .putInt(0)
                .putInt(0);
        ByteBuffer batch = HandmadeBatch.of(3, 20, Arrays.copyOf(frame.array(), frame.position()));

        assertThat(SampleRecord.readAll(batch)).hasSize(20);
        batch.put(RecordBatch.HEADER_SIZE + 40, (byte) ~batch.get(RecordBatch.HEADER_SIZE + 40));
        assertThat(readRefused(batch).getMessage()).contains("checksum");
    }

    @Test
    void aZstdFrameThatDeclaresAHugeWindowCostsNoHeapOfThatSize() {
        for (int windowLog : new int[] {27, 28, 31, 41}) {
            ByteBuffer frame = ByteBuffer.allocate(16).order(ByteOrder.LITTLE_ENDIAN);
            frame.putInt(0xFD2FB528)
                    .put((byte) 0)
                    .put((byte) (windowLog - 10 << 3))
                    .put(new byte[] {1, 0, 0});
            ByteBuffer batch = HandmadeBatch.of(4, 1, Arrays.copyOf(frame.array(), frame.position()));

            assertThat(refusedWithin(MIB, batch).error()).isEqualTo(ErrorCode.INVALID_RECORD);
        }
    }

    @Test
    void zstdWithItsContentSizeIsReadAndAFalseOneIsRefused() {
        List<SampleRecord> sample = SampleRecord.random(new Random(SampleRecord.seed()), 20);
        byte[] body = com.github.luben.zstd.Zstd.compress(recordsOf(sample));
        assertThat(com.github.luben.zstd.Zstd.getFrameContentSize(body)).isEqualTo(recordsOf(sample).length);

        ByteBuffer batch = withTimestamps(HandmadeBatch.of(4, 20, body), sample);

        assertThat(SampleRecord.readAll(batch)).isEqualTo(sample);
        body[5] ^= 1;
        assertThat(readRefused(HandmadeBatch.of(4, 20, body)).error()).isEqualTo(ErrorCode.INVALID_RECORD);
    }

    /** librdkafka writes one bare block; other clients put one large block into the Java client's framing. */
    @Test
    void snappyAsOneBlockIsReadWithAndWithoutFraming() throws IOException {
        List<SampleRecord> sample = SampleRecord.random(new Random(SampleRecord.seed()), 200);
        byte[] block = Snappy.compress(recordsOf(sample));
        assertThat(recordsOf(sample)).hasSizeGreaterThan(64 * 1024);
        for (byte[] body : new byte[][] {block, xerialFrame(block)}) {
            ByteBuffer batch = withTimestamps(HandmadeBatch.of(2, 200, body), sample);

            RecordValidator.validate(batch, RULES, 1);

            assertThat(SampleRecord.readAll(batch)).isEqualTo(sample);
            int count = 0;
            for (Record record : KafkaRecordsTest.kafkaView(batch)) {
                assertThat(SampleRecord.read(record)).isEqualTo(sample.get(count++));
            }
        }
    }

    @Test
    void gzipMembersThatFollowEachOtherAreOneStream() {
        List<SampleRecord> sample = SampleRecord.random(new Random(SampleRecord.seed()), 30);
        byte[] records = recordsOf(sample);
        ByteArrayOutputStream members = new ByteArrayOutputStream();
        members.writeBytes(HandmadeBatch.compress(CompressionCodec.GZIP, Arrays.copyOf(records, 100)));
        members.writeBytes(
                HandmadeBatch.compress(CompressionCodec.GZIP, Arrays.copyOfRange(records, 100, records.length)));

        ByteBuffer batch = withTimestamps(HandmadeBatch.of(1, 30, members.toByteArray()), sample);

        assertThat(SampleRecord.readAll(batch)).isEqualTo(sample);
    }

    private static ByteBuffer withTimestamps(ByteBuffer batch, List<SampleRecord> sample) {
        return HandmadeBatch.with(
                batch,
                it -> it.putLong(RecordBatch.BASE_TIMESTAMP, sample.get(0).timestampMs()));
    }

    private static byte[] recordsOf(List<SampleRecord> sample) {
        byte[] batch = SampleRecord.builder(sample).build().array();
        int size = SampleRecord.builder(sample).build().limit();
        return Arrays.copyOfRange(batch, RecordBatch.HEADER_SIZE, size);
    }

    private static byte[] xerialFrame(byte[] block) {
        return ByteBuffer.allocate(20 + block.length)
                .putLong(0x82_53_4e_41_50_50_59_00L)
                .putInt(1)
                .putInt(1)
                .putInt(block.length)
                .put(block)
                .array();
    }

    private static byte[] compressedZeros(CompressionCodec codec) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        byte[] zeros = new byte[MIB];
        ByteBuffer length = ByteBuffer.allocate(5);
        Varints.writeInt(length, BOMB_BYTES - 5);
        try (OutputStream deflated = CompressionStreams.deflate(codec, out, 1)) {
            deflated.write(length.array(), 0, length.position());
            deflated.write(new byte[] {0, 0, 0, 1});
            ByteBuffer value = ByteBuffer.allocate(5);
            Varints.writeInt(value, BOMB_BYTES - 30);
            deflated.write(value.array(), 0, value.position());
            for (int written = 0; written < BOMB_BYTES; written += zeros.length) {
                deflated.write(zeros);
            }
        }
        return out.toByteArray();
    }

    /** Refuses twice: the first time also loads classes and native libraries. */
    private static ApiException refusedWithin(int heapBytes, ByteBuffer batch) {
        refusal(batch);
        long before = allocatedBytes();
        ApiException refused = refusal(batch);
        assertThat(allocatedBytes() - before).as("heap bytes allocated").isLessThan(heapBytes);
        return refused;
    }

    private static ApiException refusal(ByteBuffer batch) {
        ApiException refused =
                catchThrowableOfType(ApiException.class, () -> RecordValidator.validate(batch, RULES, 1));
        assertThat(refused).as("a refusal").isNotNull();
        return refused;
    }

    private static ApiException readRefused(ByteBuffer batch) {
        ApiException refused = catchThrowableOfType(ApiException.class, () -> SampleRecord.readAll(batch));
        assertThat(refused).as("a refusal").isNotNull();
        return refused;
    }

    private static long allocatedBytes() {
        return ((com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean()).getCurrentThreadAllocatedBytes();
    }
}
