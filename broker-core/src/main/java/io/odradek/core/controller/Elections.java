package io.odradek.core.controller;

import io.odradek.core.coordination.node.PartitionStateNode;
import io.odradek.protocol.TopicPartition;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Which states partitions are to have next: pure decisions. Each of them is a new leader epoch, as Kafka 3.9 has it, also
 * where only the ISR has lost dead brokers.
 *
 * @param controllerEpoch the epoch of the controller that decides
 * @param uncleanByDefault {@code unclean.leader.election.enable} of topics that do not override it
 */
record Elections(int controllerEpoch, boolean uncleanByDefault) {
    private static final String UNCLEAN = "unclean.leader.election.enable";

    /** {@return the next states of those partitions of topics whose leader, or a replica in sync, is not there any more} */
    SortedMap<TopicPartition, PartitionStateNode> needed(Iterable<ControlledTopic> topics, Brokers brokers) {
        SortedMap<TopicPartition, PartitionStateNode> next = new TreeMap<>();
        for (ControlledTopic topic : topics) {
            for (Map.Entry<Integer, ControlledPartition> entry :
                    topic.partitions().entrySet()) {
                if (entry.getValue() instanceof ControlledPartition.Assigned partition) {
                    TopicPartition id = topic.id(entry.getKey());
                    PartitionStateNode state = needed(id, partition, brokers, unclean(topic));
                    if (state != null) {
                        next.put(id, state);
                    }
                }
            }
        }
        return next;
    }

    /**
     * Finds the replicas in sync whose broker has registered since the state was written: it has gone, and come back, while
     * nobody governed, perhaps with less than it had. Where no other is left in sync, it is as good as any.
     *
     * @return the partitions of which it is so, by broker id
     */
    SortedMap<Integer, SortedSet<TopicPartition>> comeUnseen(Iterable<ControlledTopic> topics, Brokers brokers) {
        SortedMap<Integer, SortedSet<TopicPartition>> unseen = new TreeMap<>();
        for (ControlledTopic topic : topics) {
            for (Map.Entry<Integer, ControlledPartition> entry :
                    topic.partitions().entrySet()) {
                if (entry.getValue() instanceof ControlledPartition.Assigned partition) {
                    TopicPartition id = topic.id(entry.getKey());
                    List<Integer> come = new ArrayList<>(partition.state().isr());
                    come.removeIf(replica -> !brokers.serve(replica, id));
                    int there = come.size();
                    come.removeIf(replica -> brokers.live().get(replica).epoch() < partition.writtenAt());
                    if (come.size() < there) {
                        come.forEach(replica -> unseen.computeIfAbsent(replica, any -> new TreeSet<>())
                                .add(id));
                    }
                }
            }
        }
        return unseen;
    }

    /**
     * {@return the next states of partitions whose leader has gone and come back while nobody governed, and leads on} It may
     * have less than followers had of it: only in a new leader epoch do they find out where they differ.
     */
    SortedMap<TopicPartition, PartitionStateNode> ledByOnesComeUnseen(
            Iterable<ControlledTopic> topics, Brokers brokers) {
        SortedMap<TopicPartition, PartitionStateNode> next = new TreeMap<>();
        for (ControlledTopic topic : topics) {
            for (Map.Entry<Integer, ControlledPartition> entry :
                    topic.partitions().entrySet()) {
                if (entry.getValue() instanceof ControlledPartition.Assigned partition
                        && partition.replicas().size() > 1
                        && brokers.serve(partition.state().leader(), topic.id(entry.getKey()))
                        && brokers.live().get(partition.state().leader()).epoch() >= partition.writtenAt()) {
                    PartitionStateNode state = partition.state();
                    next.put(topic.id(entry.getKey()), next(state, state.leader(), state.isr()));
                }
            }
        }
        return next;
    }

    /**
     * Elects where the leader is gone: the first replica that is live and in sync; failing that, if records may be lost, the
     * first live one. The dead leave the ISR, but never the last of it: whoever was in sync last can lead again. So do those
     * who have no replica any more: a controller of Kafka's that ends in the middle of taking a move back leaves them there.
     *
     * @return null if the partition stays as it is
     */
    PartitionStateNode needed(
            TopicPartition id, ControlledPartition.Assigned partition, Brokers brokers, boolean unclean) {
        PartitionStateNode state = partition.state();
        List<Integer> liveIsr = new ArrayList<>(state.isr());
        liveIsr.removeIf(replica -> !brokers.serve(replica, id));
        if (liveIsr.stream().anyMatch(partition.replicas()::contains)) {
            liveIsr.retainAll(partition.replicas());
        }
        boolean stays = partition.replicas().contains(state.leader()) || liveIsr.contains(state.leader());
        if (stays && state.leader() != LeaderElection.NO_LEADER && brokers.serve(state.leader(), id)) {
            return liveIsr.size() == state.isr().size() ? null : next(state, state.leader(), liveIsr);
        }
        LeaderElection.Decision decision =
                LeaderElection.elect(partition.replicas(), liveIsr, electable(partition, id, brokers), unclean);
        if (decision.leader() != LeaderElection.NO_LEADER) {
            boolean inSync = liveIsr.contains(decision.leader());
            return inSync
                    ? next(state, decision.leader(), decision.isr())
                    : recovering(next(state, decision.leader(), decision.isr()));
        }
        List<Integer> left = liveIsr.isEmpty() ? state.isr() : liveIsr;
        return state.leader() == LeaderElection.NO_LEADER
                        && left.size() == state.isr().size()
                ? null
                : next(state, LeaderElection.NO_LEADER, left);
    }

