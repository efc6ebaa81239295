package io.odradek.storage.log;

import io.odradek.protocol.TopicPartition;
import io.odradek.protocol.record.BatchBuilder;
import io.odradek.protocol.record.CompressionCodec;
import io.odradek.protocol.record.ControlRecord;
import io.odradek.protocol.record.RecordBatch;
import io.odradek.protocol.wire.Uuid;
import io.odradek.storage.env.SimulatedWorld;
import io.odradek.storage.io.FaultingFileSystem;
import io.odradek.storage.io.LogFile;
import io.odradek.storage.log.LogContext.ProducerLimits;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/** A log of some segments, closed, as the bytes of its files, to be laid on many disks; and what is in it. */
final class SmallLog {
    static final Path FOLDER = Path.of("/data/logs/events-0");

    private static final TopicPartition ID = new TopicPartition("events", 0);
    private static final int BATCHES = 14;
    private static final int LEADER_EPOCH_FROM = 12;
    private static final int LEADER_EPOCH_TO = 16;

    final SortedMap<String, byte[]> files = new TreeMap<>();
    final List<byte[]> batches = new ArrayList<>();
    /** By offset. */
    final List<Long> timestampsMs = new ArrayList<>();

    /** The offsets of batches whose transaction was aborted. */
    final SortedSet<Long> aborted = new TreeSet<>();

    final long endOffset;

    private final LogConfig config =
            LogConfig.of(Map.of(), Map.of("segment.bytes", "600", "index.interval.bytes", "100"));
    private final SimulatedWorld world = new SimulatedWorld(1);
    private final int[] sequences = new int[2];
    private final Log log;

    /** A log of one producer without transactions. */
    SmallLog(CompressionCodec codec) throws IOException {
        this(log -> log.fillPlainly(codec));
    }

    /** A log of two producers whose transactions overlap, over several segments; some of them are aborted. */
    static SmallLog ofTransactions() throws IOException {
        return new SmallLog(SmallLog::fillWithTransactions);
    }

    private interface Filling {
        void fill(SmallLog small) throws IOException;
    }

    private SmallLog(Filling filling) throws IOException {
        try (FaultingFileSystem disk = new FaultingFileSystem(1)) {
            log = Log.open(context(disk), LogOpening.create(FOLDER, ID, new Uuid(1, 2)), config);
            filling.fill(this);
            endOffset = log.endOffset();
            log.flush();
            log.close();
            for (String name : disk.list(FOLDER)) {
                try (LogFile file = disk.openForRead(FOLDER.resolve(name))) {
                    ByteBuffer content = ByteBuffer.allocate((int) file.sizeBytes());
                    file.read(content, 0);
                    files.put(name, content.array());
                }
            }
        }
    }

    private void fillPlainly(CompressionCodec codec) throws IOException {
        int[] spreadMs = {40, 10, 90, 0, 60, 30, 30};
        for (int i = 0; i < BATCHES; i++) {
            BatchBuilder batch =
                    new BatchBuilder(1 << 16).producer(5, (short) 0, log.endOffset() == 0 ? 0 : (int) log.endOffset());
            batch.codec(codec);
            for (int j = 0; j <= i % 3; j++) {
                long timestampMs = 1_000 + 20L * i + spreadMs[(i + j) % spreadMs.length];
                batch.append(timestampMs, null, bytes("value " + "v".repeat(i)));
                timestampsMs.add(timestampMs);
            }
            ByteBuffer built = batch.build();
            log.append(built, i / 5, 2_000);
            batches.add(TestBatches.bytes(built));
        }
    }

    private void fillWithTransactions() throws IOException {
        for (int round = 0; round < 4; round++) {
            List<Long> first = new ArrayList<>();
            List<Long> second = new ArrayList<>();
            first.add(write(0));
            second.add(write(1));
            second.add(write(1));
            end(0, round % 3 == 1, first);
            if (round % 2 == 0) {
                second.add(write(1));
            }
            end(1, round % 3 != 2, second);
        }
    }

    private long write(int producer) throws IOException {
        ByteBuffer batch = new BatchBuilder(1 << 16)
                .producer(5 + producer, (short) 0, sequences[producer]++)
                .transactional()
                .append(1_000, null, bytes("value"))
                .build();
        return append(batch, AppendOrigin.CLIENT, 1_000);
    }

    private void end(int producer, boolean abort, List<Long> offsets) throws IOException {
        ControlRecord.Type type = abort ? ControlRecord.Type.ABORT : ControlRecord.Type.COMMIT;
        append(new ControlRecord(type, 3).toBatch(5 + producer, (short) 0, 500), AppendOrigin.COORDINATOR, 500);
        if (abort) {
            aborted.addAll(offsets);
        }
    }

    private long append(ByteBuffer batch, AppendOrigin origin, long timestampMs) throws IOException {
        long offset = log.append(batch, 0, 2_000, origin).firstOffset();
        batches.add(TestBatches.bytes(batch));
        timestampsMs.add(timestampMs);
        return offset;
    }

    private static ByteBuffer bytes(String text) {
        return ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
    }

    private LogContext context(FaultingFileSystem disk) {
        return new LogContext(
                disk, world.clock(), world.newRandoms("log"), LogEvents.IMMEDIATE, ProducerLimits.standard());
    }

    /** Lays the files on a disk, one of them with other bytes. */
    void copyTo(FaultingFileSystem disk, String changed, byte[] content) throws IOException {
        disk.createFolders(FOLDER);
        for (Map.Entry<String, byte[]> file : files.entrySet()) {
            byte[] bytes = file.getKey().equals(changed) ? content : file.getValue();
            try (LogFile copy = disk.open(FOLDER.resolve(file.getKey()))) {
                copy.append(ByteBuffer.wrap(bytes));
            }
        }
    }

    /** Opens it as after a clean stop at its end, or as after an unclean one with nothing known. */
    Log open(FaultingFileSystem disk, boolean clean) throws IOException {
        return open(disk, clean, clean ? endOffset : 0);
    }

    /** Opens it after a crash that came when all of it had been forced. */
    Log openAfterCrash(FaultingFileSystem disk) throws IOException {
        return open(disk, false, endOffset);
    }

    private Log open(FaultingFileSystem disk, boolean clean, long recoveryPoint) throws IOException {
        return Log.open(context(disk), new LogOpening(FOLDER, ID, Uuid.ZERO, clean, recoveryPoint, 0), config);
    }

    /** {@return the batch with an offset, without its leader epoch: no checksum covers that} */
    byte[] batch(long offset) {
        for (byte[] batch : batches) {
            if (RecordBatch.lastOffset(ByteBuffer.wrap(batch), 0) >= offset) {
                return withoutEpoch(batch);
            }
        }
        throw new AssertionError("No batch has offset " + offset);
    }

    static byte[] withoutEpoch(byte[] batch) {
        byte[] copy = batch.clone();
        for (int i = LEADER_EPOCH_FROM; i < LEADER_EPOCH_TO; i++) {
            copy[i] = 0;
        }
        return copy;
    }

    /** {@return the first offset below the end whose record reaches the timestamp} */
    Optional<Long> first(long timestampMs, long end) {
        for (int offset = 0; offset < end; offset++) {
            if (timestampsMs.get(offset) >= timestampMs) {
                return Optional.of((long) offset);
            }
        }
        return Optional.empty();
    }
}
