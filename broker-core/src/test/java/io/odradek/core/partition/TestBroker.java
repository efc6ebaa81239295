package io.odradek.core.partition;

import io.odradek.core.metadata.MetadataImage;
import io.odradek.core.metadata.MetadataImage.PartitionInfo;
import io.odradek.core.metadata.MetadataImage.TopicInfo;
import io.odradek.protocol.TopicPartition;
import io.odradek.protocol.wire.Uuid;
import io.odradek.storage.env.SimulatedWorld;
import io.odradek.storage.io.FaultingFileSystem;
import io.odradek.storage.log.Log;
import io.odradek.storage.log.LogConfig;
import io.odradek.storage.log.LogContext;
import io.odradek.storage.log.LogEvents;
import io.odradek.storage.log.LogOpening;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The partitions of broker 1 on a simulated disk, owned by simulated loops; real logs. */
public final class TestBroker implements AutoCloseable {
    public static final int ID = 1;

    public final SimulatedWorld world;
    public final FaultingFileSystem files;
    public final PartitionOwners owners;
    /** Of topics that are made from now on. */
    public RecordLimits limits = RecordLimits.DEFAULTS;

    private final Map<TopicPartition, Partition> partitions = new TreeMap<>();
    private volatile MetadataImage image = new MetadataImage("cluster", ID, new TreeMap<>(), new TreeMap<>(), Map.of());

    public TestBroker(int ownerCount) {
        this(new SimulatedWorld(SimulatedWorld.seedFromSystem()), ownerCount);
    }

    public TestBroker(SimulatedWorld world, int ownerCount) {
        this(world, simulatedLoops(world, ownerCount));
    }

    public TestBroker(SimulatedWorld world, List<OwnerLoop> loops) {
        this.world = world;
        this.files = new FaultingFileSystem(SimulatedWorld.seedFromSystem());
        this.owners = new PartitionOwners(loops);
    }

    private static List<OwnerLoop> simulatedLoops(SimulatedWorld world, int count) {
        List<OwnerLoop> loops = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            loops.add(new SimulatedOwnerLoop(world.newLoop("owner-" + i)));
        }
        return loops;
    }

    public MetadataImage image() {
        return image;
    }

    public static Uuid topicId(String topic) {
        return new Uuid(0x4000, topic.hashCode());
    }

    /** A topic of which this broker is the only replica, and the leader in epoch 0. */
    public TestBroker topic(String topic, int partitionCount, Map<String, String> config) {
        return topic(topic, partitionCount, config, List.of(ID));
    }

    /** A topic that this broker leads in epoch 0; all replicas are in sync. */
    public TestBroker topic(String topic, int partitionCount, Map<String, String> config, List<Integer> replicas) {
        List<PartitionInfo> infos = new ArrayList<>();
        for (int i = 0; i < partitionCount; i++) {
            TopicPartition id = new TopicPartition(topic, i);
            Partition partition = new Partition(
                    id, topicId(topic), log(id, config), 0, limits, LeadershipListener.NONE, (failed, cause) -> {});
            partition.lead(state(id, ID, 0, replicas, replicas), ID);
            owners.ownerOf(id).install(partition);
            partitions.put(id, partition);
            infos.add(new PartitionInfo(ID, 0, replicas, replicas));
        }
        describe(new TopicInfo(topic, topicId(topic), infos, config));
        return this;
    }

    /** Lets the metadata know a topic that this broker has no replica of. */
    public void describe(TopicInfo topic) {
        TreeMap<String, TopicInfo> topics = new TreeMap<>(image.topics());
        topics.put(topic.name(), topic);
        Map<Uuid, String> names = new HashMap<>(image.topicNames());
        names.put(topic.id(), topic.name());
        image = new MetadataImage("cluster", ID, image.brokers(), topics, names);
    }

    /** Lets the metadata know a broker on the listener PLAINTEXT. */
    public void describe(int brokerId, String host, int port) {
        TreeMap<Integer, MetadataImage.BrokerInfo> brokers = new TreeMap<>(image.brokers());
        brokers.put(
                brokerId,
                new MetadataImage.BrokerInfo(
                        brokerId, "rack", new TreeMap<>(Map.of("PLAINTEXT", new MetadataImage.Endpoint(host, port)))));
        image = new MetadataImage("cluster", ID, brokers, image.topics(), image.topicNames());
    }

    public Partition partition(String topic, int index) {
        return partitions.get(new TopicPartition(topic, index));
    }

    /** The controller says who leads; takes effect on the owner's loop. */
    public void elect(Partition partition, int leader, int leaderEpoch, List<Integer> isr) {
        owners.ownerOf(partition.id()).loop().post(() -> {
            if (leader == ID) {
                partition.lead(state(partition.id(), leader, leaderEpoch, isr, isr), ID);
            } else {
                partition.follow(leaderEpoch, leader);
            }
            partition.announceChanges();
        });
    }

    /** The controller says who is in sync with this broker, which leads; takes effect on the owner's loop. */
    public void leadWithIsr(Partition partition, int leaderEpoch, List<Integer> isr, List<Integer> replicas) {
        owners.ownerOf(partition.id()).loop().post(() -> {
            partition.lead(state(partition.id(), ID, leaderEpoch, isr, replicas), ID);
            partition.announceChanges();
        });
    }

    /** All operations that are parked. */
    public int parked() {
        int parked = 0;
        for (int i = 0; i < owners.count(); i++) {
            parked += owners.owner(i).purgatory().size();
        }
        return parked;
    }

    @Override
    public void close() throws IOException {
        for (Partition partition : partitions.values()) {
            if (!(partition.role() instanceof ReplicaRole.Offline)) {
                partition.log().close();
            }
        }
    }

    private static LocalReplicas.PartitionState state(
            TopicPartition id, int leader, int leaderEpoch, List<Integer> isr, List<Integer> replicas) {
        return new LocalReplicas.PartitionState(id, topicId(id.topic()), leader, leaderEpoch, isr, 0, replicas, true);
    }

    private Log log(TopicPartition id, Map<String, String> config) {
        LogContext context = new LogContext(
                files,
                world.clock(),
                world.newRandoms("log"),
                LogEvents.IMMEDIATE,
                LogContext.ProducerLimits.standard());
        try {
            Path folder = Path.of("/logs").resolve(id.toString());
            files.createFolders(folder.getParent());
            return Log.open(
                    context, LogOpening.create(folder, id, topicId(id.topic())), LogConfig.of(Map.of(), config));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
