package io.odradek.core.fetch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.odradek.core.fetch.DownConverter.Allowance;
import io.odradek.core.fetch.DownConverter.Converted;
import io.odradek.protocol.errors.ApiException;
import io.odradek.protocol.errors.ErrorCode;
import io.odradek.protocol.record.BatchBuilder;
import io.odradek.protocol.record.CompressionCodec;
import io.odradek.protocol.record.RecordBatch;
import io.odradek.protocol.record.legacy.DownConversion;
import io.odradek.protocol.record.legacy.LegacyCursor;
import io.odradek.protocol.record.legacy.LegacyMessage;
import io.odradek.storage.env.SimulatedWorld;
import io.odradek.storage.io.FaultingFileSystem;
import io.odradek.storage.io.FileSlice;
import io.odradek.storage.io.LogFile;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Slices of a log with entries of all formats, for readers who know none but the oldest. */
class DownConverterTest {
    private static final Allowance ALL = new Allowance(Integer.MAX_VALUE, false, true);
    private static final byte MAGIC_0 = 0;
    private static final byte MAGIC_1 = 1;

    private final long seed = SimulatedWorld.seedFromSystem();
    private final Random random = new Random(seed);
    private final FaultingFileSystem files = new FaultingFileSystem(seed);
    private final ByteArrayOutputStream log = new ByteArrayOutputStream();
    private LogFile file;
    private long nextOffset;

    @BeforeEach
    void open() throws IOException {
        Path folder = Path.of("/data");
        files.createFolders(folder);
        file = files.open(folder.resolve("log"));
    }

    @AfterEach
    void close() throws IOException {
        file.close();
    }

    @Test
    void entriesOfAllFormatsComeAsMessagesWithTheirOffsets() throws IOException {
        for (int i = 0; i < 300; i++) {
            add(
                    random.nextInt(3),
                    random.nextBoolean() ? CompressionCodec.NONE : CompressionCodec.LZ4,
                    1 + random.nextInt(20),
                    random.nextInt(500));
        }
        for (byte magic = MAGIC_0; magic <= MAGIC_1; magic++) {
            Converted all = converter(magic).convert(slice(0, log.size()), 0, List.of(), ALL);

            List<Long> offsets = offsets(all.records().buffer(), magic);
            assertThat(offsets).hasSize((int) nextOffset).isSorted().doesNotHaveDuplicates();
        }
    }

    @Test
    void messagesThatAreOldEnoughStayAsTheyAre() throws IOException {
        add(1, CompressionCodec.NONE, 3, 10);
        add(1, CompressionCodec.GZIP, 3, 10);
        int oldBytes = log.size();
        add(2, CompressionCodec.NONE, 1, 10);

        ByteBuffer converted = converter(MAGIC_1)
                .convert(slice(0, log.size()), 0, List.of(), ALL)
                .records()
                .buffer();

        assertThat(converted.slice(0, oldBytes)).isEqualTo(ByteBuffer.wrap(log.toByteArray(), 0, oldBytes));
        assertThat(offsets(
                        converter(MAGIC_1)
                                .convert(slice(0, log.size()), 2, List.of(), ALL)
                                .records()
                                .buffer(),
                        MAGIC_1))
                .containsExactly(2L, 3L, 4L, 5L, 6L);
    }

    @Test
    void entriesThatAreLargerThanTheWindowAndACutLastOneAreRead() throws IOException {
        add(2, CompressionCodec.NONE, 5, 100);
        add(2, CompressionCodec.NONE, 3, 200_000);
        add(2, CompressionCodec.GZIP, 5, 100);
        int whole = log.size();
        add(2, CompressionCodec.NONE, 5, 100);
        for (int cut : new int[] {whole, whole + 1, whole + 16, whole + 30, whole + 61, log.size() - 1}) {
            DownConverter converter = converter(MAGIC_1);
            Converted converted = converter.convert(slice(0, cut), 4, List.of(), ALL);
            assertThat(offsets(converted.records().buffer(), MAGIC_1))
                    .containsExactly(4L, 5L, 6L, 7L, 8L, 9L, 10L, 11L, 12L);
            assertThat(converted.recordCount()).isEqualTo(1 + 3 + 5);
        }
    }

    @Test
    void aFileThatEndsBeforeItsSliceGivesWhatItHas() throws IOException {
        add(2, CompressionCodec.NONE, 2, 10);
        int whole = log.size();
        add(2, CompressionCodec.NONE, 2, 300_000);
        FileSlice slice = slice(0, log.size());
        file.truncate(whole + 200_000);

        assertThat(offsets(
                        converter(MAGIC_0)
                                .convert(slice, 0, List.of(), ALL)
                                .records()
                                .buffer(),
                        MAGIC_0))
                .containsExactly(0L, 1L);
    }

