package io.odradek.core.orders;

import io.odradek.core.controller.BrokerOrders.StoppedReplica;
import io.odradek.core.controller.MetadataUpdate;
import io.odradek.core.partition.LocalReplicas.PartitionState;
import io.odradek.core.partition.LocalReplicas.ReplicaStop;
import io.odradek.protocol.TopicPartition;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;

/**
 * Plain calls to the controller's own broker.
 *
 * @param orders that broker's receiving end
 * @param authority the controller's
 */
record LocalWay(ControllerOrders orders, Authority authority) implements BrokerWay {
    @Override
    public CompletionStage<List<TopicPartition>> leaderAndIsr(List<PartitionState> states) {
        return orders.leaderAndIsr(authority, states);
    }

    @Override
    public CompletionStage<List<TopicPartition>> stopReplicas(List<StoppedReplica> replicas) {
        List<ReplicaStop> stops = new ArrayList<>(replicas.size());
        for (StoppedReplica replica : replicas) {
            stops.add(new ReplicaStop(replica.id(), replica.leaderEpoch(), replica.delete()));
        }
        return orders.stopReplicas(authority, stops);
    }

    @Override
    public CompletionStage<Void> updateMetadata(MetadataUpdate update) {
        return orders.updateMetadata(authority, update);
    }

    @Override
    public void close() {
        // What has been called is done.
    }
}
