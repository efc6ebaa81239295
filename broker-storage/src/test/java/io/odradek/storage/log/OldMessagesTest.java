package io.odradek.storage.log;

import static org.assertj.core.api.Assertions.assertThat;

import io.odradek.protocol.TopicPartition;
import io.odradek.protocol.wire.Uuid;
import io.odradek.storage.env.SimulatedWorld;
import io.odradek.storage.io.FaultingFileSystem;
import io.odradek.storage.io.LogFile;
import io.odradek.storage.io.LogFileSystem;
import io.odradek.storage.log.LogContext.ProducerLimits;
import io.odradek.storage.log.OldEntries.OldRecord;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import java.util.zip.CRC32;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Messages of magic 0 and 1 that are whole, cut, damaged, or strange, in a log that is opened after a clean stop or a crash. */
class OldMessagesTest {
    private static final Path FOLDER = Path.of("/data/logs/events-0");
    private static final TopicPartition ID = new TopicPartition("events", 0);

    private final SimulatedWorld world = new SimulatedWorld(1);
    private final FaultingFileSystem disk = new FaultingFileSystem(1);
    private final List<ByteBuffer> entries = new ArrayList<>();
    private Log log;
    private AtomicLong readBytes;

    @AfterEach
    void nothingIsLeftOpen() throws IOException {
        if (log != null) {
            log.close();
        }
        disk.close();
    }

    private static OldRecord record(long offset, long timestampMs) {
        return new OldRecord(offset, timestampMs, null, ("v" + offset).getBytes(StandardCharsets.UTF_8));
    }

    private void plain(int magic, long offset) {
        entries.add(OldEntries.plain(magic, record(offset, 1_000 + offset)));
    }

    private void gzipped(int magic, long first, long last) {
        List<OldRecord> records = new ArrayList<>();
        for (long offset = first; offset <= last; offset++) {
            records.add(record(offset, 1_000 + offset));
        }
        entries.add(OldEntries.gzipped(magic, -1, records));
    }

    private void lay() throws IOException {
        disk.createFolders(FOLDER);
        try (LogFile file = disk.open(LogFileNames.path(FOLDER, 0, LogFileNames.LOG))) {
            for (ByteBuffer entry : entries) {
                file.append(entry.duplicate());
            }
        }
    }

    /** {@return the disk, or one that counts what is read} */
    private LogFileSystem files() {
        return readBytes == null ? disk : counting(LogFileSystem.class, disk);
    }