    /** {@return a partition that has had no state, with a state if one of its replicas is there} */
    ControlledPartition first(TopicPartition id, List<Integer> replicas, Brokers brokers) {
        List<Integer> isr = new ArrayList<>(replicas);
        isr.removeIf(replica -> !brokers.electable(replica, id));
        if (isr.isEmpty()) {
            return new ControlledPartition.New(replicas);
        }
        PartitionStateNode state = new PartitionStateNode(isr.get(0), 0, List.copyOf(isr), controllerEpoch);
        return new ControlledPartition.Assigned(replicas, state, 0);
    }

    /** {@return a topic's partitions that have had no state and can have one now} */
    SortedMap<Integer, ControlledPartition.Assigned> first(ControlledTopic topic, Brokers brokers) {
        SortedMap<Integer, ControlledPartition.Assigned> first = new TreeMap<>();
        for (Map.Entry<Integer, ControlledPartition> entry : topic.partitions().entrySet()) {
            if (entry.getValue() instanceof ControlledPartition.New partition
                    && first(topic.id(entry.getKey()), partition.replicas(), brokers)
                            instanceof ControlledPartition.Assigned assigned) {
                first.put(entry.getKey(), assigned);
            }
        }
        return first;
    }

    /** {@return whether the first of a partition's replicas could lead: it is live and in sync} */
    boolean preferredCanLead(TopicPartition id, ControlledPartition.Assigned partition, Brokers brokers) {
        int preferred = partition.replicas().get(0);
        return partition.state().isr().contains(preferred) && brokers.electable(preferred, id);
    }

    /** {@return the state in which the first of a partition's replicas leads, with the ISR as it is} */
    PartitionStateNode preferred(ControlledPartition.Assigned partition) {
        return next(
                partition.state(),
                partition.replicas().get(0),
                partition.state().isr());
    }

    /**
     * Takes what it can from a broker that is about to stop, and from all others that are: leadership where another replica
     * is in sync, and the place in the ISR. A partition without another one in sync stays as it is.
     *
     * @param brokers with the one about to stop marked so
     */
    SortedMap<TopicPartition, PartitionStateNode> withoutLeaving(
            Iterable<ControlledTopic> topics, int brokerId, Brokers brokers) {
        SortedMap<TopicPartition, PartitionStateNode> next = new TreeMap<>();
        for (ControlledTopic topic : topics) {
            for (TopicPartition id : topic.partitionsOn(brokerId)) {
                if (topic.partitions().get(id.partition()) instanceof ControlledPartition.Assigned partition
                        && partition.replicas().size() > 1
                        && partition.state().isr().contains(brokerId)) {
                    PartitionStateNode state = withoutLeaving(id, partition, brokers);
                    if (state != null) {
                        next.put(id, state);
                    }
                }
            }
        }
        return next;
    }

    private PartitionStateNode withoutLeaving(
            TopicPartition id, ControlledPartition.Assigned partition, Brokers brokers) {
        PartitionStateNode state = partition.state();
        List<Integer> staying = new ArrayList<>(state.isr());
        staying.removeIf(replica -> brokers.leaving().contains(replica));
        if (brokers.electable(state.leader(), id)) {
            return next(state, state.leader(), staying);
        }
        LeaderElection.Decision decision =
                LeaderElection.elect(partition.replicas(), staying, electable(partition, id, brokers), false);
        return decision.leader() == LeaderElection.NO_LEADER ? null : next(state, decision.leader(), decision.isr());
    }

    /**
     * {@return the next state of a partition that is to have certain replicas and no others: its leader if that is one of
     * them, else the first of them that is live and in sync} Null if there is none, though now there is one.
     */
    PartitionStateNode among(
            List<Integer> replicas, TopicPartition id, ControlledPartition.Assigned partition, Brokers brokers) {
        PartitionStateNode state = partition.state();
        List<Integer> isr = new ArrayList<>(state.isr());
        isr.retainAll(replicas);
        boolean led = brokers.serve(state.leader(), id);
        if (led && replicas.contains(state.leader())) {
            return next(state, state.leader(), isr);
        }
        for (Integer replica : replicas) {
            if (isr.contains(replica) && brokers.electable(replica, id)) {
                return next(state, replica, isr);
            }
        }
        return led || isr.isEmpty() ? null : next(state, LeaderElection.NO_LEADER, isr);
    }

    /** {@return whether a replica out of sync may lead a topic's partitions} */
    boolean unclean(ControlledTopic topic) {
        String own = topic.config().get(UNCLEAN);
        return own == null ? uncleanByDefault : Boolean.parseBoolean(own);
    }

    private static SortedSet<Integer> electable(
            ControlledPartition.Assigned partition, TopicPartition id, Brokers brokers) {
        SortedSet<Integer> electable = new TreeSet<>(partition.replicas());
        electable.removeIf(replica -> !brokers.electable(replica, id));
        return electable;
    }

    private PartitionStateNode next(PartitionStateNode state, int leader, List<Integer> isr) {
        return new PartitionStateNode(
                leader,
                state.leaderEpoch() + 1,
                Collections.unmodifiableList(isr),
                controllerEpoch,
                state.recovering());
    }

    /** Records may be lost: its leader says with the next change of its ISR that it has recovered from that (KIP-704). */
    private static PartitionStateNode recovering(PartitionStateNode state) {
        return new PartitionStateNode(state.leader(), state.leaderEpoch(), state.isr(), state.controllerEpoch(), true);
    }
}
