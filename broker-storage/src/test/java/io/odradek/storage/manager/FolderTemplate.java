package io.odradek.storage.manager;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.odradek.protocol.TopicPartition;
import io.odradek.protocol.record.BatchBuilder;
import io.odradek.protocol.record.ControlRecord;
import io.odradek.protocol.record.RecordBatch;
import io.odradek.protocol.wire.Uuid;
import io.odradek.storage.env.SimulatedLoop;
import io.odradek.storage.env.SimulatedWorld;
import io.odradek.storage.io.NioLogFileSystem;
import io.odradek.storage.log.AppendOrigin;
import io.odradek.storage.log.Log;
import io.odradek.storage.log.LogConfig;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * A log folder of 20 partitions with some closed segments each, stopped in order, as the bytes of its files, to be laid out
 * again and again; and the batches that are in it. Some partitions have transactions, later leader epochs, or a beginning
 * that was moved.
 */
final class FolderTemplate {
    static final int PARTITIONS = 20;
    static final LogConfig CONFIG = LogConfig.of(
            Map.of(),
            Map.of(
                    "segment.bytes", "1500",
                    "segment.index.bytes", "400",
                    "index.interval.bytes", "250",
                    "retention.ms", "-1",
                    "file.delete.delay.ms", "10"));
    private static final int BATCHES = 36;
    private static final int RECORDS_A_BATCH = 3;

    private final SortedMap<String, byte[]> files = new TreeMap<>();
    private final SortedMap<TopicPartition, SortedMap<Long, byte[]>> batches = new TreeMap<>();
    private final SortedMap<TopicPartition, Long> starts = new TreeMap<>();

    /** Writes one into a folder, and keeps it. */
    FolderTemplate(Path folder) throws IOException {
        try (Opened opened = new Opened(folder)) {
            for (int i = 0; i < PARTITIONS; i++) {
                Log log = opened.manager.getOrCreate(id(i), new Uuid(7, i + 1), CONFIG);
                fill(log, i);
                log.flush();
                log.updateHighWatermark(log.endOffset());
                if (i % 5 == 4) {
                    // Its first segment goes.
                    log.advanceStartTo(log.segments().baseOffset(1) + 1);
                    opened.manager.offsets().whenStartSaved(log, failure -> {});
                }
                opened.world.runUntilIdle();
                starts.put(id(i), log.startOffset());
            }
        }
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path file : all.filter(Files::isRegularFile).sorted().toList()) {
                files.put(folder.relativize(file).toString(), Files.readAllBytes(file));
            }
        }
        files.forEach((name, bytes) -> {
            if (name.endsWith(".log")) {
                String partition = name.substring(0, name.indexOf('/'));
                TopicPartition id = PartitionFolderName.parse(partition).orElseThrow();
                addBatches(bytes, batches.computeIfAbsent(id, any -> new TreeMap<>()));
            }
        });
    }

    static TopicPartition id(int partition) {
        return new TopicPartition("events", partition);
    }

    private static void fill(Log log, int partition) throws IOException {
        boolean transactional = partition % 4 == 3;
        int[] sequences = new int[2];
        for (int i = 0; i < BATCHES; i++) {
            int producer = i % 2;
            BatchBuilder builder = new BatchBuilder(1 << 16);
            if (partition % 2 == 1) {
                builder.producer(5 + producer, (short) 0, sequences[producer]);
                sequences[producer] += RECORDS_A_BATCH;
            }
            if (transactional) {
                builder.transactional();
            }
            for (int j = 0; j < RECORDS_A_BATCH; j++) {
                builder.append(
                        1_000 + i,
                        null,
                        ByteBuffer.wrap((partition + " " + i + " " + j + " " + "v".repeat(i)).getBytes(UTF_8)));
            }
            log.append(builder.build(), i / 12, 2_000);
            if (transactional && i % 5 > 2) {
                ControlRecord.Type type = i % 5 == 3 ? ControlRecord.Type.ABORT : ControlRecord.Type.COMMIT;
                ByteBuffer marker = new ControlRecord(type, 3).toBatch(5 + producer, (short) 0, 1_000 + i);
                log.append(marker, i / 12, 2_000, AppendOrigin.COORDINATOR);
            }
        }
    }

    private static void addBatches(byte[] log, SortedMap<Long, byte[]> found) {
        ByteBuffer buffer = ByteBuffer.wrap(log);
        for (int at = 0; at < log.length; at += RecordBatch.sizeBytes(buffer, at)) {
            byte[] batch = new byte[RecordBatch.sizeBytes(buffer, at)];
            buffer.get(at, batch);
            found.put(RecordBatch.baseOffset(buffer, at), batch);
        }
    }

    /** {@return the paths of the files in the log folder, and their bytes} */
    SortedMap<String, byte[]> files() {
        return files;
    }

    /** {@return the batches of a partition by the offset at which they begin} */
    SortedMap<Long, byte[]> batches(TopicPartition id) {
        return batches.get(id);
    }

    /** {@return where a partition begins} */
    long start(TopicPartition id) {
        return starts.get(id);
    }

    /** {@return the base offsets of a partition's segments, each with the offset at which the next one begins} */
    SortedMap<Long, Long> segments(TopicPartition id) {
        SortedMap<Long, Long> ends = new TreeMap<>();
        long before = -1;
        for (String name : files.keySet()) {
            if (name.startsWith(id + "/") && name.endsWith(".log")) {
                long base = Long.parseLong(name.substring(name.indexOf('/') + 1, name.length() - 4));
                if (before >= 0) {
                    ends.put(before, base);
                }
                before = base;
            }
        }
        ends.put(before, Long.MAX_VALUE);
        return ends;
    }

    /** Lays the folder out anew. */
    void layOut(Path folder) throws IOException {
        for (Map.Entry<String, byte[]> file : files.entrySet()) {
            Path path = folder.resolve(file.getKey());
            Files.createDirectories(path.getParent());
            Files.write(path, file.getValue());
        }
    }

    /** A broker's storage over such a folder. */
    static final class Opened implements AutoCloseable {
        private static final int FEW_SPARE_FILES = 40;

        final SimulatedWorld world = new SimulatedWorld(3);
        final LogManager manager;
        final LogFolders folders;

        Opened(Path folder) throws IOException {
            SimulatedLoop loop = world.newLoop("loop");
            NioLogFileSystem disk = new NioLogFileSystem(FEW_SPARE_FILES);
            folders = LogFolders.open(disk, List.of(folder));
            StorageEnvironment environment = new StorageEnvironment(
                    world.clock(), world.newRandoms("manager"), StorageLoops.single(loop), (failed, cause) -> {});
            manager = LogManager.open(folders, environment, LogManagerSettings.DEFAULT, topic -> CONFIG);
        }

        @Override
        public void close() throws IOException {
            manager.close();
        }
    }
}
