package io.odradek.storage.log;

import static org.assertj.core.api.Assertions.assertThat;

import io.odradek.protocol.TopicPartition;
import io.odradek.protocol.record.RecordBatch;
import io.odradek.protocol.wire.Uuid;
import io.odradek.storage.env.Guests;
import io.odradek.storage.env.SimulatedWorld;
import io.odradek.storage.io.FaultingFileSystem;
import io.odradek.storage.io.LogFile;
import io.odradek.storage.log.LogContext.ProducerLimits;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Whole batches that a recovery leaves out of a log stay in its folder, under names that nobody loads. */
class LeftOutTest {
    private static final Path FOLDER = Path.of("/data/logs/events-0");
    private static final TopicPartition ID = new TopicPartition("events", 0);
    private static final int MOST = 3;
    private static final int BATCHES = 40;

    private final SimulatedWorld world = new SimulatedWorld(1);
    private final LogConfig config =
            LogConfig.of(Map.of(), Map.of("segment.bytes", "1000", "index.interval.bytes", "100"));
    private FaultingFileSystem disk = new FaultingFileSystem(1);

    @AfterEach
    void nothingIsLeftOpen() {
        disk.close();
    }

    private Log open(LogOpening opening) throws IOException {
        LogContext context = new LogContext(
                disk,
                new Guests(world.clock(), world.newRandoms("log")),
                LogEvents.IMMEDIATE,
                ProducerLimits.standard(),
                new LogContext.Recovery(MOST, false),
                new LostPasts());
        return Log.open(context, opening, config);
    }

    private Log recover() throws IOException {
        return open(new LogOpening(FOLDER, ID, Uuid.ZERO, false, 0, 0));
    }

    /** A log of five batches a segment, whose process is killed. {@return its batches} */
    private List<byte[]> killedLog() throws IOException {
        List<byte[]> batches = new ArrayList<>();
        Log log = open(LogOpening.create(FOLDER, ID, new Uuid(1, 2)));
        for (int i = 0; i < BATCHES; i++) {
            ByteBuffer batch = TestBatches.batch(5, 0, i, "value " + i + "v".repeat(100));
            log.append(batch, 0, 1_000);
            batches.add(TestBatches.bytes(batch));
        }
        log.flush();
        for (Path folder = FOLDER; folder != null; folder = folder.getParent()) {
            disk.forceFolder(folder);
        }
        disk.kill();
        return batches;
    }

    private List<String> names(String containing) throws IOException {
        return disk.list(FOLDER).stream()
                .filter(name -> name.contains(containing))
                .toList();
    }

    private byte[] content(String name) throws IOException {
        try (LogFile file = disk.openForRead(FOLDER.resolve(name))) {
            ByteBuffer content = ByteBuffer.allocate((int) file.sizeBytes());
            file.read(content, 0);
            return content.array();
        }
    }

    private void overwrite(String name, long position, int bytes) throws IOException {
        try (LogFile file = disk.open(FOLDER.resolve(name))) {
            file.write(ByteBuffer.allocate(bytes), position);
        }
    }

    @Test
    void segmentsBehindAMissingOneAreRenamedAsTheyAre() throws IOException {
        killedLog();
        List<String> segments = names(".log");
        SortedMap<String, byte[]> expected = new TreeMap<>();
        for (String name : segments.subList(3, segments.size())) {
            expected.put(name + ".left-out.1", content(name));
        }
        disk.delete(FOLDER.resolve(segments.get(2)));
        Log log = recover();
        assertThat(log.endOffset()).isEqualTo(LogFileNames.offset(segments.get(2)));
        assertThat(names(".left-out")).containsExactlyElementsOf(expected.keySet());
        for (String name : expected.keySet()) {
            assertThat(content(name)).isEqualTo(expected.get(name));
        }
        log.append(TestBatches.batch(1_000, "the log goes on"), 0, 1_000);
        log.close();
        Log again = recover();
        assertThat(names(".left-out")).hasSize(expected.size());
        again.delete();
        assertThat(disk.exists(FOLDER)).isFalse();
    }

    @Test
    void wholeBatchesBehindADamagedOneAreCopiedBeforeTheCut() throws IOException {
        killedLog();
        String active = names(".log").get(names(".log").size() - 1);
        byte[] before = content(active);
        int second = RecordBatch.sizeBytes(ByteBuffer.wrap(before), 0);
        overwrite(active, second + 70, 4);
        Log log = recover();
        String kept = LogFileNames.name(LogFileNames.offset(active) + 1, ".log") + ".left-out.1";
        assertThat(names(".left-out")).containsExactly(kept);
        byte[] tail = Arrays.copyOfRange(before, second, before.length);
        Arrays.fill(tail, 70, 74, (byte) 0);
        assertThat(content(kept)).isEqualTo(tail);
        log.close();
    }

    @Test
    void theEndOfASegmentAndTheSegmentThatBeginsThereAreBothKept() throws IOException {
        killedLog();
        List<String> segments = names(".log");
        byte[] again = content(segments.get(0));
        byte[] next = content(segments.get(3));
        try (LogFile file = disk.open(FOLDER.resolve(segments.get(2)))) {
            file.append(ByteBuffer.wrap(again));
        }
        Log log = recover();
        assertThat(log.endOffset()).isEqualTo(LogFileNames.offset(segments.get(3)));
        List<byte[]> kept = new ArrayList<>();
        for (String name : names(segments.get(3) + ".left-out")) {
            kept.add(content(name));
        }
        assertThat(kept).containsExactlyInAnyOrder(next, again);
        log.close();
    }

