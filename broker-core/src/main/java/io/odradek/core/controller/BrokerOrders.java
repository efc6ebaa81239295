package io.odradek.core.controller;

import io.odradek.core.partition.LocalReplicas.PartitionState;
import io.odradek.protocol.TopicPartition;
import java.util.List;
import java.util.SortedMap;
import java.util.concurrent.CompletionStage;

/**
 * What an elected controller says to the brokers, its own among them. Belongs to the controller's loop; stages complete
 * there.
 *
 * <p>What is said to one broker reaches it in the order in which it was said, and is said again until it is answered. It
 * fails with BROKER_NOT_AVAILABLE when that broker has gone, or has come back as another one (its epoch tells), and with
 * STALE_CONTROLLER_EPOCH when the broker has heard of a later controller. A broker that never answers holds up nobody else;
 * where too much waits for it, what is said fails with REQUEST_TIMED_OUT, and all is to be said again.
 */
public interface BrokerOrders extends AutoCloseable {
    /** Gives an elected controller its way to the brokers. */
    interface Sender {
        /** {@return orders that carry this controller's id and the epoch it was elected in} */
        BrokerOrders open(int controllerEpoch);
    }

    /** Says who is alive now; replaces what was said before. */
    void live(SortedMap<Integer, LiveBroker> brokers);

    /**
     * Makes a broker leader or follower of partitions (LeaderAndIsr).
     *
     * @return the partitions that it cannot serve
     */
    CompletionStage<List<TopicPartition>> leaderAndIsr(int brokerId, List<PartitionState> states);

    /**
     * Takes replicas away from a broker (StopReplica).
     *
     * @return the partitions that it could not stop or delete
     */
    CompletionStage<List<TopicPartition>> stopReplicas(int brokerId, List<StoppedReplica> replicas);

    /** Tells a broker of the cluster (UpdateMetadata). */
    CompletionStage<Void> updateMetadata(int brokerId, MetadataUpdate update);

    /** Ends the office: what is under way fails with NOT_CONTROLLER. */
    @Override
    void close();

    /**
     * A replica that is to go.
     *
     * @param id the partition
     * @param leaderEpoch the epoch in which it stops; -2 if its topic is deleted, which holds in any
     * @param delete whether its log goes too
     */
    record StoppedReplica(TopicPartition id, int leaderEpoch, boolean delete) {}
}
