package io.odradek.core.request;

import static org.assertj.core.api.Assertions.assertThat;

import io.odradek.core.metadata.MetadataImage;
import io.odradek.core.partition.LocalReplicas.PartitionState;
import io.odradek.core.partition.OwnerLoop;
import io.odradek.core.partition.Partition;
import io.odradek.core.partition.PartitionOwners;
import io.odradek.core.partition.SimulatedOwnerLoop;
import io.odradek.core.partition.TestReplicas;
import io.odradek.protocol.TopicPartition;
import io.odradek.protocol.record.MemoryRecords;
import io.odradek.protocol.record.RecordBatch;
import io.odradek.protocol.wire.Uuid;
import io.odradek.storage.env.EventLoop;
import io.odradek.storage.env.SimulatedLoop;
import io.odradek.storage.env.SimulatedWorld;
import io.odradek.storage.io.FaultingFileSystem;
import io.odradek.storage.log.Log;
import io.odradek.storage.log.LogConfig;
import io.odradek.storage.log.LogContext.ProducerLimits;
import io.odradek.storage.manager.LogFolders;
import io.odradek.storage.manager.LogManager;
import io.odradek.storage.manager.LogManagerSettings;
import io.odradek.storage.manager.StorageEnvironment;
import io.odradek.storage.manager.StorageLoops;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;

/**
 * Partitions that this broker alone has, over a log manager on a faulting disk, with commit loops that take their time: a
 * force begins up to 3 ms after it fell due, and its owner hears of it up to 2 ms after it has ended.
 */
final class CommitBed {
    static final String TOPIC = "t";
    private static final int BROKER = 1;
    private static final int OWNERS = 2;
    private static final int COMMIT_LOOPS = 3;
    private static final Uuid TOPIC_ID = new Uuid(0x4000, 7);

    final SimulatedWorld world;
    final FaultingFileSystem disk;
    final Random random;
    final List<Partition> partitions = new ArrayList<>();
    final List<String> failedFolders = new ArrayList<>();
    private final List<SimulatedLoop> loops = new ArrayList<>();
    private final int partitionCount;
    private final boolean commit;
    private final LogConfig config;
    PartitionOwners owners;
    LogManager manager;
    ProduceHandler producer;

    CommitBed(long seed, int partitionCount, boolean commit, Map<String, String> topicConfig) {
        this.world = new SimulatedWorld(seed);
        this.disk = new FaultingFileSystem(seed);
        this.random = world.newRandom("bed");
        this.partitionCount = partitionCount;
        this.commit = commit;
        this.config = LogConfig.of(Map.of(), topicConfig);
    }

    /** Starts a broker on what the disk holds. */
    void start() throws IOException {
        partitions.clear();
        List<OwnerLoop> ownerLoops = new ArrayList<>();
        for (int i = 0; i < OWNERS; i++) {
            ownerLoops.add(new SimulatedOwnerLoop(loop("owner-" + i)));
        }
        owners = new PartitionOwners(ownerLoops);
        List<EventLoop> commits = new ArrayList<>();
        for (int i = 0; i < COMMIT_LOOPS; i++) {
            commits.add(new Slow(loop("commit-" + i), 3));
        }
        StorageLoops storageLoops = new StorageLoops(
                loop("log-io"),
                List.of(),
                List.of(),
                commits,
                id -> new Slow(owners.ownerOf(id).loop(), 2));
        LogFolders folders = LogFolders.open(disk, List.of(Path.of("/data/logs")));
        manager = LogManager.open(
                folders,
                new StorageEnvironment(
                        world.clock(),
                        world.newRandoms("manager"),
                        storageLoops,
                        (folder, cause) -> failedFolders.add(folder + ": " + cause.getMessage())),
                new LogManagerSettings(20, commit, ProducerLimits.standard(), LogManagerSettings.Schedule.DEFAULT),
                topic -> config);
        for (int i = 0; i < partitionCount; i++) {
            partitions.add(lead(new TopicPartition(TOPIC, i)));
        }
        MetadataImage image = new MetadataImage("cluster", BROKER, new TreeMap<>(), new TreeMap<>(), Map.of());
        producer = new ProduceHandler(owners, () -> image, world.clock());
    }

    private SimulatedLoop loop(String name) {
        SimulatedLoop loop = world.newLoop(name);
        loops.add(loop);
        return loop;
    }

    private Partition lead(TopicPartition id) throws IOException {
        Log log = manager.getOrCreate(id, TOPIC_ID, config);
        PartitionState state = new PartitionState(id, TOPIC_ID, BROKER, 0, List.of(BROKER), 0, List.of(BROKER), true);
        return TestReplicas.lead(
                owners.ownerOf(id), log, manager.offsets().highWatermarks().getOrDefault(id, 0L), state);
    }

    /** The process and everything in it ends at once; the disk keeps what it keeps. */
    void losePower() {
        loops.forEach(SimulatedLoop::close);
        loops.clear();
        disk.powerLoss(random);
        failedFolders.clear();
    }

    /** Stops in good order. */
    void stop() throws IOException {
        world.advanceMs(20);
        manager.close();
        loops.forEach(SimulatedLoop::close);
        loops.clear();
    }

    /** {@return the checksums of the batches of a log, by base offset} */
    static Map<Long, Integer> batches(Log log) throws IOException {
        Map<Long, Integer> found = new TreeMap<>();
        long offset = log.startOffset();
        while (offset < log.endOffset()) {
            ByteBuffer bytes = TestRecords.bytes(
                    log.read(offset, 1 << 20, true, log.endOffset()).records());
            for (MemoryRecords walk = MemoryRecords.strict(bytes); walk.next(); ) {
                assertThat(RecordBatch.baseOffset(bytes, walk.position())).isEqualTo(offset);
                found.put(offset, RecordBatch.crc(bytes, walk.position()));
                offset = RecordBatch.nextOffset(bytes, walk.position());
            }
        }
        return found;
    }

    /** Hands each task to a loop after a while, in order. */
    private final class Slow implements EventLoop {
        private final EventLoop loop;
        private final int mostMs;
        private long lastMs;

        private Slow(EventLoop loop, int mostMs) {
            this.loop = loop;
            this.mostMs = mostMs;
        }

        @Override
        public void post(Runnable task) {
            long nowMs = world.clock().monotonicNs() / 1_000_000;
            lastMs = Math.max(lastMs, nowMs + random.nextInt(mostMs + 1));
            loop.schedule(lastMs - nowMs, task);
        }

        @Override
        public Timeout schedule(long delayMs, Runnable task) {
            return loop.schedule(delayMs, task);
        }

        @Override
        public boolean inLoop() {
            return loop.inLoop();
        }
    }
}