    private <T> T counting(Class<T> type, T real) {
        Object counting =
                Proxy.newProxyInstance(getClass().getClassLoader(), new Class<?>[] {type}, (proxy, method, args) -> {
                    try {
                        Object result = method.invoke(real, args);
                        if (method.getName().equals("read")) {
                            readBytes.addAndGet((Integer) result);
                        }
                        return result instanceof LogFile file ? counting(LogFile.class, file) : result;
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
        return type.cast(counting);
    }

    private void open(boolean clean, long recoveryPoint) throws IOException {
        LogContext context = new LogContext(
                files(), world.clock(), world.newRandoms("log"), LogEvents.IMMEDIATE, ProducerLimits.standard());
        log = Log.open(
                context,
                new LogOpening(FOLDER, ID, Uuid.ZERO, clean, recoveryPoint, 0),
                LogConfig.of(Map.of(), Map.of("retention.ms", "10000")));
    }

    private byte[] first(long offset) throws IOException {
        return TestBatches.bytes(log.read(offset, 1, true, log.endOffset()));
    }

    private List<String> leftOut() throws IOException {
        return disk.list(FOLDER).stream()
                .filter(name -> name.contains(LogFileNames.LEFT_OUT))
                .toList();
    }

    @Test
    void aMessageThatIsSmallerThanTheHeaderOfABatchIsThere() throws IOException {
        gzipped(1, 0, 4);
        entries.add(OldEntries.plain(0, new OldRecord(5, -1, null, null)));
        lay();
        open(false, 0);
        assertThat(log.endOffset()).isEqualTo(6);
        assertThat(first(5)).isEqualTo(entries.get(1).array());
        assertThat(log.read(5, 1, true, 6).sizeBytes()).isEqualTo(26);
    }

    @Test
    void anyOffsetInACompressedMessageLeadsToIt() throws IOException {
        gzipped(0, 0, 4);
        gzipped(1, 5, 9);
        plain(1, 10);
        lay();
        open(true, 11);
        for (long offset = 0; offset < 11; offset++) {
            assertThat(first(offset)).isEqualTo(entries.get((int) offset / 5).array());
        }
        assertThat(log.findByTimestamp(1_007, 11).orElseThrow().offset()).isEqualTo(7);
        assertThat(log.findByTimestamp(1_003, 11).orElseThrow().offset())
                .as("the first five have no timestamps")
                .isEqualTo(5);
        assertThat(log.findMaxTimestamp(11).orElseThrow().offset()).isEqualTo(10);
    }

    @Test
    void afterACrashTheLogEndsBeforeAMessageOfAWrongChecksumAndWhatFollowsIsKeptAside() throws IOException {
        plain(1, 0);
        gzipped(1, 1, 5);
        plain(0, 6);
        gzipped(0, 7, 9);
        entries.get(1).put(60, (byte) ~entries.get(1).get(60));
        lay();
        open(false, 0);
        assertThat(log.endOffset()).isEqualTo(1);
        assertThat(leftOut()).hasSize(1);
    }

    @Test
    void afterACrashTheLogEndsBeforeAMessageThatIsCut() throws IOException {
        plain(0, 0);
        plain(1, 1);
        ByteBuffer whole = OldEntries.plain(1, record(2, 1_002));
        entries.add(whole.slice(0, whole.limit() - 1));
        lay();
        open(false, 0);
        assertThat(log.endOffset()).isEqualTo(2);
        assertThat(leftOut()).isEmpty();
    }

    @Test
    void afterACrashACompressedMessageWhoseOffsetWasChangedIsNotTheLogs() throws IOException {
        plain(1, 0);
        gzipped(1, 1, 5);
        gzipped(1, 6, 9);
        entries.get(1).putLong(0, 8);
        lay();
        open(false, 0);
        assertThat(log.endOffset()).isEqualTo(1);
    }

    @Test
    void aReaderPassesOverACompressedMessageWhoseOffsetWasChanged() throws IOException {
        plain(1, 0);
        gzipped(1, 1, 5);
        gzipped(1, 6, 9);
        entries.get(1).putLong(0, 8);
        lay();
        open(true, 10);
        assertThat(first(0)).isEqualTo(entries.get(0).array());
        assertThat(first(3)).isEqualTo(entries.get(2).array());
        assertThat(log.isDamaged()).isTrue();
    }

    @Test
    void aCompressedMessageThatCannotBeOpenedIsServedAsItLies() throws IOException {
        plain(1, 0);
        ByteBuffer broken = OldEntries.gzipped(1, -1, List.of(record(1, 1_001), record(2, 1_002)));
        int attributes = 17;
        broken.put(attributes, (byte) 7);
        entries.add(withChecksum(broken));
        plain(1, 3);
        lay();
        open(false, 0);
        assertThat(log.endOffset()).isEqualTo(4);
        assertThat(first(1)).isEqualTo(entries.get(1).array());
        assertThat(first(3)).isEqualTo(entries.get(2).array());
    }

    @Test
    void afterACrashALastCompressedMessageThatCannotBeOpenedIsKept() throws IOException {
        plain(1, 0);
        ByteBuffer broken = OldEntries.gzipped(1, -1, List.of(record(1, 1_001), record(2, 1_002)));
        int attributes = 17;
        entries.add(withChecksum(broken.put(attributes, (byte) 7)));
        lay();
        open(false, 0);
        assertThat(log.endOffset()).isEqualTo(3);
        assertThat(first(1)).isEqualTo(entries.get(1).array());
        assertThat(leftOut()).isEmpty();
    }

    @Test
    void aLookUpReadsOnlyTheCompressedMessageThatItFinds() throws IOException {
        byte[] noise = new byte[20_000];
        new Random(1).nextBytes(noise);
        for (int first = 0; first < 20; first += 2) {
            OldRecord large = new OldRecord(first, 1_000, null, noise);
            entries.add(OldEntries.gzipped(1, -1, List.of(large, record(first + 1, 1_000))));
        }
        lay();
        readBytes = new AtomicLong();
        open(true, 20);
        first(0);
        readBytes.set(0);
        assertThat(first(10)).isEqualTo(entries.get(5).array());
        assertThat(readBytes.get())
                .as("20 kB are read for their checksum, and to be opened; and some headers")
                .isLessThan(80_000);
    }

    @Test
    void whatInflatesToMoreThanALookUpOpensIsReadAndCutAsAWhole() throws IOException {
        byte[] large = new byte[600_000];
        for (int first = 0; first < 20; first += 4) {
            OldRecord one = new OldRecord(first, 1_000, null, large);
            OldRecord other = new OldRecord(first + 1, 1_001, null, large);
            entries.add(
                    OldEntries.gzipped(1, -1, List.of(one, other, record(first + 2, 1_002), record(first + 3, 1_003))));
        }
        lay();
        open(true, 20);
        for (long offset = 0; offset < 20; offset++) {
            assertThat(first(offset)).isEqualTo(entries.get((int) offset / 4).array());
        }
        assertThat(log.findByTimestamp(1_001, 20).orElseThrow().offset()).isEqualTo(1);
        log.truncateTo(14);
        assertThat(log.endOffset()).as("the fourth one is gone").isEqualTo(12);
        assertThat(first(11)).isEqualTo(entries.get(2).array());
        log.append(TestBatches.batch(2_000, "new"), 4, 2_000);
        assertThat(log.endOffset()).isEqualTo(13);
        assertThat(log.read(11, 1 << 20, true, 13).sizeBytes())
                .isGreaterThan(entries.get(2).limit());
        assertThat(log.isDamaged()).isFalse();
    }

    private static ByteBuffer withChecksum(ByteBuffer message) {
        CRC32 crc = new CRC32();
        crc.update(message.array(), 16, message.limit() - 16);
        return message.putInt(12, (int) crc.getValue());
    }

    @Test
    void aSegmentThatBeginsInTheMiddleOfACompressedMessageHasIt() throws IOException {
        disk.createFolders(FOLDER);
        plain(1, 0);
        lay();
        List<OldRecord> records = List.of(record(0, 1_000), record(1, 1_001), record(2, 1_002));
        ByteBuffer reaching = OldEntries.gzipped(1, -1, records);
        try (LogFile next = disk.open(LogFileNames.path(FOLDER, 1, LogFileNames.LOG))) {
            next.append(reaching.duplicate());
        }
        open(false, 0);
        assertThat(log.endOffset()).isEqualTo(3);
        assertThat(first(1)).isEqualTo(reaching.array());
        assertThat(log.findByTimestamp(1_001, 3).orElseThrow().offset()).isEqualTo(1);
    }

    @Test
    void thatThereAreNoLeaderEpochsIsFoundOutOnce() throws IOException {
        plain(0, 0);
        gzipped(0, 1, 2);
        lay();
        open(true, 3);
        assertThat(log.latestEpoch()).isEqualTo(-1);
        assertThat(disk.list(FOLDER)).contains(LogFileNames.LEADER_EPOCHS);
        log.append(TestBatches.batch(2_000, "new"), 4, 2_000);
        assertThat(log.epochOf(3)).isEqualTo(4);
        assertThat(log.epochOf(2)).isEqualTo(-1);
    }

    @Test
    void messagesWithoutTimestampAreAsOldAsTheirFile() throws IOException {
        plain(0, 0);
        lay();
        open(true, 1);
        log.updateHighWatermark(1);
        long modifiedMs = disk.lastModifiedMs(LogFileNames.path(FOLDER, 0, LogFileNames.LOG));
        log.findMaxTimestamp(1);
        assertThat(log.retain(modifiedMs + 10_000)).isInstanceOf(RetentionStep.Done.class);
        assertThat(log.retain(modifiedMs + 10_001)).isInstanceOf(RetentionStep.Advanced.class);
        assertThat(log.startOffset()).isEqualTo(1);
    }
}