    @Test
    void aRecordThatWouldTakeTooMuchMemoryEndsTheConversion() throws IOException {
        add(2, CompressionCodec.GZIP, 1, 400_000);
        int before = log.size();
        log.write(entry(2, CompressionCodec.GZIP, 1, 600_000));
        assertThat(offsets(
                        converter(MAGIC_1)
                                .convert(slice(0, log.size()), 0, List.of(), ALL)
                                .records()
                                .buffer(),
                        MAGIC_1))
                .containsExactly(0L);
        assertThatExceptionOfType(ApiException.class)
                .isThrownBy(() -> converter(MAGIC_1).convert(slice(before, log.size() - before), 1, List.of(), ALL))
                .withMessageContaining("too large to be converted");
    }

    @Test
    void whatIsCutOffIsNotHeldByTheAnswer() throws IOException {
        add(2, CompressionCodec.NONE, 1, 300_000);
        ByteBuffer given = converter(MAGIC_1)
                .convert(slice(0, log.size()), 0, List.of(), new Allowance(1_000, true, true))
                .records()
                .buffer();
        assertThat(given.remaining()).isEqualTo(1_000);
        assertThat(given.capacity()).isLessThanOrEqualTo(2_000);
        assertThat(LegacyMessage.sizeBytes(given, 0)).isGreaterThan(300_000);
    }

    @Test
    void whatIsNoEntryIsCorruptOnceItIsReached() throws IOException {
        add(2, CompressionCodec.NONE, 2, 10);
        int sound = log.size();
        byte[][] broken = {
            broken(11, 10),
            broken(8, 0xff),
            broken(16, 3),
            broken(16, 0),
            broken(16, 0xff),
            broken(30, 7),
            broken(1, CompressionCodec.GZIP, 14, 7),
            broken(1, CompressionCodec.NONE, 21, 0x7f)
        };
        for (byte[] entry : broken) {
            byte[] before = log.toByteArray();
            log.write(entry);
            int size = log.size();
            assertThat(offsets(
                            converter(MAGIC_0)
                                    .convert(slice(0, size), 0, List.of(), ALL)
                                    .records()
                                    .buffer(),
                            MAGIC_0))
                    .containsExactly(0L, 1L);
            assertThatExceptionOfType(ApiException.class)
                    .isThrownBy(() -> converter(MAGIC_0).convert(slice(sound, size - sound), 0, List.of(), ALL))
                    .satisfies(e -> assertThat(e.error()).isEqualTo(ErrorCode.CORRUPT_MESSAGE));
            log.reset();
            log.write(before);
        }
    }

    private byte[] broken(int at, int value) {
        return broken(2, CompressionCodec.NONE, at, value);
    }

    private byte[] broken(int magic, CompressionCodec codec, int at, int value) {
        byte[] entry = entry(magic, codec, 3, 30);
        assertThat(entry[at]).isNotEqualTo((byte) value);
        entry[at] = (byte) value;
        return entry;
    }

    private static DownConverter converter(byte magic) {
        return new DownConverter(magic, 1 << 20, 500_000);
    }

    private void add(int magic, CompressionCodec codec, int records, int valueBytes) throws IOException {
        log.write(entry(magic, codec, records, valueBytes));
        nextOffset += records;
    }

    private byte[] entry(int magic, CompressionCodec codec, int records, int valueBytes) {
        BatchBuilder builder = new BatchBuilder(4 << 20).codec(codec);
        for (int i = 0; i < records; i++) {
            byte[] value = new byte[valueBytes];
            random.nextBytes(value);
            builder.append(1_000 + i, null, ByteBuffer.wrap(value));
        }
        ByteBuffer batch = builder.build();
        RecordBatch.setBaseOffset(batch, 0, nextOffset);
        ByteBuffer entry = magic == RecordBatch.MAGIC ? batch : older((byte) magic, batch);
        byte[] bytes = new byte[entry.remaining()];
        entry.get(bytes);
        return bytes;
    }

    private static ByteBuffer older(byte magic, ByteBuffer batch) {
        try (DownConversion conversion = new DownConversion(magic, 4 << 20)) {
            conversion.add(batch, 0, 0, Integer.MAX_VALUE);
            return conversion.written();
        }
    }

    private FileSlice slice(int from, int sizeBytes) throws IOException {
        file.truncate(0);
        file.append(ByteBuffer.wrap(log.toByteArray()));
        return new FileSlice(file, from, sizeBytes);
    }

    private static List<Long> offsets(ByteBuffer messages, byte magic) {
        List<Long> offsets = new ArrayList<>();
        try (LegacyCursor cursor = new LegacyCursor()) {
            for (int at = 0; at < messages.limit(); at += LegacyMessage.sizeBytes(messages, at)) {
                assertThat(LegacyMessage.isWhole(messages, at, messages.limit()))
                        .isTrue();
                assertThat(LegacyMessage.magic(messages, at)).isLessThanOrEqualTo(magic);
                assertThat(LegacyMessage.hasValidCrc(messages, at)).isTrue();
                cursor.open(messages, at, 4 << 20);
                while (cursor.next()) {
                    offsets.add(cursor.offset());
                }
            }
        }
        return offsets;
    }
}
