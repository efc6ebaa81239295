package io.odradek.core.simulation;

import io.odradek.core.partition.Partition;
import io.odradek.core.partition.PartitionOwner;
import io.odradek.core.partition.PartitionOwners;
import io.odradek.core.partition.ReplicaRole;
import io.odradek.core.partition.ReplicaRole.Leading;
import io.odradek.core.partition.ReplicaRole.Offline;
import io.odradek.protocol.TopicPartition;
import io.odradek.protocol.api.ApiRequest;
import io.odradek.protocol.api.LeaderAndIsrRequest;
import io.odradek.protocol.api.StopReplicaRequest;
import io.odradek.protocol.api.UpdateMetadataRequest;
import io.odradek.protocol.wire.Uuid;
import io.odradek.storage.env.SimulatedLoop;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What holds after every task of a simulated cluster. Only the replicas of the owner are looked at whose task it was, and only
 * those are checked that have changed.
 *
 * <ul>
 *   <li>A leader epoch has one leader, a controller epoch one controller; epochs only grow.
 *   <li>Last stable offset, high watermark and end stand in this order, and the first two do not go back under one leader.
 *   <li>Below a leader's high watermark all in-sync replicas that run have the same batches, and these stay for good.
 *   <li>A replica never gives up records that it has had below its high watermark.
 * </ul>
 */
final class ClusterInvariants {
    private record Incarnation(Uuid topicId, int partition) {}

    /** An owner in one life of a broker, and the partitions that are its. */
    private static final class Place {
        private final BrokerProcess broker;
        private final int owner;
        private List<TopicPartition> partitions;

        private Place(BrokerProcess broker, int owner) {
            this.broker = broker;
            this.owner = owner;
        }

        List<TopicPartition> of(List<TopicPartition> all, PartitionOwners owners) {
            if (partitions == null) {
                partitions =
                        all.stream().filter(id -> owners.indexOf(id) == owner).toList();
            }
            return partitions;
        }
    }

    /** What is known of one incarnation of a partition. */
    private static final class Known {
        private final CommittedLog committed;
        private final Map<Integer, BrokerProcess> leaders = new TreeMap<>();

        private Known(TopicPartition id) {
            committed = new CommittedLog(id);
        }
    }

    private final ClusterWorld cluster;
    private final List<TopicPartition> partitions;
    private final Map<SimulatedLoop, Place> places = new IdentityHashMap<>();
    private final Map<Incarnation, Known> known = new LinkedHashMap<>();
    private final Map<BrokerProcess, Map<TopicPartition, ReplicaWatch>> watches = new LinkedHashMap<>();
    private final Map<Integer, Integer> controllers = new TreeMap<>();

    /** @param partitions all that there may be */
    ClusterInvariants(ClusterWorld cluster, List<TopicPartition> partitions) {
        this.cluster = cluster;
        this.partitions = partitions;
        for (BrokerProcess broker : cluster.brokers()) {
            watches.put(broker, new LinkedHashMap<>());
            broker.onEnd(() -> watches.get(broker).clear());
            broker.onOwnerLoop((loop, owner) -> places.put(loop, new Place(broker, owner)));
        }
        cluster.network().tap((from, to, request) -> arrived(from, to, request));
        cluster.world().afterEachTask(this::afterTask);
    }

    private void afterTask(SimulatedLoop loop) {
        Place place = places.get(loop);
        if (place == null) {
            return;
        }
        PartitionOwners owners = place.broker.owners();
        if (owners == null || loop.isClosed()) {
            places.remove(loop);
            return;
        }
        PartitionOwner owner = owners.owner(place.owner);
        for (TopicPartition id : place.of(partitions, owners)) {
            look(place.broker, id, owner.partition(id));
        }
    }

    private void look(BrokerProcess broker, TopicPartition id, Partition partition) {
        Map<TopicPartition, ReplicaWatch> ofBroker = watches.get(broker);
        ReplicaWatch watch = ofBroker.get(id);
        if (partition == null) {
            if (watch != null) {
                ofBroker.remove(id);
            }
            return;
        }
        Known of = known.computeIfAbsent(new Incarnation(partition.topicId(), id.partition()), any -> new Known(id));
        if (watch == null || watch.partition() != partition) {
            watch = new ReplicaWatch(broker, partition, of.committed);
            ofBroker.put(id, watch);
        }
        Object roleBefore = watch.role();
        if (watch.look()) {
            if (watch.role() instanceof Leading leading) {
                checkLeader(broker, id, of, leading);
            }
            if (watch.role() != roleBefore) {
                cluster.trace()
                        .line(
                                broker,
                                id + " " + describe(watch.role()) + ", high watermark " + partition.highWatermark()
                                        + ", end " + watch.endOffset());
            } else if (cluster.trace().isDetailed()) {
                cluster.trace()
                        .line(
                                broker,
                                id + " high watermark " + partition.highWatermark() + ", end " + watch.endOffset());
            }
        }
    }

