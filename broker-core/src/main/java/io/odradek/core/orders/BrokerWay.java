package io.odradek.core.orders;

import io.odradek.core.controller.BrokerOrders.StoppedReplica;
import io.odradek.core.controller.MetadataUpdate;
import io.odradek.core.partition.LocalReplicas.PartitionState;
import io.odradek.protocol.TopicPartition;
import java.util.List;
import java.util.concurrent.CompletionStage;

/**
 * The way to one broker in one of its lives: one order at a time, until it is answered. Belongs to the controller's loop;
 * stages complete there.
 */
public interface BrokerWay {
    /** {@return the partitions that it cannot serve} */
    CompletionStage<List<TopicPartition>> leaderAndIsr(List<PartitionState> states);

    /** {@return the partitions that it could not stop or delete} */
    CompletionStage<List<TopicPartition>> stopReplicas(List<StoppedReplica> replicas);

    /** Tells of the cluster. */
    CompletionStage<Void> updateMetadata(MetadataUpdate update);

    /** Gives up; the order under way need not be answered any more. */
    void close();
}
