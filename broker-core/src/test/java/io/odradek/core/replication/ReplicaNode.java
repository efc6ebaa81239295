package io.odradek.core.replication;

import io.odradek.core.fetch.FetchSessionCache;
import io.odradek.core.fetch.FetchSessions;
import io.odradek.core.partition.FollowerLog;
import io.odradek.core.partition.HighWatermarkSaver;
import io.odradek.core.partition.HighWatermarks;
import io.odradek.core.partition.LeaderLog;
import io.odradek.core.partition.OwnerLoop;
import io.odradek.core.partition.Partition;
import io.odradek.core.partition.PartitionOwners;
import io.odradek.core.partition.RecordDeletion;
import io.odradek.core.partition.RecordLimits;
import io.odradek.core.partition.ReplicaManager;
import io.odradek.core.partition.ReplicaRole.Leading;
import io.odradek.core.partition.ReplicaServices;
import io.odradek.core.partition.Replication;
import io.odradek.core.partition.SimulatedOwnerLoop;
import io.odradek.core.quota.ReplicationThrottle;
import io.odradek.core.replication.FetcherSettings.Bounds;
import io.odradek.core.replication.FetcherSettings.Timing;
import io.odradek.core.request.FetchHandler;
import io.odradek.core.request.ListOffsetsHandler;
import io.odradek.core.transport.RequestContext;
import io.odradek.protocol.TopicPartition;
import io.odradek.protocol.api.ApiRequest;
import io.odradek.protocol.api.FetchRequest;
import io.odradek.protocol.api.ListOffsetsRequest;
import io.odradek.protocol.errors.ApiException;
import io.odradek.protocol.record.BatchBuilder;
import io.odradek.protocol.record.RecordBatch;
import io.odradek.storage.env.Meters;
import io.odradek.storage.env.SimulatedLoop;
import io.odradek.storage.io.FaultingFileSystem;
import io.odradek.storage.io.FileSlice;
import io.odradek.storage.log.Log;
import io.odradek.storage.log.LogConfig;
import io.odradek.storage.log.LogSetting;
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
import java.util.SortedMap;

/** One broker of a {@link ReplicationBed}: real logs on a faulting disk, real replicas, real fetchers, no network of its own. */
final class ReplicaNode {
    private static final int OWNERS = 2;
    static final long LAG_MS = 10_000;

    final int brokerId;
    final FaultingFileSystem disk;
    final List<String> failedFolders = new ArrayList<>();
    private final ReplicationBed bed;
    private final List<SimulatedLoop> loops = new ArrayList<>();
    private final Random random;
    private HighWatermarkSaver saver;
    private boolean up;
    private int lives;
    long brokerEpoch;
    SimulatedLoop network;
    SimulatedLoop fetchers;
    SimulatedLoop commit;
    PartitionOwners owners;
    LogManager logs;
    ReplicaManager replicas;
    Replication replication;
    private FetchHandler fetches;
    private ListOffsetsHandler offsets;

    ReplicaNode(ReplicationBed bed, int brokerId, long seed) {
        this.bed = bed;
        this.brokerId = brokerId;
        this.disk = new FaultingFileSystem(seed + brokerId);
        this.random = bed.world.newRandom("node-" + brokerId);
    }

    boolean isUp() {
        return up;
    }

    private SimulatedLoop loop(String name) {
        SimulatedLoop loop = bed.world.newLoop("b" + brokerId + "-" + name);
        loops.add(loop);
        return loop;
    }

