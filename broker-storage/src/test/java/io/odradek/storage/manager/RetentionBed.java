package io.odradek.storage.manager;

import io.odradek.protocol.TopicPartition;
import io.odradek.protocol.record.BatchBuilder;
import io.odradek.protocol.wire.Uuid;
import io.odradek.storage.env.SimulatedLoop;
import io.odradek.storage.env.SimulatedWorld;
import io.odradek.storage.io.FaultingFileSystem;
import io.odradek.storage.log.Log;
import io.odradek.storage.log.LogConfig;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A log manager with one folder on a faulting disk, in a simulated world, and lives that end by force or in peace. */
final class RetentionBed implements AutoCloseable {
    static final Path FOLDER = Path.of("/data/logs");
    static final TopicPartition ID = new TopicPartition("events", 0);

    final SimulatedWorld world;
    final FaultingFileSystem disk;
    final List<String> failures = new ArrayList<>();
    final Map<String, String> settings = new HashMap<>();
    LogManagerSettings managerSettings = LogManagerSettings.DEFAULT;
    LogManager manager;
    Uuid topicId = new Uuid(7, 9);
    SimulatedLoop owner;
    SimulatedLoop logIo;

    RetentionBed(long seed) throws IOException {
        world = new SimulatedWorld(seed);
        disk = new FaultingFileSystem(seed);
        disk.useClock(world.clock());
        settings.put("segment.bytes", "200");
        disk.createFolders(FOLDER);
        for (Path folder = FOLDER.getParent(); folder != null; folder = folder.getParent()) {
            disk.forceFolder(folder);
        }
    }

    RetentionBed with(String name, Object value) {
        settings.put(name, value.toString());
        return this;
    }

    LogConfig config() {
        return LogConfig.of(Map.of(), settings);
    }

    /** Begins a life. {@return its log} */
    Log open() throws IOException {
        logIo = world.newLoop("log-io");
        owner = world.newLoop("owner");
        LogFolders folders = LogFolders.open(disk, List.of(FOLDER));
        StorageEnvironment environment = new StorageEnvironment(
                world.clock(),
                world.newRandoms("manager"),
                new StorageLoops(logIo, List.of(), List.of(), List.of(), id -> owner),
                (folder, cause) -> failures.add(folder + ": " + cause.getMessage()));
        manager = LogManager.open(folders, environment, managerSettings, topic -> config());
        return manager.getOrCreate(ID, topicId, config());
    }

    Log log() {
        return manager.log(ID).orElseThrow();
    }

    /** The process is gone; what it wrote is there. */
    void kill() {
        endLoops();
        disk.kill();
    }

    void endLoops() {
        logIo.close();
        owner.close();
    }

    /** {@return the batch that was appended, with its offsets} */
    ByteBuffer append(long timestampMs, String... values) throws IOException {
        BatchBuilder builder = new BatchBuilder(1 << 16);
        for (String value : values) {
            builder.append(timestampMs, null, ByteBuffer.wrap(value.getBytes(StandardCharsets.UTF_8)));
        }
        ByteBuffer batch = builder.build();
        log().append(batch, 0, world.clock().wallMs());
        return batch;
    }

    /** Appends batches of one record, each of which fills a segment, and lets all replicas have them. */
    void fillSegments(int count) throws IOException {
        for (int i = 0; i < count; i++) {
            append(world.clock().wallMs(), "x".repeat(120));
        }
        log().updateHighWatermark(log().endOffset());
    }

    /** Lets time pass until retention has looked at everything once more. */
    void retentionRuns() {
        world.advanceMs(managerSettings.schedule().retentionMs() + 1);
    }

    /** {@return the names in the log's folder that end in a suffix} */
    List<String> files(String suffix) throws IOException {
        List<String> names = new ArrayList<>(disk.list(FOLDER.resolve(ID.toString())));
        names.removeIf(name -> !name.endsWith(suffix));
        return names;
    }

    @Override
    public void close() throws IOException {
        if (manager != null) {
            manager.close();
        }
        endLoops();
        disk.close();
    }
}
