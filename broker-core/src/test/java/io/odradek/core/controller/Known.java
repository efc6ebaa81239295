package io.odradek.core.controller;

import io.odradek.core.coordination.node.BrokerNode;
import io.odradek.core.coordination.node.PartitionStateNode;
import io.odradek.protocol.TopicPartition;
import io.odradek.protocol.wire.Uuid;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/** What a controller of epoch 7 knows, made up for decisions: topic "t" of id 1-1, brokers whose epoch is 100 and their id. */
final class Known {
    static final int CONTROLLER_EPOCH = 7;
    static final Uuid ID = new Uuid(1, 1);

    private final ControllerState state = new ControllerState(CONTROLLER_EPOCH, false);
    private final SortedMap<Integer, ControlledPartition> partitions = new TreeMap<>();
    private final SortedMap<Integer, Assignment> moving = new TreeMap<>();
    private final SortedMap<String, String> config = new TreeMap<>();

    static TopicPartition t(int partition) {
        return new TopicPartition("t", partition);
    }

    static SortedMap<Integer, LiveBroker> live(int... ids) {
        SortedMap<Integer, LiveBroker> live = new TreeMap<>();
        for (int id : ids) {
            live.put(id, broker(100 + id));
        }
        return live;
    }

    static LiveBroker broker(long epoch) {
        return new LiveBroker(new BrokerNode(new TreeMap<>(), new TreeMap<>(), null, 0), epoch);
    }

    static Known brokers(int... ids) {
        Known known = new Known();
        known.state.brokers(Brokers.NONE.replacedBy(live(ids)));
        return known;
    }

    Known leaving(int broker) {
        state.brokers(state.brokers().withLeaving(broker));
        return this;
    }

    Known failed(int broker, int partition) {
        state.brokers(state.brokers().withFailed(broker, List.of(t(partition))));
        return this;
    }

    Known unclean() {
        config.put("unclean.leader.election.enable", "true");
        return this;
    }

    /** The next partition, in leader epoch 5 and partition epoch 9. */
    Known partition(int leader, List<Integer> isr, List<Integer> replicas) {
        partitions.put(
                partitions.size(),
                new ControlledPartition.Assigned(
                        replicas, new PartitionStateNode(leader, 5, isr, CONTROLLER_EPOCH - 1), 9));
        return this;
    }

    /** The next partition, as it was written when the tree had so many changes; a broker registers with the change of its epoch. */
    Known partitionWritten(long at, int leader, List<Integer> isr, List<Integer> replicas) {
        partitions.put(
                partitions.size(),
                new ControlledPartition.Assigned(
                        replicas, new PartitionStateNode(leader, 5, isr, CONTROLLER_EPOCH - 1), 9, at));
        return this;
    }

    /** The next partition, without a state. */
    Known partition(List<Integer> replicas) {
        partitions.put(partitions.size(), new ControlledPartition.New(replicas));
        return this;
    }

    /** The partition that was named last is on its way. */
    Known moving(List<Integer> adding, List<Integer> removing) {
        int partition = partitions.lastKey();
        moving.put(partition, new Assignment(partitions.get(partition).replicas(), adding, removing));
        return this;
    }

    ControllerState state() {
        state.put(new ControlledTopic("t", ID, partitions, config).withAssignments(moving));
        return state;
    }

    /** {@return the state that partition has next, in the epoch after the one that it has} */
    static PartitionStateNode next(int leader, Integer... isr) {
        return new PartitionStateNode(leader, 6, List.of(isr), CONTROLLER_EPOCH);
    }

    /** {@return the same, of a leader that was elected outside of the ISR} */
    static PartitionStateNode recovering(int leader, Integer... isr) {
        return new PartitionStateNode(leader, 6, List.of(isr), CONTROLLER_EPOCH, true);
    }
}
