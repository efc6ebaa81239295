package io.odradek.storage.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.odradek.protocol.TopicPartition;
import io.odradek.protocol.record.ControlRecord;
import io.odradek.protocol.wire.Uuid;
import io.odradek.storage.env.SimulatedWorld;
import io.odradek.storage.io.FaultingFileSystem;
import io.odradek.storage.io.LogFile;
import io.odradek.storage.log.LogContext.ProducerLimits;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class TransactionIndexesTest {
    private static final Path BIG = Path.of("/data/big-0");
    private static final TopicPartition BIG_ID = new TopicPartition("big", 0);
    private static final int BATCHES = 14;
    private static final int BATCH_BYTES = 100_000;

    private final SimulatedWorld world = new SimulatedWorld(1);

    private static List<AbortedTransaction> aborted(Log log) throws IOException {
        return log.producers().abortedTransactions(0, log.endOffset());
    }

    private static String firstIndex(SmallLog small) {
        return small.files.keySet().stream()
                .filter(name -> name.endsWith(LogFileNames.TRANSACTION_INDEX))
                .findFirst()
                .orElseThrow();
    }

    private static List<AbortedTransaction> expected(SmallLog small) throws IOException {
        try (FaultingFileSystem disk = new FaultingFileSystem(1)) {
            small.copyTo(disk, "", new byte[0]);
            try (Log log = small.open(disk, true)) {
                assertThat(aborted(log)).hasSizeGreaterThan(3);
                return aborted(log);
            }
        }
    }

    @Test
    void aCrashWhileAnIndexIsBuiltAgainLosesNoTransaction() throws IOException {
        SmallLog small = SmallLog.ofTransactions();
        List<AbortedTransaction> expected = expected(small);
        String name = firstIndex(small);
        byte[] damaged = small.files.get(name).clone();
        damaged[damaged.length - 1] ^= 1;
        boolean crashed = true;
        int crashes = 0;
        while (crashed) {
            try (FaultingFileSystem disk = new FaultingFileSystem(1)) {
                small.copyTo(disk, name, damaged);
                disk.haltAfter(crashes);
                try {
                    small.open(disk, true).abandon();
                    crashed = false;
                } catch (IOException e) {
                    crashes++;
                }
                disk.kill();
                try (Log log = small.open(disk, true)) {
                    assertThat(aborted(log)).as("crash " + crashes).isEqualTo(expected);
                    assertThat(disk.list(SmallLog.FOLDER)).noneMatch(left -> left.endsWith(LogFileNames.CLEANED));
                }
            }
        }
        assertThat(crashes).isGreaterThan(30);
    }

    @Test
    void withoutAllIndexFilesTheAbortedTransactionsAreFoundInTheBatches() throws IOException {
        SmallLog small = SmallLog.ofTransactions();
        List<AbortedTransaction> expected = expected(small);
        try (FaultingFileSystem disk = new FaultingFileSystem(1)) {
            small.copyTo(disk, "", new byte[0]);
            for (String name : small.files.keySet()) {
                if (name.endsWith("index")) {
                    disk.delete(SmallLog.FOLDER.resolve(name));
                }
            }
            try (Log log = small.open(disk, true)) {
                assertThat(aborted(log)).isEqualTo(expected);
            }
        }
    }

    @Test
    void indexesThatWereFoundInTheBatchesOutlastALossOfPower() throws IOException {
        SmallLog small = SmallLog.ofTransactions();
        List<AbortedTransaction> expected = expected(small);
        for (int seed = 0; seed < 50; seed++) {
            try (FaultingFileSystem disk = new FaultingFileSystem(1)) {
                small.copyTo(disk, "", new byte[0]);
                for (Path folder = SmallLog.FOLDER; folder != null; folder = folder.getParent()) {
                    disk.forceFolder(folder);
                }
                for (String name : small.files.keySet()) {
                    Path path = SmallLog.FOLDER.resolve(name);
                    try (LogFile file = disk.open(path)) {
                        file.force();
                    }
                    if (name.endsWith(LogFileNames.TRANSACTION_INDEX)
                            || name.endsWith(LogFileNames.PRODUCER_SNAPSHOT)) {
                        disk.delete(path);
                    }
                }
                small.open(disk, true);
                disk.powerLoss(new Random(seed));
                try (Log log = small.openAfterCrash(disk)) {
                    assertThat(aborted(log)).as("seed " + seed).isEqualTo(expected);
                }
            }
        }
    }

    @Test
    void whereNeitherTheIndexNorTheBatchesCanBeReadAReaderIsToldSo() throws IOException {
        SmallLog small = SmallLog.ofTransactions();
        String name = firstIndex(small);
        try (FaultingFileSystem disk = new FaultingFileSystem(1)) {
            small.copyTo(disk, name, new byte[] {9});
            try (LogFile file = disk.open(SmallLog.FOLDER.resolve(name.replace(".txnindex", ".log")))) {
                file.write(ByteBuffer.wrap(new byte[] {0x7f}), 20);
            }
            try (Log log = small.open(disk, true)) {
                assertThatThrownBy(() -> aborted(log)).isInstanceOf(DamagedSegmentException.class);
            }
        }
    }

    private Log openBig(FaultingFileSystem disk) throws IOException {
        return openBig(disk, new LogOpening(BIG, BIG_ID, new Uuid(1, 2), true, 0, 0));
    }

    private Log openBig(FaultingFileSystem disk, LogOpening opening) throws IOException {
        LogContext context = new LogContext(
                disk, world.clock(), world.newRandoms("log"), LogEvents.IMMEDIATE, ProducerLimits.standard());
        LogConfig config = LogConfig.of(Map.of(), Map.of("segment.bytes", "10000000"));
        return Log.open(context, opening, config);
    }

    /** Fills a segment that is too large to be read through: each odd producer aborts after the next one has begun. */
    private void fillBig(FaultingFileSystem disk) throws IOException {
        try (Log log = openBig(disk)) {
            for (int i = 0; i < BATCHES; i++) {
                log.append(
                        TestBatches.builder(1_000, "v".repeat(BATCH_BYTES))
                                .producer(i, (short) 0, 0)
                                .transactional()
                                .build(),
                        0,
                        1_000);
                if (i > 0) {
                    ControlRecord.Type type = i % 2 == 0 ? ControlRecord.Type.ABORT : ControlRecord.Type.COMMIT;
                    ByteBuffer marker = new ControlRecord(type, 1).toBatch(i - 1, (short) 0, 1_000);
                    log.append(marker, 0, 1_000, AppendOrigin.COORDINATOR);
                }
            }
            log.flush();
        }
    }

    private static List<List<Long>> found(Log log) throws IOException {
        List<List<Long>> found = new ArrayList<>();
        for (long from = 0; from < log.endOffset(); from++) {
            for (AbortedTransaction entry : log.producers().abortedTransactions(from, from + 2)) {
                found.add(List.of(from, entry.producerId(), entry.firstOffset(), entry.lastOffset()));
            }
        }
        return found;
    }

    @Test
    void inALargeSegmentEachEntryIsComparedWithItsBatches() throws IOException {
        try (FaultingFileSystem disk = new FaultingFileSystem(1)) {
            fillBig(disk);
            List<List<Long>> expected;
            try (Log log = openBig(disk)) {
                expected = found(log);
                assertThat(expected).hasSizeGreaterThan(10);
                assertThat(log.sizeBytes()).isGreaterThan(1 << 20);
            }
            Path path = LogFileNames.path(BIG, 0, LogFileNames.TRANSACTION_INDEX);
            long size = disk.sizeBytes(path);
            for (int position = 0; position < size; position++) {
                for (int change : new int[] {1, 3, 8}) {
                    try (LogFile file = disk.open(path)) {
                        ByteBuffer before = ByteBuffer.allocate(1);
                        file.read(before, position);
                        file.write(ByteBuffer.wrap(new byte[] {(byte) (before.get(0) ^ change)}), position);
                    }
                    try (Log log = openBig(disk)) {
                        assertThat(found(log))
                                .as("byte " + position + " changed by " + change)
                                .isEqualTo(expected);
                    }
                }
            }
        }
    }

    @Test
    void aCrashAtAnyOperationOfATruncationForgetsNoTransactionThatIsStillThere() throws IOException {
        boolean crashed = true;
        int crashes = 0;
        while (crashed) {
            try (FaultingFileSystem disk = new FaultingFileSystem(1)) {
                fillBig(disk);
                Log log = openBig(disk);
                List<AbortedTransaction> all = aborted(log);
                long end = log.endOffset();
                disk.haltAfter(crashes);
                try {
                    log.truncateTo(all.get(3).lastOffset());
                    crashed = false;
                } catch (IOException e) {
                    crashes++;
                }
                disk.kill();
                try (Log after = openBig(disk, new LogOpening(BIG, BIG_ID, Uuid.ZERO, false, end, 0))) {
                    assertThat(aborted(after))
                            .as("crash " + crashes)
                            .isEqualTo(all.stream()
                                    .filter(entry -> entry.lastOffset() < after.endOffset())
                                    .toList());
                }
            }
        }
        assertThat(crashes).isGreaterThan(10);
    }
}