    private static String describe(ReplicaRole role) {
        return role instanceof Leading leading
                ? "leads in epoch " + leading.leaderEpoch() + " with " + leading.isr()
                : role.toString();
    }

    private void checkLeader(BrokerProcess broker, TopicPartition id, Known of, Leading leading) {
        BrokerProcess other = of.leaders.putIfAbsent(leading.leaderEpoch(), broker);
        Violation.unless(
                other == null || other == broker,
                "Both %s and %s lead %s in epoch %d",
                other,
                broker,
                id,
                leading.leaderEpoch());
        long highWatermark = watches.get(broker).get(id).partition().highWatermark();
        for (int member : leading.isr().committed()) {
            BrokerProcess replica = cluster.brokers().get(member - 1);
            ReplicaWatch watch = replica.isDown() ? null : watches.get(replica).get(id);
            if (replica == broker || watch == null || replica.isStopping()) {
                continue;
            }
            ReplicaRole told = watch.partition().role();
            if (told instanceof Offline || told.leaderEpoch() > leading.leaderEpoch()) {
                // It has been told of an election of which this leader has not: who is in sync is not for it to say.
                continue;
            }
            Violation.unless(
                    watch.endOffset() >= highWatermark,
                    "%s leads %s with the high watermark %d, and %s, which is in sync, has it only up to %d",
                    broker,
                    id,
                    highWatermark,
                    replica,
                    watch.endOffset());
            watch.checkUpTo(highWatermark, leading.leaderEpoch());
        }
    }

    private void arrived(SimulatedNode from, SimulatedNode to, ApiRequest request) {
        if (request instanceof LeaderAndIsrRequest order) {
            controller(order.controllerEpoch(), order.controllerId());
        } else if (request instanceof UpdateMetadataRequest order) {
            controller(order.controllerEpoch(), order.controllerId());
        } else if (request instanceof StopReplicaRequest order) {
            controller(order.controllerEpoch(), order.controllerId());
        }
        if (cluster.trace().isDetailed()) {
            cluster.trace().line(to, "from " + from + ": " + request);
        }
    }

    private void controller(int epoch, int id) {
        Integer other = controllers.putIfAbsent(epoch, id);
        Violation.unless(
                other == null || other == id, "Both broker %d and %d are controller in epoch %d", other, id, epoch);
    }

    /** {@return up to where a partition was ever committed} */
    long committedEnd(Uuid topicId, int partition) {
        Known of = known.get(new Incarnation(topicId, partition));
        return of == null ? 0 : of.committed.promised();
    }

    /**
     * {@return the replicas that do not have all that the others have, or do not know that all have it or that no transaction
     * is open}
     */
    List<String> unrest(List<TopicPartition> of) {
        List<String> unrest = new ArrayList<>();
        for (TopicPartition id : of) {
            List<ReplicaWatch> replicas = replicas(id);
            for (ReplicaWatch replica : replicas) {
                long highWatermark = replica.partition().highWatermark();
                if (replica.endOffset() != replicas.get(0).endOffset() || highWatermark != replica.endOffset()) {
                    unrest.add(replica.broker() + " has " + id + " up to " + replica.endOffset()
                            + ", with the high watermark " + highWatermark);
                }
                if (replica.partition().lastStableOffset() < highWatermark) {
                    unrest.add(replica.broker() + " has " + id + " up to " + highWatermark
                            + ", with the last stable offset "
                            + replica.partition().lastStableOffset());
                }
            }
        }
        return unrest;
    }

    /** {@return the replicas of a partition that run} */
    List<ReplicaWatch> replicas(TopicPartition id) {
        List<ReplicaWatch> found = new ArrayList<>();
        for (BrokerProcess broker : cluster.brokers()) {
            ReplicaWatch watch = broker.isDown() ? null : watches.get(broker).get(id);
            if (watch != null) {
                found.add(watch);
            }
        }
        return found;
    }
}