    @Test
    void aTornEndWithoutAWholeBatchIsCutAndNothingKept() throws IOException {
        killedLog();
        String active = names(".log").get(names(".log").size() - 1);
        overwrite(active, content(active).length - 20, 20);
        try (LogFile file = disk.open(FOLDER.resolve(active))) {
            file.write(ByteBuffer.allocate(5_000), file.sizeBytes());
        }
        Log log = recover();
        assertThat(log.endOffset()).isEqualTo(BATCHES - 1);
        assertThat(names(".left-out")).isEmpty();
        log.close();
    }

    @Test
    void aBatchWhoseOffsetsNothingConfirmsIsKept() throws IOException {
        killedLog();
        String active = names(".log").get(names(".log").size() - 1);
        byte[] before = content(active);
        int last = lastBatchAt(before);
        try (LogFile file = disk.open(FOLDER.resolve(active))) {
            file.write(ByteBuffer.allocate(8).putLong(0, BATCHES + 7), last);
        }
        Log log = recover();
        assertThat(log.endOffset()).isEqualTo(BATCHES - 1);
        assertThat(names(".left-out")).containsExactly(LogFileNames.name(BATCHES - 1, ".log") + ".left-out.1");
        log.close();
    }

    private static int lastBatchAt(byte[] content) {
        ByteBuffer batches = ByteBuffer.wrap(content);
        int last = 0;
        for (int at = 0; at < content.length; at += RecordBatch.sizeBytes(batches, at)) {
            last = at;
        }
        return last;
    }

    @Test
    void recoveriesWithoutEndDoNotPileUpFilesWithoutEnd() throws IOException {
        Log log = open(LogOpening.create(FOLDER, ID, new Uuid(1, 2)));
        for (int crash = 0; crash < MOST + 4; crash++) {
            for (int i = 0; i < 4; i++) {
                log.append(TestBatches.batch(1_000, "crash " + crash + " value " + i), 0, 1_000);
            }
            String active = names(".log").get(0);
            int end = content(active).length;
            int size = end / (crash + 4);
            overwrite(active, end - 3L * size + 62, 4);
            disk.kill();
            log = recover();
            assertThat(names(".left-out")).hasSize(Math.min(crash + 1, MOST));
        }
        assertThat(names(".left-out")).allMatch(name -> name.endsWith("1") || name.endsWith("2") || name.endsWith("3"));
        log.close();
    }

    @Test
    void bytesThatLookLikeBatchesWithoutEndDoNotHoldUpARecovery() throws IOException {
        Log log = open(LogOpening.create(FOLDER, ID, new Uuid(1, 2)));
        log.append(TestBatches.batch(1_000, "value"), 0, 1_000);
        disk.kill();
        ByteBuffer traps = ByteBuffer.allocate(2 << 20);
        for (int at = 0; at + RecordBatch.HEADER_SIZE < traps.limit(); at += RecordBatch.HEADER_SIZE) {
            traps.putInt(at + 8, traps.limit() - at - RecordBatch.LOG_OVERHEAD).put(at + 16, RecordBatch.MAGIC);
        }
        try (LogFile file = disk.open(FOLDER.resolve(names(".log").get(0)))) {
            file.append(traps);
        }
        log = recover();
        assertThat(log.endOffset()).isEqualTo(1);
        assertThat(names(".left-out")).hasSize(1);
        log.close();
    }

    @Test
    void aPowerLossAtAnyOperationOfARecoveryLosesNoWholeBatch() throws IOException {
        long operations = 0;
        for (long crashAt = 0; crashAt == 0 || crashAt < operations; crashAt++) {
            disk = new FaultingFileSystem(crashAt);
            List<byte[]> batches = killedLog();
            overwrite(names(".log").get(2), 70, 4);
            batches.remove((int) LogFileNames.offset(names(".log").get(2)));
            long before = disk.operations();
            if (crashAt > 0) {
                disk.haltAfter(crashAt);
            }
            try {
                recover().close();
            } catch (IOException crashed) {
                assertThat(crashAt).isPositive();
            }
            operations = crashAt == 0 ? disk.operations() - before : operations;
            disk.powerLoss(new Random(crashAt));
            recover().close();
            assertThat(whole(names(".log"))).as("power lost at " + crashAt).containsAll(hex(batches));
            assertThat(names(".tmp")).isEmpty();
            disk.close();
        }
        assertThat(operations).isGreaterThan(20);
    }

    @Test
    void whatIsLeftOutDoesNotComeBackBehindWhatIsWrittenNext() throws IOException {
        for (int run = 0; run < 20; run++) {
            disk = new FaultingFileSystem(run);
            killedLog();
            String cut = names(".log").get(2);
            long next = LogFileNames.offset(names(".log").get(3));
            overwrite(cut, lastBatchAt(content(cut)) + 70L, 4);
            Log log = recover();
            assertThat(log.endOffset()).isEqualTo(next - 1);
            log.append(TestBatches.batch(1_000, "new"), 0, 1_000);
            disk.powerLoss(new Random(run));
            log = recover();
            assertThat(log.endOffset()).as("run " + run).isLessThanOrEqualTo(next);
            log.close();
            disk.close();
        }
    }

    private List<String> whole(Collection<String> names) throws IOException {
        List<String> found = new ArrayList<>();
        for (String name : names) {
            ByteBuffer content = ByteBuffer.wrap(content(name));
            for (int at = 0; at < content.limit(); at += RecordBatch.sizeBytes(content, at)) {
                int size = RecordBatch.sizeBytes(content, at);
                found.add(Arrays.toString(Arrays.copyOfRange(content.array(), at, at + size)));
            }
        }
        return found;
    }

    private static List<String> hex(List<byte[]> batches) {
        return batches.stream().map(Arrays::toString).toList();
    }
}