    void start() {
        lives++;
        brokerEpoch = 100L * lives;
        List<OwnerLoop> ownerLoops = new ArrayList<>();
        for (int i = 0; i < OWNERS; i++) {
            ownerLoops.add(new SimulatedOwnerLoop(loop("owner-" + i)));
        }
        network = loop("network");
        SimulatedLoop cluster = loop("cluster");
        SimulatedLoop logIo = loop("log-io");
        commit = loop("commit");
        fetchers = loop("fetchers");
        owners = new PartitionOwners(ownerLoops);
        try {
            logs = LogManager.open(
                    LogFolders.open(disk, List.of(Path.of("/data/logs"))),
                    new StorageEnvironment(
                            bed.world.clock(),
                            bed.world.newRandoms("manager-" + brokerId + "-" + lives),
                            new StorageLoops(
                                    logIo,
                                    List.of(),
                                    List.of(),
                                    List.of(commit),
                                    id -> owners.ownerOf(id).loop()),
                            (folder, cause) -> failed(folder, cause)),
                    LogManagerSettings.DEFAULT,
                    topic -> LogConfig.of(Map.of(), bed.config));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        ReplicaServices services = new ReplicaServices(
                loop("blocking")::post,
                bed.world.clock(),
                new SavedByManager(logs, logs.offsets().highWatermarks()),
                RecordLimits.DEFAULTS,
                this::failed);
        replicas = new ReplicaManager(brokerId, owners, logs, Map::of, services);
        saver = new HighWatermarkSaver(owners, services);
        saver.start(5_000);
        replication = ClusterReplication.open(
                new FetcherSettings(
                        brokerId,
                        "PLAINTEXT",
                        bed.fetchersPerLeader,
                        new Timing(500, 1_000, 5_000, LAG_MS),
                        new Bounds(1, 10 << 20, 1 << 20, 65_536)),
                owners,
                bed::image,
                bed.network(brokerId),
                bed.controller(brokerId, cluster),
                new ClusterReplication.Home(fetchers, cluster, bed.world.clock(), () -> brokerEpoch, Meters.NONE),
                throttle(LogSetting.FOLLOWER_THROTTLED_REPLICAS, bed.followerBytesPerSecond));
        replicas.replication(() -> replication);
        FetchSessionCache sessions = new FetchSessionCache(
                100, bed.world.clock(), bed.world.newRandoms("sessions-" + brokerId + "-" + lives));
        fetches = new FetchHandler(
                owners,
                bed::image,
                new FetchSessions(sessions),
                new FetchHandler.Bounds(55 << 20, 3_600_000),
                throttle(LogSetting.LEADER_THROTTLED_REPLICAS, bed.leaderBytesPerSecond),
                null,
                null);
        offsets = new ListOffsetsHandler(owners, bed::image, bed.world.clock());
        up = true;
    }

    private ReplicationThrottle throttle(LogSetting throttled, long bytesPerSecond) {
        ReplicationThrottle throttle = new ReplicationThrottle(
                throttled,
                brokerId,
                id -> logs.log(id).map(Log::config).orElse(null),
                bed.world.clock(),
                new ReplicationThrottle.Windows(11, 1_000));
        throttle.bound(bytesPerSecond);
        return throttle;
    }

    private record SavedByManager(LogManager logs, SortedMap<TopicPartition, Long> atStart) implements HighWatermarks {
        @Override
        public long saved(TopicPartition id) {
            return atStart.getOrDefault(id, 0L);
        }

        @Override
        public void save(SortedMap<TopicPartition, Long> highWatermarks) {
            logs.offsets().saveHighWatermarks(highWatermarks);
        }
    }

    private void failed(Path folder, IOException cause) {
        failedFolders.add(folder + ": " + cause.getMessage());
        if (logs != null && !logs.isOnline(folder)) {
            replicas.folderOffline(folder);
        }
    }

    /** A request from another broker. */
    void serve(ApiRequest request, RequestContext context) {
        if (request instanceof FetchRequest fetch) {
            fetches.handle(fetch, context);
        } else if (request instanceof ListOffsetsRequest list) {
            offsets.handle(list, context);
        } else {
            throw new AssertionError(request);
        }
    }

    /** The process ends where it is; the disk keeps what it was told. */
    void kill() {
        up = false;
        loops.forEach(SimulatedLoop::close);
        loops.clear();
        disk.kill();
    }

    /** The machine ends where it is. */
    void losePower() {
        kill();
        disk.powerLoss(random);
    }

    /** All that its log folder had is gone. */
    void wipe() {
        try {
            for (String name : disk.list(Path.of("/data/logs"))) {
                wipe(Path.of("/data/logs", name));
            }
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private void wipe(Path path) throws IOException {
        if (disk.isFolder(path)) {
            for (String name : disk.list(path)) {
                wipe(path.resolve(name));
            }
        }
        disk.delete(path);
    }

    Partition partition(int index) {
        TopicPartition id = ReplicationBed.id(index);
        return owners.ownerOf(id).partition(id);
    }

    /** Appends as the leader: one batch of so many records. */
    void append(int index, int records, int acks) {
        onOwner(index, () -> appendNow(index, records, acks));
    }

    /** Appends with acks=all if enough replicas are in sync and this broker leads. */
    void tryAppend(int index, int records) {
        onOwner(index, () -> {
            try {
                appendNow(index, records, -1);
            } catch (ApiException e) {
                // The producer is told so.
            }
        });
    }

    /** Lets the log begin later, at most at the high watermark. */
    void deleteRecords(int index, long offset) {
        onOwner(index, () -> {
            RecordDeletion.before(partition(index), offset);
            partition(index).announceChanges();
        });
    }

    /** Takes over all that its leader has, as from an answer to a fetch of which its fetcher has forgotten. */
    void copyBehindTheFetchersBack(int index, ReplicaNode leader) {
        onOwner(index, () -> {
            FollowerLog log =
                    partition(index).followerLog(partition(index).role().leaderEpoch());
            log.append(log.position().endOffset(), leader.bytesFrom(index, end(index)), 0, 0, 0);
        });
    }

    private ByteBuffer bytesFrom(int index, long offset) {
        Log log = partition(index).log();
        try {
            FileSlice slice =
                    (FileSlice) log.read(offset, 1 << 20, true, log.endOffset()).records();
            ByteBuffer bytes = ByteBuffer.allocate(slice.sizeBytes());
            slice.file().read(bytes, slice.position());
            return bytes.flip();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private void onOwner(int index, Runnable task) {
        owners.ownerOf(ReplicationBed.id(index)).loop().post(task);
        bed.world.runUntilIdle();
    }

    private void appendNow(int index, int records, int acks) {
        BatchBuilder batch = new BatchBuilder(1 << 20);
        for (int i = 0; i < records; i++) {
            batch.append(
                    bed.world.clock().wallMs(), null, ByteBuffer.allocate(8).putLong(0, random.nextLong()));
        }
        LeaderLog.append(
                partition(index), batch.build(), (short) acks, bed.world.clock().wallMs());
        partition(index).announceChanges();
    }

    int lives() {
        return lives;
    }

    Leading leading(int index) {
        return (Leading) partition(index).role();
    }

    Long end(int index) {
        Partition partition = up ? partition(index) : null;
        return partition == null ? -1 : partition.log().endOffset();
    }

    long start(int index) {
        return partition(index).log().startOffset();
    }

    long highWatermark(int index) {
        return partition(index).highWatermark();
    }

    /** {@return each batch's offsets, epoch and checksum} */
    List<String> contents(int index) {
        Log log = partition(index).log();
        List<String> found = new ArrayList<>();
        long offset = log.startOffset();
        while (offset < log.endOffset()) {
            ByteBuffer bytes = bytesFrom(index, offset);
            for (int at = 0; at < bytes.limit(); at += RecordBatch.sizeBytes(bytes, at)) {
                found.add(RecordBatch.baseOffset(bytes, at) + "-" + RecordBatch.lastOffset(bytes, at) + " of "
                        + RecordBatch.leaderEpoch(bytes, at) + ": " + RecordBatch.crc(bytes, at));
                offset = RecordBatch.nextOffset(bytes, at);
            }
        }
        return found;
    }
}
